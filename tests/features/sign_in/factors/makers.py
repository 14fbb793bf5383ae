"""Apps that show codes, and people who have one."""

from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.ids import new_id
from app.core.sealing import sealer
from app.features.sign_in.factors.models import RecoveryCode, SecondFactor
from app.features.sign_in.factors.rules import STEP_S, FactorKind, new_secret
from app.features.sign_in.tokens import digest
from tests.makers import Person

RECOVERY = "ABCDEFGHJKLM"


def make_app(session: Session, person: Person, label: str = "手机") -> str:
    """An app on ``person``'s list, and for the first person one code on paper; gives the app's secret."""
    secret, factor_id = new_secret(), new_id()
    sealed = sealer().seal(secret, belongs_to=factor_id)
    session.add(
        SecondFactor(
            id=factor_id,
            member_id=person.id,
            kind=FactorKind.APP,
            label=label,
            sealed=sealed.text,
            key_id=sealed.key_id,
        )
    )
    if session.query(RecoveryCode).count() == 0:
        session.add(RecoveryCode(member_id=person.id, code_digest=digest(RECOVERY)))
    session.flush()
    return secret


def code_now(secret: str, later: int = 0) -> str:
    """What the app shows, so many steps later."""
    import pyotp

    return pyotp.TOTP(secret).generate_otp(int(now().timestamp()) // STEP_S + later)
