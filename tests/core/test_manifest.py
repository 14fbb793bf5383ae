"""How the app stands on a home screen."""

import io
import json

from PIL import Image

from tests.makers import ENGLISH


def test_a_long_press_leads_to_recording_wishes_and_the_sheet(client, alice):
    manifest = json.loads(client.get("/manifest.webmanifest", headers=ENGLISH).content)
    assert [shortcut["url"] for shortcut in manifest["shortcuts"]] == ["/study/new", "/wishes", "/sheet"]
    assert all(shortcut["name"] and shortcut["icons"] for shortcut in manifest["shortcuts"])
    assert manifest["start_url"] == "/"


def test_whoever_installs_it_sees_two_of_its_pages_before(client):
    manifest = json.loads(client.get("/manifest.webmanifest", headers=ENGLISH).content)
    assert [shown["label"] for shown in manifest["screenshots"]] == ["Today", "Record"]
    for shown in manifest["screenshots"]:
        picture = client.get(shown["src"])
        assert (picture.status_code, picture.headers["content-type"]) == (200, shown["type"])
        assert len(picture.content) < 60_000
        assert "{}x{}".format(*Image.open(io.BytesIO(picture.content)).size) == shown["sizes"]
