"""Elections, results of votes and what the other one says of their corrections: rows that are only added.

Revision: 0034, after 0033.
"""

import sqlalchemy as sa
from alembic import op

from migrations.triggers import append_only, drop_append_only

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

KINDS = (
    "members_meeting", "committee", "group", "lecture", "theme_day", "org_life", "review", "study_session",
    "volunteering", "joint", "other",
)  # fmt: skip
MATTERS = ("ordinary", "admission", "conversion", "extension", "cancellation", "election", "committee")
OUTCOMES = ("no_quorum", "carried", "not_carried", "elected", "not_elected")
RULES = {
    "elections": {
        "has_a_seat": "seats >= 1",
        "follows_another": "follows_id <> id",
        "re_ballot_follows": "NOT re_ballot OR follows_id IS NOT NULL",
    },
    "resolutions": {
        "has_wording": "length(trim(wording)) BETWEEN 1 AND 300",
        "n_as_it_came_about": "full_members - resting - left_out = n AND n >= 1",
        "present_among_entitled": "present BETWEEN 0 AND n",
        "votes_of_present": "coalesce(yes, 0) + coalesce(no, 0) + coalesce(abstain, 0) <= present",
        "written_by_absent": "present + written_yes + written_no + written_abstain <= n",
        "no_quorum_iff_too_few": "(outcome = 'no_quorum') = (present < need_present)",
        "no_result_without_quorum": (
            "outcome <> 'no_quorum' OR (yes IS NULL AND no IS NULL AND abstain IS NULL AND result IS NULL)"
        ),
        "of_an_election_iff_elected": "(matter = 'election') = (election_id IS NOT NULL)",
        "corrected_for_a_reason": "(corrects_id IS NULL) = (reason IS NULL)",
        "corrects_another": "corrects_id <> id",
    },
    "resolution_words": {"said_by_another": "said_by_id <> recorded_by_id"},
}
FIRST = "corrects_id IS NULL"


def _word(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def _number(name: str, comment: str | None = None, *, may_lack: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=may_lack, comment=comment)


def _constraints(table: str, **references: str) -> tuple[sa.Constraint, ...]:
    return (
        *(sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}")) for name, rule in RULES[table].items()),
        *(
            sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))
            for column, other in references.items()
        ),
    )


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "elections",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("office", _word("office", "committee", "secretary", "deputy", "delegates"), nullable=False),
        _number("seats"),
        sa.Column("candidates", sa.JSON(), nullable=False, comment="id and name of each"),
        sa.Column("re_ballot", sa.Boolean(), nullable=False, comment="among the tied alone"),
        sa.Column("follows_id", sa.Uuid(), nullable=True, comment="the round before"),
        sa.Column("entered_by_id", sa.Uuid(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        *_constraints("elections", event_id="meeting_events", follows_id="elections", entered_by_id="members"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_elections")),
        sa.UniqueConstraint("follows_id", name="uq_elections_follows_id"),
    )
    op.create_index("ix_elections_event_id", "elections", ["event_id", "id"], unique=False)
    op.create_table(
        "resolutions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("kind", _word("kind", *KINDS), nullable=False, comment="the item of the agenda"),
        sa.Column("matter", _word("matter", *MATTERS), nullable=False),
        sa.Column("wording", sa.String(length=300), nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=True),
        sa.Column("about", sa.String(length=40), nullable=True, comment="the name, as it was"),
        sa.Column("admitted_on", sa.Date(), nullable=True, comment="from which probation is counted"),
        _number("months", "by which probation is made longer", may_lack=True),
        _number("full_members", "of the committee: its members"),
        _number("resting"),
        _number("left_out"),
        _number("n"),
        _number("present", "with a vote, in the room"),
        _number("need_present"),
        _number("need_yes"),
        *(_number(name, may_lack=True) for name in ("yes", "no", "abstain")),
        *(_number(name) for name in ("written_yes", "written_no", "written_abstain")),
        sa.Column("secret", sa.Boolean(), nullable=False),
        sa.Column("outcome", _word("outcome", *OUTCOMES), nullable=False),
        sa.Column("near_tie", sa.Boolean(), nullable=False),
        sa.Column("election_id", sa.Uuid(), nullable=True),
        sa.Column("result", sa.JSON(), nullable=True, comment="ballots, votes, who is elected"),
        sa.Column("corrects_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=True, comment="of the correction"),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        *_constraints(
            "resolutions",
            event_id="meeting_events",
            about_id="members",
            election_id="elections",
            corrects_id="resolutions",
            recorded_by_id="members",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resolutions")),
        sa.UniqueConstraint("id", "recorded_by_id", name="uq_resolutions_by_whom"),
    )
    op.create_index("ix_resolutions_event_id", "resolutions", ["event_id", "id"], unique=False)
    op.create_index("ix_resolutions_about_id", "resolutions", ["about_id"], unique=False)
    op.create_index(
        "uq_resolutions_election_once",
        "resolutions",
        ["election_id"],
        unique=True,
        sqlite_where=sa.text(FIRST),
        postgresql_where=sa.text(FIRST),
    )
    op.create_table(
        "resolution_words",
        sa.Column("resolution_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        sa.Column("second", _word("second", "confirm", "decline"), nullable=False),
        sa.Column("said_by_id", sa.Uuid(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        *_constraints("resolution_words", said_by_id="members"),
        sa.ForeignKeyConstraint(
            ["resolution_id", "recorded_by_id"],
            ["resolutions.id", "resolutions.recorded_by_id"],
            name="fk_resolution_words_whose",
        ),
        sa.PrimaryKeyConstraint("resolution_id", name=op.f("pk_resolution_words")),
    )
    append_only(op, "elections")
    append_only(op, "resolutions")
    append_only(op, "resolution_words", ("resolution_id",))


def downgrade() -> None:
    """Take it back."""
    for table in ("resolution_words", "resolutions", "elections"):
        drop_append_only(op, table)
        op.drop_table(table)
