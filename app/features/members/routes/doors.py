"""Who comes to the pages about people."""

from typing import Annotated

from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.sign_in.door import require, require_recent

Reader = Annotated[Actor, require(Permission.BE_MEMBER)]
"""Everybody who is signed in; the queries decide what they see."""
Officer = Annotated[Actor, require(Permission.MANAGE_BRANCH_PEOPLE, Permission.MANAGE_ALL_PEOPLE)]
"""Who keeps the people of the own branch, or of all."""
RecentOfficer = Annotated[Actor, require_recent(Permission.MANAGE_BRANCH_PEOPLE, Permission.MANAGE_ALL_PEOPLE)]
"""The same where posts change hands: the password was typed lately."""
Keeper = Annotated[Actor, require_recent(Permission.MANAGE_ALL_PEOPLE)]
"""Who keeps the people of all branches, and typed the password lately."""
