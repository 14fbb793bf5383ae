"""``sanliang try``: the rules asked from outside, on a list of cases, without a database, a server or an account."""

import sys
from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Annotated, Final

import typer

from app.core.i18n import gettext as _
from app.core.tried import NoListError, results

KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "votes": "meetings.votes",
        "election": "meetings.votes",
        "conversion": "meetings.votes",
        "working_days": "meetings.calendar",
        "leave_due": "leave",
        "leave_covers": "leave",
        "leave_overlap": "leave",
        "totp": "meetings.venue_code",
        "checkin": "meetings.venue_code",
        "attendance": "meetings.attendance",
        "duties": "meetings.calendar",
        "talks": "meetings.calendar",
        "publicity": "scores.cycle",
        "appraisal": "scores.cycle",
        "counts_in": "scores.cycle",
        "exemption": "scores.cycle",
        "standing": "scores.cycle",
        "fact_name": "scores.cycle",
        "rule_publication": "scores.cycle",
        "sheet": "scores.cycle",
        "review": "ballots",
        "excellent": "ballots",
        "ballots": "ballots",
        "quiz": "study.quiz",
        "draw": "study.quiz",
        "spot_check": "study.quiz",
        "hours": "education",
        "hours_target": "education",
        "coverage": "education",
        "amount": "study.lists",
        "cumulative": "study.lists",
        "phone": "study.lists",
        "total_row": "study.lists",
        "columns": "study.lists",
    }
)
"""Which room answers a kind of case; only that one is imported."""


def _give_up(sentence: str) -> typer.Exit:
    typer.echo(sentence, err=True)
    return typer.Exit(2)


def try_rules(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="One of: " + ", ".join(KINDS) + ".", show_default=False)],
) -> None:
    """The rules asked from outside: a JSON list of cases in, a list of results out. No database is needed.

    The answers are the same that the pages give: a JSON list, as long and in the same order. A case that cannot be
    gives an error in its place and spoils no other.
    """
    if kind not in KINDS:
        raise _give_up(
            _("There is no kind “%(kind)s”. There are: %(kinds)s.") % {"kind": kind, "kinds": ", ".join(KINDS)}
        )
    cases = import_module(f"app.features.{KINDS[kind]}.tried").CASES
    try:
        answers = results(cases[kind], sys.stdin.buffer.read().decode("utf-8-sig"))
    except (NoListError, UnicodeDecodeError) as error:
        raise _give_up(_("Standard input must be a JSON list of cases.")) from error
    sys.stdout.buffer.write(answers.encode() + b"\n")
    sys.stdout.buffer.flush()
