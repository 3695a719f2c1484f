#!/bin/sh
# Makes the virtual environment given as $1 with the first Python of 3.11 or newer, or says in one sentence what is missing.
set -u
for python in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
    command -v "$python" >/dev/null 2>&1 || continue
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        echo "$python lacks the modules venv and ensurepip: install them (on Debian and Ubuntu 'apt install python3-venv') and run make again." >&2
        exit 1
    fi
    rm -rf "$1"
    "$python" -m venv "$1" || {
        rm -rf "$1"
        echo "The virtual environment $1 cannot be made with $python: see the lines above." >&2
        exit 1
    }
    exit 0
done
echo "Siteline needs Python 3.11 or newer and found none: install it (on Debian and Ubuntu 'apt install python3 python3-venv'), or name it: make PYTHON=/path/to/python3.12 run." >&2
exit 1
