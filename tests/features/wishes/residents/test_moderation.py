"""The people of a community read what residents sent, take it as a draft or refuse it."""

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from app.core import clock
from app.core.db import Base
from app.core.errors import NotFoundError
from app.features.private.rules import ConsentKind
from app.features.wishes import service as wish_service
from app.features.wishes.contacts import service as contacts
from app.features.wishes.contacts.models import WishConsent, WishContact
from app.features.wishes.desk import service as publishing
from app.features.wishes.intake.rules import NoLeaderError, PersonalDataError
from app.features.wishes.models import Wish
from app.features.wishes.residents import moderation as service
from app.features.wishes.residents import rules
from app.features.wishes.residents.errors import NotWaitingError
from app.features.wishes.residents.models import WishSubmission
from app.features.wishes.residents.rules import SubmissionStatus
from app.features.wishes.rules import Category, Origin, OwnAcceptanceError, Status
from tests.features.wishes.makers import make_collector, make_community
from tests.features.wishes.residents.makers import TYPED, make_poster, make_submission
from tests.makers import ENGLISH, as_member
from tests.page import message, page

QUEUE = "/wishes/from-residents"
READ = {"title": "修楼道灯", "need": "晚上看不见台阶。", "category": "repairs"}


def look(client, person, address=QUEUE, status=200):
    return page(client.get(address, headers=as_member(person) | ENGLISH), status)


def send(client, person, address, **typed):
    return client.post(address, data=typed, headers=as_member(person) | ENGLISH)


def accept(session, person, submission, **changed):
    read = {"title": "修楼道灯", "need": "", "category": Category.REPAIRS, **changed}
    return service.accept(session, person.actor, submission_id=submission.id, **read)


@pytest.mark.parametrize("who", ["cora", "sam", "dora"])
def test_collectors_and_officers_of_the_leading_branch_read_it(client, submission, who, request):
    shown = look(client, request.getfixturevalue(who))
    assert "楼道的灯坏了半个月" in shown.text
    assert "138****5678" in shown.text
    assert "周桂英" not in shown.text, "who it is shows once it is a wish, and that look is noted"


@pytest.mark.parametrize("who", ["alice", "olga", "carl"])
def test_nobody_else_comes_in(client, submission, who, request):
    person = request.getfixturevalue(who)
    assert client.get(QUEUE, headers=as_member(person)).status_code == 403
    assert send(client, person, f"{QUEUE}/{submission.id}/accept", **READ).status_code == 403


def test_officers_of_other_branches_find_nothing(client, database, submission, oscar):
    assert "Nothing waits" in look(client, oscar).text
    for act in ("accept", "refuse", "refuse-network"):
        assert send(client, oscar, f"{QUEUE}/{submission.id}/{act}", **READ).status_code == 404
    with database.read() as session:
        assert session.get(WishSubmission, submission.id).status is SubmissionStatus.WAITING


def test_one_tap_makes_it_a_draft(client, database, submission, cora):
    line = look(client, cora).find(id=f"submission-{submission.id}")
    form = line.find("form", action=f"{QUEUE}/{submission.id}/accept")
    prefilled = {field["name"]: field["value"] for field in form.find_all("input")}
    prefilled |= {"need": form.find("textarea").text, "category": form.find("option", selected=True)["value"]}
    answer = send(client, cora, f"{QUEUE}/{submission.id}/accept", **prefilled)
    assert answer.status_code == 303
    with database.read() as session:
        row = session.get(WishSubmission, submission.id)
        wish = session.get(Wish, row.wish_id)
        assert answer.headers["location"] == f"/wishes/desk/{wish.id}"
        assert (wish.status, wish.origin, wish.entered_by_id) == (Status.DRAFT, Origin.PUBLIC, None)
        assert (row.status, row.sealed, row.decided_by_id) == (SubmissionStatus.ACCEPTED, None, cora.id)
        assert session.get(WishContact, wish.id).kept_by_id is None
        (consent,) = session.scalars(select(WishConsent))
        assert (consent.kind, consent.given_at) == (ConsentKind.ORDINARY, row.sent_at), "given on the form, not here"
    with database.write() as session:
        assert contacts.look(session, cora.actor, wish_id=wish.id).phone == "13812345678"


def test_twice_is_once(given, database, submission, cora):
    given(accept, cora, submission)
    with pytest.raises(NotWaitingError):
        given(accept, cora, submission)
    with database.read() as session:
        assert session.query(Wish).count() == 1


def test_the_words_name_nobody(client, submission, cora):
    typed = READ | {"need": f"找{TYPED['name']}，13812345678"}
    answer = page(send(client, cora, f"{QUEUE}/{submission.id}/accept", **typed), 422)
    assert answer.find("textarea").text.strip() == typed["need"]
    assert "names" in answer.find(id=f"need-{submission.id}-wrong").text


def test_a_community_without_a_branch_has_no_wishes(given):
    lonely = given(make_community, name="竹林社区")
    collector = given(make_collector, lonely, "祝青")
    given(make_poster, lonely, collector)
    submission = given(make_submission, lonely)
    with pytest.raises(NoLeaderError):
        given(accept, collector, submission)


