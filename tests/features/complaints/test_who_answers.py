"""Who answers: over the head of whom it is about, and never nobody while somebody above can."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from app.core import clock
from app.features.complaints.errors import NobodyAnswersError
from app.features.complaints.rules import Reader, place_of
from app.features.members.models import RoleTerm
from app.features.members.rules import Role
from tests.features.complaints.test_box import SAID, kept, read_desk, write
from tests.makers import ENGLISH, as_member, make_member
from tests.page import page


def test_about_an_officer_of_the_branch_it_goes_over_that_head(client, alice, sam, dora, carl):
    write(client, alice, reader="branch", whom=str(sam.id))
    assert SAID in read_desk(client, carl)
    assert SAID not in read_desk(client, sam)
    assert SAID not in read_desk(client, dora), "who sits beside that officer is no other head"


def test_about_the_only_one_above_somebody_else_reads_it_or_nobody(client, given, committee, branch, alice, carl, dora):
    write(client, alice, whom=str(carl.id))
    assert SAID in read_desk(client, dora), "nobody else is above: the branch reads it"
    assert SAID not in read_desk(client, carl)
    inspector = given(make_member, branch, "巡察", roles=(Role.INSPECTOR,), at=committee)
    write(client, alice, whom=str(carl.id), said="第二封")
    assert "第二封" not in read_desk(client, carl)
    assert "第二封" in read_desk(client, inspector), "beside that head, not below it"
    assert "第二封" not in read_desk(client, dora)


def test_when_the_posts_at_its_place_end_who_is_above_answers(client, database, given, branch, alice, sam, dora, carl):
    write(client, alice, reader="branch")
    write(client, alice, reader="branch", said="已答复的")
    waiting, done = sorted(kept(database), key=lambda one: one.said)
    client.post(f"/complaints/{done.id}/answer", data={"answer": "已经处理"}, headers=as_member(sam))
    assert SAID not in read_desk(client, carl)

    def end_posts(session):
        yesterday = clock.today() - timedelta(days=1)
        session.execute(update(RoleTerm).where(RoleTerm.organisation_id == branch.id).values(ends_on=yesterday))

    given(end_posts)
    assert SAID in read_desk(client, carl)
    assert "已答复的" not in read_desk(client, carl), "what has its answer goes no further"
    assert "Opinions and complaints to answer: 1" in page(client.get("/", headers=as_member(carl) | ENGLISH)).text
    address = f"/complaints/{waiting.id}"
    assert client.post(f"{address}/answer", data={"answer": "已经处理"}, headers=as_member(carl)).status_code == 303
    page(client.get(address, headers=as_member(carl)))
    page(client.get(address, headers=as_member(dora)), status=404)


def test_who_answered_and_who_answers_there_keep_sight_of_it(
    client, database, given, branch, alice, sam, dora, carl, bob
):
    write(client, alice, reader="branch")
    (one,) = kept(database)
    address = f"/complaints/{one.id}"
    client.post(f"{address}/answer", data={"answer": "已经处理"}, headers=as_member(sam))
    for person in (sam, dora):
        assert "已经处理" in page(client.get(address, headers=as_member(person))).main.get_text()
    for person in (carl, bob):
        page(client.get(address, headers=as_member(person)), status=404)

    def end_posts(session):
        yesterday = clock.today() - timedelta(days=1)
        session.execute(update(RoleTerm).where(RoleTerm.organisation_id == branch.id).values(ends_on=yesterday))

    given(end_posts)
    assert "已经处理" in page(client.get(address, headers=as_member(sam))).main.get_text(), "the own answer"
    page(client.get(address, headers=as_member(dora)), status=404)


def test_who_answers_as_a_rule():
    branch, above, alice, sam, carl, ines = "branch", "above", "alice", "sam", "carl", "ines"
    answerers = {branch: {sam}, above: {carl, ines}}
    assert place_of([branch, above], answerers, reader=Reader.ABOVE) == above
    assert place_of([branch, above], answerers, reader=Reader.BRANCH) == branch
    assert place_of([branch, above], answerers, reader=Reader.BRANCH, about=sam) == above
    assert place_of([branch, above], answerers, reader=Reader.BRANCH, sender=sam) == above
    assert place_of([above], answerers, reader=Reader.ABOVE, about=carl) == above, "by the others there"
    assert place_of([branch], answerers, reader=Reader.ABOVE, sender=alice) == branch, "nobody is above"
    assert place_of([branch, above], answerers, reader=Reader.BRANCH, about=carl) == above, "never below that head"
    assert place_of([branch, above], {branch: {sam}, above: {carl}}, reader=Reader.ABOVE, about=carl) == branch
    assert place_of([branch, above], {branch: {sam, ines}}, reader=Reader.ABOVE, about=sam) == branch, "beside"
    with pytest.raises(NobodyAnswersError):
        place_of([branch], answerers, reader=Reader.BRANCH, about=sam)
