# Sourced by the scripts beside it. Leaves $root and $python (of the virtual environment) behind.
#
# Takes the name of the lock file to install. Needs nothing but a POSIX shell and a Python.

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
PATH=${PATH:-/usr/local/bin:/usr/bin:/bin}
export PATH
unset PYTHONPATH PYTHONHOME
case ${DATA_DIR:-} in
    '' | /*) ;;
    *) DATA_DIR=$PWD/$DATA_DIR ;;
esac

# The newest that really runs: a version manager's shim may exist and yet run nothing.
find_python() {
    for candidate in python3.14 python3.13 python3.12 python3.11 python3; do
        if "$candidate" -c 'import ctypes, ssl, sys, venv; sys.exit(sys.version_info < (3, 11))' \
            >/dev/null 2>&1; then
            printf '%s\n' "$candidate"
            return
        fi
    done
    echo "Imprimatur needs Python 3.11 or newer with its venv module: install it, then try again." >&2
    return 1
}

set_up() {
    found=$(find_python) || exit 1
    "$found" "$root/bin/_setup.py" "$1" || exit 1
    python=$root/.venv/bin/python
    cd "$root" || exit 1
}

# What package-lock.json names, unless it is installed already.
install_packages() {
    [ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --silent --no-audit --no-fund
}
