"""The page about oneself: everything that is kept, why, and how to take it along."""

import io
import json
from datetime import UTC, datetime, timedelta

import openpyxl
import pytest
import time_machine

from app.features.home.purposes import COLUMNS, PURPOSES
from app.features.members.models import Member
from tests.features.notices.makers import make_reminder
from tests.features.sign_in.makers import make_device
from tests.features.slips.makers import make_slip
from tests.features.study.makers import make_approved_study, make_returned_study
from tests.makers import ENGLISH, PASSWORD, as_member, make_member
from tests.page import page

NOON = datetime(2026, 3, 9, 4, 0, tzinfo=UTC)


def test_every_column_of_a_member_is_shown_with_who_sees_it_and_why(client, given, branch, group):
    person = given(
        make_member,
        branch,
        "安宁",
        group=group,
        sex="female",
        post="一级主任科员",
        born="1985-03-12",
        joined="2008-07",
        confirmed="2009",
        note="借调返回",
    )
    soup = page(client.get("/me/data", headers=as_member(person) | ENGLISH))
    shown = soup.main.get_text(" ", strip=True)
    for value in (
        person.name,
        person.branch_name,
        group.name,
        "一级主任科员",
        person.phone,
        "12 March 1985",
        "借调返回",
    ):
        assert value in shown
    for purpose in PURPOSES.values():
        assert f"Seen by {purpose.seen_by.message}" in shown
        assert purpose.label.message in shown
        assert purpose.used_for.message in shown


def test_nothing_that_is_kept_about_a_member_is_left_out():
    unsaid = {"id", "branch_id", "group_id", "pinyin", "left_on", "created_at", "version"}
    unsaid |= {"added_by_id", "opened_by_id", "opened_at"}  # the history of the account says who, when and how
    assert {column.name for column in Member.__table__.columns} - unsaid <= set(COLUMNS)


def test_what_is_not_known_is_not_listed(client, alice):
    soup = page(client.get("/me/data", headers=as_member(alice) | ENGLISH))
    assert "Remark" not in soup.main.get_text()


def test_what_is_kept_has_a_page_of_its_own_with_the_file_beside_it(client, alice):
    assert page(client.get("/me", headers=as_member(alice))).select_one("main a[href='/me/data']")
    soup = page(client.get("/me/data", headers=as_member(alice)))
    assert soup.select_one("main a[href='/me/export']")
    assert soup.select_one("header a[href='/me']")


def test_signing_out_stands_there_as_a_plain_form(client, alice):
    soup = page(client.get("/me", headers=as_member(alice)))
    assert soup.select_one("sign-out > form[method=post]")["action"] == "/sign-out"


def test_a_slip_one_did_not_ask_for_shows(client, alice, sam, given):
    given(make_slip, alice, by=sam)
    history = page(client.get("/me", headers=as_member(alice) | ENGLISH)).select(".account-history li")
    assert [line.get_text().split(" · ")[1:] for line in history] == [["Activation slip issued", sam.name]]


def exported(client, person):
    response = client.get("/me/export.json", headers=as_member(person))
    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["content-disposition"].startswith("attachment")
    return json.loads(response.content)


def test_alice_takes_along_everything_and_only_hers(client, alice, bob, sam, given):
    given(make_approved_study, alice, sam, title="《监察法》第一章")
    given(make_returned_study, alice, sam, title="《监察法》第二章")
    given(make_approved_study, bob, sam, title="包波的记录")
    given(make_reminder, alice, "责任清单")
    given(make_reminder, bob, "包波的事")
    held = exported(client, alice)
    assert set(held) == {
        "exported_at", "member", "posts", "exemptions", "records", "study", "volunteering", "meetings", "attendance",
        "make_ups", "suspensions", "left_out", "resolutions", "check_ins", "calendar", "talks", "attachments", "facts",
        "objections", "vetoes", "signatures", "archived_sheets", "archivings", "reopenings",
        "democratic_reviews", "ballot_marks", "review_letters",
        "quiz_attempts", "hours_entries", "import_people", "appraisals", "decided", "card", "portrait", "card_sight",
        "card_consents", "duties", "duty_progress", "duty_ends", "duty_hand_overs", "duties_helped",
        "pledges", "pledge_progress", "pledge_endings", "pledge_words", "reminders", "wishes",
        "wish_revisits", "wish_steps", "wish_stories", "wishes_of_residents", "wishes_entered", "contact_looks",
        "leaves", "leave_findings", "complaints", "notice_channels", "outward_notices", "silenced",
        "notice_answers", "devices", "known_devices", "second_factors", "outside_links", "changes"
    }  # fmt: skip
    assert held["member"][0]["phone"] == alice.phone
    assert [record["status"] for record in held["records"]] == ["approved", "returned"]
    assert held["records"][1]["decided_by"] == sam.name
    assert [record["minutes"] for record in held["study"]] == [30, 30]
    assert [(reminder["sentence"], reminder["state"]) for reminder in held["reminders"]] == [("请看责任清单", "shown")]
    assert [(fact["fact_type"], fact["quantity"]) for fact in held["facts"]] == [("study.item", 1.0)]
    assert "包波" not in json.dumps(held, ensure_ascii=False)


