"""A list of grades: looked at first, handed in for another officer, twice is once, changed with a reason."""

import pytest
import time_machine

from app.core import clock
from app.core.errors import NotFoundError
from app.core.tables import write_xlsx
from app.features.entries.appraisals import queries
from app.features.entries.appraisals.imports.reading import HEADINGS
from app.features.entries.appraisals.rules import Quarter, quarter_of
from app.features.members.rules import Role
from app.features.reviews import service as reviews
from app.features.reviews.models import Review
from tests.features.entries.makers import APRIL, confirm, enter_grade, facts, waiting
from tests.makers import ENGLISH, as_member, make_branch, make_general_branch, make_member
from tests.page import page

KIND = "appraisal.quarter"


@pytest.fixture(autouse=True)
def in_april():
    with time_machine.travel(APRIL, tick=False):
        yield


def xlsx(*rows):
    return write_xlsx("平时考核", [names[0] for names in HEADINGS.values()], rows)


@pytest.fixture
def bring(client, sam):
    """The address of a file that waits."""

    def send(*rows, person=sam):
        files = {"file": ("一季度平时考核.xlsx", xlsx(*rows))}
        return client.post("/appraisals/import", files=files, headers=ENGLISH | as_member(person)).headers["location"]

    return send


@pytest.fixture
def look(client, sam):
    return lambda address, show="problem": page(
        client.get(f"{address}?show={show}", headers=ENGLISH | as_member(sam))
    ).get_text(" ", strip=True)


def test_a_list_waits_for_another_officer_and_the_same_again_is_nothing(
    client, bring, look, database, given, sam, dora, alice, bob
):
    rows = ((alice.name, "", "一季度", "较好", ""), ("", bob.phone, "Q1", "不确定等次", "产假"))
    address = bring(*rows)
    with database.read() as session:
        assert waiting(session, KIND) == []  # nothing before it was looked at
    client.post(f"{address}/confirm", headers=as_member(sam))
    again = bring(*rows)
    assert "There already 2" in look(again, "same")
    with database.write() as session:
        confirm(session, dora, KIND)
        assert facts(session, alice, KIND) == [("fairly_good", 100, False)]
        assert facts(session, bob, KIND) == [("not_graded", 100, False)]
    assert "There already 2" in look(bring(*rows), "same")


def test_a_changed_grade_wants_a_reason_and_takes_the_place_of_the_old(
    client, bring, look, database, given, sam, dora, alice
):
    given(enter_grade, sam, alice, "good")
    given(confirm, dora, KIND)
    assert "Say why it changes" in look(bring((alice.name, "", 1, "一般", "")))
    address = bring((alice.name, "", 1, "一般", "单位来函更正"))
    assert "good → average" in look(address, "changed")
    client.post(f"{address}/confirm", headers=as_member(sam))
    given(confirm, dora, KIND)
    with database.read() as session:
        assert facts(session, alice, KIND) == [("good", 100, False), ("average", 100, False), ("good", -100, True)]


def test_each_row_that_cannot_be_taken_says_why(bring, look, given, sam, branch, alice, olga):
    given(make_member, branch, "李伟", phone="13900001111")
    given(make_member, branch, "李伟", phone="13900002222")
    shown = look(
        bring(
            (alice.name, "", 1, "优秀", ""),
            (alice.name, "", 5, "好", ""),
            (alice.name, "", "二季度", "优", ""),
            ("李伟", "", 1, "好", ""),
            (olga.name, "", 1, "好", ""),
            (alice.name, "13900001111", 1, "好", ""),
            (sam.name, "", 1, "好", ""),
            ("李伟", "13900002222", 1, "好", ""),
        )
    )
    for said in (
        "“优秀” is a grade of the yearly assessment",
        "“5” is no quarter",
        "“优” is a grade of the yearly assessment",
        "2 people are called “李伟”. Choose who is meant.",
        f"Nobody whose grades you enter is “{olga.name}”",
        "do not belong to one person",
        "This is your own grade",
        "New 1",
    ):
        assert said in shown, said


@time_machine.travel("2026-03-20 10:00:00+08:00", tick=False)  # until the 31st the year before takes them
def test_who_of_two_namesakes_is_meant_is_chosen_once_on_the_page(
    client, bring, look, database, given, sam, branch, olga
):
    first = given(make_member, branch, "李伟", phone="13900001111")
    second = given(make_member, branch, "李伟", phone="13900002222")
    rows = ("李伟", "", "2025年三季度", "好", ""), ("李伟", "", "2025年四季度", "较好", "")
    address = bring(*rows)

    def choose(who, place="2", **more):
        sent = {"place": place, "who": str(who.id)}
        return client.post(f"{address}/choose", data=sent, headers=as_member(sam) | more).status_code

    assert "139****2222" in look(address)
    assert choose(olga) == choose(second, place="9") == 404
    assert (choose(second), choose(second, **{"HX-Request": "true"})) == (303, 200)
    assert "New 2" in look(address, "new")  # the other quarter is the same person's
    assert choose(first, place="3") == 303  # unless somebody says otherwise
    client.post(f"{address}/confirm", headers=as_member(sam))
    choose(second, place="3")
    with database.read() as session:
        found = queries.versions(session, [first.id, second.id], [2025])
    assert {who for who, _quarter in found} == {first.id, second.id}
    assert found[first.id, Quarter(2025, 4)].waits.grade == "fairly_good"
    assert found[second.id, Quarter(2025, 3)].waits.grade == "good"


