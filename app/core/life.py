"""A life as a table of steps: which step follows on which states, and where it leads."""

from collections.abc import Collection, Mapping
from typing import Final, Generic, TypeVar

from app.core.errors import ConflictError
from app.core.i18n import lazy_gettext as _
from app.core.words import Word

S = TypeVar("S", bound=Word)
T = TypeVar("T", bound=Word)


class StepRefusedError(ConflictError):
    message = _("By now this is: %(state)s. Look again, then decide.")


class Life(Generic[S, T]):
    """The steps of one kind of thing. Where a state is stored, only ``after`` gives the next one."""

    def __init__(
        self,
        states: type[S],
        leads: Mapping[T, tuple[Collection[S], S]],
        *,
        refusal: type[StepRefusedError] = StepRefusedError,
    ) -> None:
        """``leads`` says for each step on which states it may follow, and where it leads.

        ``refusal`` says so in words of the thing's own.
        """
        self._refusal: Final = refusal
        self.leads: Final = {step: (frozenset(from_where), to) for step, (from_where, to) in leads.items()}
        self.terminal: Final = frozenset(states) - {
            state for from_where, _to in self.leads.values() for state in from_where
        }
        """No step leads out of these. The database holds them too (``migrations/triggers.py``)."""

    def may(self, state: S, step: T) -> bool:
        """Whether ``step`` follows on ``state``."""
        return step in self.leads and state in self.leads[step][0]

    def after(self, state: S, step: T) -> S:
        """Where ``step`` leads from ``state``.

        Raises:
            StepRefusedError: it does not follow on this state.
        """
        self.check(state, step)
        return self.leads[step][1]

    def check(self, state: S, step: T) -> None:
        """Let ``step`` pass that follows on this state; what is more than a step asks before it begins.

        Raises:
            StepRefusedError: it does not.
        """
        if not self.may(state, step):
            raise self._refusal(state=state.label)
