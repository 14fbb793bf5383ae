"""How much processor time processes have used, read from Linux's ``/proc``."""

import os
from pathlib import Path
from typing import Final

TICKS: Final = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid: int) -> float:
    """User and system time of a process and everything it has started, also of what has ended by now."""
    tree = _children()
    found, seconds = [pid], 0.0
    while found:
        process = found.pop()
        seconds += _own_seconds(process)
        found += tree.get(process, [])
    return seconds


def _own_seconds(pid: int) -> float:
    try:
        fields = _stat(pid)
    except FileNotFoundError:
        return 0.0  # it has ended meanwhile, and its parent has its time
    return sum(int(ticks) for ticks in fields[11:15]) / TICKS  # utime stime, and those of children that have ended


def _children() -> dict[int, list[int]]:
    tree: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                tree.setdefault(int(_stat(int(folder.name))[1]), []).append(int(folder.name))
            except FileNotFoundError:
                continue
    return tree


def _stat(pid: int) -> list[str]:
    """The fields after the process's name, which may hold anything."""
    return Path(f"/proc/{pid}/stat").read_text("ascii", errors="replace").rpartition(")")[2].split()


def megabytes() -> float:
    """The memory of this process."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def memory_of(pid: int) -> list[tuple[int, int]]:
    """Megabytes of each process of the tree: resident, and its own share of what several have in common."""
    tree, found, sizes = _children(), [pid], []
    while found:
        process = found.pop()
        said = Path(f"/proc/{process}/smaps_rollup").read_text("ascii")
        lines = dict(line.split(":", 1) for line in said.splitlines() if ":" in line and "kB" in line)
        sizes.append((int(lines["Rss"].split()[0]) // 1000, int(lines["Pss"].split()[0]) // 1000))
        found += tree.get(process, [])
    return sizes
