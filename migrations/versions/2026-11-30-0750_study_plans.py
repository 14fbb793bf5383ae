"""Study plans of months, and the materials they name.

Revision: 0066, after 0065.
"""

import sqlalchemy as sa
from alembic import op

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "materials",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False, comment="the branch or committee that keeps it"),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("text", "link", "file", name="materialkind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("address", sa.String(length=500), nullable=True, comment="of a page outside; https or http"),
        sa.Column("file_name", sa.String(length=120), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True, comment="bytes"),
        sa.Column("licence", sa.String(length=200), nullable=True, comment="where from, and why it may be given on"),
        sa.Column("entered_by_id", sa.Uuid(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(kind = 'file') = (file_name IS NOT NULL)", name=op.f("ck_materials_name_iff_file")),
        sa.CheckConstraint("(kind = 'link') = (address IS NOT NULL)", name=op.f("ck_materials_address_iff_link")),
        sa.CheckConstraint("(kind = 'text') = (body IS NOT NULL)", name=op.f("ck_materials_body_iff_text")),
        sa.CheckConstraint("(file_name IS NULL) = (size IS NULL)", name=op.f("ck_materials_size_iff_file")),
        sa.CheckConstraint("length(trim(body)) BETWEEN 1 AND 20000", name=op.f("ck_materials_body_not_blank")),
        sa.CheckConstraint("length(trim(licence)) BETWEEN 1 AND 200", name=op.f("ck_materials_licence_not_blank")),
        sa.CheckConstraint("length(trim(title)) BETWEEN 1 AND 120", name=op.f("ck_materials_has_title")),
        sa.CheckConstraint("size BETWEEN 1 AND 10485760", name=op.f("ck_materials_size_in_range")),
        sa.ForeignKeyConstraint(["entered_by_id"], ["members.id"], name=op.f("fk_materials_entered_by_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["organisations.id"], name=op.f("fk_materials_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_materials")),
    )
    op.create_index("ix_materials_owner", "materials", ["owner_id", "id"])

    op.create_table(
        "material_files",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["materials.id"], name=op.f("fk_material_files_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_material_files")),
    )
    op.create_table(
        "plan_items",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False, comment="the branch or committee that plans"),
        sa.Column("month", sa.Date(), nullable=False, comment="its first day"),
        sa.Column(
            "place", sa.BigInteger(), nullable=False, comment="in the month; equal ones in the order of their ids"
        ),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "self_study",
                "lecture",
                "course",
                "online",
                "organised",
                "training",
                name="studykind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "expected",
            sa.Enum("all", "group", "committee", name="expected", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("speaker", sa.String(length=40), nullable=True, comment="NULL: whom the meeting names, if any"),
        sa.Column(
            "event_id",
            sa.Uuid(),
            nullable=True,
            comment="the meeting at which it is studied; NULL: in the course of the month",
        ),
        sa.Column(
            "adopted_from_id", sa.Uuid(), nullable=True, comment="the item of a committee above that was taken over"
        ),
        sa.Column("entered_by_id", sa.Uuid(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "event_id IS NULL OR kind <> 'self_study'", name=op.f("ck_plan_items_self_study_has_no_meeting")
        ),
        sa.CheckConstraint("adopted_from_id <> id", name=op.f("ck_plan_items_not_adopted_from_itself")),
        sa.CheckConstraint("length(trim(speaker)) BETWEEN 1 AND 40", name=op.f("ck_plan_items_speaker_not_blank")),
        sa.CheckConstraint("length(trim(title)) BETWEEN 1 AND 120", name=op.f("ck_plan_items_has_title")),
        sa.ForeignKeyConstraint(
            ["adopted_from_id"], ["plan_items.id"], name=op.f("fk_plan_items_adopted_from_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["entered_by_id"], ["members.id"], name=op.f("fk_plan_items_entered_by_id")),
        sa.ForeignKeyConstraint(["event_id"], ["meeting_events.id"], name=op.f("fk_plan_items_event_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["organisations.id"], name=op.f("fk_plan_items_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_items")),
        sa.UniqueConstraint("owner_id", "month", "adopted_from_id", name="uq_plan_items_adopted_once"),
    )
    op.create_index("ix_plan_items_adopted", "plan_items", ["adopted_from_id"])
    op.create_index("ix_plan_items_owner", "plan_items", ["owner_id", "month", "place"])

    op.create_table(
        "plan_item_materials",
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("material_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["plan_items.id"], name=op.f("fk_plan_item_materials_item_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["material_id"], ["materials.id"], name=op.f("fk_plan_item_materials_material_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("item_id", "material_id", name=op.f("pk_plan_item_materials")),
    )
    op.create_index("ix_plan_item_materials_material", "plan_item_materials", ["material_id"])


def downgrade() -> None:
    """Take it back."""
    for table in ("plan_item_materials", "plan_items", "material_files", "materials"):
        op.drop_table(table)
