#!/usr/bin/env bash
# Sending an array of records takes a kilobyte of the server's memory for each field of each record, until the row is sent.
#
# Guessed: a row with a cell ARRAY(SELECT ROW(..)) needs on the server a few times the memory that the cell has on the wire, as an array of
# text does.
# Seen: record_send frees nothing that the send functions of its fields give back, and each of them starts with a buffer of 1024 bytes. So
# 100,000 records of 5 fields, 19 megabytes on the wire, take 600 megabytes, and nine times the server's time of the same rows as plain rows
# (a profile had 86 % of it in the kernel, which hands out the pages). work_mem has no say in it. The memory is free again after each row that is
# sent. The text format does not have this, nor has an array for each column.
. "$(dirname "$0")/support.bash"

# peak SERVER SQL: the largest size of the session's memory in kilobytes.
peak() { sql "$1" "$2" "SELECT (regexp_match(pg_read_file('/proc/self/status'), 'VmHWM:\s*(\d+)'))[1]" | tail -n 1; }

for version in 14.23 18.4; do
    bin=$(npm_postgres "$version.0-beta.17")
    start "$bin" "$version"
    rows() { echo "(SELECT i AS a, i AS b, 'some text' AS c, i AS d, i AS e FROM generate_series(1, $1) i) r"; }
    records() { echo "SELECT octet_length($2(ARRAY(SELECT ROW(a, b, c, d, e) FROM $(rows "$1"))))"; }
    few=$(peak "$version" "$(records 20000 array_send)")
    many=$(peak "$version" "$(records 40000 array_send)")
    check "$version, bytes of memory for each further field of a record[] in binary" "$(((many - few) * 1024 / (20000 * 5)))" "1[0123]??"
    few=$(peak "$version" "$(records 20000 text)")
    many=$(peak "$version" "$(records 40000 text)")
    check "$version, the same as text: fewer than 300" "$((((many - few) * 1024 / (20000 * 5)) < 300))" 1
    columns() { echo "SELECT $(for c in a b c d e; do echo "octet_length(array_send(array_agg($c))) +"; done) 0 FROM $(rows "$1")"; }
    few=$(peak "$version" "$(columns 20000)")
    many=$(peak "$version" "$(columns 40000)")
    check "$version, an array for each column: fewer than 300" "$((((many - few) * 1024 / (20000 * 5)) < 300))" 1
    stop "$version"
done
finish
