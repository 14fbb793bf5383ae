#!/bin/sh
# Installs Sanliang out of this folder, without a network: into .venv beside it, from wheels/ alone. Twice is once.
set -eu
umask 022  # whoever serves reads all of it, and owns nothing
cd -P "$(dirname "$0")"

fail() {
    echo "$1" >&2
    exit 1
}

chip=$(cat wheels/CHIP)
[ "$(uname -m)" = "$chip" ] || fail "This archive is for $chip, and this machine is $(uname -m): take the archive of that name."
sha256sum --check --quiet SHA256SUMS || fail "The files named above are not as they were released: unpack the archive again, and compare its own SHA-256."

chmod -R a+rX .

python=$(sh tools/find-python.sh)
version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
grep -qx "$version" wheels/PYTHONS ||
    fail "This archive holds packages for Python $(tr '\n' ' ' < wheels/PYTHONS)and found $version: name one of them in SANLIANG_PYTHON."

"$python" -m venv .venv
pip() { .venv/bin/python -m pip --quiet --disable-pip-version-check install --no-index --find-links wheels "$@"; }
echo "Installing Python packages …"
pip --require-hashes -r requirements-build.txt -r requirements.txt
pip --no-deps --no-build-isolation --editable .
.venv/bin/python -m compileall -q app migrations
echo "Installed: $PWD/.venv/bin/sanliang, $(.venv/bin/sanliang --version)."
echo "How to go on: docs/operations.zh-CN.md (Chinese), docs/operations.md."
