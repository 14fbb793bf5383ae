"""An installation with the organ's sign-in, and who speaks there."""

import pytest

from app.core.settings import Settings
from app.features.home import routes as home
from app.features.sign_in import pages as sign_in_pages
from app.features.sign_in.outside import oidc, routes, ways
from tests.features.sign_in.outside.makers import PLACE, Voice
from tests.openid_provider import CLIENT, SECRET, provider


@pytest.fixture
def config(monkeypatch):
    """``config(**values)`` says what the installation has set."""

    def say(**values):
        said = Settings(
            **{
                "sign_in": ("oidc",),
                "oidc_issuer": PLACE,
                "oidc_client": CLIENT,
                "oidc_secret": SECRET,
                "oidc_name": "单位账号",
                **values,
            }
        )
        for module in (home, sign_in_pages, routes):
            monkeypatch.setattr(module, "settings", lambda: said)
        return said

    say()
    return say


@pytest.fixture
def voice(config, monkeypatch):
    """Whoever comes is sent to one that says what the test wants."""
    voice = Voice()
    monkeypatch.setattr(ways, "reader", lambda way, config: voice)
    return voice


@pytest.fixture(scope="session")
def openid():
    with provider(["http://testserver/sign-in/with/oidc/back"]) as running:
        yield running


@pytest.fixture
def organ(openid, config):
    """The installation knows the real provider."""
    oidc.forget_all()
    config(oidc_issuer=openid.issuer)
    yield openid
    oidc.forget_all()
