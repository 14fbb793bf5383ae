"""A training day is a record of study: half a day from 4 hours on, a whole one from 8, or as two officers say it."""

import pytest

from app.core.errors import NotFoundError
from app.core.ids import new_id
from app.features.education.rules import HALF_DAY_MINUTES, HoursClass
from app.features.education.sources import of_year
from app.features.members.rules import Role
from app.features.reviews.service import approve
from app.features.study.hours import queries as hours
from app.features.study.hours import service as decisions
from app.features.study.rules import StudyKind, TooShortForTrainingError, check_length
from tests.features.entries.makers import facts
from tests.features.study.makers import make_approved_study, make_study_record
from tests.makers import ENGLISH, HTMX, as_member, make_member
from tests.page import page

FACT = "study.training_day"


@pytest.mark.parametrize(("minutes", "quantity"), [(240, 50), (479, 50), (480, 100)])
def test_it_brings_half_or_whole_days(session, sam, alice, minutes, quantity):
    make_approved_study(session, alice, sam, kind=StudyKind.TRAINING, title="市委党校专题培训", minutes=minutes)
    assert facts(session, alice, FACT) == [("", quantity, False)]
    [taken] = of_year(session, [alice.id], 2026)[alice.id]
    assert (taken.entry.hours_class, taken.entry.minutes, taken.confirmed_by) == (
        HoursClass.ORGANISED,
        minutes,
        sam.name,
    )


def test_less_than_half_a_day_is_a_course():
    with pytest.raises(TooShortForTrainingError):
        check_length(StudyKind.TRAINING, 239)
    check_length(StudyKind.COURSE, 15)


def test_the_form_says_that_the_length_of_training_alone_counts(client, alice):
    said = page(client.get("/study/new", headers=ENGLISH | as_member(alice))).get_text(" ", strip=True)
    half, whole = HALF_DAY_MINUTES // 60, 2 * HALF_DAY_MINUTES // 60
    assert f"Training alone is counted by its length: from {half} hours as half a day, from {whole} as a day." in said


def decide(session, officer, committee, day_hours=6, document="机党〔2026〕21号"):
    said = {"first_year": 2026, "network_counts": False, "day_hours": day_hours, "document": document}
    decisions.decide(session, officer.actor, id=new_id(), committee=committee.id, **said)


@pytest.fixture
def cora(given, committee, branch):
    return given(make_member, branch, "柯任", roles=(Role.COMMITTEE_OFFICER,), at=committee)


def training(session, person, officer, minutes, **said):
    return make_approved_study(session, person, officer, kind=StudyKind.TRAINING, minutes=minutes, **said)


def test_where_two_officers_of_the_committee_say_so_a_day_has_six_hours(
    session, sam, alice, bob, carl, committee, branch
):
    cora = make_member(session, branch, "柯任", roles=(Role.COMMITTEE_OFFICER,), at=committee)
    training(session, bob, sam, 360, title="之前的培训")
    decide(session, carl, committee)
    decide(session, carl, committee)
    assert hours.day_hours(session, alice.branch_id, 2026) == 8
    decide(session, cora, committee)
    assert [hours.day_hours(session, alice.branch_id, year) for year in (2025, 2026)] == [8, 6]
    training(session, alice, sam, 360, title="整天")
    training(session, alice, sam, 180, title="半天")
    assert [quantity for _matter, quantity, _reversed in facts(session, alice, FACT)] == [100, 50]
    assert [quantity for _matter, quantity, _reversed in facts(session, bob, FACT)] == [50]
    with pytest.raises(TooShortForTrainingError):
        training(session, alice, sam, 179, title="太短")


def test_what_was_recorded_keeps_its_day_and_one_officer_alone_brings_no_old_one_back(
    session, sam, alice, carl, committee, branch
):
    cora = make_member(session, branch, "柯任", roles=(Role.COMMITTEE_OFFICER,), at=committee)
    for officer in (carl, cora):
        decide(session, officer, committee)
    waiting = make_study_record(session, alice, kind=StudyKind.TRAINING, minutes=360, title="整天")
    for officer in (cora, carl):
        decide(session, officer, committee, day_hours=8, document="机党〔2026〕30号")
    assert hours.day_hours(session, alice.branch_id, 2026) == 8
    approve(session, sam.actor, [waiting])
    assert facts(session, alice, FACT) == [("", 100, False)]
    decide(session, carl, committee)
    assert hours.day_hours(session, alice.branch_id, 2026) == 8
    with pytest.raises(NotFoundError):
        decide(session, sam, committee)


@pytest.mark.parametrize(("headers", "status"), [({}, 303), (HTMX, 200)], ids=["plain", "htmx"])
def test_the_second_officer_says_the_same_with_one_tap(client, carl, cora, committee, alice, sam, headers, status):
    form = {"committee": str(committee.id), "first_year": "2026", "network_counts": "no", "day_hours": "6"}
    form |= {"id": str(new_id()), "document": "机党〔2026〕21号"}
    address = "/study/hours/decisions"
    assert client.post(address, data=form, headers=headers | as_member(carl)).status_code == status
    assert "8 hours 6 hours" in page(client.get(address, headers=ENGLISH | as_member(cora))).get_text(" ", strip=True)
    assert "I say the same" not in client.get(address, headers=ENGLISH | as_member(carl)).text
    soup = page(client.get(address, headers=ENGLISH | as_member(cora)))
    tap = soup.find("button", string="I say the same").find_parent("form")
    again = {one["name"]: one["value"] for one in tap.find_all("input")}
    assert client.post(address, data=again, headers=headers | as_member(cora)).status_code == status
    said = page(client.get(address, headers=ENGLISH | as_member(carl))).get_text(" ", strip=True)
    assert "A whole day of training: 6 hours · said by two" in said
    new = page(client.get("/study/new", headers=ENGLISH | as_member(alice))).get_text(" ", strip=True)
    assert "from 3 hours as half a day, from 6 as a day" in new
    of_branch = page(client.get("/study/branch", headers=ENGLISH | as_member(sam))).get_text(" ", strip=True)
    assert "A whole day of training has 6 hours here, by 机党〔2026〕21号" in of_branch
