#!/bin/sh
# Where changes are judged, nginx, Caddy, logrotate and systemd-analyze are fetched: they check the files under deploy/. Who only
# runs the tests goes without what is not there.
set -eu

missing=""
for name in nginx caddy logrotate systemd-analyze; do
    command -v "$name" >/dev/null || [ -x "/usr/sbin/$name" ] || missing="$missing ${name%-analyze}"
done
[ -n "$missing" ] && [ -n "${CI:-}" ] && [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null || exit 0
apt-get update -qq >&2
# shellcheck disable=SC2086  # several names
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >&2 </dev/null
