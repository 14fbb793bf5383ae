"""What the ways have in common: where one goes, and what is brought back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from app.features.sign_in.outside.rules import Said, part_of


def _nothing(_name: str) -> Sequence[str]:
    return ()


@dataclass(frozen=True, slots=True)
class Trip:
    """One way out and back."""

    state: str
    token: str = field(repr=False)
    """What the browser alone has."""
    back: str
    """The address of ours to come back to."""
    proves: bool = False
    """Whether the person has to prove itself anew there."""
    browser: str = ""
    """What the browser says of itself."""
    headers: Callable[[str], Sequence[str]] = field(default=_nothing, repr=False)
    """What stood in a header on the way back, as often as it stood there."""
    peer: str = ""
    """The address that has brought the way back to us."""

    is_named: bool = False
    """Whether it is shown what the person is called there."""

    def part(self, what: str) -> str:
        """A secret of this trip, see ``rules.part_of``."""
        return part_of(self.token, self.state, what)


class Reader(Protocol):
    """One way: it asks outside and believes nobody without proof."""

    def address(self, trip: Trip) -> str:
        """Where the browser is sent.

        Raises:
            OutsideError: nobody is there to say.
        """

    def look(self) -> list[str]:
        """What is found there now, a line each, for whoever sets it up.

        Raises:
            OutsideError: it is not there, or is another one.
        """

    def said(self, trip: Trip, query: Mapping[str, str]) -> Said:
        """Who it is, by what the browser has brought back.

        Raises:
            OutsideError: nobody answers, the person declined, or it proves nothing.
        """
