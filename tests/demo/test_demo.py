"""The invented organ: stable names, true totals and chains, always the same, and never among real people."""

from collections import Counter
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from app.cli import commands
from app.core import clock
from app.core.db import Database
from app.core.i18n import gettext
from app.core.passwords import verify_password
from app.core.settings import settings
from app.demo import service
from app.demo.names import CAST
from app.demo.people import phone_of
from app.demo.service import PASSWORD, NotEmptyError, Size
from app.features.leave import queries as leaves
from app.features.leave.findings import WORDS
from app.features.leave.life import State
from app.features.leave.review_kind import LEAVE
from app.features.ledger import queries as ledger
from app.features.ledger.models import Fact, LedgerHead
from app.features.ledger.rules import FactType
from app.features.meetings.asked.queries import standing
from app.features.meetings.attendance.rules import Kind
from app.features.meetings.calendar.rules import Category, DutyState
from app.features.meetings.events.models import MeetingEvent
from app.features.meetings.events.rules import EventState
from app.features.meetings.ticks.review_kind import ATTENDANCE
from app.features.members import queries as members
from app.features.members.models import Member, Organisation
from app.features.members.names import pinyin_key
from app.features.members.rules import ADMINISTRATORS, OrganisationKind, Role
from app.features.reviews.models import Review
from app.features.reviews.rules import Flag, ReviewStatus
from app.features.scores.archive import proof
from app.features.scores.archive import queries as archive
from app.features.scores.archive.models import ArchivedSheet
from app.features.scores.archive.rules import SignatureWords
from app.features.scores.archive.rules import State as Sheet
from app.features.shows.cards import consents as public_cards
from app.features.shows.cards.models import CardConsent, CardPhoto
from app.features.shows.cards.rules import PublicField
from app.features.sign_in.models import Credential
from app.features.study.plan import queries as plans
from app.features.wishes.models import Wish
from app.features.wishes.rules import Status
from tests.databases import copy_of

TODAY = date(2026, 11, 22)
EVENING = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
SMALL = Size(branches=2, members_per_branch=13)


def invent(database, *, seed=1, size=SMALL, today=TODAY):
    with database.write() as session:
        return service.invent(session, seed=seed, size=size, today=today)


def ends(database):
    with database.read() as session:
        return sorted(session.scalars(select(LedgerHead.digest)))


@pytest.fixture(scope="module")
def invented():
    """The small organ on each engine, once for all tests that only read it."""
    databases = {}
    yield databases
    for database in databases.values():
        database.close()


@pytest.fixture
def small(invented, engines, engine_kind):
    if engine_kind not in invented:
        engine, _people = engines.get(engine_kind)
        invented[engine_kind] = Database(engine.create("invented", "empty"))
        invent(invented[engine_kind])
    return invented[engine_kind]


def test_three_branches_and_about_seventy_people(empty_database):
    accounts = invent(empty_database, size=Size(service.USUAL_BRANCHES, service.USUAL_MEMBERS))
    with empty_database.read() as session:
        kinds = Counter(session.scalars(select(Organisation.kind)))
        assert kinds[OrganisationKind.BRANCH] == 3
        assert 65 <= len(session.scalars(select(Member.id)).all()) <= 75
        assert set(session.scalars(select(Organisation.is_demo))) == {True}
        assert ledger.verify(session).is_clean
    phones = {account.phone: account for account in accounts}
    assert phones["13800000001"].roles == (Role.SECRETARY,)
    assert phones["13800000002"].roles == (Role.DEPUTY,)
    assert (phones["13800000011"].name, phones["13800000011"].roles) == ("赵晓岚", ())
    assert phones["13800000012"].roles == ()
    assert phones["13800000101"].roles == (Role.SECRETARY,)
    assert {"13800000102", "13800000111", "13800000201", "13800000202", "13800000211"} <= phones.keys()
    assert phones["13800009001"].roles == (Role.COMMITTEE_OFFICER,)
    assert phones["13800009011"].roles == (Role.SYSTEM_ADMINISTRATOR,)
    assert phones["13800009012"].roles == (Role.BUSINESS_ADMINISTRATOR,)
    assert phones["13800009013"].roles == (Role.AUDIT_ADMINISTRATOR,)


