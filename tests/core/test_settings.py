"""What an installation says of itself."""

import pytest
from pydantic import ValidationError

from app.core.settings import THIS_MACHINE, Settings


def test_several_in_one_variable(monkeypatch):
    monkeypatch.setenv("SANLIANG_TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8 ::1")
    monkeypatch.setenv("SANLIANG_HOSTS", "Old.example,party.example")
    config = Settings()
    assert config.trusted_proxies == ("127.0.0.1", "10.0.0.0/8", "::1")
    assert config.known_hosts == THIS_MACHINE | {"old.example", "party.example"}


@pytest.mark.parametrize("typed", ["*", "true", "10.0.0.1/8", "proxy.example"])
def test_a_proxy_is_an_address_or_a_network(typed):
    with pytest.raises(ValidationError, match=r"should be addresses or networks"):
        Settings(trusted_proxies=typed)


@pytest.mark.parametrize(
    ("public_url", "hosts"),
    [
        ("", None),
        ("https://house.example", THIS_MACHINE | {"house.example"}),
        ("http://192.0.2.7:8000/", THIS_MACHINE | {"192.0.2.7"}),
    ],
)
def test_the_public_address_is_the_name_people_come_by(public_url, hosts):
    assert Settings(public_url=public_url).known_hosts == hosts
