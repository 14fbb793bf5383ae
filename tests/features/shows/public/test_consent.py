"""Public only by the member's own recorded consent, piece by piece, and withdrawn in a moment."""

import hashlib
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.core import clock
from app.core.errors import NotFoundError
from app.core.i18n import LANGUAGES, translations
from app.core.ids import new_id
from app.features.members.models import Member
from app.features.members.rules import Role
from app.features.shows.cards import consents, rules, service
from app.features.shows.cards.models import CardConsent
from app.features.shows.cards.rules import CONSENT_TEXT, CONSENT_VERSION, PublicField
from app.features.sign_in.models import SignInSession
from tests.features.shows.cards.makers import make_identity
from tests.features.shows.public.makers import make_public, withdraw
from tests.makers import ENGLISH, HTMX, as_member, make_member
from tests.page import errors, fragment, page
from tests.races import race


def ticked(client, person, *fields, agreed=True):
    """The consent form as a browser would send it with these ticks."""
    soup = page(client.get("/shows/consent", headers=as_member(person)))
    form = {name: soup.select_one(f"[name={name}]")["value"] for name in ("id", "text_version")}
    return form | {"field": list(fields)} | ({"agreed": "yes"} if agreed else {})


def rows(database):
    with database.read() as session:
        return session.scalars(select(CardConsent).order_by(CardConsent.given_at, CardConsent.id)).all()


@pytest.mark.parametrize(("headers", "status"), [({}, 303), (HTMX, 200)], ids=["plain", "htmx"])
def test_alice_makes_her_card_public(client, alice, database, headers, status):
    form = ticked(client, alice, "motto", "post")
    response = client.post("/shows/consent", data=form, headers=as_member(alice) | headers)
    assert response.status_code == status
    assert response.headers["HX-Redirect" if headers else "location"] == "/shows/code"
    (consent,) = rows(database)
    assert (consent.member_id, consent.fields, consent.text_version) == (alice.id, ["post", "motto"], CONSENT_VERSION)
    assert consent.withdrawn_at is None
    assert client.get(f"/p/{consent.token}").status_code == 200


def test_nothing_is_ticked_before_she_ticks_it(client, given, alice):
    given(make_identity, alice)
    soup = page(client.get("/shows/consent", headers=as_member(alice)))
    assert soup.select("[checked]") == []


def test_she_reads_what_each_piece_would_say(client, given, alice):
    given(make_identity, alice, motto="把小事办好")
    soup = page(client.get("/shows/consent", headers=ENGLISH | as_member(alice)))
    told = {box["value"]: box.find_parent("label").small.get_text() for box in soup.select("[name=field]")}
    assert told["motto"] == "把小事办好"
    assert "does not say it yet" in told["office_phone"]


def test_with_nothing_ticked_both_pages_say_what_is_public(client, alice):
    form = ticked(client, alice)
    before = page(client.get("/shows/consent", headers=ENGLISH | as_member(alice))).get_text()
    assert "With nothing ticked the page shows your name and membership alone" in before
    client.post("/shows/consent", data=form, headers=as_member(alice))
    after = page(client.get("/shows/sharing", headers=ENGLISH | as_member(alice))).get_text()
    assert "nothing else of your card is public" in after


def test_the_ticks_of_last_time_are_kept_also_after_the_withdrawal(client, given, alice):
    given(make_public, alice, [PublicField.MOTTO, PublicField.POST])
    given(withdraw, alice)
    soup = page(client.get("/shows/consent", headers=as_member(alice)))
    assert [box["value"] for box in soup.select("[name=field][checked]")] == ["post", "motto"]
    assert not soup.select_one("[name=agreed]").has_attr("checked")


def test_without_her_yes_nothing_happens_and_her_ticks_stay(client, alice, database):
    form = ticked(client, alice, "motto", agreed=False)
    soup = page(client.post("/shows/consent", data=form, headers=ENGLISH | as_member(alice)), 422)
    assert set(errors(soup)) == {"agreed"}
    assert [box["value"] for box in soup.select("[name=field][checked]")] == ["motto"]
    assert rows(database) == []


def test_the_form_sent_twice_is_one_consent(client, alice, database):
    form = ticked(client, alice, "motto")
    assert [client.post("/shows/consent", data=form, headers=as_member(alice)).status_code for _ in range(2)] == [
        303
    ] * 2
    assert len(rows(database)) == 1


