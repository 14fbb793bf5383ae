"""A rule set is copied, edited as a form, proposed, and published by another person; each step is in the log."""

from datetime import date

import pytest
from sqlalchemy import select

from app.core import clock
from app.features.ledger.rules import FactType
from app.features.members.models import AuditEntry, Member
from app.features.members.rules import AuditAction
from app.features.scores.drafts import checking, lines
from app.features.scores.drafts.models import RuleSetDraft
from app.features.scores.models import PublishedRuleSet
from app.features.scores.rule_set import read_rule_set
from app.features.scores.versions import version_of
from tests.features.scores.test_published import publicised
from tests.makers import ENGLISH, HTMX, as_member
from tests.page import errors, page

pytestmark = pytest.mark.usefixtures("may")


def who(person):
    return as_member(person) | ENGLISH


@pytest.fixture
def draft(client, database, bea):
    client.post("/rules/2026.1/copy", headers=who(bea))
    with database.read() as session:
        return session.scalars(select(RuleSetDraft)).one()


@pytest.fixture
def send(client, draft):
    def send(person, way, headers=(), **typed):
        return client.post(f"/rules/drafts/{draft.id}/{way}", headers={**who(person), **dict(headers)}, data=typed)

    return send


@pytest.fixture
def edited(client, draft, bea, send):
    """An approved study item gives 0.3 instead of 0.2."""
    assert send(bea, "edit/B2", **fields(client, bea, draft, "B2") | {"parts.1.each": "0.3"}).status_code == 303
    return draft


def fields(client, person, draft, piece):
    soup = page(client.get(f"/rules/drafts/{draft.id}/edit/{piece}", headers=who(person)))
    form = soup.select_one("main form")
    return {one["name"]: one.get("value", one.text) for one in form.select("input, textarea")}


def seen(client, person, draft):
    soup = page(client.get(f"/rules/drafts/{draft.id}", headers=who(person)))
    return {"seen": soup.select_one("input[name=seen]")["value"]}


def stands(database):
    with database.read() as session:
        return session.scalars(select(RuleSetDraft.stands)).one()


def test_bea_copies_edits_and_proposes_and_ben_publishes(client, database, draft, edited, bea, ben, send, alice):
    soup = page(client.get(f"/rules/drafts/{draft.id}", headers=who(bea)))
    assert "0.2 → 0.3" in soup.text
    assert "Checked" in soup.text
    assert send(bea, "propose", year="2026").status_code == 303
    assert "Rule sets to publish" in client.get("/", headers=who(ben)).text
    done = send(ben, "publish", **seen(client, ben, draft))
    assert done.headers["location"] == "/rules/2026.2"
    with database.read() as session:
        published = session.scalars(select(PublishedRuleSet)).one()
        assert (published.edited_by_id, published.published_by_id) == (bea.id, ben.id)
        assert version_of(session, 2026) == "2026.2"
        noted = session.execute(select(AuditEntry.action, AuditEntry.actor_id).order_by(AuditEntry.id)).all()
    steps = ["rules_copied", "rules_edited", "rules_proposed", "rules_published"]
    assert [(row.action, row.actor_id) for row in noted if row.action in steps] == [
        *((step, bea.id) for step in steps[:3]),
        ("rules_published", ben.id),
    ]
    shown = page(client.get("/rules/2026.2", headers=who(alice)))
    assert published.digest in shown.text
    assert client.get("/rules/2026.2/text.json", headers=who(alice)).text == published.text
    again = send(ben, "publish", seen=published.digest)
    assert again.status_code == 409


