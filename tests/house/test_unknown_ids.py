"""Every page with an id in its address answers 404 where the id is unknown, or not of the one who asks."""

import re

import pytest

from app.core.routing import READING_METHODS, route_doors
from tests.makers import as_member

UNKNOWN = "0192f0c1-2345-7000-8000-000000000000"


def pages_with_ids(app):
    return sorted(
        path
        for methods, path, _door in route_doors(app)
        if set(methods.split(",")) <= READING_METHODS and re.search(r"\{\w*(id|token)\b", path)
    )


def unknown(path):
    return re.sub(r"\{[^}]*\}", lambda part: "large" if "size" in part[0] else UNKNOWN, path)


@pytest.mark.parametrize("name", ["alice", "sam", "carl", "dora", "olga"])
def test_what_is_unknown_is_not_there(app, client, request, name):
    headers = as_member(request.getfixturevalue(name))
    answers = {
        path: client.get(unknown(path), params={"branch": UNKNOWN}, headers=headers).status_code
        for path in pages_with_ids(app)
    }
    assert len(answers) > 30
    assert {path: status for path, status in answers.items() if status not in (403, 404)} == {}
