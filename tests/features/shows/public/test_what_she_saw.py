"""Consent is for what the member saw: nobody else puts anything up on the public page."""

import pytest

from app.features.shows.cards import service
from app.features.shows.cards.rules import PublicByOwnerError, PublicField
from tests.features.shows.cards.makers import make_identity, make_photo, picture
from tests.features.shows.public.makers import make_public, withdraw
from tests.makers import ENGLISH, as_member
from tests.page import page

MOTTO = "把小事办好"


@pytest.fixture
def public(given, alice):
    """The address of Alice's card: her motto and her photo, and her office phone once she has one."""
    given(make_identity, alice, motto=MOTTO)
    return given(make_public, alice, [PublicField.MOTTO, PublicField.PHOTO, PublicField.OFFICE_PHONE])


@pytest.mark.parametrize(
    "told",
    [{"motto": "换了一句"}, {"motto": MOTTO, "office_phone": "010-66551234"}],
    ids=["said otherwise", "said for the first time"],
)
def test_an_officer_changes_nothing_that_everybody_sees(client, public, alice, sam, told):
    response = client.post(f"/shows/members/{alice.id}/identity", data=told, headers=ENGLISH | as_member(sam))
    assert "changed by the member alone" in page(response, 409).get_text()
    text = client.get(public).text
    assert (MOTTO in text, "换了一句" in text, "66551234" in text) == (True, False, False)


def test_nor_does_an_officer_put_a_photo_there(client, public, alice, sam):
    response = client.post(
        f"/shows/members/{alice.id}/photo",
        files={"photo": ("a.jpg", picture(), "image/jpeg")},
        headers=ENGLISH | as_member(sam),
    )
    assert "changed by the member alone" in page(response, 409).get_text()
    assert client.get(f"{public}/photo").status_code == 404


def test_the_forms_say_so_before(client, public, alice, sam):
    for what in ("identity", "photo"):
        text = page(client.get(f"/shows/members/{alice.id}/{what}", headers=ENGLISH | as_member(sam))).get_text()
        assert f"by {alice.name} alone" in text
        own = page(client.get(f"/shows/members/{alice.id}/{what}", headers=ENGLISH | as_member(alice))).get_text()
        assert f"by {alice.name} alone" not in own


def test_what_is_not_public_and_what_is_taken_off_an_officer_still_enters(session, alice, sam):
    make_identity(session, alice, motto=MOTTO)
    make_photo(session, alice)
    make_public(session, alice, [PublicField.MOTTO, PublicField.PHOTO])
    make_identity(session, alice, by=sam, motto=MOTTO, service_scope="信访件办理")
    make_identity(session, alice, by=sam, motto=None)
    service.remove_photo(session, sam.actor, member_id=alice.id)


def test_after_taking_down_an_officer_enters_everything_again(session, alice, sam):
    make_public(session, alice)
    with pytest.raises(PublicByOwnerError):
        make_photo(session, alice, by=sam)
    withdraw(session, alice, by=sam)
    make_photo(session, alice, by=sam)


def test_the_member_changes_the_own_page_at_once(client, public, alice):
    client.post(f"/shows/members/{alice.id}/identity", data={"motto": "换了一句"}, headers=as_member(alice))
    assert "换了一句" in client.get(public).text
