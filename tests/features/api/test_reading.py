"""What machines read: within reach, as far as the scope says, page by page, and cheap when nothing has changed."""

import re

import pytest

from app.core.routing import route_doors
from app.features.api.rules import MARKS, READ_FACTS, STRANGERS_AN_HOUR, Scope
from app.features.api.v1 import shapes
from app.features.api.v1.routes import described
from app.features.ledger import rules as ledger_rules
from app.features.ledger import service as ledger
from app.features.ledger.rules import AppraisalGrade, FactType
from tests.features.api.makers import make_token
from tests.features.ledger.makers import new_fact
from tests.features.shows.duties.makers import make_duty
from tests.features.wishes.makers import make_collector, make_community

SHAPES = {
    "branches": shapes.Branch,
    "members": shapes.Person,
    "facts": shapes.FactLine,
    "duties": shapes.DutyLine,
}


def read_all(client, bearer, what, limit=2):
    """Every page of it; each is held to the shape that the document promises."""
    path, items = f"/api/v1/{what}?limit={limit}", []
    while path:
        answer = client.get(path, headers=bearer)
        assert answer.status_code == 200, answer.text
        content = shapes.Page[SHAPES[what]].model_validate_json(answer.text)
        assert len(content.items) <= limit
        items += answer.json()["items"]
        path = content.next
    return items


@pytest.fixture
def filled(given, alice, bob, olga):
    for person in (alice, bob, olga):
        given(make_duty, person, matter=f"{person.name}的职责")
        given(ledger.append, [new_fact(person, fact_type=FactType.STUDY_ITEM) for _ in range(3)])


@pytest.fixture
def bearer(given, branch, sylvia, sam):
    return given(make_token, sylvia, sam, branch)


def test_all_of_a_branch_page_by_page_each_once(client, filled, bearer, branch, group, alice, bob, sylvia):
    assert {row["id"] for row in read_all(client, bearer, "branches")} == {str(branch.id), str(group.id)}
    people = read_all(client, bearer, "members")
    assert {str(alice.id), str(bob.id), str(sylvia.id)} <= {row["id"] for row in people}
    assert {row["branch_id"] for row in people} == {str(branch.id)}
    facts = read_all(client, bearer, "facts")
    assert [row["seq"] for row in facts] == [1, 2, 3, 4, 5, 6]
    assert {row["member_id"] for row in facts} == {str(alice.id), str(bob.id)}
    duties = read_all(client, bearer, "duties", limit=1)
    assert {row["matter"] for row in duties} == {"艾莉的职责", "包波的职责"}


def test_whoever_goes_on_from_the_last_one_reads_what_is_new(client, given, filled, bearer, alice):
    last = read_all(client, bearer, "facts")[-1]["seq"]
    assert client.get(f"/api/v1/facts?after={last}", headers=bearer).json() == {"items": [], "next": None}
    given(ledger.append, [new_fact(alice, fact_type=FactType.STUDY_ITEM)])
    assert [row["seq"] for row in client.get(f"/api/v1/facts?after={last}", headers=bearer).json()["items"]] == [7]


def test_a_committee_reads_the_people_of_all_branches_and_of_no_community(
    client, given, committee, branch, sylvia, bea, olga
):
    worker = given(make_collector, given(make_community, branch))
    bearer = given(make_token, sylvia, bea, committee, Scope.MEMBERS, Scope.BRANCHES)
    ids = [row["id"] for row in read_all(client, bearer, "members", limit=3)]
    assert str(olga.id) in ids
    assert str(worker.id) not in ids
    assert len(ids) == len(set(ids))
    assert {row["kind"] for row in read_all(client, bearer, "branches")} == {"committee", "branch", "group"}


