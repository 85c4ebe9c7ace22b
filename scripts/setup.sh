#!/bin/sh
# Sets up what `make run` and `make test` need, and nothing that is there already.
#
#   scripts/setup.sh system run|test     Qt's system libraries; for the tests a virtual screen as well
#   scripts/setup.sh python run|test     .venv with the project and its pinned dependencies; for the tests their tools as well
#   scripts/setup.sh system|python peers   what the benchmarks compare with, into the same .venv; Graphviz
set -eu
cd "$(dirname "$0")/.."
VENV=${VENV:-.venv}

say() { printf 'setup: %s\n' "$*" >&2; }

as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi; }

# Installs Debian packages where that needs no question; elsewhere says in one line what to install, and fails.
install_packages() {
    if command -v apt-get >/dev/null && as_root true 2>/dev/null; then
        say "installing $*"
        # A list that cannot be renewed may still be good enough: let the install decide.
        as_root apt-get -qq update || true
        as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends \
            -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 install "$@" </dev/null && return
    fi
    say "please install, under these names (Debian's) or your system's own: $*"
    return 1
}

# Libraries that Qt's wheels load but do not bring: by the loader's name, as package names differ between releases.
qt_libraries() {
    cat <<'EOF'
libEGL.so.1 libegl1
libGL.so.1 libgl1
libglib-2.0.so.0 libglib2.0-0
libdbus-1.so.3 libdbus-1-3
libfontconfig.so.1 libfontconfig1
libwayland-cursor.so.0 libwayland-cursor0
libX11-xcb.so.1 libx11-xcb1
libxkbcommon.so.0 libxkbcommon0
libxkbcommon-x11.so.0 libxkbcommon-x11-0
libxcb-cursor.so.0 libxcb-cursor0
libxcb-icccm.so.4 libxcb-icccm4
libxcb-image.so.0 libxcb-image0
libxcb-keysyms.so.1 libxcb-keysyms1
libxcb-randr.so.0 libxcb-randr0
libxcb-render-util.so.0 libxcb-render-util0
libxcb-shape.so.0 libxcb-shape0
libxcb-sync.so.1 libxcb-sync1
libxcb-util.so.1 libxcb-util1
libxcb-xfixes.so.0 libxcb-xfixes0
libxcb-xkb.so.1 libxcb-xkb1
EOF
}

missing_packages() {
    known=$(PATH="$PATH:/sbin:/usr/sbin" ldconfig -p)
    qt_libraries | while read -r library package; do
        case $known in *"$library "*) ;; *) echo "$package" ;; esac
    done
    [ -n "$(find /usr/share/fonts /usr/local/share/fonts "${HOME-}/.fonts" "${HOME-}/.local/share/fonts" \
        -name '*.[ot]tf' -print -quit 2>/dev/null)" ] || echo fonts-dejavu-core
    [ "$1" != test ] || command -v Xvfb >/dev/null || echo xvfb
    [ "$1" != peers ] || command -v dot >/dev/null || echo graphviz
}

set_up_system() {
    [ "$(uname -s)" = Linux ] || return 0
    missing=$(missing_packages "$1" | tr '\n' ' ')
    # Without them the terminal face still works, and Qt says itself what it cannot load: go on.
    # shellcheck disable=SC2086
    [ -z "$missing" ] || install_packages $missing || true
}

# TensorFlow 2.21 has wheels for these, and for none newer.
SUITABLE='import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))'

find_python() {
    # Each is asked and not just looked for: a version manager's shim may stand for a Python that is not there.
    for candidate in ${PYTHON:-python3.11 python3.12 python3.13 python3}; do
        if "$candidate" -c "$SUITABLE" >/dev/null 2>&1; then echo "$candidate"; return; fi
    done
    say "needs Python 3.11, 3.12 or 3.13 (found none among: ${PYTHON:-python3.11 python3.12 python3.13 python3}); make PYTHON=/path/to/it names one"
    return 1
}

make_venv() {
    python=$(find_python)
    # Debian leaves this part of Python out of its python3 package.
    "$python" -c 'import ensurepip, venv' 2>/dev/null ||
        install_packages "$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
    "$python" -m venv --clear "$VENV"
}

set_up_python() {
    { "$VENV/bin/python" -c "$SUITABLE" && "$VENV/bin/python" -m pip --version; } >/dev/null 2>&1 || make_venv
    say "installing into $VENV what is not there yet (TensorFlow and Qt: about 1 GB to download, once)"
    pip() { "$VENV/bin/python" -m pip --disable-pip-version-check --retries 10 install --prefer-binary -c constraints.txt "$@"; }
    # The build tool goes into .venv too, so that it is pinned like all else.
    pip hatchling
    case $1 in
        run) pip --no-build-isolation -e . ;;
        test) pip --no-build-isolation -e '.[test]' ;;
        peers) pip --no-build-isolation -e '.[peers]' ;;
    esac
}

case "${1-} ${2-}" in
    "system run" | "system test" | "system peers" | "python run" | "python test" | "python peers") "set_up_$1" "$2" ;;
    *) sed -n '2,6s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac
