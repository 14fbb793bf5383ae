"""The OpenID provider of the tests (``tests/openid``) as a process of its own, and a browser that goes there."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urljoin

import httpx2
import pytest

HERE = Path(__file__).with_name("openid")
CLIENT, SECRET = "sanliang", "a-secret:100%/of+the~tests"
PEOPLE = {
    "ai.li": {"name": "艾丽", "employee_number": "T-0815"},
    "an.ning": {"name": "安宁", "employee_number": "A-0070"},
    "nobody": {},
}


class Provider:
    """Where it is, and what is done there."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self._browsers: list[Browser] = []

    def rotate(self) -> None:
        """It signs with another key from now on."""
        httpx2.post(f"{self.issuer}/rotate").raise_for_status()

    def browser(self) -> "Browser":
        """A browser in which nobody is signed in there."""
        self._browsers.append(Browser(self.issuer))
        return self._browsers[-1]

    def close(self) -> None:
        """Nobody goes there any more."""
        for browser in self._browsers:
            browser.line.close()


class Browser:
    """Goes where it is sent, until it is sent back to us; it keeps the provider's cookies."""

    def __init__(self, issuer: str) -> None:
        self._issuer = issuer
        self.line = httpx2.Client()

    def comes_back(self, address: str, *, name: str = "", declines: bool = False) -> str:
        """The address of ours to which it is sent after ``name`` has signed in there (or was, before)."""
        response = self.line.get(address)
        while response.is_redirect or "/interaction/" in str(response.url):
            if not response.is_redirect:
                page = str(response.url)
                if declines:
                    response = self.line.get(f"{page}/abort")
                else:
                    assert name, "somebody has to sign in here"
                    response = self.line.post(page, data={"prompt": "login", "login": name, "password": "any"})
                continue
            address = urljoin(str(response.url), response.headers["location"])
            if not address.startswith(self._issuer):
                return address
            response = self.line.get(address)
        raise AssertionError(f"{response.status_code}: {response.text[:2000]}")


@contextmanager
def provider(backs: list[str], people: Mapping[str, Mapping[str, str]] = PEOPLE) -> Iterator[Provider]:
    """The provider, which knows these ``people`` and sends back to these addresses."""
    if not (HERE / "node_modules").is_dir() or not shutil.which("node"):
        if os.environ.get("CI"):
            pytest.fail("the OpenID provider is not here: make test-python installs it")
        pytest.skip("the OpenID provider is not installed: make test-python")
    client = {"client_id": CLIENT, "client_secret": SECRET, "redirect_uris": backs}
    process = subprocess.Popen(
        ["node", "provider.mjs", json.dumps({"client": client, "people": people})],
        cwd=HERE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout
    try:
        running = Provider(process.stdout.readline().strip())
        yield running
        running.close()
    finally:
        process.kill()
        process.stdout.close()
        process.wait()
