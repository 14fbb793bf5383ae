"""How far a backup is: the words for a bar."""

from collections.abc import Callable

Tell = Callable[[str, int, int | None], object]
"""What is being done, how much of it is done, and of how much if that is known."""


def silently(words: str, done: int, total: int | None) -> None:
    """For who does not look."""


def adding_up(tell: Tell, words: str, total: int | None) -> Callable[[int], None]:
    """Tells of a sum, given each time by how much it grew."""
    done = 0

    def grown(more: int) -> None:
        nonlocal done
        done += more
        tell(words, done, total)

    return grown
