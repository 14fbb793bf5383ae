"""A file gives no second voice: posts that decide, and what their holders sign in with, are no matter of a file."""

import pytest
from sqlalchemy import select

from app.features.members import powers, queries
from app.features.members.models import Member
from app.features.members.rules import Permission, Role
from app.features.roster.importer import importer
from app.features.roster.rules import NoteCode
from tests.features.members.makers import make_business_administrator, make_term
from tests.features.roster.makers import import_file, roster_file
from tests.makers import as_member


def notes(plan):
    return [note.code for row in plan.rows for note in row.notes]


def roles(session, person):
    session.flush()
    return queries.posts_in(session, person.branch_id).get(person.id, [])


@pytest.fixture
def bea(session, other_branch, committee):
    return make_business_administrator(session, other_branch, committee)


@pytest.mark.parametrize("post", ["副书记", "组织委员", "书记"])
def test_a_secretary_s_file_gives_no_post_that_decides(session, sam, alice, branch, post):
    plan = import_file(session, roster_file(("艾莉", branch.name, alice.phone, "", post, "")), importer(sam.actor))
    assert NoteCode.POSTS_BY_VOTE in notes(plan)
    assert roles(session, alice) == []


def test_an_invented_member_is_bound_to_who_brought_the_file(session, sam, branch):
    import_file(session, roster_file(("新来", branch.name, "13700000001", "", "副书记", "")), importer(sam.actor))
    invented = session.scalars(select(Member).where(Member.name == "新来")).one()
    assert invented.added_by_id == sam.id
    assert queries.posts_in(session, branch.id).get(invented.id) is None


@pytest.mark.parametrize("said", ["党员", "宣传委员"])
def test_a_file_ends_none_either(session, sam, dora, branch, said):
    plan = import_file(session, roster_file(("窦兰", branch.name, dora.phone, "", said, "")), importer(sam.actor))
    assert NoteCode.POSTS_BY_VOTE in notes(plan)
    assert Role.DEPUTY in roles(session, dora)


def test_light_posts_are_given_as_ever(session, sam, alice, branch):
    rows = roster_file(("艾莉", branch.name, alice.phone, "", "宣传委员", ""))
    plan = import_file(session, rows, importer(sam.actor))
    assert notes(plan) == []
    assert roles(session, alice) == [Role.PUBLICITY]


def test_the_phone_of_who_decides_here_stays(session, sam, dora, branch):
    plan = import_file(session, roster_file(("窦兰", branch.name, "13700000009", "", "", "退休")), importer(sam.actor))
    assert NoteCode.FROM_ABOVE in notes(plan)
    assert session.get_one(Member, dora.id).phone == dora.phone
    assert queries.exemption(session, dora.id) is None


def test_an_administrator_s_phone_stays_too(session, sam, branch, committee):
    admin = make_business_administrator(session, branch, committee)
    import_file(session, roster_file((admin.name, branch.name, "13700000009")), importer(sam.actor))
    assert session.get_one(Member, admin.id).phone == admin.phone


def test_the_level_above_brings_posts_and_numbers(session, bea, alice, dora, branch):
    rows = roster_file(
        ("艾莉", branch.name, alice.phone, "", "组织委员", ""), ("窦兰", branch.name, "13700000009", "", "", "")
    )
    import_file(session, rows, importer(bea.actor))
    assert roles(session, alice) == [Role.ORGANISATION]
    assert session.get_one(Member, dora.id).phone == "13700000009"


def test_the_level_above_is_one_of_two_in_the_own_branch(session, branch, committee, alice, sam):
    beate = make_business_administrator(session, branch, committee)
    rows = roster_file(
        ("艾莉", branch.name, alice.phone, "", "副书记", ""), ("沈山", branch.name, "13700000009", "", "", "")
    )
    plan = import_file(session, rows, importer(beate.actor))
    assert {NoteCode.POSTS_BY_VOTE, NoteCode.FROM_ABOVE} <= set(notes(plan))
    assert roles(session, alice) == []
    assert session.get_one(Member, sam.id).phone == sam.phone


def test_a_command_on_the_server_brings_everything(session, alice, branch):
    import_file(session, roster_file(("艾莉", branch.name, alice.phone, "", "副书记", "")))
    assert roles(session, alice) == [Role.DEPUTY]


def test_whom_the_meeting_named_is_named_in_no_other_branch(session, bea, alice, branch, other_branch):
    make_term(session, alice, branch, Role.SUPERVISOR)
    stays = roster_file(("艾莉", branch.name, alice.phone, "", "宣传委员", ""))
    import_file(session, stays, importer(bea.actor))
    assert roles(session, alice) == [Role.PUBLICITY, Role.SUPERVISOR]
    goes = roster_file(("艾莉", other_branch.name, alice.phone, "", "", ""))
    import_file(session, goes, importer(bea.actor))
    session.flush()
    assert not any(term.ends_on is None for term in queries.terms_of(session, alice.id))
    assert powers.standing(session, alice.id).roles == frozenset()


def test_a_post_left_behind_gives_nothing_in_the_new_branch(session, alice, branch, other_branch):
    for role in (Role.SUPERVISOR, Role.SECRETARY):
        make_term(session, alice, other_branch, role)
    assert powers.standing(session, alice.id).roles == frozenset()
    assert Permission.STAND_IN not in powers.permissions(session, [alice.id])[alice.id]


def test_nor_to_who_is_signed_in(client, given, alice, other_branch):
    given(make_term, alice, other_branch, Role.DEPUTY)
    given(make_term, alice, other_branch, Role.SUPERVISOR)
    assert client.get("/approvals", headers=as_member(alice)).status_code == 403


def test_a_file_of_a_deputy_renames_no_secretary(session, sam, dora, branch):
    rows = roster_file(("改名", branch.name, sam.phone, "", "书记", ""))
    import_file(session, rows, importer(dora.actor))
    session.flush()
    assert session.get_one(Member, sam.id).name == sam.name
