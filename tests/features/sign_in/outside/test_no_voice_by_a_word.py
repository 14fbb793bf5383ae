"""Attacks of whoever runs the sign-in outside: by that word alone nobody comes to a post. Source: 0064."""

from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import delete

from app.core.clock import now
from app.features.members.models import Member
from app.features.members.powers import are_bound
from app.features.roster.importer import importer
from app.features.sign_in.factors.models import SecondFactor
from app.features.sign_in.models import SignInSession
from app.features.sign_in.outside import links
from app.features.sign_in.outside.errors import UnknownOutsideError
from app.features.sign_in.outside.models import OutsideLink
from app.features.sign_in.outside.rules import MadeBy
from app.features.sign_in.rules import COOKIE
from tests.features.roster.makers import import_file, roster_file
from tests.features.sign_in.factors.makers import code_now, make_app
from tests.features.sign_in.makers import make_newcomer
from tests.features.sign_in.outside.makers import make_link, word_of
from tests.makers import HTMX, as_member


def enter(client, start="/sign-in/with/oidc"):
    """Whoever runs the provider comes as whom they like, having typed a password there just now."""
    state = parse_qs(urlsplit(client.get(start).headers["location"]).query)["state"][0]
    return client.get("/sign-in/with/oidc/back", params={"state": state, "code": "x"})


@pytest.fixture
def thief(client, voice):
    """Somebody who says at the provider that it is Alice, with a fresh proof."""
    voice.says = word_of(proved_at=now())
    return client


def add_a_step(client, headers):
    return client.post("/me/factors/app", data={"secret": "x", "code": "123456"}, headers=headers)


def steps(database):
    with database.read() as session:
        return session.query(SecondFactor).count()


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_before_alice_is_appointed_the_thief_adds_no_step_of_their_own(thief, given, alice, database, headers):
    given(make_link, alice)
    assert enter(thief).status_code == 303
    assert thief.get("/me/export").status_code == 200  # the proof counts, but not for this
    refused = thief.get("/me/factors/app")
    assert refused.status_code == 403
    assert "号码和密码" in refused.text
    assert add_a_step(thief, headers).status_code == 403
    assert steps(database) == 0


def test_nor_beside_a_step_that_alice_has_added_since(thief, given, alice, database):
    """The session of the thief is older than the step, and so was never asked for it."""
    given(make_link, alice)
    enter(thief)
    given(make_app, alice)
    for address in ("/me/factors/app", "/me/factors"):
        assert thief.get(address).status_code == 403
    assert add_a_step(thief, {}).status_code == 403
    assert thief.post("/me/factors/codes").status_code == 403  # a code on paper would be a step as well
    with database.read() as session:
        factor = session.query(SecondFactor).one()
    assert thief.post(f"/me/factors/{factor.id}/remove").status_code == 403
    assert steps(database) == 1


@pytest.mark.parametrize("ends_it_before", [False, True])
def test_nor_makes_a_link_by_number_alice_s_own(thief, given, alice, database, ends_it_before):
    link_id = given(make_link, alice, made_by=MadeBy.NUMBER)
    enter(thief)
    if ends_it_before:
        thief.post(f"/me/sign-ins/{link_id}/end")
    assert thief.get("/me/sign-ins/oidc/link").status_code == 403
    with database.read() as session:
        assert MadeBy.SELF not in {row.made_by for row in session.query(OutsideLink)}


def test_alice_herself_gives_her_step_after_it_and_adds_another(thief, given, alice):
    given(make_link, alice)
    secret = given(make_app, alice)
    enter(thief)
    assert thief.post("/sign-in/second", data={"code": code_now(secret)}).status_code == 303
    assert thief.get("/me/factors/app").status_code == 200


def test_while_sam_has_a_post_no_one_waits_until_he_removes_his_step(thief, given, sam, database):
    given(make_link, sam)
    given(make_app, sam)
    assert enter(thief).status_code == 303
    assert thief.get("/me/factors").headers["location"].startswith("/sign-in/second")
    waiting = thief.cookies.get(COOKIE)
    with database.read() as session:
        factor = session.query(SecondFactor).one()
    thief.cookies.clear()
    assert thief.post(f"/me/factors/{factor.id}/remove", headers=as_member(sam)).status_code == 303
    assert thief.get("/me", headers=as_member(sam)).status_code == 200
    thief.cookies.set(COOKIE, waiting)
    assert thief.get("/me/factors/app").headers["location"].startswith("/sign-in")
    with database.read() as session:
        assert session.query(SignInSession).filter(SignInSession.awaits_factor_since.is_not(None)).one().ended_at


def test_nor_if_the_step_has_gone_in_another_way(thief, given, sam):
    given(make_link, sam)
    given(make_app, sam)
    enter(thief)
    given(lambda session: session.execute(delete(SecondFactor)))
    assert thief.get("/me/factors/app").status_code == 403


def test_who_took_somebody_in_stays_bound_to_who_comes_by_the_number(
    thief, voice, config, given, branch, sam, database
):
    config(sign_in_by_number=("oidc",))
    ann = given(make_newcomer, branch, "安宁", member_number="A-0070", added_by_id=sam.id)
    voice.says = word_of(number="A-0070")
    assert enter(thief).status_code == 303
    with database.read() as session:
        assert are_bound(session, sam.id, ann.id)


def test_who_gives_old_wang_another_number_is_bound_to_who_comes_by_it(session, sam, branch):
    """A roster with the number of an account that Sam controls: in as Wang, and no second pair of eyes."""
    wang = make_newcomer(session, branch, "王老", phone="13800000077")
    assert not are_bound(session, sam.id, wang.id)
    row = ("王老", branch.name, "13800000077", "SAM-2")
    headings = ("姓名", "所在党支部", "手机号码", "党员编号")
    import_file(session, roster_file(row, headings=headings), importer(sam.actor))
    assert session.get_one(Member, wang.id).member_number == "SAM-2"
    said = word_of(number="SAM-2")
    assert links.entering(session, said, way="单位账号", is_believed=True) == wang.id
    assert are_bound(session, sam.id, wang.id)


def test_a_number_opens_nothing_once_an_account_was_opened(session, branch):
    """Passwords of those who left long ago are erased; that the account was opened is not."""
    ann = make_newcomer(session, branch, "安宁", member_number="A-0070")
    session.get_one(Member, ann.id).opened_at = now()
    session.flush()
    with pytest.raises(UnknownOutsideError):
        links.entering(session, word_of(number="A-0070"), way="单位账号", is_believed=True)


def test_a_link_that_ends_while_its_member_is_waited_for_opens_nothing(session, alice, monkeypatch):
    """A slip, an end and a reset hold the member: who comes in at the same moment sees what they have left."""
    make_link(session, alice)
    hold = links.members.lock

    def hold_after_a_slip(session, member_id):
        hold(session, member_id)
        links.end_all(session, member_id)

    monkeypatch.setattr(links.members, "lock", hold_after_a_slip)
    with pytest.raises(UnknownOutsideError):
        links.entering(session, word_of(), way="单位账号", is_believed=False)
