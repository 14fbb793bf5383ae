"""Tokens for tests, without the two people who would be asked."""

from datetime import timedelta

from sqlalchemy.orm import Session

from app.core import clock
from app.features.api.models import ApiToken
from app.features.api.rules import Scope
from app.features.members.two_people import Stands
from app.features.sign_in.tokens import digest, new_token
from tests.makers import Person, Place


def make_token(
    session: Session, asker: Person, confirmer: Person, reach: Place, *scopes: Scope, name: str = "人事系统", **columns
) -> dict[str, str]:
    """A token in use, as the header that another system sends."""
    secret = f"slt_{new_token()}"
    token = ApiToken(
        name=name,
        scopes=sorted(scopes or Scope),
        reach_id=reach.id,
        ends_on=columns.pop("ends_on", clock.today() + timedelta(days=30)),
        stands=Stands.CONFIRMED,
        entered_by_id=asker.id,
        decided_by_id=confirmer.id,
        decided_at=clock.now(),
        token_digest=digest(secret),
        **columns,
    )
    session.add(token)
    session.flush()
    return {"Authorization": f"Bearer {secret}"}


def make_waiting(session: Session, asker: Person, reach: Place, *scopes: Scope) -> ApiToken:
    """A token that waits for the other one."""
    token = ApiToken(
        name="人事系统",
        scopes=sorted(scopes),
        reach_id=reach.id,
        ends_on=clock.today() + timedelta(days=30),
        entered_by_id=asker.id,
    )
    session.add(token)
    session.flush()
    return token
