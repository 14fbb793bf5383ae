"""The pages on which pledges are written, told of and ended, plain and with htmx."""

import re
from datetime import UTC, datetime

import pytest
import time_machine

from app.core.ids import new_id
from app.features.reviews import service as reviews
from app.features.shows.pledges import progress, queries
from app.features.shows.pledges.rules import PledgeState, Progress
from tests.features.shows.pledges.makers import (
    DECEMBER,
    JANUARY,
    MARCH,
    make_approved,
    make_draft,
    make_ended,
    make_submitted,
)
from tests.makers import ENGLISH, HTMX, as_member
from tests.page import errors, fragment, page, said_next

PAGE = "/shows/pledges"
BOTH = pytest.mark.parametrize(("headers", "status"), [({}, 303), (HTMX, 200)], ids=["plain", "htmx"])


@pytest.fixture(autouse=True)
def in_january():
    with time_machine.travel(JANUARY, tick=False):
        yield


@pytest.fixture
def get(client, alice):
    def get(address=PAGE, person=alice, status=200):
        return page(client.get(address, headers=ENGLISH | as_member(person)), status=status)

    return get


@pytest.fixture
def post(client, alice):
    def post(address, person=alice, headers=None, **typed):
        return client.post(address, data=typed, headers=ENGLISH | (headers or {}) | as_member(person))

    return post


def typed(**other):
    return {
        "id": str(new_id()),
        "side": "work",
        "text": "走访 2 户",
        "sign": "走访记录 2 份",
        "due_on": "2026-12-20",
    } | other


def words(soup):
    return " ".join(soup.get_text(" ").split())


def standing(database, person, year=2026):
    with database.read() as session:
        return {pledge.text: pledge for pledge in queries.of_member(session, person.id, year)}


def test_an_empty_year_leads_to_the_first_pledge(get):
    soup = get()
    assert "Two to five pledges a year" in words(soup)
    assert soup.find("a", href=f"{PAGE}/new")


def test_a_draft_is_kept_and_both_hints_stand_under_it(get, post, database, alice):
    response = post(f"{PAGE}/drafts", **typed(text="努力学习，\n不断提高", sign="学有所获"))
    assert (response.status_code, response.headers["location"]) == (303, PAGE)
    assert "努力学习， 不断提高" in standing(database, alice)
    soup = get()
    assert "Perhaps hollow" in words(soup)
    assert "The sign is hard to check" in words(soup)
    assert "One more, then they can be handed in together." in words(soup)
    assert not soup.find("form", action=f"{PAGE}/submit")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": "走" * 61}, "text"),
        ({"sign": " "}, "sign"),
        ({"due_on": "someday"}, "due_on"),
        ({"due_on": "2027-01-01"}, "due_on"),
        ({"side": "love"}, "side"),
    ],
)
def test_what_was_typed_stays_with_a_sentence(post, wrong, field):
    response = post(f"{PAGE}/drafts", **typed(**wrong))
    soup = page(response, status=422)
    assert set(errors(soup)) == {field}
    if field != "text":
        assert soup.find("textarea", {"name": "text"}).text.strip() == "走访 2 户"


def test_a_sixth_is_refused_and_stays_on_the_page(given, post, alice):
    for number in range(5):
        given(make_draft, alice, text=f"办结 {number} 件")
    soup = page(post(f"{PAGE}/drafts", **typed()), status=409)
    assert "at most 5 pledges" in words(soup)
    assert soup.find("textarea", {"name": "text"}).text.strip() == "走访 2 户"


def test_a_suggestion_fills_the_form(get):
    soup = get(f"{PAGE}/new")
    links = [link["href"] for link in soup.find_all("a", href=re.compile("suggestion="))]
    assert len(links) > 5
    filled = get(links[0])
    assert filled.find("textarea", {"name": "text"}).text.strip()
    assert filled.find("textarea", {"name": "sign"}).text.strip()


def test_a_draft_is_changed(given, get, post, database, alice):
    pledge_id = given(make_draft, alice)
    assert get(f"{PAGE}/{pledge_id}/edit").find("textarea", {"name": "text"}).text.strip() == "信访件 5 个工作日内答复"
    assert post(f"{PAGE}/{pledge_id}/edit", **typed()).status_code == 303
    assert list(standing(database, alice)) == ["走访 2 户"]
    assert page(post(f"{PAGE}/{pledge_id}/edit", **typed(due_on="2025-01-01")), status=422)


