#!/usr/bin/env bash
# The same expression over two parameters is two expressions for GROUP BY and DISTINCT ON, whatever their values.
#
# Guessed: a query that groups by date_trunc('day', t) and selects date_trunc('day', t) stays valid when a client sends 'day' as a
# parameter wherever it stands, since both have one value.
# Seen: the check is made on the parameters' numbers, before values are known: $1 and $2 are different expressions, and the column below
# them "must appear in the GROUP BY clause". With one number in both places the query runs. ORDER BY is compared with the keys in the same way,
# and with those of DISTINCT ON.
. "$(dirname "$0")/support.bash"

table="CREATE TABLE visit (at timestamp); INSERT INTO visit VALUES ('2026-01-01 10:00'), ('2026-01-01 11:00'), ('2026-01-02 10:00')"
refused="ERROR:  column \"visit.at\" must appear in the GROUP BY clause or be used in an aggregate function"

for version in 14.23 18.4; do
    bin=$(npm_postgres "$version.0-beta.17")
    start "$bin" "$version"
    sql "$version" "$table" >"$folder/log"
    check "$version, \$2 selected, \$1 grouped by" \
        "$(sql "$version" "PREPARE q(text, text) AS SELECT date_trunc(\$2, at), count(*) FROM visit GROUP BY date_trunc(\$1, at)")" "$refused*"
    check "$version, \$1 in both places" \
        "$(sql "$version" "PREPARE q(text) AS SELECT count(*) FROM visit GROUP BY date_trunc(\$1, at) ORDER BY date_trunc(\$1, at)" "EXECUTE q('day')" | tr '\n' ' ')" "PREPARE 2 1 "
    check "$version, \$1 grouped by, \$2 sorted by" \
        "$(sql "$version" "PREPARE q(text, text) AS SELECT count(*) FROM visit GROUP BY date_trunc(\$1, at) ORDER BY date_trunc(\$2, at)")" "$refused*"
    check "$version, DISTINCT ON (\$1) ORDER BY \$2" \
        "$(sql "$version" "PREPARE q(text, text) AS SELECT DISTINCT ON (date_trunc(\$1, at)) at FROM visit ORDER BY date_trunc(\$2, at)")" \
        "ERROR:  SELECT DISTINCT ON expressions must match initial ORDER BY expressions*"
    stop "$version"
done
finish