def test_the_same_seed_and_day_give_the_same_chains(empty_database, engines, engine_kind):
    tiny = Size(branches=1, members_per_branch=5)
    invent(empty_database, size=tiny)
    engine, _people = engines.get(engine_kind)
    for seed, same in ((1, True), (2, False)):
        with copy_of(engine, "empty") as url:
            other = Database(url)
            invent(other, seed=seed, size=tiny)
            assert (ends(other) == ends(empty_database)) == same
            other.close()


def test_everybody_signs_in_with_the_one_password(small):
    with small.read() as session:
        hashes = set(session.scalars(select(Credential.password_hash)))
        assert len(hashes) == 1
        assert verify_password(PASSWORD, hashes.pop())[0]


def test_nobody_decides_on_their_own(small):
    with small.read() as session:
        for review in session.scalars(select(Review)):
            assert review.decided_by_id not in (review.member_id, review.recorded_by_id)
        facts = session.scalars(select(Fact)).all()
    assert all(fact.confirmed_by_id != fact.member_id for fact in facts)
    of_two = [fact for fact in facts if fact.source != WORDS.name]  # what an officer says of a leave is one word
    assert all(fact.confirmed_by_id != fact.recorded_by_id for fact in of_two)


def test_the_queue_holds_something_of_everything(small):
    with small.read() as session:
        reviews = session.scalars(select(Review)).all()
    states = Counter(review.status for review in reviews)
    flags = {flag for review in reviews if review.status is ReviewStatus.PENDING for flag in review.flags}
    assert {ReviewStatus.PENDING, ReviewStatus.APPROVED, ReviewStatus.RETURNED} == set(states)
    assert states[ReviewStatus.APPROVED] > states[ReviewStatus.PENDING]
    assert flags == {Flag.OVERLAP, Flag.LATE_UPLOAD}
    assert any(review.recorded_by_id != review.member_id for review in reviews)


def test_nothing_happens_before_it_could_be_known(small):
    with small.read() as session:
        for fact in session.scalars(select(Fact)):
            assert fact.occurred_on <= clock.local_day(fact.posted_at) <= TODAY
        for review in session.scalars(select(Review)):
            assert clock.local_day(review.submitted_at) <= TODAY
            is_ahead = review.kind == LEAVE.name  # asked for before it begins
            assert is_ahead or review.occurred_on <= clock.local_day(review.submitted_at)
            assert review.decided_at is None or review.submitted_at <= review.decided_at


def test_the_leading_member_has_nearly_every_kind_of_line(small):
    with small.read() as session:
        her = session.scalars(select(Member).where(Member.phone == "13800000011")).one()
        kinds = set(session.scalars(select(Fact.fact_type).where(Fact.member_id == her.id)))
        reversals = session.scalars(select(Fact).where(Fact.member_id == her.id, Fact.reversal_of.is_not(None))).all()
    assert len(kinds) >= 18
    assert {FactType.BONUS_LECTURE, FactType.SERVICE_WISH_REALISED, FactType.STUDY_ITEM} <= kinds
    assert [(fact.fact_type, fact.note) for fact in reversals] == [
        (FactType.ATTENDANCE_ABSENT, gettext("Attendance corrected"))
    ]


def test_meetings_and_leave_are_lived_through_their_services(small):
    with small.read() as session:
        said = session.execute(select(Fact.fact_type, Fact.source).where(Fact.reversal_of.is_(None)))
        sources = Counter(map(tuple, said))
        waiting = Counter(session.scalars(select(Review.kind).where(Review.status == ReviewStatus.PENDING)))
        meetings = Counter(session.scalars(select(MeetingEvent.state)))
    lived = {*ATTENDANCE.fact_types, *WORDS.fact_types, FactType.ATTENDANCE_PRIVATE_LEAVE}
    assert {source for kind, source in sources if kind in lived} == {ATTENDANCE.name, WORDS.name}
    assert sources[FactType.ATTENDANCE_PRESENT, ATTENDANCE.name] > 400
    assert (waiting[ATTENDANCE.name], waiting[LEAVE.name]) == (0, SMALL.branches)
    assert set(meetings) == {EventState.PLANNED, EventState.RECORDED}
    assert meetings[EventState.PLANNED] == SMALL.branches  # the one that is ahead


