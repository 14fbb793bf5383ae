"""Who may do what to whose account and posts: appointment and recovery are votes. Pure; asked from every road.

Whoever opens an account, or gives and ends the posts that decide, could decide with that account. So nobody does it
alone for the people who check them, nor for anybody above (docs/decisions/0026).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum, StrEnum
from typing import Final
from uuid import UUID

from app.features.members.actor import Actor
from app.features.members.rules import ADMINISTRATORS, PERMISSIONS, Permission, Role

VOUCHED_AFTER: Final = timedelta(days=90)
"""How long somebody who came in by a person's hand, or by the slip that person printed, does not decide for them.

Nor for whoever brought in that person as lately, and so on: see ``powers.hands``.
"""
PROPOSAL_LASTS: Final = timedelta(days=30)
"""How long a change of a post waits for the second person."""

DECIDING: Final = frozenset(role for role, may in PERMISSIONS.items() if Permission.APPROVE in may)
"""The posts whose holders decide on records of their branch."""
STANDING_IN: Final = frozenset({Role.SUPERVISOR, Role.COMMITTEE_OFFICER})
"""The posts whose holders decide on an officer's record where no other officer of the branch may."""


@dataclass(frozen=True, slots=True)
class Powers:
    """What somebody holds today."""

    branch_id: UUID
    roles: frozenset[Role]
    permissions: frozenset[Permission]
    leads: frozenset[UUID]
    """The organisations above branches on which the person is committee officer."""


Stands = Actor | Powers
"""Somebody who would act: the actor of a request, or who acted before and is asked about again."""


class Weight(IntEnum):
    """What a post weighs when it is given, ended, or stands behind an account."""

    LIGHT = 0
    DECIDES = 1
    LEADS = 2
    ORGAN = 3
    ADMINISTERS = 4


class Side(StrEnum):
    """Where somebody stands towards the people of a branch."""

    OUTSIDE = "outside"
    BESIDE = "beside"  # an officer of that branch
    ABOVE_AT_HOME = "above_at_home"  # somebody of the level above who belongs to that branch: one of two
    ABOVE = "above"


class Way(StrEnum):
    """How an act is done."""

    ALONE = "alone"
    BY_TWO = "by_two"  # it takes effect when a second person confirms it
    NOT_HERE = "not_here"  # by the level above, or on the server


def weight_of(roles: Iterable[Role]) -> Weight:
    """The weight of the weightiest of ``roles``."""
    return max(map(_weight, roles), default=Weight.LIGHT)


def side_of(person: Stands, branch_id: UUID, above: Collection[UUID]) -> Side:
    """Where ``person`` stands towards the branch; ``above`` are the organisations over it."""
    if Permission.MANAGE_ALL_PEOPLE in person.permissions or not person.leads.isdisjoint(above):
        return Side.ABOVE_AT_HOME if person.branch_id == branch_id else Side.ABOVE
    is_officer = Permission.MANAGE_BRANCH_PEOPLE in person.permissions and person.branch_id == branch_id
    return Side.BESIDE if is_officer else Side.OUTSIDE


def way_to_appoint(side: Side, weight: Weight) -> Way:
    """How somebody on this side gives or ends a post of this weight."""
    match side, weight:
        case Side.OUTSIDE, _:
            return Way.NOT_HERE
        case _, Weight.LIGHT:
            return Way.ALONE
        case Side.ABOVE, Weight.DECIDES | Weight.LEADS:
            return Way.ALONE
        case Side.BESIDE, Weight.DECIDES:
            return Way.BY_TWO
        case Side.BESIDE, _:
            return Way.NOT_HERE
        case _:
            return Way.BY_TWO


def may_reach_account(side: Side, weight: Weight) -> bool:
    """Whether somebody on this side alone touches the account of a person whose posts weigh so much.

    That is: prints a slip, changes what one signs in with, exempts, moves, records a departure.
    """
    if weight is Weight.LIGHT:
        return side is not Side.OUTSIDE
    return side is Side.ABOVE and weight in (Weight.DECIDES, Weight.LEADS)


def posts_by_file(side: Side, held: frozenset[Role], said: frozenset[Role]) -> frozenset[Role]:
    """The posts that somebody holds after a file of this person said so: what wants a vote stays as it is."""
    by_vote = {role for role in held ^ said if way_to_appoint(side, weight_of([role])) is not Way.ALONE}
    return (said - by_vote) | (held & by_vote)


def may_second(side: Side, weight: Weight, roles: Collection[Role]) -> bool:
    """Whether somebody on this side, with these ``roles``, may be the second person for a post of this weight."""
    match weight:
        case Weight.LIGHT | Weight.DECIDES:
            return side is not Side.OUTSIDE
        case Weight.LEADS:
            return side in (Side.ABOVE, Side.ABOVE_AT_HOME)
        case _:
            return not ADMINISTRATORS.isdisjoint(roles)


def _weight(role: Role) -> Weight:
    if role in ADMINISTRATORS:
        return Weight.ADMINISTERS
    if role is Role.COMMITTEE_OFFICER:
        return Weight.ORGAN
    if role is Role.SECRETARY:
        return Weight.LEADS
    may = PERMISSIONS[role]
    return Weight.DECIDES if may & {Permission.APPROVE, Permission.STAND_IN} else Weight.LIGHT
