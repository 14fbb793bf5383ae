"""What people answered to the notice of purposes.

Revision: 0021, after 0020.
"""

import sqlalchemy as sa
from alembic import op

from migrations import triggers

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "notice_answers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.String(length=10), nullable=False, comment="see home/notice.py"),
        sa.Column("agreed", sa.Boolean(), nullable=False, comment="or: read, and not agreed to, or no longer"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(version) > 0", name=op.f("ck_notice_answers_of_a_version")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_notice_answers_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_answers")),
    )
    op.create_index("ix_notice_answers_member", "notice_answers", ["member_id", "version", "id"], unique=False)
    triggers.append_only(op, "notice_answers")


def downgrade() -> None:
    """Take it back."""
    triggers.drop_append_only(op, "notice_answers")
    op.drop_table("notice_answers")
