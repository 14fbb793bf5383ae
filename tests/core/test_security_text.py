"""Whoever finds a weakness reads whom to tell, once the installation has somebody."""

from datetime import datetime

import pytest
from pydantic import ValidationError

from app.core import clock, health
from app.core.settings import Settings

ADDRESS = "/.well-known/security.txt"


def test_it_is_not_there_until_somebody_is_named(client):
    assert client.get(ADDRESS).status_code == 404


def test_it_says_whom_to_tell_and_until_when_that_is_true(client, monkeypatch):
    named = Settings(security_contact="mailto:safe@example.org", public_url="https://party.example.org/")
    monkeypatch.setattr(health, "settings", lambda: named)
    answer = client.get(ADDRESS)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    fields = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert fields["Contact"] == "mailto:safe@example.org"
    assert fields["Canonical"] == "https://party.example.org/.well-known/security.txt"
    assert 150 < (datetime.fromisoformat(fields["Expires"]) - clock.now()).days < 365


@pytest.mark.parametrize("contact", ["safe@example.org", "http://example.org", "mailto:x", "https://a b"])
def test_what_reaches_nobody_is_refused_at_the_start(contact):
    with pytest.raises(ValidationError, match="should be empty, or like mailto:"):
        Settings(security_contact=contact)
