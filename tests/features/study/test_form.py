"""The form of a record: three taps, kept when refused, sent twice but stored once."""

from datetime import date
from uuid import UUID

import pytest
import time_machine
from sqlalchemy import select

from app.core.ids import new_id
from app.features.reviews.models import Review
from app.features.study.models import StudyRecord
from app.features.study.rules import StudyKind
from tests.features.study.makers import MORNING, make_returned_study, make_study_record
from tests.makers import ENGLISH, HTMX, as_member
from tests.page import errors, fragment, page

OF_STUDY = "form[action='/study/records']"


@pytest.fixture(autouse=True)
def on_a_march_morning():
    with time_machine.travel(MORNING, tick=False):
        yield


@pytest.fixture
def form(client, alice):
    """The fields as a browser would send them untouched."""

    def open_form(address="/study/new", person=alice):
        soup = page(client.get(address, headers=ENGLISH | as_member(person)))
        fields = {
            str(field["name"]): str(field.get("value", "")) for field in soup.select(f"{OF_STUDY} input[type=hidden]")
        }
        for field in soup.select(f"{OF_STUDY} input:is([checked], [type=text], [type=date])"):
            fields[str(field["name"])] = str(field.get("value", ""))
        for field in soup.select(f"{OF_STUDY} textarea"):
            fields[str(field["name"])] = field.get_text()
        return fields

    return open_form


@pytest.fixture
def send(client, alice):
    def post(fields, person=alice, headers=None):
        return client.post("/study/records", data=fields, headers=ENGLISH | as_member(person) | (headers or {}))

    return post


@pytest.fixture
def stored(database):
    def all_of():
        with database.read() as session:
            return session.scalars(select(StudyRecord)).all()

    return all_of


@pytest.mark.parametrize(("headers", "status"), [({}, 303), (HTMX, 200)], ids=["plain", "htmx"])
def test_the_untouched_form_can_be_sent(form, send, stored, headers, status):
    fields = form()
    response = send(fields, headers=headers)
    assert response.status_code == status
    assert response.headers["HX-Redirect" if headers else "location"] == "/study"
    (record,) = stored()
    assert (record.kind, record.minutes, record.title) == (StudyKind.SELF_STUDY, 30, "Self-study")
    assert (record.occurred_on, record.id) == (date(2026, 3, 9), UUID(fields["id"]))


def test_sent_twice_is_stored_once(form, send, stored):
    fields = form() | {"title": "《监察法》"}
    assert [send(fields).status_code for _ in range(2)] == [303, 303]
    assert len(stored()) == 1


def test_sent_again_with_other_words_it_asks_and_takes_it_under_a_new_id(form, send, stored):
    fields = form() | {"title": "《监察法》"}
    send(fields)
    soup = page(send(fields | {"title": "《宪法》"}), status=409)
    assert "another record has already arrived" in soup.find(role="alert").get_text()
    again = soup.select_one(f"{OF_STUDY} input[name=id]")["value"]
    assert again != fields["id"]
    assert soup.select_one("#title")["value"] == "《宪法》"
    assert send(fields | {"title": "《宪法》", "id": again}).status_code == 303
    assert len(stored()) == 2


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"title": "字" * 121}, "title", "at most 120 characters"),
        ({"takeaway": "字" * 1001}, "takeaway", "at most 1000 characters"),
        ({"day": "2026-03-10"}, "day", "has not come yet"),
        ({"day": "2020-01-01"}, "day", "less than a year back"),
        ({"day": "gestern"}, "day", "Please write a day"),
    ],
    ids=["title", "takeaway", "tomorrow", "long ago", "no day"],
)
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(
    form, send, stored, wrong, field, sentence, headers
):
    fields = form() | {"title": "《监察法》", "takeaway": "第三章", "minutes": "90", "kind": "course"} | wrong
    response = send(fields, headers=headers)
    soup = fragment(response, status=422) if headers else page(response, status=422)
    assert sentence in errors(soup)[field]
    kept = {
        "id": soup.select_one("input[name=id]")["value"],
        "title": soup.select_one("#title")["value"],
        "takeaway": soup.select_one("#takeaway").get_text(),
        "minutes": soup.select_one("input[name=minutes][checked]")["value"],
        "kind": soup.select_one("input[name=kind][checked]")["value"],
        "day": soup.select_one("#day")["value"],
    }
    assert kept == fields
    assert soup.select_one("details").has_attr("open") is (field != "title")
    assert stored() == []


