"""No route decodes a picture while it holds a turn to write, and what decoding takes is bounded."""

import ast
import io
import subprocess
import sys
from inspect import signature
from typing import get_args

import pytest
from fastapi.routing import iter_route_contexts
from PIL import Image

from app.core import photos
from tests.core.test_bodies import Sender, address
from tests.house.sources import python_files, tree
from tests.makers import as_member

PEAK = """
import resource, sys
from app.core.photos import HugePictureError, shrunk
content = open(sys.argv[1], "rb").read()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    shrunk(content, square=False, sizes=(1280,))
except HugePictureError:
    print("refused", end=" ")
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def photo_routes(app):
    """The routes that take a picture: those whose endpoint is given a ``SentPhoto``."""
    return [
        address(context.path)
        for context in iter_route_contexts(app.routes)
        if (endpoint := getattr(context.original_route, "endpoint", None))
        and any(photos.SentPhoto in get_args(given.annotation) for given in signature(endpoint).parameters.values())
    ]


def test_pictures_are_drawn_in_one_place_alone():
    """``photos.sent`` does it before the endpoint's unit of work exists; no feature does it itself."""
    drawn = [
        str(file)
        for file in python_files("app")
        if "demo" not in file.parts and "core" not in file.parts
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Name | ast.Attribute)
        and "shrunk" in (getattr(node, "id", ""), getattr(node, "attr", ""))
    ]
    assert drawn == []


def test_nobody_waits_while_a_picture_is_drawn(app, database, alice, monkeypatch):
    """A spy draws: meanwhile somebody else can write at once."""
    drawn = []

    def spy(content, **_how):
        with database.write(patience=0.2):
            drawn.append(len(content))
        raise photos.NotAPictureError

    monkeypatch.setattr(photos, "shrunk", spy)
    routes = photo_routes(app)
    assert len(routes) >= 3
    body = b'--b\r\nContent-Disposition: form-data; name="photo"; filename="p.png"\r\n\r\nnone\r\n--b--\r\n'
    for path in routes:
        sender = Sender(app, path, headers=as_member(alice), size=len(body))
        sender.receive = _sends(body)
        sender.send()
    assert len(drawn) >= 2  # alice may not tell stories, so nothing of hers is drawn there


def _sends(body):
    async def receive():
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


@pytest.mark.parametrize(
    ("size", "mode", "form", "most"),
    [
        ((6_000, 6_000), "RGBA", "PNG", 260),
        ((7_000, 7_000), "RGB", "PNG", 320),
        ((7_050, 7_050), "RGBA", "PNG", 20),
        ((6_000, 6_000), "RGBA", "WEBP", 420),
        ((15_000, 15_000), "RGB", "JPEG", 60),
    ],
    ids=str,
)
def test_what_a_picture_takes_is_bounded(tmp_path, size, mode, form, most):
    out = io.BytesIO()
    Image.new(mode, size, "green").save(out, form)
    file = tmp_path / "picture"
    file.write_bytes(out.getvalue())
    said = subprocess.run([sys.executable, "-c", PEAK, str(file)], capture_output=True, text=True, check=True).stdout
    assert int(said.split()[-1]) <= most
