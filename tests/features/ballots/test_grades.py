"""What the committee says: grades by people, the third, two people, the facts of the year, told in person."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.core.errors import NotFoundError
from app.features.ballots import opinions, service, view
from app.features.ballots.life import (
    Measure,
    MeasureError,
    NoOpinionError,
    OwnGradeError,
    ProbationaryError,
    ReasonWantedError,
    State,
    TooFewSatError,
    TooManyExcellentError,
)
from app.features.ballots.models import DemocraticReview
from app.features.ledger.models import Fact
from app.features.members.rules import Role
from app.features.members.two_people import AboutOneselfError, SamePersonError
from tests.features.ballots.makers import FRIDAY, YEAR, B, E, N, Q, counted, give, open_with, prepare, vote
from tests.makers import HTMX, as_member, make_member
from tests.page import page


def facts(database):
    with database.read() as session:
        rows = session.scalars(select(Fact).where(Fact.fact_type == "review.result").order_by(Fact.seq)).all()
        return {row.member_id: row for row in rows}


def decide(session, who, review_id, *, confirm=True):
    return opinions.decide(session, who.actor, review_id=review_id, confirm=confirm)


def waits(client, who, at):
    return page(client.get("/", headers=as_member(who))).select(f"a[href='{at}']")


@pytest.fixture
def pia(given, branch):
    """The publicity commissioner: with her the branch has a committee."""
    return given(make_member, branch, "皮雅", roles=(Role.PUBLICITY,))


def test_grades_want_two_and_bring_the_facts_of_the_year(given, database, sam, dora, pia, alice, bob):
    review_id = given(counted, sam, [sam, dora, pia, alice, bob])
    given(give, sam, review_id, {dora: Q, pia: Q, alice: E, bob: Q})
    with pytest.raises(SamePersonError):
        given(decide, sam, review_id)
    assert given(decide, dora, review_id) == 3  # not her own
    with pytest.raises(AboutOneselfError):
        given(decide, dora, review_id)
    assert given(decide, pia, review_id) == 1
    given(give, pia, review_id, {sam: Q})
    assert given(decide, dora, review_id) == 1
    posted = facts(database)
    assert posted.keys() == {one.id for one in (sam, dora, pia, alice, bob)}
    assert {(row.quantity, row.occurred_on, row.source) for row in posted.values()} == {
        (800, date(YEAR, 12, 31), "reviews.democratic")
    }
    assert (posted[alice.id].recorded_by_id, posted[alice.id].confirmed_by_id) == (sam.id, dora.id)
    with database.read() as session:
        assert session.get_one(DemocraticReview, review_id).state is State.SETTLED
    with pytest.raises(NoOpinionError):
        given(decide, dora, review_id)


def test_where_two_officers_are_all_there_is_the_committee_officer_confirms_the_last_two(
    given, database, sam, dora, alice, bob, carl, oscar
):
    review_id = given(counted, sam, [sam, dora, alice, bob])
    given(give, sam, review_id, {dora: Q, alice: Q, bob: Q})
    given(give, dora, review_id, {sam: Q})
    for who in (alice, oscar):
        with pytest.raises(NotFoundError):
            given(decide, who, review_id)
    assert given(decide, dora, review_id) == 2
    assert given(decide, carl, review_id) == 2
    assert facts(database)[sam.id].confirmed_by_id == carl.id


def test_where_there_is_one_officer_others_stand_in_and_nowhere_else(
    client, given, database, other_branch, oscar, olga, carl
):
    quan, wei = (
        given(make_member, other_branch, "监督员", roles=(Role.SUPERVISOR,)),
        given(make_member, other_branch, "卫"),
    )
    review_id = given(counted, oscar, [oscar, olga, wei, quan])
    at = f"/ballots/{review_id}/grades"
    given(give, oscar, review_id, {olga: Q, wei: Q, quan: Q})
    for who in (quan, carl):  # Olga's is for Oscar to enter
        with pytest.raises(NotFoundError):
            given(give, who, review_id, {olga: E})
    soup = page(client.get(at, headers=as_member(quan)))
    assert {field["name"] for field in soup.select("select[name^=grade-]")} == {f"grade-{oscar.id}"}
    given(give, carl, review_id, {oscar: Q})
    assert waits(client, quan, at)
    assert not waits(client, olga, at)
    assert given(decide, quan, review_id) == 3  # all but the own one
    assert not waits(client, quan, at)
    assert waits(client, carl, at)
    assert given(decide, carl, review_id) == 1
    assert not waits(client, carl, at)
    given(opinions.tell, carl.actor, review_id=review_id, member_id=oscar.id, told_on=FRIDAY)
    with database.read() as session:
        assert session.get_one(DemocraticReview, review_id).state is State.SETTLED
    other = given(counted, oscar, [oscar, olga, wei], year=YEAR + 1)
    deputy = given(make_member, other_branch, "副书记", roles=(Role.DEPUTY,))
    given(give, oscar, other, {olga: Q, wei: Q})
    with pytest.raises(NoOpinionError):  # the deputy confirms these
        given(decide, carl, other)
    assert given(decide, deputy, other) == 2


def test_a_chair_who_sits_in_no_committee_grades_and_tells_nobody(client, given, sam, dora, alice, bob):
    review_id = given(prepare, sam, alice)
    people = [sam, dora, alice, bob]
    given(service.open_ballot, alice.actor, review_id=review_id, present_ids=[one.id for one in people])
    for who in people:
        given(vote, review_id, who, {})
    given(service.close_ballot, alice.actor, review_id=review_id)
    with pytest.raises(NotFoundError):
        given(give, alice, review_id, {bob: Q})
    given(give, sam, review_id, {bob: Q})
    given(decide, dora, review_id)
    with pytest.raises(NotFoundError):
        given(opinions.tell, alice.actor, review_id=review_id, member_id=bob.id, told_on=FRIDAY)


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_what_was_changed_after_it_was_read_is_not_confirmed(client, given, database, sam, dora, alice, bob, headers):
    review_id = given(counted, sam, [sam, dora, alice, bob])
    at = f"/ballots/{review_id}/grades"
    given(give, sam, review_id, {alice: Q, bob: Q})
    read = page(client.get(at, headers=as_member(dora))).select_one("form[action$=decide] input[name=seen]")["value"]
    given(give, sam, review_id, {alice: N, bob: Q})
    sent = {"second": "confirm", "seen": read}
    assert client.post(f"{at}/decide", data=sent, headers=headers | as_member(dora)).status_code == 409
    assert facts(database) == {}
    given(give, sam, review_id, {alice: Q, bob: Q})
    assert client.post(f"{at}/decide", data=sent, headers=headers | as_member(dora)).status_code != 409
    assert facts(database).keys() == {alice.id, bob.id}


def test_what_waits_stays_with_the_hand_that_entered_it(given, sam, dora, pia, alice, bob):
    """The form brings all grades each time: who adds one has not entered the others."""
    review_id = given(counted, sam, [sam, dora, pia, alice, bob])
    given(give, sam, review_id, {alice: Q, bob: Q})
    given(give, dora, review_id, {sam: Q, alice: Q, bob: E})
    assert given(decide, dora, review_id) == 1  # Alice's, that Sam entered
    assert given(decide, sam, review_id) == 1  # Bob's, that Dora changed


def test_at_most_a_third_of_the_full_members_absent_ones_too_unless_the_organ_agrees(
    given, sam, dora, alice, bob, paul, branch
):
    given(make_member, branch, "缺席")
    review_id = given(counted, sam, [sam, dora, alice, bob])  # five full members, and Paul on probation: one
    with pytest.raises(TooManyExcellentError) as refused:
        given(give, sam, review_id, {alice: E, bob: E})
    assert refused.value.values == {"most": 1, "full": 5}
    given(give, sam, review_id, {alice: E})
    with pytest.raises(TooManyExcellentError):
        given(give, sam, review_id, {bob: E})
    given(give, sam, review_id, {bob: E}, consent="机关党委〔2026〕3号")
    with pytest.raises(ProbationaryError):
        given(give, sam, review_id, {paul: E})


def test_a_grade_needs_a_reason_half_of_the_committee_and_never_the_own_hand(given, sam, dora, pia, alice, bob):
    review_id = given(counted, sam, [sam, dora, pia, alice, bob])
    for grade in (B, N):
        with pytest.raises(ReasonWantedError):
            given(give, sam, review_id, {alice: grade}, reasons={})
    given(give, sam, review_id, {alice: Q}, reasons={})
    with pytest.raises(OwnGradeError):
        given(give, sam, review_id, {sam: Q})
    with pytest.raises(TooFewSatError):  # one of three
        given(give, sam, review_id, {alice: Q}, sat=[sam.id])
    with pytest.raises(TooFewSatError):  # alice sits in no committee
        given(give, sam, review_id, {alice: Q}, sat=[sam.id, alice.id])
    with pytest.raises(NotFoundError):
        given(give, bob, review_id, {alice: Q})


@pytest.mark.parametrize(
    ("marks", "mean", "spread", "points"),
    [
        ((6, 2, 1, 0), "9", True, "9"),
        ((2, 1, 0, 0), "9.33", False, "9.33"),
        ((3, 5, 0, 0), "8.75", True, "8.75"),
        ((10, 10, 1, 0), "8.81", True, "8.81"),
        ((7, 4, 2, 1), "8", True, "8"),
        ((1, 1, 1, 0), "7.67", False, "7.67"),
        ((0, 0, 0, 0), "", False, ""),
    ],
)
def test_what_is_shown_of_the_marks(marks, mean, spread, points):
    shown = view.told(marks, None)
    assert (shown.mean, bool(shown.marks), shown.points) == (mean, spread, points)


def test_too_few_marks_are_not_told_by_what_needs_a_reason(given, sam, dora, alice, bob):
    """Whoever enters grades without a reason, one after the other, would read the only mark off the refusals."""
    review_id = given(open_with, sam, sam, dora, alice, bob)
    given(vote, review_id, dora, {alice: E})
    given(vote, review_id, bob, {alice: E})
    given(vote, review_id, sam, {})
    given(service.close_ballot, sam.actor, review_id=review_id)
    for grade in (Q, B):
        given(give, sam, review_id, {alice: grade}, reasons={})


def test_with_fewer_than_three_marks_the_committee_s_grade_counts(given, database, sam, dora, alice, bob):
    review_id = given(open_with, sam, sam, dora, alice, bob)
    given(vote, review_id, dora, {alice: E})
    given(vote, review_id, bob, {alice: E, sam: N})
    given(vote, review_id, sam, {})
    given(service.close_ballot, sam.actor, review_id=review_id)
    given(give, sam, review_id, {alice: Q})
    given(decide, dora, review_id)
    assert facts(database)[alice.id].quantity == 800


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_what_each_reads_and_is_told_in_person(client, given, database, sam, dora, alice, bob, headers):
    review_id = given(counted, sam, [sam, dora, alice, bob])
    at = f"/ballots/{review_id}/people/{alice.id}"
    given(give, sam, review_id, {alice: B, bob: Q})
    assert "基本合格" not in page(client.get(at, headers=as_member(alice))).text  # not confirmed
    given(decide, dora, review_id)
    own = page(client.get(at, headers=as_member(alice))).text
    assert "基本合格" in own
    assert "8" in own
    assert "合格 3" not in own  # three marks: the mean alone
    assert client.get(at, headers=as_member(bob)).status_code == 404
    told = {"told_on": FRIDAY.isoformat(), "measure": "deadline", "mend_by": "2026-05-01"}
    assert client.post(at, data=told, headers=headers | as_member(dora)).status_code == 422
    answer = client.post(at, data=told | {"measure": "talk", "mend_by": ""}, headers=headers | as_member(dora))
    assert answer.status_code == (200 if headers else 303)
    assert "提醒谈话" in page(client.get(at, headers=as_member(alice))).text
    assert client.post(at, data=told, headers=headers | as_member(alice)).status_code == 404


def test_a_measure_goes_with_its_grade_and_ends_within_a_year(given, sam, dora, alice, bob):
    review_id = given(counted, sam, [sam, dora, alice, bob])
    given(give, sam, review_id, {alice: N, bob: Q})
    with pytest.raises(NoOpinionError):
        given(opinions.tell, dora.actor, review_id=review_id, member_id=alice.id, told_on=FRIDAY)
    given(decide, dora, review_id)
    for who, measure, days in (
        (alice, Measure.TALK, None),
        (alice, Measure.DEADLINE, 400),
        (alice, Measure.DEADLINE, None),
        (bob, Measure.TALK, None),
    ):
        mend_by = FRIDAY + timedelta(days=days) if days else None
        with pytest.raises(MeasureError):
            given(
                opinions.tell,
                dora.actor,
                review_id=review_id,
                member_id=who.id,
                told_on=FRIDAY,
                measure=measure,
                mend_by=mend_by,
            )
    end = FRIDAY + timedelta(days=180)
    given(
        opinions.tell,
        dora.actor,
        review_id=review_id,
        member_id=alice.id,
        told_on=FRIDAY,
        measure=Measure.DEADLINE,
        mend_by=end,
    )


def test_the_grades_are_entered_on_a_page_and_the_forms_printed(client, given, database, sam, dora, alice, bob):
    review_id = given(counted, sam, [sam, dora, alice, bob])
    at = f"/ballots/{review_id}"
    soup = page(client.get(f"{at}/grades", headers=as_member(sam)))
    assert len(soup.select("select[name^=grade-]")) == 3  # not Sam's own
    sat = [box["value"] for box in soup.select("input[name=sat]")]
    form = {"graded_on": FRIDAY.isoformat(), "sat": sat, f"grade-{alice.id}": "1", f"grade-{bob.id}": "2"}
    assert client.post(f"{at}/grades", data=form | {f"grade-{dora.id}": "1"}, headers=as_member(sam)).status_code == 409
    assert client.post(f"{at}/grades", data=form, headers=as_member(sam)).status_code == 303
    assert "优秀" in page(client.get(f"{at}/grades", headers=as_member(dora))).text
    assert client.post(f"{at}/grades/decide", data={"second": "decline"}, headers=as_member(dora)).status_code == 303
    assert facts(database) == {}
    assert client.post(f"{at}/grades", data=form, headers=as_member(sam)).status_code == 303
    assert client.post(f"{at}/grades/decide", data={"second": "confirm"}, headers=as_member(dora)).status_code == 303
    assert facts(database).keys() == {alice.id, bob.id}
    printed = page(client.get(f"{at}/forms", headers=as_member(sam)))
    assert [article["aria-label"] for article in printed.select("article")] == [
        "民主评议测评票",
        "民主评议汇总表",
        "民主评议登记表",
    ]
    assert "—" in printed.select("article")[1].text  # three marks each: no distribution
    assert client.get(f"{at}/forms.xlsx", headers=as_member(sam)).status_code == 200
