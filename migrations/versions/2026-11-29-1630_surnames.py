"""Surnames that dictionaries of words read otherwise are sorted and found as they are called.

Revision: 0022, after 0021.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

READINGS = (
    ("单于", "shan4 yu2", "chan2 yu2"),
    ("尉", "yu4", "wei4"),
    ("尉迟", "wei4", "yu4"),
    ("卜", "bo5", "bu3"),
    ("都", "dou1", "du1"),
    ("员", "yuan2", "yun4"),
    ("贠", "yuan2", "yun4"),
    ("折", "zhe2", "she2"),
    ("乜", "mie1", "nie4"),
    ("佴", "er4", "nai4"),
    ("那", "na4", "na1"),
    ("葛", "ge2", "ge3"),
    ("宁", "ning2", "ning4"),
    ("甯", "ning2", "ning4"),
    ("哈", "ha1", "ha3"),
    ("撒", "sa1", "sa4"),
    ("繁", "fan2", "po2"),
    ("秘", "mi4", "bi4"),
    ("能", "neng2", "nai4"),
    ("么", "me5", "yao1"),
    ("洗", "xi3", "xian3"),
    ("句", "ju4", "gou1"),
    ("阚", "han3", "kan4"),
    ("炅", "jiong3", "gui4"),
    ("黑", "hei1", "he4"),
    ("祭", "ji4", "zhai4"),
    ("粘", "zhan1", "nian2"),
    ("隗", "kui2", "wei3"),
    ("重", "zhong4", "chong2"),
)
"""The surname, how it was read, how it is read."""
MEMBERS = sa.table("members", sa.column("name", sa.String), sa.column("pinyin", sa.String))


def upgrade() -> None:
    """Make the change."""
    for surname, before, after in READINGS:
        _read(surname, before, after)


def downgrade() -> None:
    """Take it back."""
    for surname, before, after in reversed(READINGS):
        _read(surname, after, before)


def _read(surname: str, before: str, after: str) -> None:
    rest = sa.func.substr(MEMBERS.c.pinyin, len(before) + 1)
    op.execute(
        MEMBERS.update()
        .where(MEMBERS.c.name.like(f"{surname}%"), MEMBERS.c.pinyin.like(f"{before}%"))
        .values(pinyin=sa.literal(after, sa.String) + rest)
    )
