"""A permission is asked when it is used: what was handed out earlier ends with what it was handed out on.

Each kind of token with a life of its own × what happens to who issued it and to whom it is for. A new table with a
code, a digest or an uploader fails here until it is known.
"""

import re
from pathlib import Path

import pytest

from app.core import clock
from app.core.db import Base, import_models
from app.core.settings import PROJECT_DIR
from app.features.members import queries
from app.features.members import service as members
from app.features.members.models import RoleTerm
from app.features.members.posts import service as posts
from app.features.members.rules import Role
from app.features.reviews.models import Review
from tests.features.members.makers import make_business_administrator
from tests.features.roster.makers import roster_file
from tests.features.shows.public.makers import make_public, withdraw
from tests.features.slips.test_activation import activate
from tests.features.slips.test_printing import CODE, print_for
from tests.features.study.makers import make_study_record
from tests.makers import as_member, make_member

TOKENS = {
    "slips": "here",
    "post_proposals": "here",
    "sessions": "here",
    "card_consents": "here",
    "uploads": "here",
    "reviews": "here",  # the tap that is taken back
    "wish_slips": "tests/features/wishes/test_wishers_slip.py",
    "wish_posters": "tests/features/wishes/residents/test_posters.py",
    "wish_submissions": "tests/features/wishes/residents/test_receipts.py",
    "recovery_codes": "tests/features/sign_in/factors/test_codes.py",
    "factor_resets": "tests/features/sign_in/factors/test_resets.py",
    "complaints": "tests/features/complaints/test_box.py",  # the receipt of what is not signed
    "calendar_feeds": "tests/features/meetings/gatherings/test_feed.py",
    "api_tokens": "tests/features/api/test_tokens.py",
    "notice_channels": "tests/features/outward/test_my_channels.py",  # the code that proves an address
    "outside_trips": "tests/features/sign_in/outside/test_entering.py",
    "known_devices": "tests/features/sign_in/test_known_devices.py",
}
"""Each kind of token, and where it is tested what ends it."""
NO_TOKENS = {
    "outside_links",
    "outside_sessions",
    "audit_chain",
    "audit_entries",
    "facts",
    "ledger_heads",
    "inbox_items",
    "sign_in_failures",
    "wishes",
    "members",
    "resolutions",
    "publicities",
    "day_anchors",
    "signatures",
    "archived_sheets",
    "published_rule_sets",
    "rule_set_drafts",
    "rule_trials",
    "spot_draws",
}
"""Digests and codes that open nothing."""
LIKE_A_TOKEN = re.compile(r"(^|_)(digest|token|code|secret|expires_at|uploaded_by_id|proposed_by_id|decision_id)$")


def lose_post(session, house):
    [term] = session.query(RoleTerm).where(RoleTerm.member_id == house["issuer"].id)
    posts.end_post(session, house["carl"].actor, member_id=house["issuer"].id, term_id=term.id)


def leave(session, house):
    members.record_departure(session, house["bea"].actor, member_id=house["issuer"].id, left_on=clock.today())


def move_issuer(session, house):
    members.move_member(session, house["bea"].actor, member_id=house["issuer"].id, branch_id=house["elsewhere"].id)


def move_holder(session, house):
    members.move_member(session, house["bea"].actor, member_id=house["alice"].id, branch_id=house["elsewhere"].id)


def promote_holder(session, house):
    posts.give_post(
        session, house["carl"].actor, member_id=house["alice"].id, role=Role.ORGANISATION, starts_on=clock.today()
    )


@pytest.fixture
def house(given, branch, other_branch, committee, sam, alice, bob, carl):
    """Nora issues: she is a commissioner of Alice's branch. Bea and Carl look after all, from elsewhere."""
    return {
        "issuer": given(make_member, branch, "倪娜", roles=(Role.ORGANISATION,)),
        "bea": given(make_business_administrator, other_branch, committee),
        "alice": alice,
        "bob": bob,
        "sam": sam,
        "carl": carl,
        "elsewhere": other_branch,
    }


class Token:
    """Something handed out by Nora, and how it is used; ``good`` is what using it answers while nothing has changed."""

    good = 303

    def __init__(self, client, given, house):
        self.client, self.given, self.house = client, given, house
        self.issue()


class SlipToken(Token):
    def issue(self):
        self.code = CODE.search(print_for(self.client, self.house["issuer"], self.house["alice"]).text)[0]

    def use(self):
        return activate(self.client, self.code).status_code


