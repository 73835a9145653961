#!/usr/bin/env bash
# deadpool-postgres 0.14.2, a patch release of 0.14.1, is built on another major version of deadpool, whose types are in its interface.
#
# Guessed: a patch release keeps the versions of the crates whose types its own interface has, so `deadpool-postgres = "0.14"` next to
# `deadpool = "0.12"` (or "0.13") goes on compiling.
# Seen: 0.14.1 needs deadpool 0.12, 0.14.2 needs 0.13. With "0.14" and the other deadpool, one lock file has two deadpools, and a
# `managed::Pool` of the one is no `deadpool_postgres::Pool`. The requirement must be "0.14.2" (or "=0.14.1"), not "0.14".
. "$(dirname "$0")/support.bash"

mkdir -p "$folder/app/src"
echo 'fn main() {}' >"$folder/app/src/main.rs"
# versions DEADPOOL-POSTGRES DEADPOOL: the deadpools that end up in one lock file.
versions() {
    cat >"$folder/app/Cargo.toml" <<TOML
[package]
name = "app"
version = "0.1.0"
edition = "2021"
[dependencies]
deadpool-postgres = "=$1"
deadpool = "$2"
[workspace]
TOML
    rm -f "$folder/app/Cargo.lock"
    (cd "$folder/app" && cargo generate-lockfile --quiet && cargo metadata --format-version 1 2>/dev/null) \
        | grep -oE '"name":"deadpool","version":"[0-9]+\.[0-9]+' | grep -oE '[0-9]+\.[0-9]+$' | sort -u | paste -sd' '
}
check "0.14.1 beside deadpool 0.12" "$(versions 0.14.1 0.12)" "0.12"
check "0.14.1 beside deadpool 0.13" "$(versions 0.14.1 0.13)" "0.12 0.13"
check "0.14.2 beside deadpool 0.12" "$(versions 0.14.2 0.12)" "0.12 0.13"
check "0.14.2 beside deadpool 0.13" "$(versions 0.14.2 0.13)" "0.13"
finish
