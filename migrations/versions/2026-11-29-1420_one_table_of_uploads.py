"""Lists that people bring in wait in one table, whichever they are.

Revision: 0016, after 0015.

Files that wait for their confirmation are kept, both ways; what they say is read anew. The results of confirmed ones,
which live for a day, are not. On the way back sealed lists are forgotten: the former version does not read them.
"""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

ROWS_IN_A_PART = 500
UPLOADS = sa.table(
    "uploads",
    sa.column("id", sa.Uuid()),
    sa.column("kind", sa.String()),
    sa.column("uploaded_by_id", sa.Uuid()),
    sa.column("place_id", sa.Uuid()),
    sa.column("uploaded_at", sa.DateTime(timezone=True)),
    sa.column("file_name", sa.String()),
    sa.column("row_count", sa.BigInteger()),
    sa.column("choices", sa.JSON()),
    sa.column("header", sa.JSON(none_as_null=True)),
    sa.column("sealed", sa.Text()),
    sa.column("key_id", sa.String()),
    sa.column("confirmed_at", sa.DateTime(timezone=True)),
)
PARTS = sa.table(
    "upload_parts",
    sa.column("upload_id", sa.Uuid()),
    sa.column("position", sa.BigInteger()),
    sa.column("cells", sa.JSON()),
)
COMMON = ("id", "uploaded_by_id", "uploaded_at", "file_name")
ROSTERS = sa.table(
    "roster_uploads",
    *(sa.column(name, UPLOADS.c[name].type) for name in (*COMMON, "row_count", "confirmed_at")),
    sa.column("header", sa.JSON()),
    sa.column("create_branches", sa.Boolean()),
)
ROSTER_PARTS = sa.table(
    "roster_parts",
    sa.column("upload_id", sa.Uuid()),
    sa.column("position", sa.BigInteger()),
    sa.column("cells", sa.JSON()),
)
DUTIES = sa.table(
    "duty_uploads",
    *(sa.column(name, UPLOADS.c[name].type) for name in (*COMMON, "confirmed_at")),
    sa.column("branch_id", sa.Uuid()),
    sa.column("header", sa.JSON()),
    sa.column("rows", sa.JSON()),
)
WISHES = sa.table(
    "wish_uploads",
    *(sa.column(name, UPLOADS.c[name].type) for name in (*COMMON, "row_count", "sealed", "key_id", "confirmed_at")),
    sa.column("community_id", sa.Uuid()),
)


