"""Limits and addresses of webhooks, written out once: docs/api.md and Standard Webhooks 1.0."""

import base64
import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from app.core.errors import ImpossibleError
from app.features.webhooks import rules

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def test_limits():
    assert (20, 2 * MINUTE, timedelta(days=30)) == (rules.MOST, rules.UNDER_WAY, rules.KEPT)
    assert (rules.NAME_LENGTH, rules.ADDRESS_LENGTH, rules.SECRET_BYTES) == (60, 300, 32)


def test_it_is_tried_for_three_days():
    """After each of eight attempts, and then given up."""
    waits = [MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 6 * HOUR, 12 * HOUR, 24 * HOUR, 24 * HOUR, None]
    assert [rules.pause_after(attempts) for attempts in range(1, 10)] == waits


def test_a_trial_is_offered_to_nobody():
    assert [str(kind) for kind in rules.Happening if kind not in rules.OFFERED] == ["test"]


def test_a_secret_has_256_bits_in_the_form_of_the_standard():
    made = rules.new_secret()
    assert re.fullmatch(rules.SECRET_FORM, made)
    assert len(base64.b64decode(made.removeprefix("whsec_"))) == 32
    assert not re.fullmatch(rules.SECRET_FORM, made.replace("=", "A="))


@pytest.mark.parametrize(
    ("address", "passes"),
    [
        ("https://oa.example.cn/hook", True),
        ("http://10.0.0.8:8080/hook?x=1", True),
        ("ftp://oa.example.cn/hook", False),
        ("https:///hook", False),
        ("https://oa.example.cn:0/hook", False),
        ("https://oa.example.cn:70000/hook", False),
        ("https://sam@oa.example.cn/hook", False),
        ("https://:secret@oa.example.cn/hook", False),
        ("https://oa.example.cn/hook#here", False),
    ],
)
def test_which_address_can_be_one(address, passes):
    if passes:
        rules.check_form(urlsplit(address))
    else:
        with pytest.raises(ImpossibleError):
            rules.check_form(urlsplit(address))


@pytest.mark.parametrize(
    ("scheme", "addresses", "allowed", "passes"),
    [
        ("https", ["93.184.216.34"], [], True),
        ("http", ["93.184.216.34"], [], False),  # outside the own network only encrypted
        ("http", ["10.0.0.8"], [], True),
        ("http", ["10.0.0.8", "93.184.216.34"], [], False),
        ("https", [], [], False),
        ("https", ["127.0.0.1"], [], False),
        ("https", ["127.0.0.1"], ["127.0.0.0/8"], True),
        ("https", ["127.0.0.1", "169.254.169.254"], ["127.0.0.0/8"], False),
        ("https", ["169.254.169.254"], [], False),  # where clouds keep their keys
        ("https", ["224.0.0.1"], [], False),
        ("https", ["0.0.0.0"], [], False),
        ("https", ["240.0.0.1"], [], False),
        ("https", ["::1"], [], False),
        ("https", ["::ffff:127.0.0.1"], [], False),  # an IPv4 one, dressed as IPv6
        ("https", ["2002:7f00:1::"], [], False),
    ],
)
def test_which_addresses_are_asked(scheme, addresses, allowed, passes):
    if passes:
        rules.check_reached(scheme, addresses, allowed)
    else:
        with pytest.raises(ImpossibleError):
            rules.check_reached(scheme, addresses, allowed)