def test_two_namesakes_in_one_quarter_are_chosen_each(client, bring, look, given, sam, branch):
    people = [given(make_member, branch, "李伟", phone=phone) for phone in ("13900001111", "13900002222")]
    address = bring(("李伟", "", 1, "好", ""), ("李伟", "", 1, "好", ""))
    for place, who in zip("23", people, strict=True):
        assert f"Problems {4 - int(place)}" in look(address)
        client.post(f"{address}/choose", data={"place": place, "who": str(who.id)}, headers=as_member(sam))
    assert "New 2" in look(address, "new")


def test_a_committee_officer_brings_in_the_list_of_several_branches_and_each_branch_confirms_its_own(
    client, bring, database, given, carl, branch, dora, alice, olga, oscar, sam
):
    given(make_member, branch, olga.name)
    rows = (alice.name, "", 1, "好", ""), (olga.name, "", 1, "较好", "")
    address = bring(*rows, (carl.name, "", 1, "好", ""), person=carl)
    shown = client.get(f"{address}?show=problem", headers=ENGLISH | as_member(carl)).text
    for said in ("2 people are called", "第二党支部", "your own"):
        assert said in shown
    client.post(f"{address}/choose", data={"place": "3", "who": str(olga.id)}, headers=as_member(carl))
    client.post(f"{address}/confirm", headers=as_member(carl))
    first, second = client.get("/appraisals", headers=as_member(carl)).text.split('/withdraw"')[:2]
    assert alice.name in first + second
    for officer, member in ((dora, alice), (oscar, olga)):
        with database.write() as session:
            theirs = [one for one in waiting(session, KIND) if session.get(Review, one).member_id == member.id]
            with pytest.raises(NotFoundError):
                reviews.approve(session, carl.actor, theirs, acknowledged=True)
            assert reviews.approve(session, officer.actor, theirs, acknowledged=True).done
    with database.read() as session:
        assert facts(session, alice, KIND) == [("good", 100, False)]
        assert facts(session, olga, KIND) == [("fairly_good", 100, False)]


def test_the_reach_of_a_general_branch_ends_with_its_branches(client, bring, given, committee, branch, alice):
    general = given(make_general_branch, "第一党总支", committee)
    eve = given(make_member, given(make_branch, "总支一支部", parent=general), "易佳")
    gina = given(make_member, branch, "纪娜", roles=(Role.COMMITTEE_OFFICER,), at=general)
    address = bring((eve.name, "", 1, "好", ""), (alice.name, "", 1, "好", ""), person=gina)
    shown = client.get(address, headers=ENGLISH | as_member(gina)).text
    assert f"Nobody whose grades you enter is “{alice.name}”" in shown
    assert "New 1" in shown  # in the own branch Gina is no officer


def test_a_committee_officer_takes_back_what_waits(client, bring, database, carl, alice, sam):
    client.post(f"{bring((alice.name, '', 1, '好', ''), person=carl)}/confirm", headers=as_member(carl))
    with database.read() as session:
        [one] = waiting(session, KIND)
    assert client.post(f"/appraisals/{one}/withdraw", headers=as_member(sam)).status_code == 404
    assert client.post(f"/appraisals/{one}/withdraw", headers=as_member(carl)).status_code == 303
    with database.read() as session:
        assert waiting(session, KIND) == []


def test_strangers_see_no_list(client, bring, sam, alice, oscar):
    address = bring((alice.name, "", 1, "好", ""))
    assert client.get(address, headers=as_member(oscar)).status_code == 404
    assert client.post(f"{address}/confirm", headers=as_member(alice)).status_code in (403, 404)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1", (2026, 1)),
        ("一季度", (2026, 1)),
        ("第一季度", (2026, 1)),
        ("Q1", (2026, 1)),
        ("q4", (2025, 4)),
        ("2026年一季度", (2026, 1)),
        ("2025-3", (2025, 3)),
        ("2026Q1", (2026, 1)),
    ],
)
def test_quarters_as_units_write_them(typed, meant):
    assert quarter_of(typed, clock.today()) == Quarter(*meant)