@BOTH
def test_a_draft_is_removed(given, post, database, alice, headers, status):
    pledge_id = given(make_draft, alice)
    response = post(f"{PAGE}/{pledge_id}/remove", headers=headers)
    assert response.status_code == status
    assert standing(database, alice) == {}
    if headers:
        assert "Two to five pledges" in words(fragment(response))


def test_all_are_handed_in_with_one_tap(given, get, post, database, alice):
    for text in ("走访 2 户", "办结 3 件"):
        given(make_draft, alice, text=text)
    assert get().find("form", action=f"{PAGE}/submit").find("button").text.strip() == "Hand in 2 pledges"
    assert post(f"{PAGE}/submit").status_code == 303
    assert {pledge.state for pledge in standing(database, alice).values()} == {PledgeState.SUBMITTED}
    again = post(f"{PAGE}/submit")
    assert again.status_code == 409


@BOTH
def test_what_was_handed_in_is_taken_back(given, post, database, alice, headers, status):
    pledge_id, _other = given(make_submitted, alice, "走访 2 户", "办结 3 件")
    response = post(f"{PAGE}/{pledge_id}/withdraw", headers=headers)
    assert response.status_code == status
    assert {pledge.state for pledge in standing(database, alice).values()} == {
        PledgeState.SUBMITTED,
        PledgeState.DRAFT,
    }


def give_back(session, alice, sam):
    pledge_id, _other = make_submitted(session, alice, "努力工作", "办结 3 件")
    reviews.return_to_member(session, sam.actor, [pledge_id], reason="写明做多少")
    return pledge_id


def test_what_came_back_is_said_better(given, get, post, database, alice, sam):
    pledge_id = given(give_back, alice, sam)
    soup = get()
    assert f"{sam.name} advises: 写明做多少" in words(soup)
    assert soup.find("a", href=f"{PAGE}/{pledge_id}/correct")
    assert f"{sam.name} advises: 写明做多少" in words(get(f"{PAGE}/{pledge_id}/correct"))
    form = typed()
    for _time in range(2):
        assert post(f"{PAGE}/{pledge_id}/correct", **form).status_code == 303
    assert standing(database, alice)["走访 2 户"].state is PledgeState.SUBMITTED
    assert client_status(post, pledge_id) == 409


def client_status(post, pledge_id):
    return post(f"{PAGE}/{pledge_id}/correct", **typed()).status_code


def test_the_page_of_today_leads_to_what_came_back(given, get, alice, sam):
    pledge_id = given(give_back, alice, sam)
    assert get("/").find("a", href=f"{PAGE}/{pledge_id}/correct")


@BOTH
def test_one_tap(given, post, database, alice, sam, headers, status):
    pledge_id, _other = given(make_approved, alice, sam)
    with time_machine.travel(MARCH, tick=False):
        response = post(
            f"{PAGE}/{pledge_id}/progress", headers=headers, id=str(new_id()), state="in_difficulty", note="人手紧"
        )
    assert response.status_code == status
    with database.read() as session:
        assert queries.one(session, alice.actor, pledge_id).latest.state is Progress.IN_DIFFICULTY
    if headers:
        card = fragment(response).find(id=f"pledge-card-{pledge_id}")
        assert "Last said: 人手紧" in words(card)


def test_a_tap_that_says_nothing_is_refused(given, post, alice, sam):
    pledge_id, _other = given(make_approved, alice, sam)
    assert post(f"{PAGE}/{pledge_id}/progress", id=str(new_id()), state="excellent").status_code == 422