def test_a_form_sent_again_after_the_withdrawal_resurrects_nothing(client, alice, database):
    form = ticked(client, alice, "motto")
    client.post("/shows/consent", data=form, headers=as_member(alice))
    (consent,) = rows(database)
    client.post(f"/shows/members/{alice.id}/withdraw", headers=as_member(alice))
    soup = page(client.post("/shows/consent", data=form, headers=ENGLISH | as_member(alice)), 409)
    assert "taken back" in soup.get_text()
    assert client.get(f"/p/{consent.token}").status_code == 404
    assert soup.select_one("[name=id]")["value"] != form["id"]  # read and ticked anew, it goes


def test_a_form_with_an_older_text_is_read_again(client, alice, database):
    form = ticked(client, alice, "motto") | {"text_version": "2025.1"}
    soup = page(client.post("/shows/consent", data=form, headers=ENGLISH | as_member(alice)), 409)
    assert "read it again" in soup.get_text()
    assert rows(database) == []


def test_whoever_changes_the_text_writes_a_new_version():
    read = "\n".join(translations(name).gettext(one.message) for one in CONSENT_TEXT for name in LANGUAGES)
    assert (CONSENT_VERSION, hashlib.sha256(read.encode()).hexdigest()[:12]) == ("2026.1", "2b295a1c7a1f")


def test_nobody_consents_for_somebody_else(client, alice, sam, database):
    """The form has no place for another person: a secretary who sends Alice's id makes the own card public."""
    form = ticked(client, sam, "motto") | {"member_id": str(alice.id)}
    client.post("/shows/consent", data=form, headers=as_member(sam))
    assert [consent.member_id for consent in rows(database)] == [sam.id]
    form = ticked(client, alice, "motto")
    client.post("/shows/consent", data=form, headers=as_member(alice))
    response = client.post("/shows/consent", data=form | {"field": ["post"]}, headers=as_member(sam))
    assert response.status_code == 409  # nor does Alice's form in the secretary's hands change her consent
    assert [consent.fields for consent in rows(database) if consent.member_id == alice.id] == [["motto"]]


def test_the_password_is_asked_for_before(client, database, alice):
    """Somebody who holds her unlocked phone does not consent for her; taking back needs no password."""
    form = ticked(client, alice, "motto")
    with database.write() as session:
        session.execute(update(SignInSession).values(confirmed_at=datetime(2020, 1, 1, tzinfo=UTC)))
    for answer in (
        client.get("/shows/consent", headers=as_member(alice)),
        client.post("/shows/consent", data=form, headers=as_member(alice)),
    ):
        assert answer.headers["location"].startswith("/confirm")
    assert rows(database) == []
    assert client.post(f"/shows/members/{alice.id}/withdraw", headers=as_member(alice)).status_code == 303


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_withdrawn_within_the_same_second(client, given, alice, headers):
    address = given(make_public, alice)
    began = clock.now()
    assert client.get(address).status_code == 200
    client.post(f"/shows/members/{alice.id}/withdraw", headers=as_member(alice) | headers)
    assert client.get(address).status_code == 404
    assert clock.now() - began < timedelta(seconds=1)


def test_withdrawing_twice_is_withdrawing_once(session, alice):
    make_public(session, alice)
    assert [withdraw(session, alice) for _ in range(3)] == [True, False, False]


def test_a_new_consent_has_a_new_address_and_the_old_one_stays_dead(client, given, alice, database):
    first = given(make_public, alice)
    second = given(make_public, alice, [PublicField.MOTTO])
    given(withdraw, alice)
    third = given(make_public, alice)
    assert len({first, second, third}) == 3
    assert [client.get(address).status_code for address in (first, second, third)] == [404, 404, 200]
    assert [consent.withdrawn_at is None for consent in rows(database)] == [False, False, True]


def test_an_officer_takes_down_but_never_puts_up(client, given, alice, bob, sam, oscar):
    address = given(make_public, alice)
    for other in (bob, oscar):
        assert client.post(f"/shows/members/{alice.id}/withdraw", headers=as_member(other)).status_code == 404
    assert client.get(address).status_code == 200
    card = page(client.get(f"/shows/members/{alice.id}", headers=as_member(sam)))
    assert card.select_one(f'form[action="/shows/members/{alice.id}/withdraw"]')
    client.post(f"/shows/members/{alice.id}/withdraw", headers=as_member(sam))
    assert client.get(address).status_code == 404
    text = page(client.get("/shows/sharing", headers=as_member(alice))).get_text()
    assert f"由{sam.name}代为撤下" in text


def test_the_page_says_what_is_public_and_since_when(client, given, alice):
    address = given(make_public, alice, [PublicField.MOTTO])
    soup = page(client.get("/shows/sharing", headers=as_member(alice)))
    public = soup.select("section")[1].get_text(" ", strip=True)
    assert ("座右铭" in public, "办公电话" in public) == (True, False)
    assert soup.select_one(f'a[href="{address}"]')
    after = fragment(client.post("/shows/sharing", data={"scope": "organ"}, headers=as_member(alice) | HTMX)).get_text()
    assert "已公开" in after