def test_no_secret_is_among_it(client, alice, given):
    token = given(make_device, alice).split("=")[1]
    text = json.dumps(exported(client, alice))
    assert "argon2" not in text
    assert "digest" not in text
    assert token not in text


def test_posts_and_changes_of_a_secretary(client, sam):
    data = {"present": PASSWORD, "password": "tiger under the bridge", "again": "tiger under the bridge"}
    client.post("/me/password", data=data, headers=as_member(sam))
    held = exported(client, sam)
    assert [(post["role"], post["place"]) for post in held["posts"]] == [("secretary", sam.branch_name)]
    assert [(change["action"], change["actor"]) for change in held["changes"]] == [("password_changed", sam.name)]


def test_the_table_says_the_same_in_words(client, alice, sam, given):
    given(make_approved_study, alice, sam, title="=cmd()")
    response = client.get("/me/export.xlsx", headers=as_member(alice) | ENGLISH)
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    assert book.sheetnames == [
        "Person",
        "Posts",
        "Exemptions",
        "Records",
        "Study",
        "Education hours from lists",
        "Your numbers in other systems",
        "Quizzes you took",
        "Volunteering",
        "Meetings you were expected at",
        "Meeting attendance",
        "What you made up for",
        "Times in which your rights rest",
        "Meetings at which you are not c",
        "What was voted on about you",
        "Talks",
        "Private address of your meeting",
        "Taking part in another branch",
        "Codes of rooms that you typed",
        "Democratic reviews",
        "Marks in democratic reviews, wh",
        "Democratic reviews in host bran",
        "Ledger",
        "Objections",
        "Vetoes about you",
        "Signatures under sheets",
        "Archived sheets",
        "Proposals to archive",
        "Archived sheets opened again",
        "Quarterly appraisals",
        "By decision of the committee",
        "Card",
        "Photo",
        "Who may open my card",
        "Duty list",
        "Progress of duties",
        "How duties ended",
        "Duties handed over",
        "Duties helped with",
        "Pledges",
        "Progress of pledges",
        "Pledge results",
        "Words of colleagues",
        "Consents to a public card",
        "Wishes taken part in",
        "Wishes looked back at",
        "Steps taken with wishes",
        "Stories written",
        "Wishes of residents decided",
        "Wishes entered",
        "Contacts of wishers opened",
        "Leave",
        "What officers said about leaves",
        "Opinions and complaints",
        "Where you are reminded outside",
        "Reminders sent outside",
        "Reminders",
        "Reminders switched off",
        "Notice of purposes",
        "Devices",
        "Known devices",
        "Two-step sign-in",
        "Linked ways of signing in",
        "Changes",
    ]
    headings, record = ([cell.value for cell in row] for row in book["Records"].iter_rows(max_row=2))
    said = dict(zip(headings, record, strict=True))
    assert (said["What"], said["State"], said["Decided by"]) == ("=cmd()", "approved", sam.name)
    assert book["Records"].cell(2, headings.index("What") + 1).data_type == "s"


@pytest.mark.parametrize("address", ["/me/export", "/me/export.json", "/me/export.xlsx"])
def test_the_password_is_asked_for_first(client, alice, given, address):
    with time_machine.travel(NOON, tick=False) as travel:
        key = {"Cookie": given(make_device, alice)}
        assert client.get(address, headers=key).status_code == 200
        travel.shift(timedelta(minutes=11))
        assert client.get(address, headers=key).headers["location"] == f"/confirm?next={address}"


def test_the_page_of_the_files_names_both(client, alice):
    soup = page(client.get("/me/export", headers=as_member(alice)))
    assert {link["href"] for link in soup.select("main a.btn")} == {"/me/export.xlsx", "/me/export.json"}
