"""What a wisher agrees to, word for word. A text in use is never changed: a new one gets a new version."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from app.features.wishes.contacts.rules import ConsentKind

VERSION: Final = "2026.1"
"""The texts that are shown and recorded today."""
VERSION_LENGTH: Final = 12
TEXTS: Final[Mapping[str, Mapping[ConsentKind, str]]] = MappingProxyType(
    {
        "2026.1": MappingProxyType(
            {
                ConsentKind.ORDINARY: (
                    "我同意社区登记我的姓名、电话和住址，仅用于核实和实现这个微心愿。只有社区网格员、牵头支部的负责人"
                    "和正在认领这个心愿的党员能看到，每次查看都有记录，我可以随时查问。我可以随时撤回心愿，联系方式会立即"
                    "删除；心愿办结90天后也会自动删除。"
                ),
                ConsentKind.SENSITIVE: (
                    "我单独同意登记与这个心愿有关的健康、残疾或生活困难情况，仅供上门时留意，不公开、不作他用。"
                ),
                ConsentKind.GUARDIAN: "我是孩子的父母或监护人，同意为不满14周岁的孩子登记这个心愿和联系方式。",
            }
        ),
    }
)


def texts() -> Mapping[ConsentKind, str]:
    """The texts of today."""
    return TEXTS[VERSION]