@pytest.mark.parametrize("days", [0, 1])
def test_the_page_of_somebody_who_has_left_is_gone_from_that_day(client, given, branch, database, days):
    gone = given(make_member, branch, "戈恩")
    address = given(make_public, gone)
    with database.write() as session:
        session.get_one(Member, gone.id).left_on = clock.today() + timedelta(days=days)
    assert client.get(address).status_code == (200 if days else 404)


def test_coming_back_does_not_put_it_up_again(session, branch):
    gone = make_member(session, branch, "戈恩")
    token = make_public(session, gone).rsplit("/", 1)[-1]
    member = session.get_one(Member, gone.id)
    member.left_on = date(2020, 1, 1)
    session.flush()
    assert [service.end_consents_of_leavers(session, clock.now()) for _ in range(2)] == [1, 0]
    member.left_on = None
    session.flush()
    with pytest.raises(NotFoundError):
        consents.card(session, token)
    (consent,) = consents.consents(session, gone.id)
    assert (consent.withdrawn_at is not None, consent.withdrawn_by) == (True, None)


def test_tokens_are_long_random_and_tell_nothing(session, branch):
    people = [make_member(session, branch, f"党员{number}") for number in range(3)]
    tokens = [make_public(session, person).rsplit("/", 1)[-1] for person in people for _ in range(3)]
    assert len(set(tokens)) == 9
    assert len({token[:4] for token in tokens}) > 6  # nothing of person or time is in front
    for token in tokens:
        assert (len(token), set(token) <= set(rules.ALPHABET)) == (26, True)
    assert len(rules.ALPHABET) ** rules.TOKEN_LENGTH >= 2**128
    chance = "".join(rules.new_token() for _ in range(400))
    assert {sign for sign in rules.ALPHABET if 200 < chance.count(sign) < 460} == set(rules.ALPHABET)


@pytest.mark.parametrize(
    "change",
    [
        update(CardConsent).values(fields=["office_phone"]),
        update(CardConsent).values(text_version="2027.1"),
        update(CardConsent).values(given_at=datetime(2020, 1, 1, tzinfo=UTC)),
        update(CardConsent).values(token="0" * 26, withdrawn_at=datetime(2030, 1, 1, tzinfo=UTC)),
        delete(CardConsent),
    ],
    ids=["pieces", "version", "moment", "address", "delete"],
)
def test_the_database_lets_nobody_rewrite_a_consent(database, given, alice, change):
    given(make_public, alice)
    with pytest.raises(DBAPIError, match="card_consents"), database.write() as session:
        session.execute(change)
    assert len(rows(database)) == 1


@pytest.mark.parametrize("moment", [None, datetime(2031, 1, 1, tzinfo=UTC)], ids=["opened again", "later"])
def test_a_withdrawal_stays_as_it_is(database, given, alice, moment):
    given(make_public, alice)
    given(withdraw, alice)
    with pytest.raises(DBAPIError, match="card_consents"), database.write() as session:
        session.execute(update(CardConsent).values(withdrawn_at=moment))


def test_sqlite_does_not_overwrite_one_either(database, given, alice):
    given(make_public, alice)
    replace = "INSERT OR REPLACE INTO" if database.is_sqlite else "INSERT INTO"
    columns = "id, member_id, token, text_version, fields, given_at"
    with pytest.raises((DBAPIError, IntegrityError)), database.write() as session:
        session.execute(text(f"{replace} card_consents ({columns}) SELECT {columns} FROM card_consents"))


def test_one_holds_at_a_time_however_many_ask(database, alice):
    def consent(_number):
        with database.write() as session:
            return service.give_consent(
                session, alice.actor, consent_id=new_id(), fields=[], text_version=CONSENT_VERSION
            ).token

    tokens = race(4, consent)
    assert len(set(tokens)) == 4
    assert len([one for one in rows(database) if one.withdrawn_at is None]) == 1


def test_an_officer_without_the_task_takes_nothing_down(session, branch, alice):
    make_public(session, alice)
    discipline = make_member(session, branch, "纪委员", roles=(Role.DISCIPLINE,))
    with pytest.raises(NotFoundError):
        withdraw(session, alice, by=discipline)


def test_time_of_consent_is_the_moment_it_was_given(session, alice):
    with time_machine.travel(datetime(2026, 3, 9, 2, tzinfo=UTC), tick=False):
        make_public(session, alice)
        withdraw(session, alice)
    (consent,) = consents.consents(session, alice.id)
    assert consent.given_at == consent.withdrawn_at == datetime(2026, 3, 9, 2, tzinfo=UTC)
