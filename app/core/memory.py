"""What is freed goes back to the system. Signing in takes 19 MB for a moment; each thread of a server would keep them.

glibc gives threads heaps of their own and learns from large pieces that are freed to keep the next ones. A worker that
had opened every page had 20 MB less with these limits, of 243. Other C libraries have no such thing, and need none.
"""

import ctypes
from typing import Final

_ARENA_MAX: Final = -8
_MMAP_THRESHOLD: Final = -3
_TRIM_THRESHOLD: Final = -1
LIMITS: Final = ((_ARENA_MAX, 2), (_MMAP_THRESHOLD, 512 * 1024), (_TRIM_THRESHOLD, 256 * 1024))
"""Heaps for all threads; bytes from which a piece lies outside them; free bytes at a heap's end that go back."""


def give_back() -> None:
    """Set the limits of this process; once, before it has threads."""
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):  # not glibc
        return
    for name, limit in LIMITS:
        mallopt(name, limit)
