#!/usr/bin/env bash
# Without an index, `= ANY($1)` compares each row with each element of the array once its plan is generic, and PostgreSQL goes over to that plan by itself.
#
# Guessed: a prepared `WHERE key = ANY($1)` without an index is one scan with a hash table of the keys (as since version 14), whatever the plan.
# Seen: only an array that is a constant when the plan is made is hashed. In a generic plan it is a parameter: the array is searched
# from its start for each row. EXPLAIN shows the same node for both, and the costs take an unknown array for one of 10 elements, so that
# the generic plan looks cheap and is chosen after the fifth execution: with 1,000 keys and 100,000 rows it took 386 ms against 16 ms of the plans before.
# `key IN (SELECT unnest($1))` is a hash join in both plans. The same holds for `= ANY(ARRAY(SELECT ..))`, against `IN (SELECT ..)`.
. "$(dirname "$0")/support.bash"

table="CREATE TABLE child (id int8, parent int8, body text); INSERT INTO child SELECT i, i % 5000, repeat('x', 60) FROM generate_series(1, 100000) i; ANALYZE child"
keys="ARRAY(SELECT i FROM generate_series(1, 5000) i)"

for version in 14.23 18.4; do
    bin=$(npm_postgres "$version.0-beta.17")
    start "$bin" "$version"
    sql "$version" "$table" >"$folder/log"
    array=$(sql "$version" "SELECT $keys")
    # time WHERE MODE: milliseconds of one execution
    time_of() {
        sql "$version" "SET max_parallel_workers_per_gather = 0" "SET plan_cache_mode = $2" "PREPARE q(int8[]) AS SELECT * FROM child WHERE $1 ORDER BY id" \
            "EXPLAIN (ANALYZE, TIMING OFF) EXECUTE q('$array')" | sed -n 's/^Execution Time: \([0-9]*\).*/\1/p'
    }
    any="parent = ANY(\$1)"
    unnest="parent IN (SELECT unnest(\$1))"
    check "$version, = ANY(\$1), custom plan: more than 5 times faster than the generic one" \
        "$(($(time_of "$any" force_generic_plan) > 5 * $(time_of "$any" force_custom_plan)))" 1
    check "$version, = ANY(\$1), generic plan: more than 5 times slower than with IN (SELECT unnest(\$1))" \
        "$(($(time_of "$any" force_generic_plan) > 5 * $(time_of "$unnest" force_generic_plan)))" 1
    check "$version, nodes of the two plans of = ANY(\$1)" "$(for mode in force_custom_plan force_generic_plan; do
        sql "$version" "SET max_parallel_workers_per_gather = 0" "SET plan_cache_mode = $mode" "PREPARE q(int8[]) AS SELECT * FROM child WHERE $any ORDER BY id" \
            "EXPLAIN (COSTS OFF) EXECUTE q('$array')" | grep -o -e 'Seq Scan on child' -e 'Filter: (parent = ANY' | tr '\n' ' '
    done)" "Seq Scan on child Filter: (parent = ANY Seq Scan on child Filter: (parent = ANY "
    runs=(); for _ in 1 2 3 4 5 6; do runs+=("EXPLAIN (COSTS OFF) EXECUTE q('$array')"); done
    check "$version, custom and generic plans of six executions" \
        "$(sql "$version" "PREPARE q(int8[]) AS SELECT * FROM child WHERE $any ORDER BY id" "${runs[@]}" \
            "SELECT custom_plans, generic_plans FROM pg_prepared_statements" | tail -n 1)" "5|1"
    stop "$version"
done
finish
