"""A long job goes portion by portion, each a unit of work of its own: what is done is whole, and what is left goes on.

The page asks for one portion after another and says how far it is; a plain form waits for all of them. Nothing is kept
of the job itself: whoever stops it, or whatever kills it, leaves behind what a shorter job would have done.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, NamedTuple
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from pydantic import Field
from starlette.datastructures import FormData

from app.core import pages
from app.core.forms import FormModel, sent
from app.core.messages import Undo


class Onward(FormModel):
    """Where a job goes on, and what came of it until then: the page carries it, and it is believed in words alone."""

    after: UUID | None = None
    number: Annotated[int, Field(ge=0)] = 0
    left: Annotated[int, Field(ge=0)] = 0


@dataclass(frozen=True, slots=True)
class Portion:
    """Some of many, in the order of their ids."""

    ids: Sequence[UUID]
    done: int
    """How many were looked at when this portion is over."""
    total: int

    @property
    def is_last(self) -> bool:
        """Whether none follows."""
        return self.done >= self.total


class Came(NamedTuple):
    """What came of one portion."""

    portion: Portion
    number: int
    """Of how many something was done."""
    left: int = 0
    """Of how many nothing was, for a reason that is to be looked at."""


def portion(ids: Iterable[UUID], after: UUID | None, *, at_once: int) -> Portion:
    """The next ``at_once`` of these behind ``after``; at the end none."""
    every = sorted(ids)
    begin = bisect_right(every, after) if after else 0
    taken = every[begin : begin + at_once]
    return Portion(taken, begin + len(taken), len(every))


def carry_out(
    request: Request,
    raw: FormData,
    do: Callable[[Onward], Came],
    *,
    title: str,
    to: str,
    said: Callable[[Onward], str],
    undo: Undo | None = None,
) -> Response:
    """Do a portion and show how far it is, or all of them for a plain form; then leave for ``to``.

    ``do`` opens the unit of work of its portion. A refusal ends the job; what was done before stays done.
    """
    onward = sent(Onward, raw)
    while True:
        came = do(onward)
        onward = Onward(
            after=came.portion.ids[-1] if came.portion.ids else onward.after,
            number=onward.number + came.number,
            left=onward.left + came.left,
        )
        if came.portion.is_last:
            return pages.go(request, to, message=said(onward), undo=undo)
        if pages.wants_fragment(request):
            carried = {name: value for name, value in raw.items() if isinstance(value, str)}
            return pages.render(
                request,
                "onward.html",
                block="onward",
                address=request.url.path,
                title=title,
                sends=carried | onward.model_dump(mode="json", exclude_none=True),
                done=came.portion.done,
                total=came.portion.total,
                back=to,
            )
