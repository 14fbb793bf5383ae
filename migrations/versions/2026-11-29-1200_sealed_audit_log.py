"""The audit log covers more than changes of people, and has a chain: entries are sealed once, after they were written.

Revision: 0011, after 0010.

What an entry says is never changed; its place in the chain is filled in once. The words for what was done are no
longer listed in a CHECK: one function writes them, and the list grows with every stream. On the way back entries
with younger words are lost.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

WORDS_BEFORE = (
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
)
CONTENT = "id, at, actor_id, action, subject_id, subject, changes"
PLACE = """coalesce(
    (SELECT branch_id FROM members WHERE members.id = subject_id),
    (SELECT CASE kind WHEN 'group' THEN parent_id ELSE id END FROM organisations WHERE organisations.id = subject_id)
)"""
SQLITE_BEFORE = (
    """CREATE TRIGGER audit_entries_no_update BEFORE UPDATE ON audit_entries
    BEGIN SELECT RAISE(ABORT, 'audit_entries is append-only'); END""",
    """CREATE TRIGGER audit_entries_no_delete BEFORE DELETE ON audit_entries
    WHEN OLD.at > datetime('now', '-12 months')
    BEGIN SELECT RAISE(ABORT, 'audit_entries are kept for twelve months'); END""",
    """CREATE TRIGGER audit_entries_no_overwrite BEFORE INSERT ON audit_entries
    WHEN EXISTS (SELECT 1 FROM audit_entries WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'audit_entries is append-only: this row is there already'); END""",
)
SQLITE = (
    f"""CREATE TRIGGER audit_entries_no_update BEFORE UPDATE OF {CONTENT}, place_id ON audit_entries
    BEGIN SELECT RAISE(ABORT, 'audit_entries is append-only'); END""",
    """CREATE TRIGGER audit_entries_sealed_once BEFORE UPDATE ON audit_entries WHEN OLD.seq IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'audit_entries is append-only: this entry is sealed'); END""",
    SQLITE_BEFORE[1],
    """CREATE TRIGGER audit_entries_no_overwrite BEFORE INSERT ON audit_entries
    WHEN EXISTS (SELECT 1 FROM audit_entries WHERE id = NEW.id OR seq = NEW.seq)
    BEGIN SELECT RAISE(ABORT, 'audit_entries is append-only: this row is there already'); END""",
    """CREATE TRIGGER audit_chain_only_grows BEFORE UPDATE ON audit_chain
    WHEN NEW.seq < OLD.seq OR NEW.start_seq < OLD.start_seq OR NEW.id <> OLD.id
      OR (NEW.seq = OLD.seq AND NEW.digest <> OLD.digest)
      OR (NEW.start_seq = OLD.start_seq AND NEW.start_digest <> OLD.start_digest)
    BEGIN SELECT RAISE(ABORT, 'audit_chain only grows'); END""",
    """CREATE TRIGGER audit_chain_no_delete BEFORE DELETE ON audit_chain
    BEGIN SELECT RAISE(ABORT, 'audit_chain only grows'); END""",
    """CREATE TRIGGER audit_chain_no_overwrite BEFORE INSERT ON audit_chain
    WHEN EXISTS (SELECT 1 FROM audit_chain WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'audit_chain only grows'); END""",
)
POSTGRESQL_BEFORE = (
    """CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR TRUNCATE ON audit_entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()""",
    """CREATE TRIGGER audit_entries_no_early_delete BEFORE DELETE ON audit_entries
    FOR EACH ROW EXECUTE FUNCTION refuse_early_audit_delete()""",
)
POSTGRESQL = (
    f"""CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OF {CONTENT}, place_id OR TRUNCATE ON audit_entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()""",
    """CREATE TRIGGER audit_entries_sealed_once BEFORE UPDATE ON audit_entries
    FOR EACH ROW WHEN (OLD.seq IS NOT NULL) EXECUTE FUNCTION refuse_audit_change()""",
    POSTGRESQL_BEFORE[1],
    """CREATE FUNCTION refuse_shrinking_audit_chain() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.seq < OLD.seq OR NEW.start_seq < OLD.start_seq OR NEW.id <> OLD.id
           OR (NEW.seq = OLD.seq AND NEW.digest <> OLD.digest)
           OR (NEW.start_seq = OLD.start_seq AND NEW.start_digest <> OLD.start_digest) THEN
            RAISE EXCEPTION USING MESSAGE = 'audit_chain only grows', ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END $$""",
    """CREATE TRIGGER audit_chain_only_grows BEFORE UPDATE ON audit_chain
    FOR EACH ROW EXECUTE FUNCTION refuse_shrinking_audit_chain()""",
    """CREATE TRIGGER audit_chain_no_delete BEFORE DELETE OR TRUNCATE ON audit_chain
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
)


