"""Micro-wishes, from the draft to the revisit.

Revision: 0008, after 0007.

History is append-only; the end of a wish is final (a withdrawn wish never comes back); who took part in a claim stays
known as such; and nobody revisits a wish in which they took part. SQLite's ``INSERT OR REPLACE`` deletes without asking
the delete trigger, so there an insert is watched as well.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

SQLITE = (
    """CREATE TRIGGER wish_events_no_update BEFORE UPDATE ON wish_events
    BEGIN SELECT RAISE(ABORT, 'wish_events is append-only'); END""",
    """CREATE TRIGGER wish_events_no_delete BEFORE DELETE ON wish_events
    BEGIN SELECT RAISE(ABORT, 'wish_events is append-only'); END""",
    """CREATE TRIGGER wish_events_no_overwrite BEFORE INSERT ON wish_events
    WHEN EXISTS (SELECT 1 FROM wish_events WHERE wish_id = NEW.wish_id AND seq = NEW.seq)
    BEGIN SELECT RAISE(ABORT, 'wish_events is append-only: this row is there already'); END""",
    """CREATE TRIGGER wishes_end_is_final BEFORE UPDATE OF status ON wishes
    WHEN OLD.status IN ('declined', 'closed', 'withdrawn') AND NEW.status <> OLD.status
    BEGIN SELECT RAISE(ABORT, 'wishes: the end of a wish is final'); END""",
    """CREATE TRIGGER wish_revisits_by_others BEFORE INSERT ON wish_revisits
    WHEN EXISTS (
        SELECT 1 FROM wish_participants
        WHERE claim_id = NEW.claim_id AND member_id = NEW.taken_by_id AND took_part_from IS NOT NULL)
    BEGIN SELECT RAISE(ABORT, 'wish_revisits: nobody revisits the own wish'); END""",
    """CREATE TRIGGER wish_revisits_stay_with_others BEFORE UPDATE OF taken_by_id, claim_id ON wish_revisits
    WHEN EXISTS (
        SELECT 1 FROM wish_participants
        WHERE claim_id = NEW.claim_id AND member_id = NEW.taken_by_id AND took_part_from IS NOT NULL)
    BEGIN SELECT RAISE(ABORT, 'wish_revisits: nobody revisits the own wish'); END""",
    """CREATE TRIGGER wish_participants_who_took_part_did BEFORE UPDATE OF took_part_from ON wish_participants
    WHEN OLD.took_part_from IS NOT NULL AND NEW.took_part_from IS NOT OLD.took_part_from
    BEGIN SELECT RAISE(ABORT, 'wish_participants: who took part did so'); END""",
    """CREATE TRIGGER wish_participants_stay BEFORE DELETE ON wish_participants
    WHEN OLD.took_part_from IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'wish_participants: who took part did so'); END""",
    """CREATE TRIGGER wish_participants_no_overwrite BEFORE INSERT ON wish_participants
    WHEN EXISTS (SELECT 1 FROM wish_participants WHERE claim_id = NEW.claim_id AND member_id = NEW.member_id)
    BEGIN SELECT RAISE(ABORT, 'wish_participants: this row is there already'); END""",
)
POSTGRESQL = (
    """CREATE TRIGGER wish_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON wish_events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
    """CREATE FUNCTION refuse_wish_after_its_end() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF OLD.status IN ('declined', 'closed', 'withdrawn') AND NEW.status <> OLD.status THEN
            RAISE EXCEPTION USING MESSAGE = 'wishes: the end of a wish is final', ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END $$""",
    """CREATE TRIGGER wishes_end_is_final BEFORE UPDATE OF status ON wishes
    FOR EACH ROW EXECUTE FUNCTION refuse_wish_after_its_end()""",
    """CREATE FUNCTION refuse_own_revisit() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (
            SELECT 1 FROM wish_participants
            WHERE claim_id = NEW.claim_id AND member_id = NEW.taken_by_id AND took_part_from IS NOT NULL
        ) THEN
            RAISE EXCEPTION USING
                MESSAGE = 'wish_revisits: nobody revisits the own wish', ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END $$""",
    """CREATE TRIGGER wish_revisits_by_others BEFORE INSERT OR UPDATE OF taken_by_id, claim_id ON wish_revisits
    FOR EACH ROW EXECUTE FUNCTION refuse_own_revisit()""",
    """CREATE FUNCTION refuse_unmaking_of_part() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' AND OLD.took_part_from IS NULL THEN
            RETURN OLD;
        END IF;
        IF OLD.took_part_from IS NOT NULL
            AND (TG_OP = 'DELETE' OR NEW.took_part_from IS DISTINCT FROM OLD.took_part_from)
        THEN
            RAISE EXCEPTION USING
                MESSAGE = 'wish_participants: who took part did so', ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END $$""",
    """CREATE TRIGGER wish_participants_who_took_part_did BEFORE UPDATE OF took_part_from OR DELETE ON wish_participants
    FOR EACH ROW EXECUTE FUNCTION refuse_unmaking_of_part()""",
)
TABLES = (
    "wish_revisits",
    "wish_photos",
    "wish_participants",
    "wish_slips",
    "wish_events",
    "wish_claims",
    "wishes",
    "wish_numbers",
)


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "wish_numbers",
        sa.Column("year", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("last > 0", name=op.f("ck_wish_numbers_counts_from_one")),
        sa.CheckConstraint("year BETWEEN 2000 AND 2999", name=op.f("ck_wish_numbers_year_plausible")),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_wish_numbers")),
    )
    op.create_table(
        "wishes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False, comment="WX-2026-0012, counted per year"),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column(
            "branch_id",
            sa.Uuid(),
            nullable=False,
            comment="the branch that led in the community when the wish was entered",
        ),
        sa.Column("title", sa.String(length=40), nullable=False),
        sa.Column("need", sa.String(length=300), nullable=False, comment="may be empty; says nothing of who wishes"),
        sa.Column(
            "category",
            sa.Enum(
                "elderly",
                "school",
                "disability",
                "hardship",
                "repairs",
                "company",
                "advice",
                "other",
                name="category",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum("service", "goods", name="kind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("yuan", sa.BigInteger(), nullable=True, comment="estimate in whole yuan; NULL where nobody knows"),
        sa.Column("wanted_by", sa.Date(), nullable=True, comment="the last day on which it helps; branch-local"),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "to_verify",
                "returned",
                "declined",
                "published",
                "claimed",
                "in_progress",
                "to_confirm",
                "realised",
                "closed",
                "expired",
                "next_round",
                "withdrawn",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "round", sa.BigInteger(), nullable=False, comment="above 1 it was not claimed before, and goes first"
        ),
        sa.Column("steps", sa.BigInteger(), nullable=False, comment="rows of its history so far"),
        sa.Column(
            "origin",
            sa.Enum(
                "collector",
                "officer",
                "public",
                "import",
                name="origin",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("entered_by_id", sa.Uuid(), nullable=True, comment="NULL: the public form"),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "accepted_by_id",
            sa.Uuid(),
            nullable=True,
            comment="who took it up from the public form; somebody else verifies it",
        ),
        sa.Column("verified_by_id", sa.Uuid(), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by_id", sa.Uuid(), nullable=True),
        sa.Column(
            "published_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="the last time; a later round publishes again",
        ),
        sa.Column("channel", sa.String(length=60), nullable=True, comment="where a declined one was referred to"),
        sa.CheckConstraint(
            "(origin = 'public') = (entered_by_id IS NULL)", name=op.f("ck_wishes_public_iff_entered_by_nobody")
        ),
        sa.CheckConstraint(
            "(status = 'declined') = (channel IS NOT NULL)", name=op.f("ck_wishes_declined_with_a_channel")
        ),
        sa.CheckConstraint(
            "accepted_by_id IS NULL OR origin = 'public'", name=op.f("ck_wishes_accepted_from_the_public")
        ),
        sa.CheckConstraint("code LIKE 'WX-____-____%'", name=op.f("ck_wishes_code_form")),
        sa.CheckConstraint(
            "published_at IS NOT NULL OR status IN ('draft', 'to_verify', 'returned', 'declined', 'withdrawn')",
            name=op.f("ck_wishes_published_before_claimed"),
        ),
        sa.CheckConstraint(
            "(published_at IS NULL) = (published_by_id IS NULL)", name=op.f("ck_wishes_published_by_somebody")
        ),
        sa.CheckConstraint(
            "(verified_at IS NULL) = (verified_by_id IS NULL)", name=op.f("ck_wishes_verified_by_somebody")
        ),
        sa.CheckConstraint("community_id <> branch_id", name=op.f("ck_wishes_two_places")),
        sa.CheckConstraint("length(need) <= 300", name=op.f("ck_wishes_need_length")),
        sa.CheckConstraint("length(trim(title)) BETWEEN 1 AND 40", name=op.f("ck_wishes_has_title")),
        sa.CheckConstraint(
            "published_at IS NULL OR verified_at IS NOT NULL", name=op.f("ck_wishes_verified_before_published")
        ),
        sa.CheckConstraint("published_by_id <> entered_by_id", name=op.f("ck_wishes_not_published_by_who_entered")),
        sa.CheckConstraint("round > 0 AND steps > 0", name=op.f("ck_wishes_counts_from_one")),
        sa.CheckConstraint("verified_by_id <> accepted_by_id", name=op.f("ck_wishes_not_verified_by_who_accepted")),
        sa.CheckConstraint("yuan BETWEEN 0 AND 99999", name=op.f("ck_wishes_yuan_plausible")),
        sa.ForeignKeyConstraint(["accepted_by_id"], ["members.id"], name=op.f("fk_wishes_accepted_by_id")),
        sa.ForeignKeyConstraint(["branch_id"], ["organisations.id"], name=op.f("fk_wishes_branch_id")),
        sa.ForeignKeyConstraint(["community_id"], ["organisations.id"], name=op.f("fk_wishes_community_id")),
        sa.ForeignKeyConstraint(["entered_by_id"], ["members.id"], name=op.f("fk_wishes_entered_by_id")),
        sa.ForeignKeyConstraint(["published_by_id"], ["members.id"], name=op.f("fk_wishes_published_by_id")),
        sa.ForeignKeyConstraint(["verified_by_id"], ["members.id"], name=op.f("fk_wishes_verified_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wishes")),
        sa.UniqueConstraint("code", name="uq_wishes_code"),
    )
    op.create_index("ix_wishes_branch", "wishes", ["branch_id", "status", "id"])
    op.create_index("ix_wishes_community", "wishes", ["community_id", "status", "id"])
    op.create_index("ix_wishes_status", "wishes", ["status", "wanted_by"])
    op.create_table(
        "wish_claims",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("wish_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("alone", "team", "shared", name="claimkind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("claimed_by_id", sa.Uuid(), nullable=False, comment="leads, if it is a team"),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("contacted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("extended_at", sa.DateTime(timezone=True), nullable=True, comment="more time is given once"),
        sa.Column(
            "attempt", sa.BigInteger(), nullable=False, comment="one more each time it turned out not to have helped"
        ),
        sa.Column(
            "fulfil_from",
            sa.Date(),
            nullable=False,
            comment="branch-local day from which the days to fulfil are counted",
        ),
        sa.Column("fulfilled_on", sa.Date(), nullable=True, comment="branch-local day of handing over"),
        sa.Column("fulfilled_by_id", sa.Uuid(), nullable=True),
        sa.Column("sentence", sa.String(length=200), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "confirmed_how",
            sa.Enum("desk", "link", "code", name="confirmedhow", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=True, comment="NULL: the wisher did"),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True, comment="NULL: the current claim"),
        sa.Column(
            "ended_as",
            sa.Enum(
                "released",
                "overdue",
                "withdrawn",
                "closed",
                name="claimend",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("end_note", sa.String(length=200), nullable=True, comment="a reason, where somebody gave one"),
        sa.CheckConstraint(
            "(confirmed_how = 'desk') = (confirmed_by_id IS NOT NULL)",
            name=op.f("ck_wish_claims_wishers_have_no_account"),
        ),
        sa.CheckConstraint(
            "ended_as <> 'closed' OR confirmed_at IS NOT NULL", name=op.f("ck_wish_claims_confirmed_before_closed")
        ),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_how IS NULL)", name=op.f("ck_wish_claims_confirmed_somehow")
        ),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_as IS NULL)", name=op.f("ck_wish_claims_ended_somehow")),
        sa.CheckConstraint(
            "(fulfilled_on IS NULL) = (sentence IS NULL) AND (fulfilled_on IS NULL) = (fulfilled_by_id IS NULL)",
            name=op.f("ck_wish_claims_fulfilled_with_a_sentence"),
        ),
        sa.CheckConstraint("attempt > 0", name=op.f("ck_wish_claims_attempts_from_one")),
        sa.CheckConstraint(
            "confirmed_at IS NULL OR fulfilled_on IS NOT NULL", name=op.f("ck_wish_claims_fulfilled_before_confirmed")
        ),
        sa.CheckConstraint("confirmed_by_id <> claimed_by_id", name=op.f("ck_wish_claims_not_confirmed_by_claimer")),
        sa.CheckConstraint(
            "confirmed_by_id <> fulfilled_by_id", name=op.f("ck_wish_claims_not_confirmed_by_who_fulfilled")
        ),
        sa.ForeignKeyConstraint(["claimed_by_id"], ["members.id"], name=op.f("fk_wish_claims_claimed_by_id")),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["members.id"], name=op.f("fk_wish_claims_confirmed_by_id")),
        sa.ForeignKeyConstraint(["fulfilled_by_id"], ["members.id"], name=op.f("fk_wish_claims_fulfilled_by_id")),
        sa.ForeignKeyConstraint(["wish_id"], ["wishes.id"], name=op.f("fk_wish_claims_wish_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wish_claims")),
    )
    op.create_index("ix_wish_claims_wish", "wish_claims", ["wish_id", "id"])
    op.create_index(
        "uq_wish_claims_current",
        "wish_claims",
        ["wish_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "wish_events",
        sa.Column("wish_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False, comment="1, 2, 3 … of the wish"),
        sa.Column(
            "step",
            sa.Enum(
                "enter",
                "submit",
                "return",
                "decline",
                "publish",
                "claim",
                "contact",
                "fulfil",
                "not_yet",
                "confirm",
                "revisit",
                "help_again",
                "release",
                "overdue",
                "expire",
                "next_round",
                "withdraw",
                name="step",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "to_verify",
                "returned",
                "declined",
                "published",
                "claimed",
                "in_progress",
                "to_confirm",
                "realised",
                "closed",
                "expired",
                "next_round",
                "withdrawn",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
            comment="where it led",
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True, comment="NULL: the wisher, or the passing time"),
        sa.Column("by_wisher", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False, comment="a sentence; no personal data"),
        sa.CheckConstraint("NOT by_wisher OR by_id IS NULL", name=op.f("ck_wish_events_wishers_have_no_account")),
        sa.CheckConstraint("length(note) <= 200", name=op.f("ck_wish_events_note_length")),
        sa.CheckConstraint("seq > 0", name=op.f("ck_wish_events_seq_from_one")),
        sa.ForeignKeyConstraint(["by_id"], ["members.id"], name=op.f("fk_wish_events_by_id")),
        sa.ForeignKeyConstraint(["wish_id"], ["wishes.id"], name=op.f("fk_wish_events_wish_id")),
        sa.PrimaryKeyConstraint("wish_id", "seq", name=op.f("pk_wish_events")),
    )
    op.create_index("ix_wish_events_step", "wish_events", ["step", "at"])
    op.create_table(
        "wish_slips",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("wish_id", sa.Uuid(), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("code_digest", sa.String(length=64), nullable=False, comment="of the slip's id and the code"),
        sa.Column(
            "failures", sa.BigInteger(), nullable=False, comment="wrong codes; the last allowed one voids the slip"
        ),
        sa.Column("issued_by_id", sa.Uuid(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True, comment="replaced, void, or the wish is over"),
        sa.CheckConstraint("failures BETWEEN 0 AND 5", name=op.f("ck_wish_slips_failures_limited")),
        sa.ForeignKeyConstraint(["issued_by_id"], ["members.id"], name=op.f("fk_wish_slips_issued_by_id")),
        sa.ForeignKeyConstraint(["wish_id"], ["wishes.id"], name=op.f("fk_wish_slips_wish_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wish_slips")),
        sa.UniqueConstraint("token_digest", name="uq_wish_slips_token"),
    )
    op.create_index(
        "uq_wish_slips_good",
        "wish_slips",
        ["wish_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "wish_participants",
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False, comment="whose ledger the fact stands in"),
        sa.Column("invited_by_id", sa.Uuid(), nullable=True, comment="NULL: the claimer"),
        sa.Column(
            "joined_at", sa.DateTime(timezone=True), nullable=True, comment="NULL: invited, and free not to answer"
        ),
        sa.Column(
            "left_at", sa.DateTime(timezone=True), nullable=True, comment="declined, or gone again; without blame"
        ),
        sa.Column(
            "took_part_from",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="the first joining; never changes again",
        ),
        sa.CheckConstraint("invited_by_id <> member_id", name=op.f("ck_wish_participants_not_invited_by_oneself")),
        sa.CheckConstraint(
            "invited_by_id IS NOT NULL OR joined_at IS NOT NULL", name=op.f("ck_wish_participants_claimer_takes_part")
        ),
        sa.CheckConstraint(
            "joined_at IS NULL OR took_part_from IS NOT NULL", name=op.f("ck_wish_participants_who_joined_took_part")
        ),
        sa.ForeignKeyConstraint(["branch_id"], ["organisations.id"], name=op.f("fk_wish_participants_branch_id")),
        sa.ForeignKeyConstraint(["claim_id"], ["wish_claims.id"], name=op.f("fk_wish_participants_claim_id")),
        sa.ForeignKeyConstraint(["invited_by_id"], ["members.id"], name=op.f("fk_wish_participants_invited_by_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_wish_participants_member_id")),
        sa.PrimaryKeyConstraint("claim_id", "member_id", name=op.f("pk_wish_participants")),
    )
    op.create_index("ix_wish_participants_member", "wish_participants", ["member_id", "claim_id"])
    op.create_table(
        "wish_photos",
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False, comment="a small picture; see core/photos.py"),
        sa.Column("media_type", sa.String(length=20), nullable=False),
        sa.Column("added_by_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(content) > 0", name=op.f("ck_wish_photos_not_empty")),
        sa.ForeignKeyConstraint(["added_by_id"], ["members.id"], name=op.f("fk_wish_photos_added_by_id")),
        sa.ForeignKeyConstraint(["claim_id"], ["wish_claims.id"], name=op.f("fk_wish_photos_claim_id")),
        sa.PrimaryKeyConstraint("claim_id", name=op.f("pk_wish_photos")),
    )
    op.create_table(
        "wish_revisits",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("attempt", sa.BigInteger(), nullable=False, comment="of the claim that is looked at"),
        sa.Column("taken_by_id", sa.Uuid(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=True, comment="branch-local day"),
        sa.Column(
            "helped",
            sa.Enum("yes", "partly", "no", name="helped", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("sentence", sa.String(length=200), nullable=True),
        sa.CheckConstraint("(made_on IS NULL) = (helped IS NULL)", name=op.f("ck_wish_revisits_made_with_an_answer")),
        sa.ForeignKeyConstraint(["claim_id"], ["wish_claims.id"], name=op.f("fk_wish_revisits_claim_id")),
        sa.ForeignKeyConstraint(["taken_by_id"], ["members.id"], name=op.f("fk_wish_revisits_taken_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wish_revisits")),
        sa.UniqueConstraint("claim_id", "attempt", name="uq_wish_revisits_attempt"),
    )
    op.create_index("ix_wish_revisits_taken_by", "wish_revisits", ["taken_by_id", "made_on"])
    for statement in SQLITE if _is_sqlite() else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    """Take it back; triggers go with their tables."""
    for table in TABLES:
        op.drop_table(table)
    if not _is_sqlite():
        op.execute("DROP FUNCTION refuse_wish_after_its_end()")
        op.execute("DROP FUNCTION refuse_own_revisit()")
        op.execute("DROP FUNCTION refuse_unmaking_of_part()")


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"