def test_refused_is_erased_and_said_kindly(client, database, submission, cora):
    for _twice in range(2):
        assert send(client, cora, f"{QUEUE}/{submission.id}/refuse").status_code == 303
    with database.read() as session:
        row = session.get(WishSubmission, submission.id)
        assert (row.status, row.sealed) == (SubmissionStatus.REFUSED, None)
    assert "service desk" in page(client.post("/receipt", data={"code": submission.code}, headers=ENGLISH)).text
    again = send(client, cora, f"{QUEUE}/{submission.id}/accept", **READ)
    assert again.status_code == 409


def test_a_flood_is_folded_and_ends_with_one_tap(client, given, database, community, poster, cora):
    real = given(make_submission, community, "198.51.100.1", need="想有人陪我去趟医院。")
    flood = [given(make_submission, community, "203.0.113.9", need=f"买药加微信 {number}") for number in range(5)]
    after = given(make_submission, community, "198.51.100.2", need="帮我看看水龙头。")
    shown = look(client, cora)
    lines = [section["id"] for section in shown.select("section[id^=submission-]")]
    assert [f"submission-{one.id}" for one in (real, after)] == [lines[0], lines[-1]]
    assert len(lines) == 5
    assert "2 more came from the same connection" in shown.text
    folded = flood[2]
    assert len(look(client, cora, f"{QUEUE}/{folded.id}").select("section[id^=submission-]")) == len(flood)
    ended = client.post(f"{QUEUE}/{folded.id}/refuse-network", headers=as_member(cora) | ENGLISH, follow_redirects=True)
    assert "5 submissions" in message(page(ended))
    with database.read() as session:
        waiting = session.scalars(select(WishSubmission.id).where(WishSubmission.status == "waiting")).all()
        assert set(waiting) == {real.id, after.id}


def test_the_officer_who_took_a_wish_up_alone_does_not_bring_it_out(client, given, submission, sam, cora):
    wish = given(accept, sam, submission)
    desk = f"/wishes/desk/{wish.id}"
    given(wish_service.submit, wish_id=wish.id, by_id=sam.id)
    for act in ("verify", "publish"):
        assert send(client, sam, f"{desk}/{act}").status_code == 409
    shown = look(client, sam, desk)
    assert not shown.select("form[action$='/verify'], form[action$='/publish']")
    assert "You took this wish up yourself" in shown.text
    assert send(client, cora, f"{desk}/verify").status_code == 303
    assert send(client, sam, f"{desk}/publish").status_code == 303, "with its collector one officer is enough"


def test_what_the_collector_took_up_one_officer_publishes(given, submission, cora, sam):
    wish = given(accept, cora, submission)
    given(wish_service.submit, wish_id=wish.id, by_id=cora.id)
    with pytest.raises(OwnAcceptanceError):
        given(wish_service.verify, wish_id=wish.id, by_id=cora.id)
    given(publishing.publish, sam.actor, wish_id=wish.id)


def test_the_database_wants_two_for_a_wish_from_the_public(given, database, submission, sam):
    wish = given(accept, sam, submission)
    with pytest.raises(DBAPIError), database.write() as session:
        session.execute(update(Wish).where(Wish.id == wish.id).values(verified_by_id=sam.id, verified_at=clock.now()))


def test_no_word_of_a_resident_stands_in_the_database(given, database, community, submission, cora):
    given(accept, cora, submission)
    given(make_submission, community, need="独一无二的心愿")
    with database.read() as session:
        everything = "\n".join(
            str(row) for table in Base.metadata.sorted_tables for row in session.execute(text(f"SELECT * FROM {table}"))
        )
    for word in ("周桂英", "13812345678", "荔园3栋201", "独一无二"):
        assert word not in everything
    assert submission.code not in everything


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE wish_submissions SET status = 'waiting', sealed = 'x', key_id = 'x', ended_at = NULL",
        "UPDATE wish_submissions SET sealed = 'x', key_id = 'x'",
        "UPDATE wish_submissions SET status = 'accepted'",
    ],
)
def test_the_database_refuses_to_open_it_again(given, submission, cora, change):
    given(service.refuse, cora.actor, submission_id=submission.id)
    with pytest.raises(DBAPIError):
        given(lambda session: session.execute(text(change)))


def test_a_stranger_finds_nothing_and_a_title_names_nobody(given, submission, cora, oscar):
    with pytest.raises(NotFoundError):
        given(accept, oscar, submission)
    with pytest.raises(PersonalDataError):
        given(accept, cora, submission, title=TYPED["name"])


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("我是周桂英，电话13812345678", "我是〔…〕，电话〔…〕"),
        ("打 0931-123 4567 找我", "打 〔…〕 找我"),
        ("身份证 11010119900307451X", "身份证 〔…〕"),
        ("3 楼的灯，2026 年装的", "3 楼的灯，2026 年装的"),
    ],
)
def test_names_and_numbers_are_covered(said, shown):
    assert rules.without_owner(said, name="周桂英") == shown


def test_a_title_is_the_first_clause():
    assert rules.title_from("灯坏了，请修一下。") == "灯坏了"
    assert len(rules.title_from("字" * 80)) == 40
    assert rules.title_from("。。") == "。。"
