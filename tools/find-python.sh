#!/bin/sh
# Prints a Python that can carry the project, or says in one line what is missing.
# SANLIANG_PYTHON names one to use instead of the first that fits.
set -eu

too_old=""
no_venv=""
for name in ${SANLIANG_PYTHON:-python3 python3.14 python3.13 python3.12 python3.11 python}; do
    "$name" -c 'import sys' >/dev/null 2>&1 || continue
    if ! "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
        too_old="$too_old $name ($("$name" -c 'import platform; print(platform.python_version())'))"
    elif ! "$name" -c 'import ensurepip, venv' >/dev/null 2>&1; then
        no_venv="$name"
    else
        command -v "$name"
        exit 0
    fi
done

if [ -n "$no_venv" ]; then
    echo "$no_venv cannot make virtual environments: install its venv module (on Debian and Ubuntu: apt-get install python3-venv)." >&2
elif [ -n "$too_old" ]; then
    echo "Sanliang needs Python 3.11 or newer; found only$too_old. Install a newer one, or name it in SANLIANG_PYTHON." >&2
else
    echo "Sanliang needs Python 3.11 or newer, and found none. Install it, or name it in SANLIANG_PYTHON." >&2
fi
exit 1