def test_a_year_from_publicity_to_the_line_of_the_sheet(given, get, post, database, alice, sam):
    pledge_id, _other = given(make_approved, alice, sam)
    assert "Shown to the branch until" in words(get())
    assert get(f"{PAGE}/{pledge_id}/ending", status=409)
    with time_machine.travel(DECEMBER, tick=False):
        soup = get(f"{PAGE}/{pledge_id}/ending")
        assert [radio["value"] for radio in soup.find_all("input", {"name": "ending"})] == [
            "done",
            "not_met",
            "excused",
        ]
        assert errors(page(post(f"{PAGE}/{pledge_id}/ending", id=str(new_id()), ending="excused"), status=422))
        form = {"id": str(new_id()), "ending": "done", "said": "全年 42 件"}
        for _time in range(2):
            assert post(f"{PAGE}/{pledge_id}/ending", **form).status_code == 303
        assert "Said: Kept." in words(get())
        decide = post("/approvals/decide", person=sam, ids=form["id"], decision="approve", kind="pledge.outcome")
        assert decide.status_code == 303
        assert "See the line" in words(get())
        line = get("/sheet/2026/lines/A2")
        fact = line.find("a", href=f"{PAGE}/endings/{form['id']}")
        assert fact.text.strip() == "信访件 5 个工作日内答复"
        response = post(f"{PAGE}/{pledge_id}/progress", id=str(new_id()), state="done")
        assert response.status_code == 409


@BOTH
def test_what_was_said_of_the_end_is_taken_back(given, post, database, alice, sam, headers, status):
    pledge_id, _ending = given(make_ended, alice, sam)
    with time_machine.travel(DECEMBER, tick=False):
        response = post(f"{PAGE}/{pledge_id}/ending/withdraw", headers=headers)
        assert response.status_code == status
        assert standing(database, alice)["信访件 5 个工作日内答复"].state is PledgeState.IN_PROGRESS


def test_where_an_end_is_found(client, given, alice, bob, sam):
    pledge_id, ending_id = given(make_ended, alice, sam)
    with time_machine.travel(DECEMBER, tick=False):
        found = client.get(f"{PAGE}/endings/{ending_id}", headers=as_member(alice))
        assert found.headers["location"] == f"{PAGE}?year=2026#pledge-card-{pledge_id}"
        given(lambda session: reviews.return_to_member(session, sam.actor, [ending_id], reason="缺两件"))
        returned = client.get(f"{PAGE}/endings/{ending_id}", headers=as_member(alice))
        assert returned.headers["location"] == f"{PAGE}/{pledge_id}/ending"
        assert client.get(f"{PAGE}/endings/{ending_id}", headers=as_member(bob)).status_code == 404
        assert client.get(f"{PAGE}/endings/{new_id()}", headers=as_member(alice)).status_code == 404


def test_last_years_are_offered_and_taken_over(given, get, post, database, alice, sam):
    given(make_approved, alice, sam)
    with time_machine.travel("2027-01-08 10:00:00+08:00", tick=False):
        soup = get()
        assert "Begin with last year's" in words(soup)
        assert post(f"{PAGE}/take-over").status_code == 303
        assert "from last year" in words(get())
        assert len(standing(database, alice, 2027)) == 2
        assert "Begin with last year's" not in words(get())
        assert [link.text for link in get().select("nav.seg a")] == ["2027", "2026"]
        assert "信访件" in words(get(f"{PAGE}?year=2026"))
    assert get(f"{PAGE}?year=2024", status=404)


def test_sam_does_everything_for_bob_and_dora_decides(get, post, database, bob, sam, dora):
    here = f"{PAGE}/of/{bob.id}"
    assert f"You do this for {bob.name}" in words(get(here, person=sam))
    for text in ("走访 2 户", "办结 3 件"):
        response = post(f"{PAGE}/drafts", person=sam, **typed(text=text, member_id=str(bob.id)))
        assert response.headers["location"] == here
    assert post(f"{PAGE}/submit", person=sam, member_id=str(bob.id)).headers["location"] == here
    ids = [str(pledge.id) for pledge in standing(database, bob).values()]
    refused = post("/approvals/decide", person=sam, ids=ids, decision="approve")
    assert refused.status_code == 403
    assert post("/approvals/decide", person=dora, ids=ids, decision="approve").status_code == 303
    with time_machine.travel(MARCH, tick=False):
        post(f"{PAGE}/{ids[0]}/progress", person=sam, id=str(new_id()), state="on_track", note="在走")
        assert f"entered by {sam.name}" in words(get(here, person=sam))
    assert f"entered by {sam.name}" in words(get(person=bob))


