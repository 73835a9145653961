#!/usr/bin/env bash
# The rum package that Debian rebuilt for PostgreSQL 15.20 does not load in 15.18; the one built before loads in both.
#
# Guessed: extensions compiled for a major release run on each of its minor releases (the module's magic block names only the
# major), so servers and extensions may be updated in any order.
# Seen: what 15.20's headers make of reading a composite value calls `heap_datum_check`, a function that 15.18 does not have. The
# rebuilt library cannot be loaded into a 15.18 server: the server must be updated, and restarted, before the extension.
. "$(dirname "$0")/support.bash"

for minor in 18 20; do
    for build in 1.3.13-1+b1 1.3.13-1+deb12u1; do
        tree=15.$minor-$build
        debian "$tree" "postgresql-15=15.$minor-0+deb12u1" "postgresql-15-rum=$build"
        start "$folder/$tree/usr/lib/postgresql/15/bin" "$tree"
        seen=$(sql "$tree" "CREATE EXTENSION rum")
        case $tree in
            15.18-*+deb12u1) expected="ERROR:  could not load library *undefined symbol: heap_datum_check" ;;
            *) expected="CREATE EXTENSION" ;;
        esac
        check "$(sql "$tree" "SELECT split_part(version(), ' ', 2)"), rum $build" "${seen//"$folder"/..}" "$expected"
        stop "$tree"
    done
done
finish
