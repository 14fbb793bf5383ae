"""A portrait: never needed, square, small, without a trace of where it was taken, and erased when it is not wanted."""

import io

import pytest
from PIL import Image
from sqlalchemy import select

from app.features.shows.cards.models import CardPhoto
from tests.features.shows.cards.makers import make_photo, picture
from tests.makers import ENGLISH, HTMX, as_member
from tests.page import errors, page


def send(client, person, content, *, by=None, headers=None, name="IMG_2026.jpg"):
    return client.post(
        f"/shows/members/{person.id}/photo",
        files={"photo": (name, content, "image/jpeg")},
        headers=ENGLISH | as_member(by or person) | (headers or {}),
    )


def with_place():
    tags = Image.Exif()
    tags[0x0112] = 6
    tags.get_ifd(0x8825).update({1: "N", 2: (39.0, 54.0, 26.4), 3: "E", 4: (116.0, 23.0, 29.8)})
    return picture(exif=tags, comment=b"at home")


def stored(database):
    with database.read() as session:
        return session.scalars(select(CardPhoto)).all()


@pytest.mark.parametrize(("headers", "status"), [({}, 303), (HTMX, 200)], ids=["plain", "htmx"])
def test_alice_puts_a_photo_on_her_card(client, alice, database, headers, status):
    assert send(client, alice, with_place(), headers=headers).status_code == status
    (photo,) = stored(database)
    for content, side in ((photo.small, 96), (photo.large, 320)):
        kept = Image.open(io.BytesIO(content))
        assert (kept.format, kept.size) == ("WEBP", (side, side))
        assert not kept.getexif()
        assert not {"exif", "xmp", "comment", "icc_profile"} & set(kept.info)
        assert b"home" not in content
    soup = page(client.get("/shows", headers=as_member(alice)))
    assert soup.select_one(".ph img")["src"] == f"/shows/photos/{photo.id}/320"


def test_a_card_needs_none(client, alice):
    soup = page(client.get("/shows", headers=as_member(alice)))
    assert soup.select("main img") == []
    assert soup.select_one(".ph b").get_text() == alice.name[0]


def test_another_one_takes_its_place_under_a_new_address(client, given, alice, database):
    first = given(make_photo, alice)
    send(client, alice, picture(colour="red"))
    (photo,) = stored(database)
    assert photo.id != first
    assert client.get(f"/shows/photos/{first}/96", headers=as_member(alice)).status_code == 404


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"%PDF-1.7 no picture", "no picture"), (b"", "choose a photo"), (picture()[:300], "no picture")],
)
def test_what_is_no_picture_is_refused_with_a_sentence(client, alice, database, content, words):
    name = "letter.pdf" if content else ""
    soup = page(send(client, alice, content, name=name), 422)
    assert words in errors(soup)["photo"]
    assert stored(database) == []


def test_a_form_without_a_file_says_what_to_do(client, alice):
    response = client.post(f"/shows/members/{alice.id}/photo", data={}, headers=ENGLISH | as_member(alice))
    assert "choose a photo" in errors(page(response, 422))["photo"]


@pytest.mark.parametrize(("headers", "status"), [({}, 303), (HTMX, 200)], ids=["plain", "htmx"])
def test_it_is_erased_when_she_does_not_want_it_any_more(client, given, alice, database, headers, status):
    given(make_photo, alice)
    for _twice in range(2):
        response = client.post(f"/shows/members/{alice.id}/photo/remove", headers=as_member(alice) | headers)
        assert response.status_code == status
    assert stored(database) == []


def test_sam_puts_one_in_for_her_and_it_says_so(client, alice, sam, bob):
    assert send(client, alice, picture(), by=sam).status_code == 303
    assert f"由{sam.name}代为上传" in client.get(f"/shows/members/{alice.id}/photo", headers=as_member(alice)).text
    assert send(client, alice, picture(), by=bob).status_code == 404
    assert client.post(f"/shows/members/{alice.id}/photo/remove", headers=as_member(bob)).status_code == 404


def test_the_page_works_without_a_script(client, alice):
    soup = page(client.get(f"/shows/members/{alice.id}/photo", headers=as_member(alice)))
    form = soup.select_one("form[enctype='multipart/form-data']")
    assert form.select_one("input[type=file]")["accept"] == "image/jpeg,image/png,image/webp"
    assert form.select_one("figure").has_attr("hidden")