def test_months_are_planned_and_the_committee_s_items_adopted(small):
    with small.read() as session:
        branch = session.scalars(
            select(Organisation).where(Organisation.kind == OrganisationKind.BRANCH).order_by(Organisation.id)
        ).first()
        assert len(plans.months(session, branch.id)) == TODAY.month
        items = plans.of_month(session, [branch.id], TODAY.replace(day=1))
    assert [bool(item.adopted_from_id) for item in items] == [False, False, False, True]
    assert [len(item.materials) for item in items] == [1, 1, 0, 1]
    assert items[2].begins_at


def test_somebody_is_away_somebody_asks_and_others_are_back(small):
    with small.read() as session, clock.standing_at(EVENING):
        rows = session.execute(leaves.LIST).all()
        states = Counter(leave.state for leave in leaves.shown(session, rows))
    assert set(states) == {State.ASKED, State.AWAY, State.CLOSED}


def test_little_is_missing_in_what_is_asked_of_the_first_branch(small):
    with small.read() as session, clock.standing_at(EVENING):
        branch_id = session.scalars(select(Member.branch_id).where(Member.phone == "13800000001")).one()
        stands = standing(session, branch_id, TODAY.year, TODAY)
    assert stands.missing == []
    assert [one.kind for one in stands.asked if one.duty.state is DutyState.PLANNED] == [Kind.MEMBERS_MEETING]
    assert {one.kind for one in stands.asked if one.duty.state is DutyState.OPEN} == set(Category)  # talks are theirs


@pytest.mark.parametrize("members_per_branch", [3, 5])
def test_a_small_branch_ticks_and_confirms_too(empty_database, members_per_branch):
    invent(empty_database, size=Size(1, members_per_branch), today=date(2026, 4, 15))
    with empty_database.read() as session:
        ticks = session.scalars(select(Review).where(Review.kind == ATTENDANCE.name)).all()
        whose = {review.member_id for review in ticks}
    assert len(whose) == members_per_branch + len(ADMINISTRATORS) + 1
    assert {review.status for review in ticks} == {ReviewStatus.APPROVED}


def test_one_card_is_public_and_shows_nobody_real(small):
    with small.read() as session:
        (consent,) = session.scalars(select(CardConsent)).all()
        card = public_cards.card(session, consent.token)
        portrait = session.scalars(select(CardPhoto.large).where(CardPhoto.member_id == consent.member_id)).one()
    assert (card.face.name, card.face.motto is not None) == (CAST[0][0], True)
    assert PublicField.PLEDGES in card.fields
    assert len(portrait) < 8_000  # a drawing in three colours, no photo


def test_lists_are_in_the_order_of_names(small):
    with small.read() as session:
        for member in session.scalars(select(Member)):
            assert member.pinyin == pinyin_key(member.name)


def test_wishes_stand_in_every_state_and_each_fact_has_its_wish(empty_database):
    invent(empty_database, size=Size(service.USUAL_BRANCHES, 13))
    with empty_database.read() as session:
        wishes = session.scalars(select(Wish)).all()
        noted = session.scalars(select(Fact.note).where(Fact.fact_type == FactType.SERVICE_WISH_REALISED)).all()
    assert {wish.status for wish in wishes} == set(Status)
    assert sorted(noted) == sorted(f"{wish.code} {wish.title}" for wish in wishes if wish.status is Status.CLOSED)


def test_each_branch_has_its_officers(small):
    with small.read() as session:
        for branch in session.scalars(select(Organisation).where(Organisation.kind == OrganisationKind.BRANCH)):
            roles = [role for held in members.posts_in(session, branch.id, TODAY).values() for role in held]
            assert set(roles) >= {Role.SECRETARY, Role.DEPUTY, Role.ORGANISATION, Role.PUBLICITY, Role.DISCIPLINE}
            assert len(members.exempt_on(session, branch.id, TODAY)) == 2


