#!/usr/bin/env bash
# ALTER INDEX .. ATTACH PARTITION of a partition's partition waits for readers of the table at the top, and pg_locks does not show it.
#
# Guessed: the statement locks the indexes that it names, and their tables; and a look into pg_locks after it, within its transaction,
# tells which locks it takes.
# Seen: where the last index of a partition is attached, that partition's own index becomes valid, and with it perhaps the one above.
# For that the server takes ACCESS EXCLUSIVE on the top table and its index: a plain SELECT of the table that is still open makes the
# statement wait, and those that come after it. 14, 15.18 and 18 release the lock before the statement ends, so pg_locks has no trace
# of it; 15.20 keeps it to the end of the transaction.
. "$(dirname "$0")/support.bash"

tables="CREATE TABLE top (a int, b int) PARTITION BY RANGE (a);
CREATE TABLE middle PARTITION OF top FOR VALUES FROM (0) TO (10) PARTITION BY RANGE (b);
CREATE TABLE leaf PARTITION OF middle FOR VALUES FROM (0) TO (10);
CREATE INDEX top_index ON ONLY top (a);
CREATE INDEX middle_index ON ONLY middle (a);
ALTER INDEX top_index ATTACH PARTITION middle_index;
CREATE INDEX leaf_index ON leaf (a)"
attach="ALTER INDEX middle_index ATTACH PARTITION leaf_index"
locks="SELECT coalesce(string_agg(relation::regclass || ' ' || mode, ', ' ORDER BY relation), 'none') FROM pg_locks
WHERE pid = pg_backend_pid() AND relation IN ('top'::regclass, 'top_index'::regclass)"

for minor in 18 20; do debian "15.$minor" "postgresql-15=15.$minor-0+deb12u1"; done
for version in 14.23 15.18 15.20 18.4; do
    case $version in
        15.*) bin=$folder/$version/usr/lib/postgresql/15/bin ;;
        *) bin=$(npm_postgres "$version.0-beta.17") ;;
    esac
    start "$bin" "$version"
    sql "$version" "$tables" >"$folder/log"
    sql "$version" "BEGIN" "SELECT FROM top" "SELECT pg_sleep(4)" "COMMIT" >"$folder/log" &
    sleep 1.5
    check "$version, beside an open SELECT of the top table" \
        "$(sql "$version" "SET lock_timeout = '1s'" "$attach")" "SET*ERROR:  canceling statement due to lock timeout"
    wait
    seen=$(sql "$version" "BEGIN" "$attach" "$locks" "ROLLBACK" | sed -n 3p)
    case $version in
        15.20) expected="top AccessExclusiveLock, top_index AccessExclusiveLock" ;;
        *) expected="none" ;;
    esac
    check "$version, locks on the top table and its index afterwards" "$seen" "$expected"
    stop "$version"
done
finish
