"""The tables of the ground: people, sign-in, reviews, study, inbox, ledger, roster, audit.

Revision: 0001, after nothing.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "organisations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "committee",
                "general_branch",
                "branch",
                "group",
                name="organisationkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column(
            "pinyin",
            sa.String(length=240).with_variant(sa.String(length=240, collation="C"), "postgresql"),
            nullable=False,
            comment="see names.place_key",
        ),
        sa.Column("is_demo", sa.Boolean(), nullable=False, comment="invented data; pages carry the demo mark"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind <> 'group' OR parent_id IS NOT NULL", name=op.f("ck_organisations_group_has_branch")),
        sa.CheckConstraint("length(trim(name)) > 0", name=op.f("ck_organisations_has_name")),
        sa.CheckConstraint("parent_id <> id", name=op.f("ck_organisations_not_its_own_parent")),
        sa.ForeignKeyConstraint(["parent_id"], ["organisations.id"], name=op.f("fk_organisations_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
        sa.UniqueConstraint("id", "parent_id", name="uq_organisations_place"),
        sa.UniqueConstraint("parent_id", "name", name="uq_organisations_name_within_parent"),
    )
    op.create_index(
        "uq_organisations_one_root",
        "organisations",
        [sa.text("(parent_id IS NULL)")],
        unique=True,
        sqlite_where=sa.text("parent_id IS NULL"),
        postgresql_where=sa.text("parent_id IS NULL"),
    )
    op.create_table(
        "rule_periods",
        sa.Column("year", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.String(length=12), nullable=False, comment="such as 2026.1; the data is a file"),
        sa.Column("pinned_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("version LIKE '____.%'", name=op.f("ck_rule_periods_version_names_a_year")),
        sa.CheckConstraint("year BETWEEN 2000 AND 2999", name=op.f("ck_rule_periods_year_plausible")),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_rule_periods")),
    )
    op.create_table(
        "sign_in_failures",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "account_digest", sa.String(length=64), nullable=False, comment="of the member, or of a login nobody has"
        ),
        sa.Column("address_digest", sa.String(length=64), nullable=False, comment="of the client's network"),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_failures")),
    )
    op.create_index(
        "ix_sign_in_failures_account",
        "sign_in_failures",
        ["account_digest", "address_digest", "failed_at"],
        unique=False,
    )
    op.create_index("ix_sign_in_failures_address", "sign_in_failures", ["address_digest", "failed_at"], unique=False)

    op.create_table(
        "ledger_heads",
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False, comment="of the last fact; 0 before the first"),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_ledger_heads_digest_whole")),
        sa.CheckConstraint("seq >= 0", name=op.f("ck_ledger_heads_seq_not_negative")),
        sa.ForeignKeyConstraint(["branch_id"], ["organisations.id"], name=op.f("fk_ledger_heads_branch_id")),
        sa.PrimaryKeyConstraint("branch_id", name=op.f("pk_ledger_heads")),
    )
    op.create_table(
        "members",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column(
            "member_number", sa.String(length=20), nullable=False, comment="for signing in without a phone number"
        ),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column(
            "pinyin",
            sa.String(length=120).with_variant(sa.String(length=120, collation="C"), "postgresql"),
            nullable=False,
            comment="see names.pinyin_key",
        ),
        sa.Column(
            "sex",
            sa.Enum("female", "male", name="sex", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column(
            "status",
            sa.Enum("full", "probationary", name="memberstatus", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("phone", sa.String(length=11), nullable=True),
        sa.Column("post", sa.String(length=60), nullable=True, comment="working post 行政职务"),
        sa.Column("born", sa.String(length=10), nullable=True, comment="ISO day, month or year: as much as is known"),
        sa.Column("joined", sa.String(length=10), nullable=True, comment="joined the Party; ISO day, month or year"),
        sa.Column("confirmed", sa.String(length=10), nullable=True, comment="became a full member; ISO, partial"),
        sa.Column("note", sa.String(length=200), nullable=True, comment="remark of the roster"),
        sa.Column("left_on", sa.Date(), nullable=True, comment="no longer in the branch from this day; history stays"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "born LIKE '____' OR born LIKE '____-__' OR born LIKE '____-__-__'",
            name=op.f("ck_members_born_is_partial_date"),
        ),
        sa.CheckConstraint(
            "confirmed LIKE '____' OR confirmed LIKE '____-__' OR confirmed LIKE '____-__-__'",
            name=op.f("ck_members_confirmed_is_partial_date"),
        ),
        sa.CheckConstraint(
            "joined LIKE '____' OR joined LIKE '____-__' OR joined LIKE '____-__-__'",
            name=op.f("ck_members_joined_is_partial_date"),
        ),
        sa.CheckConstraint("length(phone) = 11", name=op.f("ck_members_phone_has_11_digits")),
        sa.CheckConstraint("length(trim(name)) > 0", name=op.f("ck_members_has_name")),
        sa.ForeignKeyConstraint(["branch_id"], ["organisations.id"], name=op.f("fk_members_branch_id")),
        sa.ForeignKeyConstraint(
            ["group_id", "branch_id"],
            ["organisations.id", "organisations.parent_id"],
            name="fk_members_group_of_the_branch",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_members")),
        sa.UniqueConstraint("member_number", name="uq_members_member_number"),
        sa.UniqueConstraint("phone", name="uq_members_phone"),
    )
    op.create_index("ix_members_directory", "members", ["branch_id", "group_id", "pinyin", "id"], unique=False)
    op.create_index(op.f("ix_members_group_id"), "members", ["group_id"], unique=False)

    op.create_table(
        "audit_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True, comment="NULL: a command on the server"),
        sa.Column(
            "action",
            sa.Enum(
                "member_added",
                "member_changed",
                "member_moved",
                "member_left",
                "member_returned",
                "post_given",
                "post_ended",
                "exemption_given",
                "exemption_ended",
                "slip_issued",
                "password_set",
                "password_changed",
                "organisation_added",
                "organisation_renamed",
                "organisation_removed",
                name="auditaction",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False, comment="name of the member or organisation then"),
        sa.Column("changes", sa.JSON(), nullable=False, comment="field → before, after; no secrets"),
        sa.ForeignKeyConstraint(["actor_id"], ["members.id"], name=op.f("fk_audit_entries_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
    )
    op.create_index("ix_audit_entries_at", "audit_entries", ["at", "id"], unique=False)
    op.create_index("ix_audit_entries_subject", "audit_entries", ["subject_id", "id"], unique=False)

    op.create_table(
        "credentials",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_credentials_member_id")),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_credentials")),
    )
    op.create_table(
        "exemptions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "age",
                "illness",
                "seconded",
                "leave",
                "retired",
                name="exemptionkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True, comment="its last day"),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_exemptions_ends_after_start")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_exemptions_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exemptions")),
    )
    op.create_index(op.f("ix_exemptions_member_id"), "exemptions", ["member_id"], unique=False)
    op.create_index(
        "uq_exemptions_open",
        "exemptions",
        ["member_id", "kind"],
        unique=True,
        sqlite_where=sa.text("ends_on IS NULL"),
        postgresql_where=sa.text("ends_on IS NULL"),
    )

    op.create_table(
        "facts",
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False, comment="1, 2, 3 … within the branch"),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column(
            "fact_type",
            sa.Enum(
                "appraisal.quarter",
                "pledge.kept",
                "pledge.missed",
                "pledge.excused",
                "duty.kept",
                "duty.missed",
                "duty.excused",
                "attendance.present",
                "attendance.absent",
                "attendance.absent_key",
                "attendance.late",
                "attendance.private_leave",
                "study.session",
                "study.item",
                "study.quiz_passed",
                "study.training_day",
                "leave.unreported",
                "leave.unclosed",
                "leave.overdue",
                "review.result",
                "service.wish_realised",
                "service.half_day",
                "task.urgent",
                "bonus.lecture",
                "bonus.suggestion",
                "bonus.commendation",
                name="facttype",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("grade", sa.String(length=20), nullable=False, comment="empty where the type has no grades"),
        sa.Column("quantity", sa.BigInteger(), nullable=False, comment="hundredths; not above zero on a reversal"),
        sa.Column("occurred_on", sa.Date(), nullable=False, comment="branch-local day"),
        sa.Column("counts_in", sa.Date(), nullable=False, comment="first day of the month it counts in"),
        sa.Column("source", sa.String(length=40), nullable=False, comment="the stream it comes from"),
        sa.Column("source_id", sa.String(length=80), nullable=False, comment="what it is there; once per stream"),
        sa.Column("matter", sa.String(length=100), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("reversal_of", sa.Uuid(), nullable=True),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("previous_digest", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "grade IN ('', 'good', 'fairly_good', 'average', 'poor', 'unit', 'division', 'department', 'province', 'nation')",
            name=op.f("ck_facts_grade_known"),
        ),
        sa.CheckConstraint("substr(CAST(counts_in AS VARCHAR), 9, 2) = '01'", name=op.f("ck_facts_counts_in_a_month")),
        sa.CheckConstraint(
            "(reversal_of IS NULL AND quantity >= 0) OR (reversal_of IS NOT NULL AND quantity <= 0)",
            name=op.f("ck_facts_negative_iff_reversal"),
        ),
        sa.CheckConstraint("confirmed_by_id <> member_id", name=op.f("ck_facts_not_confirmed_by_oneself")),
        sa.CheckConstraint("length(digest) = 64 AND length(previous_digest) = 64", name=op.f("ck_facts_digests_whole")),
        sa.CheckConstraint("length(source) > 0 AND length(source_id) > 0", name=op.f("ck_facts_has_source")),
        sa.CheckConstraint("reversal_of <> id", name=op.f("ck_facts_not_own_reversal")),
        sa.CheckConstraint("seq > 0", name=op.f("ck_facts_seq_from_one")),
        sa.CheckConstraint(
            "substr(CAST(counts_in AS VARCHAR), 1, 7) >= substr(CAST(occurred_on AS VARCHAR), 1, 7)",
            name=op.f("ck_facts_counts_when_it_happened_or_later"),
        ),
        sa.ForeignKeyConstraint(["branch_id"], ["organisations.id"], name=op.f("fk_facts_branch_id")),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["members.id"], name=op.f("fk_facts_confirmed_by_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_facts_member_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["members.id"], name=op.f("fk_facts_recorded_by_id")),
        sa.ForeignKeyConstraint(["reversal_of"], ["facts.id"], name=op.f("fk_facts_reversal_of")),
        sa.PrimaryKeyConstraint("branch_id", "seq", name=op.f("pk_facts")),
        sa.UniqueConstraint("id", name="uq_facts_id"),
        sa.UniqueConstraint("reversal_of", name="uq_facts_reversal_of"),
        sa.UniqueConstraint("source", "source_id", name="uq_facts_source"),
    )
    op.create_index("ix_facts_member", "facts", ["member_id", "counts_in"], unique=False)

    op.create_table(
        "former_passwords",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_former_passwords_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_passwords")),
    )
    op.create_index(op.f("ix_former_passwords_member_id"), "former_passwords", ["member_id"], unique=False)

    op.create_table(
        "inbox_items",
        sa.Column("id", sa.Uuid(), nullable=False, comment="made on the phone at the moment of the act"),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.String(length=80), nullable=True),
        sa.Column("handed_over_by_id", sa.Uuid(), nullable=True, comment="the officer who took it in from a file"),
        sa.Column("kind", sa.String(length=40), nullable=True, comment="null in a grave dug before the item came"),
        sa.Column("payload", sa.Text(), nullable=True, comment="canonical JSON, at most 8 KiB"),
        sa.Column("content_hash", sa.String(length=64), nullable=True, comment="SHA-256 of kind, payload, occurred_at"),
        sa.Column("occurred_as_sent", sa.String(length=40), nullable=True, comment="the phone's words, exactly"),
        sa.Column(
            "occurred_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="the same as a moment, by the phone's clock",
        ),
        sa.Column(
            "corrected_at", sa.DateTime(timezone=True), nullable=True, comment="by our clock: shifted with its batch"
        ),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False, comment="counter of the phone: order survives a wrong clock"),
        sa.Column("depends_on", sa.Uuid(), nullable=True),
        sa.Column("made_offline", sa.Boolean(), nullable=False),
        sa.Column("would_be_refused", sa.String(length=40), nullable=True, comment="what the phone knew already"),
        sa.Column(
            "state",
            sa.Enum(
                "accepted",
                "review",
                "held",
                "refused",
                "withdrawn",
                "erased",
                name="itemstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "verdict",
            sa.Enum(
                "accepted",
                "duplicate",
                "review",
                "held",
                "withdrawn",
                "conflict",
                "refused",
                "retry",
                name="verdict",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
            comment="the first one, for ever",
        ),
        sa.Column("code", sa.String(length=40), nullable=True),
        sa.Column("message", sa.String(length=300), nullable=True, comment="as it was said the first time"),
        sa.CheckConstraint(
            "(state = 'held') = (held_until IS NOT NULL)", name=op.f("ck_inbox_items_held_until_some_day")
        ),
        sa.CheckConstraint("state <> 'held' OR depends_on IS NOT NULL", name=op.f("ck_inbox_items_held_for_another")),
        sa.CheckConstraint(
            "state IN ('withdrawn', 'erased') OR content_hash IS NOT NULL", name=op.f("ck_inbox_items_item_has_hash")
        ),
        sa.CheckConstraint(
            "state IN ('withdrawn', 'erased') OR verdict IS NOT NULL",
            name=op.f("ck_inbox_items_item_has_first_outcome"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('accepted', 'review', 'held') OR payload IS NOT NULL",
            name=op.f("ck_inbox_items_living_has_content"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('withdrawn', 'erased') OR (payload IS NULL AND occurred_as_sent IS NULL)",
            name=op.f("ck_inbox_items_tombstone_has_no_content"),
        ),
        sa.CheckConstraint(
            "verdict IN ('accepted', 'review', 'held', 'refused')", name=op.f("ck_inbox_items_first_outcome_is_one")
        ),
        sa.CheckConstraint("depends_on <> id", name=op.f("ck_inbox_items_waits_not_for_itself")),
        sa.ForeignKeyConstraint(["branch_id"], ["organisations.id"], name=op.f("fk_inbox_items_branch_id")),
        sa.ForeignKeyConstraint(["handed_over_by_id"], ["members.id"], name=op.f("fk_inbox_items_handed_over_by_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_inbox_items_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox_items")),
    )
    op.create_index(op.f("ix_inbox_items_member_id"), "inbox_items", ["member_id"], unique=False)
    op.create_index(
        "ix_inbox_items_overdue",
        "inbox_items",
        ["held_until"],
        unique=False,
        sqlite_where=sa.text("state = 'held'"),
        postgresql_where=sa.text("state = 'held'"),
    )
    op.create_index(
        "ix_inbox_items_waiting",
        "inbox_items",
        ["depends_on"],
        unique=False,
        sqlite_where=sa.text("state = 'held'"),
        postgresql_where=sa.text("state = 'held'"),
    )

    op.create_table(
        "reviews",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False, comment="the stream; see registry"),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False, comment="what the kind needs to describe it in one line"),
        sa.Column("occurred_on", sa.Date(), nullable=False, comment="branch-local day"),
        sa.Column(
            "submitted_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="when it arrived here; the queue goes by it",
        ),
        sa.Column("flags", sa.String(length=200), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "pending",
                "approved",
                "returned",
                "withdrawn",
                name="reviewstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("round", sa.BigInteger(), nullable=False, comment="goes up when a decision is taken back"),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True, comment="or when it was withdrawn"),
        sa.Column("decision_id", sa.Uuid(), nullable=True, comment="what one tap decided, one tap takes back"),
        sa.Column(
            "undone_id", sa.Uuid(), nullable=True, comment="the decision that was taken back last: twice is once"
        ),
        sa.Column("reason", sa.String(length=200), nullable=True, comment="why it was returned"),
        sa.Column("corrects_id", sa.Uuid(), nullable=True, comment="the returned one before it"),
        sa.CheckConstraint("(status = 'pending') = (decided_at IS NULL)", name=op.f("ck_reviews_time_iff_not_pending")),
        sa.CheckConstraint("(status = 'returned') = (reason IS NOT NULL)", name=op.f("ck_reviews_reason_iff_returned")),
        sa.CheckConstraint(
            "(status IN ('approved', 'returned')) = (decided_by_id IS NOT NULL)",
            name=op.f("ck_reviews_decider_iff_decided"),
        ),
        sa.CheckConstraint(
            "(decided_by_id IS NULL) = (decision_id IS NULL)", name=op.f("ck_reviews_decision_iff_decided")
        ),
        sa.CheckConstraint("corrects_id <> id", name=op.f("ck_reviews_not_own_correction")),
        sa.CheckConstraint("decided_by_id <> member_id", name=op.f("ck_reviews_not_decided_by_oneself")),
        sa.CheckConstraint("decided_by_id <> recorded_by_id", name=op.f("ck_reviews_not_decided_by_recorder")),
        sa.CheckConstraint("length(trim(reason)) BETWEEN 1 AND 200", name=op.f("ck_reviews_reason_not_blank")),
        sa.CheckConstraint("length(trim(title)) BETWEEN 1 AND 120", name=op.f("ck_reviews_has_title")),
        sa.CheckConstraint("round >= 1", name=op.f("ck_reviews_round_from_one")),
        sa.ForeignKeyConstraint(["branch_id"], ["organisations.id"], name=op.f("fk_reviews_branch_id")),
        sa.ForeignKeyConstraint(["corrects_id"], ["reviews.id"], name=op.f("fk_reviews_corrects_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["members.id"], name=op.f("fk_reviews_decided_by_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_reviews_member_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["members.id"], name=op.f("fk_reviews_recorded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
    )
    op.create_index("ix_reviews_decider", "reviews", ["decided_by_id", "decided_at"], unique=False)
    op.create_index("ix_reviews_decision", "reviews", ["decision_id"], unique=False)
    op.create_index("ix_reviews_member", "reviews", ["member_id", "kind", "submitted_at", "id"], unique=False)
    op.create_index(
        "ix_reviews_queue",
        "reviews",
        ["branch_id", "submitted_at", "id"],
        unique=False,
        sqlite_where=sa.text("status = 'pending'"),
        postgresql_where=sa.text("status = 'pending'"),
    )
    op.create_index("ix_reviews_undone", "reviews", ["undone_id"], unique=False)
    op.create_index(
        "uq_reviews_one_correction",
        "reviews",
        ["corrects_id"],
        unique=True,
        sqlite_where=sa.text("status <> 'withdrawn'"),
        postgresql_where=sa.text("status <> 'withdrawn'"),
    )

    op.create_table(
        "role_terms",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "group_leader",
                "secretary",
                "deputy",
                "organisation",
                "publicity",
                "discipline",
                "committee_officer",
                "inspector",
                "system_administrator",
                "business_administrator",
                "audit_administrator",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True, comment="the last day of the term"),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_role_terms_ends_after_start")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_role_terms_member_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_role_terms_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_terms")),
    )
    op.create_index("ix_role_terms_member_id", "role_terms", ["member_id", "starts_on"], unique=False)
    op.create_index(op.f("ix_role_terms_organisation_id"), "role_terms", ["organisation_id"], unique=False)
    op.create_index(
        "uq_role_terms_one_administrator_post",
        "role_terms",
        ["member_id"],
        unique=True,
        sqlite_where=sa.text(
            "ends_on IS NULL AND role IN ('audit_administrator', 'business_administrator', 'system_administrator')"
        ),
        postgresql_where=sa.text(
            "ends_on IS NULL AND role IN ('audit_administrator', 'business_administrator', 'system_administrator')"
        ),
    )
    op.create_index(
        "uq_role_terms_open",
        "role_terms",
        ["member_id", "organisation_id", "role"],
        unique=True,
        sqlite_where=sa.text("ends_on IS NULL"),
        postgresql_where=sa.text("ends_on IS NULL"),
    )

    op.create_table(
        "roster_uploads",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("uploaded_by_id", sa.Uuid(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("header", sa.JSON(), nullable=False, comment="the row of headings, tables.Header"),
        sa.Column(
            "row_count",
            sa.BigInteger(),
            nullable=False,
            comment="rows below the headings, blank lines and footers included",
        ),
        sa.Column("create_branches", sa.Boolean(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.JSON(none_as_null=True), nullable=True, comment="rules.Outcome"),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (outcome IS NULL)", name=op.f("ck_roster_uploads_outcome_iff_confirmed")
        ),
        sa.CheckConstraint("row_count > 0", name=op.f("ck_roster_uploads_has_rows")),
        sa.ForeignKeyConstraint(["uploaded_by_id"], ["members.id"], name=op.f("fk_roster_uploads_uploaded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_uploads")),
    )
    op.create_index("ix_roster_uploads_uploaded_at", "roster_uploads", ["uploaded_at"], unique=False)

    op.create_table(
        "sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("phone", "desk", name="sessionkind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("device", sa.String(length=80), nullable=False, comment="browser and system, as the owner reads it"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_sessions_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("token_digest", name="uq_sessions_token_digest"),
    )
    op.create_index(op.f("ix_sessions_member_id"), "sessions", ["member_id"], unique=False)

    op.create_table(
        "slips",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("code_digest", sa.String(length=64), nullable=False),
        sa.Column("issued_by_id", sa.Uuid(), nullable=True, comment="NULL: on the server"),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True, comment="replaced by a newer slip"),
        sa.CheckConstraint("expires_at > issued_at", name=op.f("ck_slips_expires_after_issue")),
        sa.CheckConstraint("used_at IS NULL OR ended_at IS NULL", name=op.f("ck_slips_used_or_ended")),
        sa.ForeignKeyConstraint(["issued_by_id"], ["members.id"], name=op.f("fk_slips_issued_by_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_slips_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slips")),
        sa.UniqueConstraint("code_digest", name="uq_slips_code_digest"),
    )
    op.create_index(op.f("ix_slips_member_id"), "slips", ["member_id"], unique=False)
    op.create_index(
        "uq_slips_open",
        "slips",
        ["member_id"],
        unique=True,
        sqlite_where=sa.text("used_at IS NULL AND ended_at IS NULL"),
        postgresql_where=sa.text("used_at IS NULL AND ended_at IS NULL"),
    )

    op.create_table(
        "totals",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False, comment="its first day"),
        sa.Column(
            "fact_type",
            sa.Enum(
                "appraisal.quarter",
                "pledge.kept",
                "pledge.missed",
                "pledge.excused",
                "duty.kept",
                "duty.missed",
                "duty.excused",
                "attendance.present",
                "attendance.absent",
                "attendance.absent_key",
                "attendance.late",
                "attendance.private_leave",
                "study.session",
                "study.item",
                "study.quiz_passed",
                "study.training_day",
                "leave.unreported",
                "leave.unclosed",
                "leave.overdue",
                "review.result",
                "service.wish_realised",
                "service.half_day",
                "task.urgent",
                "bonus.lecture",
                "bonus.suggestion",
                "bonus.commendation",
                name="facttype",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("grade", sa.String(length=20), nullable=False),
        sa.Column("matter", sa.String(length=100), nullable=False, comment="empty unless weighed by it"),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False, comment="hundredths"),
        sa.CheckConstraint(
            "grade IN ('', 'good', 'fairly_good', 'average', 'poor', 'unit', 'division', 'department', 'province', 'nation')",
            name=op.f("ck_totals_grade_known"),
        ),
        sa.CheckConstraint("substr(CAST(month AS VARCHAR), 9, 2) = '01'", name=op.f("ck_totals_month_is_a_month")),
        sa.CheckConstraint("count > 0 OR quantity = 0", name=op.f("ck_totals_nothing_counts_nothing")),
        sa.CheckConstraint("count >= 0 AND quantity >= 0", name=op.f("ck_totals_not_negative")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_totals_member_id")),
        sa.PrimaryKeyConstraint("member_id", "month", "fact_type", "grade", "matter", name=op.f("pk_totals")),
    )
    op.create_table(
        "roster_parts",
        sa.Column("upload_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False, comment="from 0"),
        sa.Column("cells", sa.JSON(), nullable=False, comment="tables.Row of each"),
        sa.Column(
            "rows",
            sa.JSON(none_as_null=True),
            nullable=True,
            comment="rules.RosterRow of those about people; NULL: not read yet",
        ),
        sa.ForeignKeyConstraint(
            ["upload_id"], ["roster_uploads.id"], name=op.f("fk_roster_parts_upload_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("upload_id", "position", name=op.f("pk_roster_parts")),
    )
    op.create_table(
        "study_records",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "self_study",
                "lecture",
                "course",
                "organised",
                name="studykind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column(
            "minutes", sa.BigInteger(), nullable=False, comment="education hours only, never points (red line 2)"
        ),
        sa.Column("takeaway", sa.String(length=1000), nullable=True),
        sa.Column(
            "occurred_on", sa.Date(), nullable=False, comment="branch-local day, never after the one it arrived on"
        ),
        sa.Column(
            "occurred_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="corrected by the measured error of the phone's clock",
        ),
        sa.Column(
            "device_time", sa.String(length=40), nullable=False, comment="the phone's own words for it, kept exactly"
        ),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_offline", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "length(trim(takeaway)) BETWEEN 1 AND 1000", name=op.f("ck_study_records_takeaway_not_blank")
        ),
        sa.CheckConstraint("length(trim(title)) BETWEEN 1 AND 120", name=op.f("ck_study_records_has_title")),
        sa.CheckConstraint("minutes BETWEEN 1 AND 1440", name=op.f("ck_study_records_minutes_of_a_day")),
        sa.ForeignKeyConstraint(["branch_id"], ["organisations.id"], name=op.f("fk_study_records_branch_id")),
        sa.ForeignKeyConstraint(["id"], ["reviews.id"], name=op.f("fk_study_records_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_study_records_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study_records")),
    )
    op.create_index("ix_study_records_member", "study_records", ["member_id", "occurred_on"], unique=False)


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("study_records")
    op.drop_table("roster_parts")
    op.drop_table("totals")

    op.drop_table("slips")

    op.drop_table("sessions")

    op.drop_table("roster_uploads")

    op.drop_table("role_terms")

    op.drop_table("reviews")

    op.drop_table("inbox_items")

    op.drop_table("former_passwords")

    op.drop_table("facts")

    op.drop_table("exemptions")
    op.drop_table("credentials")

    op.drop_table("audit_entries")

    op.drop_table("members")
    op.drop_table("ledger_heads")

    op.drop_table("sign_in_failures")
    op.drop_table("rule_periods")
    op.drop_table("organisations")
