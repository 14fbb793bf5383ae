"""What a card keeps of a member goes along when the member takes the own data."""

import base64
import io
import json

import pytest
from openpyxl import load_workbook
from PIL import Image

from app.features.shows.cards.rules import PublicField
from tests.features.shows.cards.makers import make_identity, make_photo, open_to_organ
from tests.features.shows.public.makers import make_public, withdraw
from tests.makers import as_member


@pytest.fixture
def address(given, alice):
    given(make_identity, alice, motto="把小事办好", service_scope="窗口")
    given(make_photo, alice)
    given(open_to_organ, alice)
    address = given(make_public, alice, [PublicField.MOTTO])
    given(withdraw, alice)
    return address


def test_alice_takes_her_card_along(client, given, address, alice, bob):
    given(make_identity, bob, motto="包波的话")
    held = json.loads(client.get("/me/export.json", headers=as_member(alice)).content)
    (card,), (portrait,), (sight,), (consent,) = (
        held[name] for name in ("card", "portrait", "card_sight", "card_consents")
    )
    assert (card["motto"], card["service_scope"], card["entered_by"]) == ("把小事办好", "窗口", alice.name)
    assert Image.open(io.BytesIO(base64.b64decode(portrait["picture"]))).size == (320, 320)
    assert sight["scope"] == "organ"
    assert (consent["fields"], consent["withdrawn_by"]) == (["motto"], alice.name)
    assert address.endswith(consent["token"])
    assert consent["given_at"] <= consent["withdrawn_at"]
    assert "包波的话" not in json.dumps(held, ensure_ascii=False)


def test_and_reads_it_in_words(client, address, alice):
    book = load_workbook(io.BytesIO(client.get("/me/export.xlsx", headers=as_member(alice)).content))
    cells = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}
    assert {"把小事办好", "全机关", "座右铭"} <= cells
    assert not {"organ", "motto"} & cells
