"""What templates call, at the price of the call.

Jinja makes a context for each translated sentence, and asks of each call whether somebody wants one. Nothing of ours
does but macros.
"""

from collections.abc import Callable
from functools import lru_cache
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any, Final

from jinja2.runtime import Context, Macro
from jinja2.utils import internalcode
from markupsafe import Markup, escape

from app.core import i18n

_PLAIN: Final = frozenset({FunctionType, MethodType, BuiltinFunctionType})
_ASKS: Final = "jinja_pass_arg"
"""How Jinja's decorators mark what wants a context."""


class Drawing(Context):
    """The context of a template, whose functions, methods and macros are called at once."""

    @internalcode
    def call(
        self,
        called: Callable[..., Any],
        /,
        *args: Any,
        _block_vars: dict[str, Any] | None = None,
        _loop_vars: dict[str, Any] | None = None,
        **named: Any,
    ) -> Any:
        """What ``called`` gives. What is neither plain nor a macro goes the way of Jinja."""
        kind = type(called)
        if kind is Macro:
            return called(self.eval_ctx, *args, **named)
        if kind in _PLAIN and getattr(called, _ASKS, None) is None:
            return called(*args, **named)
        return super().call(called, *args, _block_vars=_block_vars, _loop_vars=_loop_vars, **named)


def gettext(message: str, /, **values: Any) -> Markup:
    """``message`` in the language of the request, with its ``values`` escaped."""
    return _filled(i18n.gettext(message), values) if values else _plain(i18n.gettext(message))


def ngettext(singular: str, plural: str, number: int, /, **values: Any) -> Markup:
    """The form that fits ``number``, which is ``num`` in it."""
    return _filled(i18n.ngettext(singular, plural, number), {"num": number} | values)


@lru_cache(maxsize=4096)
def _plain(text: str) -> Markup:
    return Markup(text) % {}  # noqa: S704 (a sentence of ours)


def _filled(text: str, values: dict[str, Any]) -> Markup:
    escaped = {name: value if type(value) is int else escape(value) for name, value in values.items()}
    return Markup(text % escaped)  # noqa: S704 (a sentence of ours)
