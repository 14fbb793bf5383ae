"""How the app stands on a home screen."""

import json

from tests.makers import ENGLISH


def test_a_long_press_leads_to_recording_wishes_and_the_sheet(client, alice):
    manifest = json.loads(client.get("/manifest.webmanifest", headers=ENGLISH).content)
    assert [shortcut["url"] for shortcut in manifest["shortcuts"]] == ["/study/new", "/wishes", "/sheet"]
    assert all(shortcut["name"] and shortcut["icons"] for shortcut in manifest["shortcuts"])
    assert manifest["start_url"] == "/"
