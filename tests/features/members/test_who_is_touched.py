"""What one signs in with is changed by oneself or from above; and no form writes over what it has not seen."""

import pytest

from app.features.members import queries
from app.features.members.rules import Role
from tests.features.members.makers import audit_rows, make_business_administrator
from tests.makers import ENGLISH, HTMX, as_member, make_member
from tests.page import errors, fragment, page

BOTH = pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])


def card(database, person):
    with database.read() as session:
        return queries.member_card(session, person.id)


def form_of(client, officer, person):
    """The form as the page fills it."""
    soup = page(client.get(f"/members/{person.id}/edit", headers=as_member(officer)))
    filled = {field["name"]: field.get("value", "") for field in soup.select("#member-form input[type!=radio]")}
    filled |= {field["name"]: field["value"] for field in soup.select("#member-form input[type=radio][checked]")}
    filled |= {field["name"]: field.get_text() for field in soup.select("#member-form textarea")}
    for select in soup.select("#member-form select"):
        chosen = select.select_one("option[selected]")
        filled[select["name"]] = chosen["value"] if chosen else ""
    return filled


def save(client, officer, person, form, headers=ENGLISH):
    return client.post(f"/members/{person.id}", data=form, headers=headers | as_member(officer))


@pytest.mark.parametrize(("officer", "other"), [("sam", "dora"), ("dora", "sam")])
def test_the_phone_of_who_decides_here_is_not_changed_beside_them(client, database, request, officer, other):
    one, person = request.getfixturevalue(officer), request.getfixturevalue(other)
    page(save(client, one, person, form_of(client, one, person) | {"phone": "13812345678"}), status=403)
    assert card(database, person).phone == person.phone
    assert save(client, one, person, form_of(client, one, person) | {"post": "处长"}).status_code == 303


def test_an_administrators_phone_is_not_changed_by_the_branch(client, database, given, sam, branch, committee):
    admin = given(make_member, branch, "系统", roles=(Role.SYSTEM_ADMINISTRATOR,), at=committee)
    page(save(client, sam, admin, form_of(client, sam, admin) | {"phone": "13812345678"}), status=403)
    assert card(database, admin).phone == admin.phone


def test_the_level_above_changes_it_and_the_person_is_told(client, database, given, other_branch, committee, dora):
    bea = given(make_business_administrator, other_branch, committee)
    assert save(client, bea, dora, form_of(client, bea, dora) | {"phone": "13812345678"}).status_code == 303
    assert card(database, dora).phone == "13812345678"
    assert bea.name in page(client.get("/", headers=as_member(dora))).select_one("[aria-labelledby=news-title]").text


@BOTH
def test_an_older_form_is_refused_with_what_changed(client, database, sam, dora, alice, headers):
    older = form_of(client, dora, alice)
    assert save(client, sam, alice, form_of(client, sam, alice) | {"post": "科长"}).status_code == 303
    answer = save(client, dora, alice, older | {"note": "住院"}, headers=headers | ENGLISH)
    soup = (fragment if headers else page)(answer, status=409)
    said = soup.select_one("[role=alert]").get_text()
    assert "Working post" in said
    assert sam.name in said
    assert soup.find("textarea", attrs={"name": "note"}).get_text() == "住院"
    assert (card(database, alice).post, card(database, alice).note) == ("科长", None)
    again = {**older, "note": "住院", "post": "科长", "version": soup.find("input", attrs={"name": "version"})["value"]}
    assert save(client, dora, alice, again).status_code == 303
    assert (card(database, alice).post, card(database, alice).note) == ("科长", "住院")


def test_a_field_that_was_not_sent_stays(client, database, sam, alice):
    before = card(database, alice)
    assert save(client, sam, alice, {"name": "艾丽"}).status_code == 303
    after = card(database, alice)
    changed = {name for name, value in after._asdict().items() if value != getattr(before, name)}
    assert changed == {"name", "version"}


def test_saving_the_same_again_is_no_new_version(client, database, sam, alice):
    for _ in range(2):
        assert save(client, sam, alice, form_of(client, sam, alice)).status_code == 303
    assert card(database, alice).version == 1
    with database.read() as session:
        assert audit_rows(session) == []


def test_a_wrong_version_is_said(client, sam, alice):
    assert errors(page(save(client, sam, alice, {"name": "艾莉", "phone": "1", "version": "x"}), status=422))