@pytest.mark.parametrize("stranger", ["bob", "olga", "oscar", "carl"])
def test_nobody_else_opens_or_changes_alices(client, given, post, alice, sam, request, stranger):
    stranger = request.getfixturevalue(stranger)
    pledge_id, _ending = given(make_ended, alice, sam)
    draft = given(make_draft, alice, text="走访 9 户")
    signed_in = as_member(stranger)
    assert client.get(f"{PAGE}/of/{alice.id}", headers=signed_in).status_code in (403, 404)
    for address in (f"{draft}/edit", f"{draft}/correct", f"{pledge_id}/ending"):
        assert client.get(f"{PAGE}/{address}", headers=signed_in).status_code == 404
    for address in (f"{draft}/remove", f"{draft}/withdraw", f"{pledge_id}/ending/withdraw"):
        assert post(f"{PAGE}/{address}", person=stranger).status_code == 404
    form = typed()
    assert post(f"{PAGE}/{draft}/edit", person=stranger, **form).status_code == 404
    assert post(f"{PAGE}/drafts", person=stranger, **form | {"member_id": str(alice.id)}).status_code == 404
    assert post(f"{PAGE}/submit", person=stranger, member_id=str(alice.id)).status_code == 404
    assert client.get(f"{PAGE}/new?member={alice.id}", headers=signed_in).status_code == 404


def test_the_branch_page_is_for_its_officers(get, given, alice, bob, sam):
    given(make_approved, alice, sam)
    soup = get(f"{PAGE}/branch", person=sam)
    assert soup.find("a", href=f"{PAGE}/of/{alice.id}?year=2026")
    assert "approved 1 member" in words(soup)
    assert get(f"{PAGE}/branch", person=bob, status=403)
    assert get(f"{PAGE}/branch?year=1999", person=sam, status=404)
    assert get(f"{PAGE}/branch?year=2025", person=sam)


def test_the_branch_asks_colleagues_and_bob_says_what_he_saw(client, given, get, post, alice, bob, sam):
    pledge_id, ending_id = given(make_ended, alice, sam)
    assert post(f"{PAGE}/branch/peers", person=sam, asks_peers="yes").status_code == 303
    with time_machine.travel(DECEMBER, tick=False):
        assert "信访件" in words(get(f"{PAGE}/colleagues", person=bob))
        form = {"word": "kept", "sentence": "我看过清单"}
        assert post(f"{PAGE}/{pledge_id}/word", person=bob, **form).status_code == 303
        response = post(f"{PAGE}/{pledge_id}/word", person=bob, headers=HTMX, **form | {"word": "partly"})
        assert fragment(response).find("button", {"aria-pressed": "true"})["value"] == "partly"
        assert "Kept in part · 我看过清单" in words(get(f"/approvals/{ending_id}", person=sam))
        post("/approvals/decide", person=sam, ids=str(ending_id), decision="approve")
        assert f"{bob.name} · Kept in part · 我看过清单" in words(get())
        assert post(f"{PAGE}/{pledge_id}/word", person=bob, **form).status_code == 409
    assert post(f"{PAGE}/{pledge_id}/word", person=bob, word="best").status_code == 422
    assert post(f"{PAGE}/branch/peers", person=bob, asks_peers="yes").status_code == 403


def test_nothing_to_look_at_says_so(get, bob):
    assert "Nothing to look at now" in words(get(f"{PAGE}/colleagues", person=bob))


def test_officers_tend_the_library(get, post, sam):
    home = f"{PAGE}/library"
    line = {
        "audience": "everybody",
        "keyword": "窗口",
        "side": "service",
        "text": "每月值班 1 天",
        "sign": "值班表 12 份",
    }
    assert get(f"{home}/new", person=sam)
    assert post(home, person=sam, **line).status_code == 303
    assert page(post(home, person=sam, **line), status=409)
    assert errors(page(post(home, person=sam, **line | {"text": ""}), status=422))
    soup = get(home, person=sam)
    row = soup.find("b", string="每月值班 1 天").find_parent("li")
    address = row.find("a")["href"]
    assert get(address, person=sam).find("input", {"name": "keyword"})["value"] == "窗口"
    assert post(address, person=sam, **line | {"text": "每月值班 2 天"}).status_code == 303
    assert errors(page(post(address, person=sam, **line | {"sign": "表" * 61}), status=422))
    response = post(f"{address}/remove", person=sam, headers=HTMX)
    assert "每月值班 2 天" not in words(fragment(response))
    assert post(f"{address}/remove", person=sam).status_code == 303
    assert get(address, person=sam, status=404)


