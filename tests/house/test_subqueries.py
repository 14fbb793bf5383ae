"""A subquery that speaks of a row outside means that row: it does not read the outer table once more beside its own.

SQLAlchemy ties a subquery to the statement right around it alone. One level deeper the outer table silently joins the
inner FROM, and "another officer of this branch" becomes "an officer of any branch": ``correlate`` says what is meant.
"""

import importlib
import pkgutil
import re
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Select
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql.selectable import CompoundSelect

import app.features

_WORDS = re.compile(r"[()]|\bFROM\b|\bWHERE\b|\bGROUP BY\b|\bORDER BY\b|\bLIMIT\b|\bUNION\b", re.IGNORECASE)


def statements() -> Iterator[tuple[str, Any]]:
    """Every statement that stands at the top of a module, also those in a table of them."""
    for found in pkgutil.walk_packages(app.features.__path__, "app.features."):
        module = importlib.import_module(found.name)
        for name, value in vars(module).items():
            for one in value.values() if isinstance(value, Mapping) else (value,):
                if isinstance(one, Select | CompoundSelect):
                    yield f"{found.name}.{name}", one


def read_twice(sql: str) -> set[str]:
    """The tables that a subquery joins without a condition of its own although a statement around it reads them."""
    found: set[str] = set()
    around: list[set[str]] = [set()]
    begins: list[int | None] = [None]
    for word in _WORDS.finditer(f"{sql})"):
        said = word[0].upper()
        if (begin := begins[-1]) is not None and said != "(":
            begins[-1] = None
            tables = [one.strip() for one in re.split(r",(?![^()]*\))", sql[begin : word.start()])]
            plain = {one.split()[0] for one in tables if one and " AS " not in one.upper().split(" JOIN ")[0]}
            if len(tables) > 1:
                found |= plain & set().union(*around[:-1])
            around[-1] |= plain
        if said == "(":
            around.append(set())
            begins.append(None)
        elif said == ")" and len(around) > 1:
            around.pop()
            begins.pop()
        elif said == "FROM":
            begins[-1] = word.end()
    return found


def test_it_sees_an_outer_table_in_an_inner_from():
    assert read_twice("SELECT a.id FROM a WHERE EXISTS (SELECT * FROM b, a WHERE b.id = a.id)") == {"a"}
    assert read_twice("SELECT a.id FROM a WHERE EXISTS (SELECT * FROM b WHERE b.id = a.id)") == set()
    assert read_twice("SELECT a.id FROM a WHERE a.id IN (SELECT a.id FROM a WHERE a.x = 1)") == set()


def test_no_subquery_reads_an_outer_table_beside_its_own():
    checked = list(statements())
    assert len(checked) > 300
    found = {
        name: tables for name, one in checked if (tables := read_twice(str(one.compile(dialect=sqlite.dialect()))))
    }
    assert found == {}
