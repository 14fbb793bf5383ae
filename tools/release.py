"""Makes what a machine without a network is installed from: one archive for each chip, with its checksums.

In it: the application, the built pages, wheels of every package by the hashes of the lock file, what is inside
(CycloneDX), and ``install.sh``. Made from the last commit, the same bytes each time: no clock, no user, no order of the
disk goes into the archive. ``make release`` calls it after the pages are built.
"""

import gzip
import hashlib
import io
import shutil
import subprocess
import sys
import tarfile
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

HOUSE: Final = Path(__file__).parents[1]
RELEASES: Final = HOUSE / "build" / "release"
CHIPS: Final = ("x86_64", "aarch64")
PYTHONS: Final = ("3.11", "3.12", "3.13")
GLIBC: Final = ("manylinux_2_28", "manylinux_2_17", "manylinux2014")
"""glibc 2.28 and older: what Debian 10, RHEL 8, Kylin V10 and UOS 20 have."""
LOCKS: Final = ("requirements-build.txt", "requirements.txt")
SHIPPED: Final = (
    *(
        "app",
        "migrations",
        "docs",
        "deploy",
        "web/templates",
        "web/locales",
        "tools/find-python.sh",
        "tools/install.sh",
    ),
    *("alembic.ini", "pyproject.toml", "README.md", "README.zh-CN.md", "CHANGELOG.md", "LICENSE", "SECURITY.md"),
    *LOCKS,
)
"""What of the repository is needed to run it and to look after it."""


def run(*words: str) -> bytes:
    """What a program says; ends with its words if it fails."""
    done = subprocess.run(words, cwd=HOUSE, capture_output=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(words[:4])} …: {done.stderr.decode()[-2000:]}")
    return done.stdout


def main() -> None:
    """Make the archives of the last commit; refuses while something is not committed."""
    if run("git", "status", "--porcelain", "--untracked-files=no"):
        sys.exit("Something is changed and not committed: a release is made of a commit. Commit it, then again.")
    version = tomllib.loads((HOUSE / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    moment = int(run("git", "log", "-1", "--format=%ct"))
    shutil.rmtree(RELEASES, ignore_errors=True)
    RELEASES.mkdir(parents=True)
    sums = []
    for chip in CHIPS:
        print(f"{chip}: the application …", flush=True)
        folder = RELEASES / f"sanliang-{version}-{chip}"
        put_application(folder)
        put_wheels(folder, chip)
        put_sums(folder)
        archive = pack(folder, moment)
        shutil.rmtree(folder)
        sums.append(f"{digest(archive)}  {archive.name}\n")
        print(f"{archive.relative_to(HOUSE)}: {archive.stat().st_size // 1024 // 1024} MB", flush=True)
    (RELEASES / "SHA256SUMS").write_text("".join(sums), "utf-8")


def put_application(folder: Path) -> None:
    """The files of the commit, the pages as they were built, and what both are made of."""
    there = [name for name in SHIPPED if (HOUSE / name).exists()]
    with tarfile.open(fileobj=io.BytesIO(run("git", "archive", "HEAD", *there))) as files:
        files.extractall(folder, filter="data")
    shutil.move(folder / "tools" / "install.sh", folder / "install.sh")
    shutil.copytree(HOUSE / "web" / "dist", folder / "web" / "dist")
    for catalogue in (HOUSE / "web" / "locales").rglob("*.mo"):
        shutil.copy(catalogue, folder / catalogue.relative_to(HOUSE))
    python = ("--output-format", "JSON", "--output-reproducible", "requirements.txt")
    (folder / "sbom-python.json").write_bytes(run(sys.executable, "-m", "cyclonedx_py", "requirements", *python))
    web = ("--omit=dev", "--package-lock-only", "--sbom-format", "cyclonedx")
    (folder / "sbom-web.json").write_bytes(run("npm", "--prefix", "web", "sbom", *web))


def put_wheels(folder: Path, chip: str) -> None:
    """Every package of the lock files as a wheel for ``chip`` and each Python, by its hash; nothing is compiled."""
    wheels = folder / "wheels"
    for python in PYTHONS:
        print(f"{chip}: packages for Python {python} …", flush=True)
        platforms = [word for name in GLIBC for word in ("--platform", f"{name}_{chip}")]
        abis = [word for abi in (f"cp{python.replace('.', '')}", "abi3", "none") for word in ("--abi", abi)]
        kind = ("--only-binary=:all:", "--no-deps", "--require-hashes", "--python-version", python)
        files = [word for lock in LOCKS for word in ("-r", lock)]
        asked = ("--quiet", "--disable-pip-version-check", "--dest", str(wheels))
        run(sys.executable, "-m", "pip", "download", *asked, *kind, *platforms, *abis, *files)
    (wheels / "CHIP").write_text(f"{chip}\n", "utf-8")
    (wheels / "PYTHONS").write_text("".join(f"{python}\n" for python in PYTHONS), "utf-8")


def put_sums(folder: Path) -> None:
    """The SHA-256 of each file, as ``sha256sum --check`` reads it."""
    lines = [f"{digest(path)}  {path.relative_to(folder)}\n" for path in files_of(folder)]
    (folder / "SHA256SUMS").write_text("".join(lines), "utf-8")


def pack(folder: Path, moment: int) -> Path:
    """The folder as ``.tar.gz``; ``moment`` of every file is that of the commit, in seconds since 1970."""
    archive = folder.with_name(f"{folder.name}.tar.gz")
    with (
        archive.open("wb") as raw,
        gzip.GzipFile("", "wb", 6, raw, mtime=moment) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.GNU_FORMAT) as files,
    ):
        for path in files_of(folder):
            entry = files.gettarinfo(path, f"{folder.name}/{path.relative_to(folder)}")
            entry.uid = entry.gid = 0
            entry.uname = entry.gname = ""
            entry.mtime = moment
            entry.mode = 0o755 if path.suffix == ".sh" else 0o644
            with path.open("rb") as content:
                files.addfile(entry, content)
    return archive


def files_of(folder: Path) -> Iterator[Path]:
    """All files below ``folder``, always in one order."""
    yield from sorted(path for path in folder.rglob("*") if path.is_file())


def digest(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


if __name__ == "__main__":
    main()
