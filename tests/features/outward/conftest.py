"""An installation that has named every way, and the services they lead to."""

from collections.abc import Iterator

import pytest

from app.core.settings import Settings
from app.features.notices import routes as reminder_routes
from app.features.outward import push_key, queries, routes, sending, service, telling
from tests.features.outward.makers import Carrier
from tests.features.outward.services import APPLICATION, Services, services
from tests.postbox import Postbox, postbox


@pytest.fixture
def outside() -> Iterator[Services]:
    with services() as server:
        yield server


@pytest.fixture
def box() -> Iterator[Postbox]:
    with postbox() as server:
        yield server


@pytest.fixture
def config(monkeypatch, tmp_path, request):
    """``config(**more)`` says what the installation has set; before that, every way, to services that are not there."""
    key = tmp_path / "a key%20.pem"
    push_key.make(key)

    def say(at="http://127.0.0.1:9", **values):
        named = f"push, mail, wecom={at}, wecom_robot={at}, dingtalk={at}, feishu={at}"
        said = Settings(
            **{
                "notices": named,
                "wecom_app": APPLICATION,
                "push_key": key,
                "mail_server": "smtp://127.0.0.1:9",
                "mail_from": "sanliang@example.org",
                "public_url": "https://sanliang.example.org",
                **values,
            }
        )
        for module in (queries, routes, service, telling, reminder_routes):
            monkeypatch.setattr(module, "settings", lambda: said)
        return said

    say()
    return say


@pytest.fixture
def carrier(config, monkeypatch) -> Carrier:
    """Nothing leaves this test."""
    carrier = Carrier()
    monkeypatch.setattr(sending, "courier", carrier)
    return carrier
