"""What is typed, pasted or made up by a program arrives as text that can be kept and shown, or is refused kindly."""

from datetime import date

import anyio
import pytest
from starlette.datastructures import FormData

from app.core import texts
from app.core.forms import Day, FormModel, parse
from tests.page import page


class Note(FormModel):
    name: str
    day: Day | None = None


def read(**fields):
    return parse(Note, FormData(fields))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("\u202d13800000011\u202c", "13800000011"),
        ("\ufeff沈山\u200b", "沈山"),
        ("沈\0山\x1f\x7f", "沈山"),
        ("沈\ud800山\uffff", "沈山"),
        ("\u202e山沈", "山沈"),
        ("first\r\n\tsecond", "first\n\tsecond"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("ئۇيغۇر", "ئۇيغۇر"),
    ],
)
def test_signs_that_nobody_sees_are_left_out(typed, kept):
    assert texts.visible(typed) == kept
    assert read(name=typed).value.name == kept
    assert read(name=typed).typed("name") == kept


@pytest.mark.parametrize("typed", ["\u200b", "\ufeff\u2060", "\0", " \u3000\x1c"])
def test_a_name_of_these_alone_is_none(typed):
    assert "name" in read(name=typed).errors


@pytest.mark.parametrize("typed", ["0001-01-01", "1899-12-31", "2200-01-01", "9999-12-31"])
def test_a_day_at_the_ends_of_the_calendar_is_said_at_its_field(typed):
    form = read(name="x", day=typed)
    assert str(form.errors["day"]) in (
        "日期不能早于 1900年1月1日。",
        "日期不能晚于 2199年12月31日。",
    )
    assert form.typed("day") == typed


@pytest.mark.parametrize(
    "typed", ["20260-11-11", "2026-02-29", "1764288000", "2026-11-28T00:00:00Z", "+2026-11-11", "2026-1-2", "20261128"]
)
def test_a_day_is_written_as_browsers_send_it(typed):
    form = read(name="x", day=typed)
    assert "2026-11-22" in str(form.errors["day"])
    assert form.typed("day") == typed


@pytest.mark.parametrize("typed", [date(1900, 1, 1), date(2199, 12, 31)])
def test_a_day_that_can_be_meant(typed):
    assert read(name="x", day=typed.isoformat()).value.day == typed


@pytest.mark.parametrize(
    "charset", ["unicode_escape", "raw_unicode_escape", "punycode", "undefined", "utf-7", "nonsense"]
)
def test_fields_in_encodings_that_no_browser_sends_are_no_fault_of_ours(client, charset):
    fields = "".join(
        f'--here\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n\\ud800 +2AA- \xff\r\n'
        for name in ("login", "password")
    )
    headers = {"Content-Type": f"multipart/form-data; boundary=here; charset={charset}"}
    response = client.post("/sign-in", content=f"{fields}--here--\r\n".encode("latin-1"), headers=headers)
    page(response, 422)


def test_a_form_that_is_cut_off_is_no_fault_of_ours(troubled_app, caplog):
    sent = []
    scope = {
        "type": "http",
        "method": "POST",
        "scheme": "http",
        "path": "/trouble/form",
        "query_string": b"",
        "headers": [(b"content-type", b"application/x-www-form-urlencoded"), (b"content-length", b"100")],
    }
    arriving = [{"type": "http.request", "body": b"login=1", "more_body": True}, {"type": "http.disconnect"}]

    async def receive():
        return arriving.pop(0)

    async def send(message):
        sent.append(message)

    anyio.run(troubled_app, scope, receive, send)
    assert sent[0]["status"] == 422
    assert not [record for record in caplog.records if record.levelname == "ERROR"]
