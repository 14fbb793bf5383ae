"""Visitors on loopback: a few connections that stay open and ask for one page after the other."""

import http.client
import threading
import time
from typing import Final
from urllib.parse import urlencode

SECONDS: Final = 60
"""No page is asked for longer than this, however slow it is."""


class WrongAnswerError(Exception):
    """A page that is not what the bench is about."""


def sign_in(port: int, login: str, password: str) -> str:
    """The cookie of a fresh session."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    form = urlencode({"login": login, "password": password})
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
    connection.request("POST", "/sign-in", form, headers)
    answer = connection.getresponse()
    answer.read()
    cookie = answer.getheader("set-cookie")
    connection.close()
    if answer.status != 303 or not cookie:
        raise WrongAnswerError(f"sign-in of {login}: {answer.status}")
    return cookie.split(";")[0]


def ask(port: int, path: str, cookie: str, *, requests: int, connections: int) -> float:
    """Ask for ``path`` so many times over so many connections at once; gives the seconds it took.

    Raises:
        WrongAnswerError: an answer was no page of people who are signed in.
    """
    left = iter(range(requests))
    taking = threading.Lock()
    wrong: list[str] = []
    deadline = time.monotonic() + SECONDS

    def visit() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
        while time.monotonic() < deadline and not wrong:
            with taking:
                if next(left, None) is None:
                    break
            connection.request("GET", path, headers={"Cookie": cookie, "Accept-Language": "zh-CN"})
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                wrong.append(f"{path}: {answer.status}")
        connection.close()

    visitors = [threading.Thread(target=visit) for _ in range(connections)]
    began = time.perf_counter()
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    took = time.perf_counter() - began
    if wrong or next(left, None) is not None:
        raise WrongAnswerError(wrong or f"{path}: not {requests} answers in {SECONDS} seconds")
    return took