def upgrade() -> None:
    op.create_table(
        "uploads",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False, comment="the name of its list, imports.lists.ListKind"),
        sa.Column("uploaded_by_id", sa.Uuid(), nullable=False),
        sa.Column(
            "place_id",
            sa.Uuid(),
            nullable=True,
            comment="the organisation it is for; NULL: all that its uploader looks after",
        ),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("row_count", sa.BigInteger(), nullable=False, comment="rows of the list below the headings"),
        sa.Column("choices", sa.JSON(), nullable=False, comment="what was ticked beside the file"),
        sa.Column(
            "header",
            sa.JSON(none_as_null=True),
            nullable=True,
            comment="service.About: headings, and what of the file was read",
        ),
        sa.Column("sealed", sa.Text(), nullable=True, comment="service.Kept, see core/sealing.py"),
        sa.Column("key_id", sa.String(length=16), nullable=True, comment="the key that sealed it"),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "outcome",
            sa.JSON(none_as_null=True),
            nullable=True,
            comment="numbers of rows: new, changed, same, returned",
        ),
        sa.CheckConstraint("row_count > 0", name=op.f("ck_uploads_has_rows")),
        sa.CheckConstraint("(confirmed_at IS NULL) = (outcome IS NULL)", name=op.f("ck_uploads_outcome_iff_confirmed")),
        sa.CheckConstraint("(sealed IS NULL) = (key_id IS NULL)", name=op.f("ck_uploads_sealed_with_a_key")),
        sa.CheckConstraint("(sealed IS NULL) <> (header IS NULL)", name=op.f("ck_uploads_open_or_sealed")),
        sa.ForeignKeyConstraint(["place_id"], ["organisations.id"], name=op.f("fk_uploads_place_id")),
        sa.ForeignKeyConstraint(["uploaded_by_id"], ["members.id"], name=op.f("fk_uploads_uploaded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads")),
    )
    op.create_index("ix_uploads_uploaded_at", "uploads", ["uploaded_at"], unique=False)
    op.create_table(
        "upload_parts",
        sa.Column("upload_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False, comment="from 0"),
        sa.Column("cells", sa.JSON(), nullable=False, comment="tables.Row of each; rows.ReturnedRow once confirmed"),
        sa.Column(
            "rows", sa.JSON(none_as_null=True), nullable=True, comment="rows.ReadRow of each; NULL: not read yet"
        ),
        sa.ForeignKeyConstraint(
            ["upload_id"], ["uploads.id"], name=op.f("fk_upload_parts_upload_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("upload_id", "position", name=op.f("pk_upload_parts")),
    )
    _take_over(op.get_bind())
    for table in ("roster_parts", "roster_uploads", "duty_uploads", "wish_uploads"):
        op.drop_table(table)


def _take_over(connection: sa.Connection) -> None:
    for row in connection.execute(sa.select(ROSTERS).where(ROSTERS.c.confirmed_at.is_(None))).mappings().all():
        _keep(
            connection,
            row,
            kind="roster",
            place_id=None,
            row_count=row["row_count"],
            choices={"create_branches": row["create_branches"]},
            header={"header": row["header"]},
        )
        parts = sa.select(ROSTER_PARTS).where(ROSTER_PARTS.c.upload_id == row["id"])
        for part in connection.execute(parts).mappings().all():
            connection.execute(PARTS.insert().values(**part))
    for row in connection.execute(sa.select(DUTIES).where(DUTIES.c.confirmed_at.is_(None))).mappings().all():
        if row["rows"]:
            header = {"header": row["header"]}
            _keep(
                connection,
                row,
                kind="duties",
                place_id=row["branch_id"],
                row_count=len(row["rows"]),
                choices={},
                header=header,
            )
            for position, cells in enumerate(_portions(row["rows"])):
                connection.execute(PARTS.insert().values(upload_id=row["id"], position=position, cells=cells))
    for row in connection.execute(sa.select(WISHES).where(WISHES.c.confirmed_at.is_(None))).mappings().all():
        _keep(
            connection,
            row,
            kind="wishes",
            place_id=row["community_id"],
            row_count=row["row_count"],
            choices={},
            sealed=row["sealed"],
            key_id=row["key_id"],
        )


def _keep(connection: sa.Connection, row: sa.RowMapping, **more: Any) -> None:
    connection.execute(UPLOADS.insert().values(**{name: row[name] for name in COMMON}, **more))


def _portions(rows: list[Any]) -> Iterator[list[Any]]:
    for first in range(0, len(rows), ROWS_IN_A_PART):
        yield rows[first : first + ROWS_IN_A_PART]


def downgrade() -> None:
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
        "duty_uploads",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("uploaded_by_id", sa.Uuid(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("header", sa.JSON(), nullable=False, comment="the row of headings, tables.Header"),
        sa.Column("rows", sa.JSON(), nullable=False, comment="tables.Row of each row about a duty"),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.JSON(none_as_null=True), nullable=True, comment="imports.uploads.Outcome"),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (outcome IS NULL)", name=op.f("ck_duty_uploads_outcome_iff_confirmed")
        ),
        sa.ForeignKeyConstraint(["branch_id"], ["organisations.id"], name=op.f("fk_duty_uploads_branch_id")),
        sa.ForeignKeyConstraint(["uploaded_by_id"], ["members.id"], name=op.f("fk_duty_uploads_uploaded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_uploads")),
    )
    op.create_index("ix_duty_uploads_uploaded_at", "duty_uploads", ["uploaded_at"], unique=False)
    op.create_table(
        "wish_uploads",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("uploaded_by_id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("row_count", sa.BigInteger(), nullable=False, comment="rows about wishes below the headings"),
        sa.Column("sealed", sa.Text(), nullable=False, comment="imports.rules.Reading, see core/sealing.py"),
        sa.Column("key_id", sa.String(length=16), nullable=False, comment="the key that sealed it"),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.JSON(none_as_null=True), nullable=True, comment="imports.rules.Outcome"),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (outcome IS NULL)", name=op.f("ck_wish_uploads_outcome_iff_confirmed")
        ),
        sa.CheckConstraint("row_count > 0", name=op.f("ck_wish_uploads_has_rows")),
        sa.ForeignKeyConstraint(["community_id"], ["organisations.id"], name=op.f("fk_wish_uploads_community_id")),
        sa.ForeignKeyConstraint(["uploaded_by_id"], ["members.id"], name=op.f("fk_wish_uploads_uploaded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wish_uploads")),
    )
    op.create_index("ix_wish_uploads_uploaded_at", "wish_uploads", ["uploaded_at"], unique=False)
    _give_back(op.get_bind())
    op.drop_table("upload_parts")
    op.drop_table("uploads")


def _give_back(connection: sa.Connection) -> None:
    waiting = sa.select(UPLOADS).where(UPLOADS.c.confirmed_at.is_(None), UPLOADS.c.kind.in_(("roster", "duties")))
    for row in connection.execute(waiting).mappings().all():
        common = {name: row[name] for name in COMMON} | {"header": row["header"]["header"]}
        parts = sa.select(PARTS).where(PARTS.c.upload_id == row["id"]).order_by(PARTS.c.position)
        found = connection.execute(parts).mappings().all()
        if row["kind"] == "duties":
            cells = [cell for part in found for cell in part["cells"]]
            connection.execute(DUTIES.insert().values(**common, branch_id=row["place_id"], rows=cells))
            continue
        creates = bool(row["choices"].get("create_branches"))
        connection.execute(ROSTERS.insert().values(**common, row_count=row["row_count"], create_branches=creates))
        for part in found:
            connection.execute(ROSTER_PARTS.insert().values(**part))