def test_real_people_are_left_alone(database):
    with pytest.raises(NotEmptyError):
        invent(database)
    with database.read() as session:
        assert not session.scalars(select(Organisation.id).where(Organisation.is_demo)).all()


@pytest.mark.parametrize("today", [date(2026, 1, 1), date(2026, 1, 20), date(2026, 3, 31), date(2028, 2, 29)])
def test_there_is_a_year_to_tell_on_any_day(empty_database, today):
    invent(empty_database, size=Size(1, 8), today=today)
    with empty_database.read() as session:
        days = session.scalars(select(Fact.occurred_on)).all()
        assert ledger.verify(session).is_clean
    assert max(days) <= today
    assert len(days) > 20


@pytest.mark.parametrize("members_per_branch", [3, 100])
def test_branches_of_any_size(empty_database, members_per_branch):
    accounts = invent(empty_database, size=Size(1, members_per_branch), today=date(2026, 4, 15))
    assert len({account.phone for account in accounts}) == len(accounts)
    with empty_database.read() as session:
        others = len(ADMINISTRATORS) + 2  # a committee officer, and the collector of the community
        assert len(session.scalars(select(Member.id)).all()) == members_per_branch + others


def test_no_two_places_share_a_number():
    numbers = [phone_of(branch, place) for branch in range(1, 400) for place in range(95)]
    known = [number for number in numbers if number]
    assert len(set(known)) == len(known)
    assert all(len(number) == 11 for number in known)
    assert not [number for number in known if number.startswith("138000090")]


def test_the_command_fills_once_and_then_refuses(tmp_path, monkeypatch):
    monkeypatch.setenv("SANLIANG_DATABASE_URL", f"sqlite:///{tmp_path}/demo.db")
    settings.cache_clear()
    try:
        ask = ["demo", "--branches", "1", "--members-per-branch", "5"]
        first = CliRunner().invoke(commands, ask)
        assert first.exit_code == 0
        assert "13800000001" in first.stdout
        assert PASSWORD in first.stdout
        second = CliRunner().invoke(commands, ask)
        assert second.exit_code == 1
        where, refused = filter(None, second.stderr.splitlines())
        assert "demo.db" in where
        assert "SANLIANG_DATABASE_URL" in refused
        assert CliRunner().invoke(commands, [*ask, "--if-empty"]).exit_code == 0
    finally:
        settings.cache_clear()


def test_no_fact_is_without_a_record_that_a_service_kept(small):
    with small.read() as session:
        said = set(map(tuple, session.execute(select(Fact.source, Fact.fact_type).where(Fact.reversal_of.is_(None)))))
    assert not [source for source, _kind in said if source.startswith("demo.")]
    assert {
        kind for source, kind in said if source in ("appraisal.quarter", "committee.entry", "service.half_day")
    } == {
        FactType.APPRAISAL_QUARTER,
        FactType.TASK_URGENT,
        FactType.BONUS_SUGGESTION,
        FactType.BONUS_COMMENDATION,
        FactType.SERVICE_HALF_DAY,
    }
    assert ("study.record", FactType.STUDY_TRAINING_DAY) in said
    assert ("study.quiz", FactType.STUDY_QUIZ_PASSED) in said


def test_last_year_of_the_first_branch_is_archived_and_one_sheet_twice(small):
    with small.read() as session:
        assert {proof.fault_of(session, one) for one in session.scalars(select(ArchivedSheet))} == {None}
        asker = session.scalars(select(Member).where(Member.phone == "13800000011")).one()
        versions = Counter(
            session.scalars(select(ArchivedSheet.version).where(ArchivedSheet.branch_id == asker.branch_id))
        )
        assert (versions[2], versions.keys()) == (1, {1, 2})
        people = archive.people(session, asker.branch_id, TODAY.year - 1)
        assert {one.state for one in people} == {Sheet.ARCHIVED}
        assert {one.signature.said for one in people} >= {
            SignatureWords.AGREED,
            SignatureWords.RESERVED,
            SignatureWords.PAPER,
        }
