#!/usr/bin/env bash
# A parameter declared as text turns a comparison with a char(n) or citext column into one of text: no index, and fewer rows.
#
# Guessed: a client may declare each string that it sends as text (here `PREPARE q(text)`; a driver with types does so in the protocol),
# and `column = $1` means the same as with a literal or with a parameter of an open type.
# Seen: an open parameter takes the column's type. Against text the column is cast instead: char(n) loses the blanks at its end and those
# of the parameter count, citext becomes case-sensitive, and no index on the column fits. There is no error and no notice. A varchar
# column is compared as text either way, and keeps its index. `$1::citext`, `$1::bpchar` or citext and bpchar as the declared types help.
. "$(dirname "$0")/support.bash"

table="CREATE TABLE t (c char(5), ci citext, v varchar(9));
INSERT INTO t SELECT i::text, 'Ab' || i, i::text FROM generate_series(1, 1000) i; CREATE INDEX ON t (c); CREATE INDEX ON t (ci); CREATE INDEX ON t (v)"

for version in 14.23 18.4; do
    bin=$(npm_postgres "$version.0-beta.17")
    start "$bin" "$version"
    sql "$version" "SELECT version()" "CREATE EXTENSION citext" "$table" "VACUUM ANALYZE t"
    # plan TYPES CONDITION VALUE: the condition in the plan, where sequential scans are off; rows: how many rows are found.
    plan() { sql "$version" "SET enable_seqscan = off" "PREPARE q$1 AS SELECT FROM t WHERE $2" "EXPLAIN (COSTS OFF) EXECUTE q('$3')" | grep -oE '(Filter|Index Cond): .*'; }
    rows() { sql "$version" "PREPARE q$1 AS SELECT count(*) FROM t WHERE $2" "EXECUTE q('$3')" | tail -1; }
    check "$version, char(5) = an open \$1" "$(plan "" 'c = $1' 7)" "Index Cond: (c = '7'::bpchar)"
    check "$version, char(5) = \$1 as text" "$(plan "(text)" 'c = $1' 7)" "Filter: ((c)::text = '7'::text)"
    check "$version, char(5) = \$1 as text, cast" "$(plan "(text)" 'c = $1::bpchar' 7)" "Index Cond: (c = '7'::bpchar)"
    check "$version, char(5) = \$1 as bpchar" "$(plan "(bpchar)" 'c = $1' 7)" "Index Cond: (c = '7'::bpchar)"
    check "$version, varchar = \$1 as text" "$(plan "(text)" 'v = $1' 7)" "Index Cond: (v = '7'::text)"
    check "$version, citext = an open \$1" "$(plan "" 'ci = $1' AB7)" "Index Cond: (ci = 'AB7'::citext)"
    check "$version, citext = \$1 as text" "$(plan "(text)" 'ci = $1' AB7)" "Filter: ((ci)::text = 'AB7'::text)"
    check "$version, citext = \$1 as text, cast" "$(plan "(text)" 'ci = $1::citext' AB7)" "Index Cond: (ci = 'AB7'::citext)"
    check "$version, citext = \$1 as citext" "$(plan "(citext)" 'ci = $1' AB7)" "Index Cond: (ci = 'AB7'::citext)"
    check "$version, rows with char(5) = '7    ', open and text" "$(rows "" 'c = $1' '7    ') $(rows "(text)" 'c = $1' '7    ')" "1 0"
    check "$version, rows with citext = 'AB7', open and text" "$(rows "" 'ci = $1' AB7) $(rows "(text)" 'ci = $1' AB7)" "1 0"
    stop "$version"
done
finish
