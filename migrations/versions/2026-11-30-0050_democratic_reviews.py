"""The democratic review: who is there, the sealed box of an open ballot, counters, opinions, letters.

Revision: 0048, after 0047.

No row is a ballot, no column of who has voted is a time, no key is a sequence.
"""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

TABLES = (
    "review_opinions",
    "ballot_tallies",
    "self_assessments",
    "review_people",
    "ballot_boxes",
    "democratic_reviews",
    "review_letters",
)


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "review_letters",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False, comment="the home branch"),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("host", sa.String(length=80), nullable=False, comment="the branch that held the review"),
        sa.Column("document", sa.String(length=60), nullable=False),
        sa.Column("mean", sa.BigInteger(), nullable=False, comment="hundredths of a point"),
        sa.Column(
            "stands",
            sa.Enum(
                "waiting", "confirmed", "declined", name="stands", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("entered_by_id", sa.Uuid(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(stands = 'waiting') = (decided_by_id IS NULL)", name=op.f("ck_review_letters_decided_by_iff_decided")
        ),
        sa.CheckConstraint(
            "(decided_by_id IS NULL) = (decided_at IS NULL)", name=op.f("ck_review_letters_decided_at_iff_decided")
        ),
        sa.CheckConstraint(
            "decided_by_id NOT IN (member_id, entered_by_id)", name=op.f("ck_review_letters_decided_by_another")
        ),
        sa.CheckConstraint("entered_by_id <> member_id", name=op.f("ck_review_letters_not_about_oneself")),
        sa.CheckConstraint("length(trim(document)) BETWEEN 1 AND 60", name=op.f("ck_review_letters_has_document")),
        sa.CheckConstraint("length(trim(host)) BETWEEN 1 AND 80", name=op.f("ck_review_letters_has_host")),
        sa.CheckConstraint("mean BETWEEN 0 AND 1000", name=op.f("ck_review_letters_mean_to_ten")),
        sa.ForeignKeyConstraint(["branch_id"], ["organisations.id"], name=op.f("fk_review_letters_branch_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["members.id"], name=op.f("fk_review_letters_decided_by_id")),
        sa.ForeignKeyConstraint(["entered_by_id"], ["members.id"], name=op.f("fk_review_letters_entered_by_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_review_letters_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_letters")),
    )
    op.create_index("ix_review_letters_branch", "review_letters", ["branch_id", "year"], unique=False)
    op.create_index(
        "uq_review_letters_once",
        "review_letters",
        ["member_id", "year"],
        unique=True,
        sqlite_where=sa.text("stands <> 'declined'"),
        postgresql_where=sa.text("stands <> 'declined'"),
    )

    op.create_table(
        "democratic_reviews",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False, comment="the meeting, its day"),
        sa.Column("year", sa.BigInteger(), nullable=False, comment="the year that is reviewed"),
        sa.Column("chair_id", sa.Uuid(), nullable=False, comment="opens and closes the ballot"),
        sa.Column("prepared_by_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "prepared",
                "open",
                "closed",
                "settled",
                "not_held",
                "repeated",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("issued", sa.BigInteger(), nullable=False, comment="paper ballots given out"),
        sa.Column("returned", sa.BigInteger(), nullable=False),
        sa.Column("invalid", sa.BigInteger(), nullable=False),
        sa.Column("paper_entered_by_id", sa.Uuid(), nullable=True),
        sa.Column("paper_confirmed_by_id", sa.Uuid(), nullable=True),
        sa.Column("phone", sa.BigInteger(), nullable=True, comment="ballots by phone, known when it is closed"),
        sa.Column("graded_on", sa.Date(), nullable=True, comment="day of the committee's meeting"),
        sa.Column("sat", sa.JSON(), nullable=True, comment="ids of those of the committee who were there"),
        sa.Column(
            "consent",
            sa.String(length=60),
            nullable=True,
            comment="of the organ committee, for more excellent ones than a third",
        ),
        sa.CheckConstraint(
            "(state IN ('closed', 'settled')) = (phone IS NOT NULL)",
            name=op.f("ck_democratic_reviews_counted_iff_closed"),
        ),
        sa.CheckConstraint(
            "paper_confirmed_by_id <> paper_entered_by_id", name=op.f("ck_democratic_reviews_paper_by_two")
        ),
        sa.CheckConstraint(
            "returned <= issued AND invalid <= returned", name=op.f("ck_democratic_reviews_paper_adds_up")
        ),
        sa.CheckConstraint("year BETWEEN 2000 AND 2199", name=op.f("ck_democratic_reviews_year_of_four_digits")),
        sa.ForeignKeyConstraint(["branch_id"], ["organisations.id"], name=op.f("fk_democratic_reviews_branch_id")),
        sa.ForeignKeyConstraint(["chair_id"], ["members.id"], name=op.f("fk_democratic_reviews_chair_id")),
        sa.ForeignKeyConstraint(["event_id"], ["meeting_events.id"], name=op.f("fk_democratic_reviews_event_id")),
        sa.ForeignKeyConstraint(
            ["paper_confirmed_by_id"], ["members.id"], name=op.f("fk_democratic_reviews_paper_confirmed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["paper_entered_by_id"], ["members.id"], name=op.f("fk_democratic_reviews_paper_entered_by_id")
        ),
        sa.ForeignKeyConstraint(["prepared_by_id"], ["members.id"], name=op.f("fk_democratic_reviews_prepared_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_democratic_reviews")),
    )
    op.create_index("ix_democratic_reviews_event_id", "democratic_reviews", ["event_id"], unique=False)
    op.create_index(
        "uq_democratic_reviews_one",
        "democratic_reviews",
        ["branch_id", "year"],
        unique=True,
        sqlite_where=sa.text("state NOT IN ('not_held', 'repeated')"),
        postgresql_where=sa.text("state NOT IN ('not_held', 'repeated')"),
    )

    op.create_table(
        "ballot_boxes",
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["review_id"], ["democratic_reviews.id"], name=op.f("fk_ballot_boxes_review_id")),
        sa.PrimaryKeyConstraint("review_id", name=op.f("pk_ballot_boxes")),
    )
    op.create_table(
        "review_people",
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("is_full", sa.Boolean(), nullable=False, comment="graded; probationary members only assess"),
        sa.Column("is_exempt", sa.Boolean(), nullable=False),
        sa.Column("is_away", sa.Boolean(), nullable=False, comment="on leave that was granted"),
        sa.Column("is_present", sa.Boolean(), nullable=False),
        sa.Column("has_voted", sa.Boolean(), nullable=False, comment="by phone; once it is closed, at all"),
        sa.Column("on_paper", sa.Boolean(), nullable=False, comment="took paper; only while it is open"),
        sa.CheckConstraint("NOT (has_voted AND on_paper)", name=op.f("ck_review_people_one_ballot")),
        sa.CheckConstraint(
            "is_present OR NOT (has_voted OR on_paper)", name=op.f("ck_review_people_votes_only_if_present")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_review_people_member_id")),
        sa.ForeignKeyConstraint(["review_id"], ["democratic_reviews.id"], name=op.f("fk_review_people_review_id")),
        sa.PrimaryKeyConstraint("review_id", "member_id", name=op.f("pk_review_people")),
    )
    op.create_index("ix_review_people_member", "review_people", ["member_id", "review_id"], unique=False)

    op.create_table(
        "self_assessments",
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.CheckConstraint("length(trim(words)) BETWEEN 1 AND 200", name=op.f("ck_self_assessments_not_blank")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_self_assessments_member_id")),
        sa.ForeignKeyConstraint(["review_id"], ["democratic_reviews.id"], name=op.f("fk_self_assessments_review_id")),
        sa.PrimaryKeyConstraint("review_id", "member_id", name=op.f("pk_self_assessments")),
    )
    op.create_table(
        "ballot_tallies",
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("excellent", sa.BigInteger(), nullable=False),
        sa.Column("qualified", sa.BigInteger(), nullable=False),
        sa.Column("basic", sa.BigInteger(), nullable=False, comment="basically qualified"),
        sa.Column("failed", sa.BigInteger(), nullable=False, comment="not qualified"),
        sa.CheckConstraint(
            "excellent >= 0 AND qualified >= 0 AND basic >= 0 AND failed >= 0",
            name=op.f("ck_ballot_tallies_not_negative"),
        ),
        sa.ForeignKeyConstraint(
            ["review_id", "member_id"],
            ["review_people.review_id", "review_people.member_id"],
            name="fk_ballot_tallies_person",
        ),
        sa.PrimaryKeyConstraint("review_id", "member_id", name=op.f("pk_ballot_tallies")),
    )
    op.create_table(
        "review_opinions",
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column(
            "grade",
            sa.Enum(
                "优秀", "合格", "基本合格", "不合格", name="grade", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column(
            "stands",
            sa.Enum(
                "waiting", "confirmed", "declined", name="stands", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("entered_by_id", sa.Uuid(), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_on", sa.Date(), nullable=True, comment="in person"),
        sa.Column("told_by_id", sa.Uuid(), nullable=True),
        sa.Column(
            "measure",
            sa.Enum("talk", "deadline", name="measure", native_enum=False, create_constraint=True, length=40),
            nullable=True,
            comment="people decide it; nothing follows by itself",
        ),
        sa.Column("mend_by", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(stands = 'waiting') = (decided_by_id IS NULL)", name=op.f("ck_review_opinions_decided_by_iff_decided")
        ),
        sa.CheckConstraint(
            "mend_by IS NULL OR measure = 'deadline'", name=op.f("ck_review_opinions_mend_by_of_a_deadline")
        ),
        sa.CheckConstraint(
            "(told_on IS NULL) = (told_by_id IS NULL)", name=op.f("ck_review_opinions_told_by_iff_told")
        ),
        sa.CheckConstraint(
            "decided_by_id NOT IN (member_id, entered_by_id)", name=op.f("ck_review_opinions_decided_by_another")
        ),
        sa.CheckConstraint("entered_by_id <> member_id", name=op.f("ck_review_opinions_not_about_oneself")),
        sa.CheckConstraint("length(trim(reason)) BETWEEN 1 AND 200", name=op.f("ck_review_opinions_reason_not_blank")),
        sa.CheckConstraint("told_by_id <> member_id", name=op.f("ck_review_opinions_told_by_another")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["members.id"], name=op.f("fk_review_opinions_decided_by_id")),
        sa.ForeignKeyConstraint(["entered_by_id"], ["members.id"], name=op.f("fk_review_opinions_entered_by_id")),
        sa.ForeignKeyConstraint(
            ["review_id", "member_id"],
            ["review_people.review_id", "review_people.member_id"],
            name="fk_review_opinions_person",
        ),
        sa.ForeignKeyConstraint(["told_by_id"], ["members.id"], name=op.f("fk_review_opinions_told_by_id")),
        sa.PrimaryKeyConstraint("review_id", "member_id", name=op.f("pk_review_opinions")),
    )
    op.create_index("ix_review_opinions_member", "review_opinions", ["member_id"], unique=False)


def downgrade() -> None:
    """Take it back."""
    for table in TABLES:
        op.drop_table(table)