@pytest.mark.parametrize(
    "wrong",
    [{"minutes": "0"}, {"minutes": "1441"}, {"minutes": "9" * 5000}, {"minutes": "viel"}, {"kind": "nap"}],
    ids=lambda wrong: str(wrong)[:20],
)
def test_choices_that_nobody_offered_are_refused(form, send, stored, wrong):
    page(send(form() | wrong), status=422)
    assert stored() == []


def test_a_length_that_is_not_among_the_usual_ones_is_kept(form, send):
    soup = page(send(form() | {"minutes": "50", "day": ""}), status=422)
    assert soup.select_one("input[name=minutes][checked]")["value"] == "50"


def test_the_last_kind_is_remembered(given, form, alice):
    given(make_study_record, alice, kind=StudyKind.LECTURE)
    assert form()["kind"] == "lecture"


def test_a_returned_record_comes_back_filled_in(client, given, form, send, stored, database, alice, sam):
    returned = given(make_returned_study, alice, sam, title="讲座", minutes=50, takeaway="旧的", kind=StudyKind.LECTURE)
    address = f"/study/new?corrects={returned.id}"
    fields = form(address)
    assert (fields["title"], fields["minutes"], fields["takeaway"]) == ("讲座", "50", "旧的")
    assert (fields["kind"], fields["corrects_id"]) == ("lecture", str(returned.id))
    assert "请写明学了什么" in page(client.get(address, headers=as_member(alice))).get_text()
    assert send(fields | {"title": "党课：监察法"}).status_code == 303
    with database.read() as session:
        assert session.get(Review, UUID(fields["id"])).corrects_id == returned.id
    page(client.get(address, headers=as_member(alice)), status=409)


@pytest.mark.parametrize("stranger", ["bob", "olga"])
def test_nobody_corrects_a_record_of_others(client, given, request, alice, sam, stranger):
    returned = given(make_returned_study, alice, sam)
    headers = as_member(request.getfixturevalue(stranger))
    page(client.get(f"/study/new?corrects={returned.id}", headers=headers), status=404)


def test_sam_records_for_bob(form, send, stored, client, sam, bob, olga):
    fields = form("/study/new?for_other=yes", person=sam)
    soup = page(client.get("/study/new?for_other=yes", headers=as_member(sam)))
    names = {option["value"]: option.get_text() for option in soup.select("#member_id option")}
    assert names[str(bob.id)] == bob.name
    assert str(olga.id) not in names
    assert send(fields | {"member_id": str(bob.id)}, person=sam).status_code == 303
    assert stored()[0].member_id == bob.id


def test_nobody_records_for_a_member_of_another_branch(form, send, stored, sam, olga):
    fields = form("/study/new?for_other=yes", person=sam)
    page(send(fields | {"member_id": str(olga.id)}, person=sam), status=404)
    assert stored() == []


def test_a_member_records_for_nobody_else(client, form, send, stored, alice, bob):
    page(client.get("/study/new?for_other=yes", headers=as_member(alice)), status=404)
    page(send(form() | {"member_id": str(bob.id)}), status=404)
    assert stored() == []


def test_an_id_of_somebody_else_is_refused(given, form, send, bob):
    taken = given(make_study_record, bob)
    soup = page(send(form() | {"id": str(taken)}), status=409)
    assert soup.select_one(f"{OF_STUDY} input[name=id]")["value"] != str(taken)


def test_an_id_that_is_none_is_refused(form, send):
    assert send(form() | {"id": "1"}).status_code == 422


def test_the_form_of_an_old_page_cannot_be_sent_by_nobody(client):
    response = client.post("/study/records", data={"id": str(new_id())})
    assert response.headers["location"].startswith("/sign-in")


def test_a_refused_record_stands_in_its_own_form_alone(client, form, send):
    refused = page(send(form() | {"title": "《宪法》", "day": "2026-03-30"}), status=422)
    assert [field["value"] for field in refused.select("input[name=title][value]") if field["value"]] == ["《宪法》"]
    assert [str(one["href"]) for one in refused.select("a[href^='#']") if "day" in str(one["href"])] == ["#day"]
