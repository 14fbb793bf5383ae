#!/bin/sh
# Prints the Chromium (or Chrome) that the browser tests drive; installs one with the system's package manager
# where there is none. SANLIANG_TEST_CHROMIUM names one to use. With --without-windows it is the shell of the same
# Chromium where there is one: windows that nobody sees cost more than the pages in them.
set -eu

names="chromium chromium-browser google-chrome google-chrome-stable"
[ "${1:-}" != --without-windows ] || names="chromium-headless-shell $names"

found() {
    for name in ${SANLIANG_TEST_CHROMIUM:-$names}; do
        command -v "$name" && return 0
    done
    return 1
}

give_up() {
    echo "The browser tests need Chromium: $1, then run this again (or name a browser in SANLIANG_TEST_CHROMIUM)." >&2
    exit 1
}

# Where changes are judged the shell is fetched; who only runs the tests takes what is there.
if [ "${1:-}" = --without-windows ] && [ -z "${SANLIANG_TEST_CHROMIUM:-}" ] && [ -n "${CI:-}" ] && [ "$(id -u)" -eq 0 ] &&
    ! command -v chromium-headless-shell >/dev/null && command -v apt-get >/dev/null; then
    apt-get update -qq >&2 && DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends chromium-headless-shell fonts-noto-cjk >&2 || true
fi
found && exit 0
[ -z "${SANLIANG_TEST_CHROMIUM:-}" ] || give_up "there is no '$SANLIANG_TEST_CHROMIUM'; correct the name"

as_root=""
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null && sudo -n true 2>/dev/null && as_root="sudo -n" || give_up "install the system's package 'chromium'"
fi
echo "Installing Chromium for the browser tests …" >&2
if command -v apt-get >/dev/null; then
    $as_root apt-get update -qq >&2 &&
        $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk >&2
elif command -v dnf >/dev/null; then
    $as_root dnf install -y -q chromium google-noto-sans-cjk-fonts >&2
elif command -v apk >/dev/null; then
    $as_root apk add -q chromium font-noto-cjk >&2
elif command -v pacman >/dev/null; then
    $as_root pacman -Sy --noconfirm --quiet chromium noto-fonts-cjk >&2
fi || give_up "the system's package manager could not install it; install Chromium by hand"
found || give_up "install Chromium by hand"