@pytest.mark.parametrize(
    ("scopes", "columns"),
    [
        ([Scope.MEMBERS], set()),
        ([Scope.MEMBERS, Scope.NAMES], {"name", "member_number"}),
        ([Scope.MEMBERS, Scope.PHONES], {"phone"}),
    ],
)
def test_of_a_person_only_what_the_scope_opens(client, given, branch, sylvia, sam, alice, scopes, columns):
    bearer = given(make_token, sylvia, sam, branch, *scopes)
    answer = client.get("/api/v1/members", headers=bearer)
    assert set(answer.json()["items"][0]) == {"id", "branch_id", "group_id", "status"} | columns
    assert (alice.name in answer.text) is (Scope.NAMES in scopes)
    assert (alice.phone in answer.text) is (Scope.PHONES in scopes)


def test_no_mark_given_to_a_person_leaves(client, given, bearer, alice):
    mark = new_fact(alice, fact_type=FactType.APPRAISAL_QUARTER, grade="good")
    given(ledger.append, [mark, new_fact(alice, fact_type=FactType.STUDY_ITEM)])
    assert {row["fact_type"] for row in read_all(client, bearer, "facts")} == {"study.item"}


def test_every_fact_that_measures_is_a_mark_or_a_stretch_of_time():
    """A new type says of itself which of both it is, before a token reads it."""
    shapes_of = {kind: ledger_rules.shape(kind) for kind in FactType}
    measured = {kind for kind, one in shapes_of.items() if one.measured or set(one.grades) & set(AppraisalGrade)}
    assert measured - {FactType.STUDY_TRAINING_DAY, FactType.SERVICE_HALF_DAY} == MARKS
    assert MARKS.isdisjoint(READ_FACTS)


def test_no_other_scope(client, given, branch, sylvia, sam):
    bearer = given(make_token, sylvia, sam, branch, Scope.BRANCHES)
    answer = client.get("/api/v1/members", headers=bearer)
    assert (answer.status_code, answer.json()["code"]) == (403, "other_scope")


def test_without_a_token_with_a_wrong_one_and_too_often(client, alice):
    for headers in ({}, {"Authorization": "Bearer slt_x"}, {"Authorization": "Basic abc"}):
        answer = client.get("/api/v1/facts", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "no_token")
        assert answer.headers["WWW-Authenticate"] == "Bearer"
    for _often in range(STRANGERS_AN_HOUR):
        answer = client.get("/api/v1/facts")
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_requests")
    assert answer.headers["Retry-After"]


def test_what_is_not_there_is_said_in_json(client, bearer):
    for path, status in (("/api/v1/scores", 404), ("/api/v1/facts?limit=0", 422), ("/api/v1/members?after=x", 422)):
        answer = client.get(path, headers=bearer)
        assert (answer.status_code, set(answer.json())) == (status, {"code", "message"})
    assert client.post("/api/v1/facts", headers=bearer).json()["code"] == "wrong_method"


def test_nothing_has_changed_costs_nothing(client, filled, bearer, given, alice):
    first = client.get("/api/v1/facts", headers=bearer)
    again = client.get("/api/v1/facts", headers=bearer | {"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "private" in first.headers["Cache-Control"]
    given(ledger.append, [new_fact(alice, fact_type=FactType.STUDY_ITEM)])
    changed = client.get("/api/v1/facts", headers=bearer | {"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200


def test_the_document_describes_exactly_these_routes(client, application):
    document = client.get("/api/v1/openapi.json").json()
    assert document == described()
    routes = {path for _methods, path, _door in route_doors(application) if path.startswith("/api/")}
    assert set(document["paths"]) == routes - {"/api/v1/openapi.json"} == {f"/api/v1/{what}" for what in SHAPES}
    assert {way for path in document["paths"].values() for way in path} == {"get"}
    for what, shape in SHAPES.items():
        said = document["paths"][f"/api/v1/{what}"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        assert shape.__name__ in said["$ref"]


def test_there_is_no_score_no_total_and_no_contact_in_it():
    shapes_said = described()["components"]["schemas"].values()
    names = {name for shape in shapes_said for name in shape.get("properties", ())}
    assert {"quantity", "matter", "phone"} < names
    assert not re.search("score|points|total|rank|contact|born|minutes|note|grade", " ".join(names))
