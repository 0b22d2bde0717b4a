#!/usr/bin/env bash
# Installs the programs of Debian that tests need: a browser, the clients that people play MUDs with, a terminal to run
# them in, and Python for a peer that takes little, because Node cannot make a receive buffer small.
# Without them those tests are skipped, except in CI, where a missing program is a failure.
set -euo pipefail

# Debian keeps games where root's PATH does not lead.
PATH="$PATH:/usr/games"
missing=()
need() { # PROGRAM PACKAGE
  command -v "$1" > /dev/null || missing+=("$2")
}
need chromium chromium
need ncat ncat
need plink putty-tools
need python3 python3
need telnet telnet
need tf tf5
need tmux tmux
need tt++ tintin++
if [ "${#missing[@]}" -eq 0 ]; then
  exit 0
fi

if ! command -v apt-get > /dev/null; then
  echo "Please install with your system's package manager: ${missing[*]}" >&2
  exit 1
fi
as_root=()
[ "$(id -u)" -eq 0 ] || as_root=(sudo)

echo "Installing for the tests: ${missing[*]}"
"${as_root[@]}" apt-get update -qq
DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" > /dev/null