def test_the_copy_itself_changes_nothing_and_is_edited_field_by_field(client, database, bea, draft, send):
    for piece in ("frame", "A1", "A2", "B1", "D2", "E3"):
        assert send(bea, f"edit/{piece}", **fields(client, bea, draft, piece)).status_code == 303
    with database.read() as session:
        assert session.scalars(select(RuleSetDraft.text)).one() == draft.text
        assert AuditAction.RULES_EDITED not in session.scalars(select(AuditEntry.action)).all()


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
@pytest.mark.parametrize(
    ("piece", "field", "typed", "said"),
    [
        ("B2", "parts.1.each", "0.333", "two decimal places"),
        ("B2", "maximum", "NaN", "NaN"),
        ("B2", "start", "-1", "starts outside"),
        ("B2", "start", "7", "starts outside"),
        ("D2", "maximum", "7", "never reach its maximum of 7"),
        ("B2", "parts.0.facts", "ｓｔｕｄｙ．ＭＩＮＵＴＥＳ", "学习时长"),
        ("B2", "parts.0.facts", "微信 打卡", "打卡签到"),
        ("A1", "parts.0.points.good", "", "is not a number"),
        ("B1", "parts.0.cap", "-12", "more than 0"),
        ("frame", "sections.0.maximum", "39.99", "The sections make 99.99 together, not 100"),
        ("frame", "advice.1.at_least", "95", "fall step by step"),
    ],
)
def test_what_cannot_stand_is_refused_and_what_was_typed_stays(
    client, database, bea, draft, send, headers, piece, field, typed, said
):
    answer = send(bea, f"edit/{piece}", headers, **fields(client, bea, draft, piece) | {field: typed})
    assert answer.status_code == 422
    assert said in answer.text
    if not headers:
        soup = page(answer, 422)
        assert soup.find(id=field)["value"] == typed
        assert piece == "frame" or said in errors(soup)[field]
    with database.read() as session:
        assert session.scalars(select(RuleSetDraft.text)).one() == draft.text


def test_what_does_not_fit_together_yet_is_said_and_not_proposed(client, database, bea, draft, send):
    send(bea, "edit/C1", **fields(client, bea, draft, "C1") | {"maximum": "9", "start": "9"})
    soup = page(client.get(f"/rules/drafts/{draft.id}", headers=who(bea)))
    assert "Section C can never reach its maximum." in soup.text
    assert send(bea, "propose", year="2026").status_code == 422
    assert stands(database) == "editing"


def test_nobody_publishes_the_own_text_nor_another_than_was_read(client, database, edited, bea, ben, carl, send):
    send(bea, "propose", year="2026")
    read = seen(client, ben, edited)
    assert send(bea, "publish", **read).status_code == 403
    send(ben, "return")
    send(ben, "edit/B2", **fields(client, ben, edited, "B2") | {"parts.1.each": "0.4"})
    send(bea, "propose", year="2026")
    assert send(ben, "publish", **seen(client, carl, edited)).status_code == 403, "Ben edited it last"
    assert send(carl, "publish", **read).status_code == 409, "Carl would publish what Ben has read"
    assert send(carl, "publish", **seen(client, carl, edited)).status_code == 303
    assert stands(database) == "published"


def test_two_accounts_of_one_hand_are_not_two(client, database, edited, bea, ben, send):
    send(bea, "propose", year="2026")
    with database.write() as session:
        made = session.get_one(Member, ben.id)
        made.opened_by_id, made.opened_at = bea.id, clock.now()
    assert send(ben, "publish", **seen(client, ben, edited)).status_code == 403
    assert stands(database) == "proposed"


def test_after_a_publicity_only_the_top_committee_makes_an_exception(
    client, database, given, branch, sam, alice, oscar, edited, bea, ben, carl, send
):
    given(publicised, branch, sam, alice, date(2026, 4, 1))
    refused = send(bea, "propose", year="2026")
    assert refused.status_code == 409
    assert "can be published for 2027" in refused.text
    send(bea, "propose", year="2026", excepted="yes")
    reason = {"reason": "A meeting of the committee corrected it", "document": "机委〔2026〕7号"}
    assert send(ben, "publish", **seen(client, ben, edited) | reason).status_code == 409
    assert send(carl, "publish", **seen(client, carl, edited) | {"reason": "Because"}).status_code == 422
    assert send(carl, "publish", **seen(client, carl, edited) | reason).status_code == 303
    with database.read() as session:
        published = session.scalars(select(PublishedRuleSet)).one()
        assert (published.reason, published.document) == tuple(reason.values())
        assert version_of(session, 2026) == "2026.2"
    assert "Periods to publicise again" in client.get("/", headers=who(sam)).text
    assert "quarter 1 of 2026" in client.get("/rules/2026.2", headers=who(sam)).text
    assert "quarter 1 of 2026" not in client.get("/rules/2026.2", headers=who(oscar)).text


