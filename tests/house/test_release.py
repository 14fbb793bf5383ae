"""What a machine without a network gets: the same bytes each time, whole, and only what the repository has."""

import os
import subprocess
import tarfile
from importlib import util

from tests.house.sources import PROJECT_DIR

NAMES = ("a.txt", "sub/b.sh", "wheels/CHIP")


def tool():
    spec = util.spec_from_file_location("release", PROJECT_DIR / "tools" / "release.py")
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def folder_of(tmp_path, called):
    folder = tmp_path / called / "sanliang-1"
    for number, name in enumerate(NAMES):
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{name}\n")
        os.utime(file, (number, number * 1000))
    return folder


def test_the_same_files_give_the_same_bytes_whenever_and_wherever(tmp_path):
    one, two = (tool().pack(folder_of(tmp_path, called), 1_764_000_000) for called in ("one", "two"))
    assert one.read_bytes() == two.read_bytes()
    with tarfile.open(one) as archive:
        entries = {entry.name: (entry.mode, entry.uid, entry.mtime) for entry in archive}
    assert entries["sanliang-1/sub/b.sh"] == (0o755, 0, 1_764_000_000)
    assert entries["sanliang-1/a.txt"][0] == 0o644


def test_a_file_that_was_changed_is_named(tmp_path):
    folder = folder_of(tmp_path, "one")
    tool().put_sums(folder)
    check = ["sha256sum", "--check", "--quiet", "SHA256SUMS"]
    assert subprocess.run(check, cwd=folder, check=False, capture_output=True).returncode == 0
    (folder / "sub" / "b.sh").write_text("rm -rf /\n")
    said = subprocess.run(check, cwd=folder, check=False, capture_output=True, text=True)
    assert said.returncode == 1
    assert "sub/b.sh" in said.stdout


def test_another_chip_is_told_in_a_sentence(tmp_path):
    folder = folder_of(tmp_path, "one")
    (folder / "wheels" / "CHIP").write_text("vax\n")
    (folder / "install.sh").write_bytes((PROJECT_DIR / "tools" / "install.sh").read_bytes())
    said = subprocess.run(["sh", "install.sh"], cwd=folder, check=False, capture_output=True, text=True)
    assert said.returncode == 1
    assert "is for vax" in said.stderr


def test_who_unpacked_it_for_himself_alone_installs_it_for_who_serves(tmp_path):
    """A careful root has ``umask 077``; the account of the server reads all of it all the same."""
    folder = folder_of(tmp_path, "one")
    (folder / "tools").mkdir()
    for name, place in (("install.sh", folder), ("find-python.sh", folder / "tools")):
        (place / name).write_bytes((PROJECT_DIR / "tools" / name).read_bytes())
    (folder / "wheels" / "CHIP").write_text(f"{os.uname().machine}\n")
    (folder / "wheels" / "PYTHONS").write_text("0.0\n")  # so far, and no further
    tool().put_sums(folder)
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)
    said = subprocess.run(["sh", "install.sh"], cwd=folder, check=False, capture_output=True, text=True)
    assert "This archive holds packages for Python 0.0" in said.stderr
    assert {path.stat().st_mode & 0o777 for path in (folder, *folder.rglob("*"))} == {0o755, 0o644}


def test_what_is_shipped_is_there():
    assert [name for name in tool().SHIPPED if not (PROJECT_DIR / name).exists() and name != "deploy"] == []