def upgrade() -> None:
    """Make the change; the first sealing takes in what stands there already."""
    op.create_table(
        "audit_chain",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False, comment="of the last sealed entry; 0 before the first"),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column(
            "start_seq", sa.BigInteger(), nullable=False, comment="of the last entry that was forgotten; 0 if none was"
        ),
        sa.Column("start_digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_chain_one_row")),
        sa.CheckConstraint("0 <= start_seq AND start_seq <= seq", name=op.f("ck_audit_chain_starts_before_it_ends")),
        sa.CheckConstraint(
            "length(digest) = 64 AND length(start_digest) = 64", name=op.f("ck_audit_chain_digests_whole")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_chain")),
    )
    chain = sa.table("audit_chain", *(sa.column(name) for name in ("id", "seq", "digest", "start_seq", "start_digest")))
    op.execute(chain.insert().values(id=1, seq=0, digest="0" * 64, start_seq=0, start_digest="0" * 64))
    _put_aside("SELECT * FROM audit_entries")
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True, comment="NULL: a command on the server, or somebody unknown"),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True, comment="NULL: no person and no place, as of a file"),
        sa.Column("subject", sa.String(length=120), nullable=False, comment="what it was called then"),
        sa.Column("place_id", sa.Uuid(), nullable=True, comment="the branch or community it happened in"),
        sa.Column("changes", sa.JSON(), nullable=False, comment="field → before, after; no secrets"),
        sa.Column(
            "seq", sa.BigInteger(), nullable=True, comment="1, 2, 3 … in the order of sealing; NULL: not sealed yet"
        ),
        sa.Column("previous_digest", sa.String(length=64), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.CheckConstraint(
            "(seq IS NULL) = (digest IS NULL) AND (seq IS NULL) = (previous_digest IS NULL)",
            name=op.f("ck_audit_entries_sealed_or_not"),
        ),
        sa.ForeignKeyConstraint(["actor_id"], ["members.id"], name=op.f("fk_audit_entries_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
        sa.UniqueConstraint("seq", name="uq_audit_entries_seq"),
    )
    _put_back(f"{CONTENT}, place_id", f"{CONTENT}, {PLACE}")
    op.create_index("ix_audit_entries_at", "audit_entries", ["at", "id"])
    op.create_index("ix_audit_entries_subject", "audit_entries", ["subject_id", "id"])
    op.create_index("ix_audit_entries_actor", "audit_entries", ["actor_id", "id"])
    op.create_index("ix_audit_entries_place", "audit_entries", ["place_id", "id"])
    op.create_index("ix_audit_entries_action", "audit_entries", ["action", "id"])
    unsealed = sa.text("seq IS NULL")
    op.create_index(
        "ix_audit_entries_unsealed", "audit_entries", ["id"], sqlite_where=unsealed, postgresql_where=unsealed
    )
    for statement in SQLITE if _is_sqlite() else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    """Take the change back."""
    words = ", ".join(f"'{word}'" for word in WORDS_BEFORE)
    _put_aside(f"SELECT * FROM audit_entries WHERE action IN ({words}) AND subject_id IS NOT NULL")  # noqa: S608 (constants)
    op.drop_table("audit_chain")
    if not _is_sqlite():
        op.execute("DROP FUNCTION refuse_shrinking_audit_chain()")
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True, comment="NULL: a command on the server"),
        sa.Column(
            "action",
            sa.Enum(*WORDS_BEFORE, name="auditaction", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False, comment="name of the member or organisation then"),
        sa.Column("changes", sa.JSON(), nullable=False, comment="field → before, after; no secrets"),
        sa.ForeignKeyConstraint(["actor_id"], ["members.id"], name=op.f("fk_audit_entries_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
    )
    _put_back(CONTENT, CONTENT.replace("subject,", "substr(subject, 1, 80),"))
    op.create_index("ix_audit_entries_at", "audit_entries", ["at", "id"])
    op.create_index("ix_audit_entries_subject", "audit_entries", ["subject_id", "id"])
    for statement in SQLITE_BEFORE if _is_sqlite() else POSTGRESQL_BEFORE:
        op.execute(statement)


def _put_aside(rows: str) -> None:
    """Keep ``rows`` apart and drop the table; its triggers and rules go with it."""
    op.execute(f"CREATE TABLE audit_entries_kept AS {rows}")
    op.drop_table("audit_entries")


def _put_back(columns: str, values: str) -> None:
    op.execute(f"INSERT INTO audit_entries ({columns}) SELECT {values} FROM audit_entries_kept")  # noqa: S608 (constants)
    op.drop_table("audit_entries_kept")


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"
