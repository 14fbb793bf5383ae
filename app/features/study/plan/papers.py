"""The usual form 月度学习计划. Source: domain, study §2 and §8."""

from collections.abc import Sequence

from app.core.i18n import gettext as _
from app.core.tables import Table
from app.features.study.plan.queries import Item


def register(items: Sequence[Item]) -> Table:
    """The items of one month or of several, in the columns that are usual."""
    rows = [
        (
            f"{item.month.month}月",
            item.title,
            str(item.kind.label),
            _("; ").join(material.title for material in item.materials),
            item.when,
            item.speaker or "",
            str(item.expected.label),
        )
        for item in items
    ]
    return Table("月度学习计划", ("月", "主题", "形式", "材料", "时间", "主讲", "范围"), rows)