def test_drafts_are_not_for_others(client, edited, bea, alice, sam, send):
    for person in (alice, sam):
        assert client.get(f"/rules/drafts/{edited.id}", headers=who(person)).status_code in {403, 404}
        assert send(person, "edit/B2").status_code == 403
        assert client.post("/rules/2026.1/copy", headers=who(person)).status_code == 403
        assert str(edited.id) not in client.get("/rules", headers=who(person)).text


def test_two_windows_on_one_rule_do_not_overwrite_each_other(client, database, bea, ben, draft, send):
    opened = fields(client, ben, draft, "B2") | {"parts.1.each": "0.4"}
    another = fields(client, ben, draft, "E1") | {"maximum": "4"}
    assert send(bea, "edit/B2", **fields(client, bea, draft, "B2") | {"parts.1.each": "0.3"}).status_code == 303
    soup = page(send(ben, "edit/B2", **opened), 409)
    assert "was changed since you opened it" in soup.text
    assert soup.find(id="parts.1.each")["value"] == "0.4", "what was typed stands"
    assert send(ben, "edit/E1", **another).status_code == 303
    assert send(ben, "edit/B2", **opened | {"seen": soup.select_one("input[name=seen]")["value"]}).status_code == 303
    assert "0.2 → 0.4" in client.get(f"/rules/drafts/{draft.id}", headers=who(bea)).text


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_a_line_is_taken_out_and_its_facts_are_counted_by_another(
    client, database, bea, alice, sam, draft, send, headers
):
    def take_out(rule, **part):
        seen = {"seen": fields(client, bea, draft, rule)["seen"]}
        return [send(bea, f"edit/{rule}/remove", headers, **seen, **part).status_code for _time in range(2)]

    done = 200 if headers else 303
    new = {"fact": "bonus.suggestion", "section": "D"}
    assert take_out("E2") == [done, done]
    assert take_out("B2", part="2") == [done, 409], "the second one would take another part"
    assert [send(bea, "lines", headers, **new).status_code for _time in range(2)] == [done, done]
    assert send(bea, "lines", **new | {"section": "X"}).status_code == 303, "it stays where it is"
    assert send(bea, "lines", section="X", fact="study.quiz_passed").status_code == 404
    seen_by_bea = fields(client, bea, draft, "D4")
    assert send(bea, "edit/D4", **seen_by_bea | {"parts.0.each": "0.5", "title": "合理化建议"}).status_code == 303
    refused = send(bea, "edit/C1/remove", seen=fields(client, bea, draft, "C1")["seen"])
    assert (refused.status_code, "the last one here" in refused.text) == (409, True)
    for person in (alice, sam):
        assert send(person, "lines", **new).status_code == send(person, "edit/D4/remove", seen="").status_code == 403
    assert send(bea, "propose", year="2026").status_code == 303
    assert client.get(f"/trials/mine?rules={draft.id}", headers=who(alice)).status_code == 200
    with database.read() as session:
        rules = read_rule_set(session.scalars(select(RuleSetDraft.text)).one())
    assert [rule.id for rule in rules.rules()][-4:] == ["D3", "D4", "E1", "E3"]
    assert FactType.STUDY_QUIZ_PASSED not in {kind for rule in rules.rules() for kind in rule.fact_types}


@pytest.mark.parametrize("fact", FactType)
def test_a_line_of_any_kind_of_fact_can_stand_as_it_is_added(fact):
    sections = [{"id": "A", "rules": []}]
    piece, name = lines.with_line({"sections": sections, "extra": {"id": "E", "rules": []}}, "A", fact)
    assert name == "A1"
    assert checking.rule_refusals(piece["sections"][0]["rules"][0]) == {}
