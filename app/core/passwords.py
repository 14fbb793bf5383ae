"""Passwords: argon2id at 19 MiB, checked by few at a time.

Verifying costs about 43 ms of one core. Without a limit eight sign-ins at once halved what pages got
(docs/decisions/0007), so at most ``AT_ONCE`` run in a process and the rest wait for their turn. They run in threads of
their own: each thread that has ever computed one keeps its 20 MB, and twelve that serve pages kept 234.
"""

import unicodedata
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from passlib.context import CryptContext

AT_ONCE: Final = 2
_turns = ThreadPoolExecutor(AT_ONCE, "passwords")
_context = CryptContext(
    schemes=["argon2"],
    deprecated="auto",
    argon2__type="ID",
    argon2__memory_cost=19 * 1024,  # KiB
    argon2__time_cost=2,
    argon2__parallelism=1,
)


DECOY: Final = "$argon2id$v=19$m=19456,t=2,p=1$ZGxNCWEsxXhvba01BmDsPQ$NTA+xCWkR+l2oGl3b7KcuqyubA3SB8RWWuvXKMoPj4k"
"""The hash of a password that nobody knows, made with the settings above (a test watches that they stay the same)."""


def hash_password(password: str) -> str:
    """The argon2id hash to keep."""
    return str(_turns.submit(_context.hash, _typed(password)).result())


def verify_password(password: str, kept: str | None) -> tuple[bool, str | None]:
    """Whether ``password`` fits the ``kept`` hash, and a fresh hash when the kept one is outdated.

    ``kept=None`` (no such account) takes as long as a wrong password, so that time tells nothing.
    """
    if kept is None:
        _turns.submit(_context.verify, _typed(password), DECOY).result()
        return False, None
    fits, fresh = _turns.submit(_context.verify_and_update, _typed(password), kept).result()
    return bool(fits), fresh


def _typed(password: str) -> str:
    """One form for full-width and half-width signs: keyboards differ, people do not see it behind dots."""
    return unicodedata.normalize("NFKC", password)