def test_the_library_is_for_officers_of_the_branch(get, bob, oscar, sam, post):
    home = f"{PAGE}/library"
    assert get(home, person=bob, status=403)
    post(home, person=sam, audience="everybody", side="work", text="每月值班 3 天", sign="值班表")
    assert "每月值班 3 天" not in words(get(home, person=oscar))


def test_in_the_queue_none_is_ticked_before_the_officer_has_looked(given, get, alice, sam):
    given(make_submitted, alice, "努力学习，不断提高", "走访 2 户")
    soup = get("/approvals?kind=pledge", person=sam)
    boxes = soup.find_all("input", {"name": "ids"})
    assert len(boxes) == 2
    assert not [box for box in boxes if box.has_attr("checked")]
    assert "perhaps hollow" in words(soup)
    advised = [box["aria-label"] for box in boxes if box.has_attr("data-advised")]
    assert len(advised) == 1
    assert "努力学习" in advised[0]  # ticked by hand alone, also when all of its kind were seen


def test_it_says_what_happened(given, post, alice):
    for text in ("走访 2 户", "办结 3 件"):
        given(make_draft, alice, text=text)
    said = said_next(post(f"{PAGE}/submit"))
    assert "2 pledges handed in. An officer looks at each one by itself." in said


def test_the_card_and_the_page_cost_few_statements(client, given, statements, alice, sam):
    pledge_id, other = given(make_approved, alice, sam)

    def say(session):
        for one in (pledge_id, other):
            progress.report_progress(session, alice.actor, id=new_id(), pledge_id=one, state=Progress.ON_TRACK)

    given(say)
    statements.clear()
    assert client.get(PAGE, headers=as_member(alice)).status_code == 200
    assert len([one for one in statements if one.startswith("SELECT")]) <= 8


def test_the_question_names_its_quarter(get, given, alice, sam):
    with time_machine.travel(JANUARY, tick=False):
        given(make_approved, alice, sam)
    for moment, quarter in ((MARCH, "Q1"), (DECEMBER, "Q4")):
        with time_machine.travel(moment, tick=False):
            assert f"How does it go in {quarter}?" in get().get_text()


def test_a_missed_quarter_is_asked_about_before_the_running_one(client, given, alice, sam, get):
    with time_machine.travel(JANUARY, tick=False):
        pledge_id, _other = given(make_approved, alice, sam)
    with time_machine.travel(datetime(2026, 11, 29, tzinfo=UTC), tick=False):
        card = get().find(id=f"pledge-card-{pledge_id}")
        assert "How did it go in Q3?" in card.get_text()
        assert [mark.get_text() for mark in card.select(".qs .vh")] == ["nothing was said"] * 3 + ["not yet said"]
        said = {"id": new_id(), "quarter": card.find(attrs={"name": "quarter"})["value"], "state": "on_track"}
        client.post(f"{PAGE}/{pledge_id}/progress", data=said, headers=as_member(alice))
        card = get().find(id=f"pledge-card-{pledge_id}")
        assert "How does it go in Q4?" in card.get_text()


def test_amber_stands_only_where_somebody_has_to_act(client, given, alice, sam):
    """A hint, whose page it is, and a difficulty that is over ask nothing of anybody; what runs in difficulty does."""

    def amber(person, address):
        return [one.get_text(" ", strip=True) for one in read(person, address).select("main .need")]

    def read(person, address):
        return page(client.get(address, headers=ENGLISH | as_member(person)))

    pledge_id, other = given(make_approved, alice, sam)
    with time_machine.travel(MARCH, tick=False):
        given(make_draft, alice, text="努力学习，不断提高", sign="学有所获")
        assert "Perhaps hollow" in read(alice, PAGE).get_text()
        assert amber(alice, PAGE) == amber(sam, f"{PAGE}/of/{alice.id}") == amber(sam, f"{PAGE}/{other}/ending") == []
        given(lambda session: tell_difficulty(session, alice, pledge_id))
        assert amber(alice, PAGE) == ["In difficulty Q1"]
    with time_machine.travel(DECEMBER, tick=False):
        said = {"id": new_id(), "ending": "done"}
        client.post(f"{PAGE}/{pledge_id}/ending", data=said, headers=as_member(alice))
        assert amber(alice, PAGE) == []


def tell_difficulty(session, person, pledge_id):
    progress.report_progress(session, person.actor, id=new_id(), pledge_id=pledge_id, state=Progress.IN_DIFFICULTY)