class ProposalToken(Token):
    def issue(self):
        asked = {"member_id": self.house["alice"].id, "role": Role.DEPUTY, "starts_on": clock.today()}
        self.id = self.given(posts.give_post, self.house["issuer"].actor, **asked).id

    def use(self):
        return self.client.post(f"/appointments/{self.id}/confirm", headers=as_member(self.house["sam"])).status_code


class UploadToken(Token):
    def issue(self):
        file = {"file": ("名册.xlsx", roster_file(("甲", "", "13700000001")))}
        answer = self.client.post("/roster", files=file, headers=as_member(self.house["issuer"]))
        self.address = answer.headers["location"]

    def use(self):
        answer = self.client.post(f"{self.address}/confirm", headers=as_member(self.house["issuer"]))
        if answer.status_code == 303 and answer.headers["location"].startswith("/sign-in"):
            return 401
        return answer.status_code


class UndoToken(Token):
    def issue(self):
        record = self.given(make_study_record, self.house["bob"])
        form = {"decision": "approve", "ids": [str(record)], "acknowledged": "yes"}
        self.client.post("/approvals/decide", data=form, headers=as_member(self.house["issuer"]))
        with self.client.app.state.database.read() as session:
            self.decision = session.get_one(Review, record).decision_id
        assert self.decision

    def use(self):
        form = {"decision_id": str(self.decision)}
        answer = self.client.post("/approvals/undo", data=form, headers=as_member(self.house["issuer"]))
        if answer.status_code == 303 and answer.headers["location"].startswith("/sign-in"):
            return 401
        return answer.status_code


class SessionToken(Token):
    good = 200

    def issue(self):
        pass

    def use(self):
        return self.client.get("/approvals", headers=as_member(self.house["issuer"])).status_code


class PublicCardToken(Token):
    good = 200

    def issue(self):
        self.address = self.given(make_public, self.house["issuer"])

    def use(self):
        return self.client.get(self.address).status_code


ENDS = [
    (SlipToken, lose_post),
    (SlipToken, leave),
    (SlipToken, move_issuer),
    (SlipToken, move_holder),
    (SlipToken, promote_holder),
    (ProposalToken, lose_post),
    (ProposalToken, leave),
    (ProposalToken, move_issuer),
    (ProposalToken, move_holder),
    (UploadToken, lose_post),
    (UploadToken, leave),
    (UploadToken, move_issuer),
    (UndoToken, lose_post),
    (UndoToken, leave),
    (UndoToken, move_issuer),
    (SessionToken, lose_post),
    (SessionToken, leave),
    (PublicCardToken, leave),
]


@pytest.mark.parametrize("kind", dict.fromkeys(kind for kind, _event in ENDS), ids=lambda kind: kind.__name__)
def test_it_is_good_while_nothing_has_changed(client, given, house, kind):
    token = kind(client, given, house)
    assert token.use() == token.good


@pytest.mark.parametrize(("kind", "event"), ENDS, ids=lambda part: part.__name__)
def test_it_ends_with_what_it_was_issued_on(client, given, house, kind, event):
    token = kind(client, given, house)
    given(event, house)
    answer = token.use()
    assert answer in (303, 401, 403, 404, 409, 422)
    assert answer != token.good


def test_a_withdrawn_card_is_gone(client, given, house):
    token = PublicCardToken(client, given, house)
    given(withdraw, house["issuer"])
    assert token.use() == 404


def test_no_upload_of_former_times_changes_anybody(client, given, house, branch, database):
    """Who moved brings the list into the new branch or nowhere, never into the old one."""
    token = UploadToken(client, given, house)
    given(move_issuer, house)
    token.use()
    with database.read() as session:
        assert "甲" not in {row.name for row in queries.branch_members(session, branch.id)}


def test_every_kind_of_token_is_known():
    import_models()
    found = {
        table.name
        for table in Base.metadata.tables.values()
        if any(LIKE_A_TOKEN.search(column.name) for column in table.columns)
    }
    assert found <= set(TOKENS) | NO_TOKENS, "say in TOKENS what ends it, or in NO_TOKENS that it opens nothing"
    assert [name for name, tested in TOKENS.items() if tested != "here" and not _exists(tested)] == []


def _exists(path: str) -> bool:
    return (Path(PROJECT_DIR) / path).exists()
