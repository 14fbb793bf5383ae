"""Every kind of record there is."""

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType
from typing import Any, Final

from app import features
from app.features.records.kinds import RecordKind


def modules() -> Iterator[ModuleType]:
    """All modules of all rooms."""
    for module in pkgutil.walk_packages(features.__path__, "app.features."):
        yield importlib.import_module(module.name)


def _made() -> dict[str, RecordKind[Any]]:
    made = (one for module in modules() for one in vars(module).values() if isinstance(one, RecordKind))
    return {one.name: one for one in made}


RECORD_KINDS: Final = tuple(_made().values())
