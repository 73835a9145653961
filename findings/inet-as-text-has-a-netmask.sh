#!/usr/bin/env bash
# An inet that is cast to text ends in /32 (or /128), which the output of the same value does not.
#
# Guessed: `address::text` is the text that psql, COPY and a driver show for the value, as for other types.
# Seen: the cast from inet to text is a function of its own that always adds the length of the netmask; so do varchar and ||. The type's
# output leaves it out for a single address, and with it format, concat, to_jsonb, arrays and records. So a join or a condition on
# `address::text` does not find addresses as they were printed, and GROUP BY shows others. host(address) gives the address alone, and
# abbrev(address) the text of the output.
. "$(dirname "$0")/support.bash"

for version in 14.23 18.4; do
    bin=$(npm_postgres "$version.0-beta.17")
    start "$bin" "$version"
    file=$folder/$version.socket/copy
    sql "$version" "SELECT version()" "CREATE TABLE visit (address inet)" "INSERT INTO visit VALUES ('10.0.0.1'), ('10.0.0.1'), ('::1')" \
        "COPY visit TO '$file'" "CREATE TABLE printed (address text)" "COPY printed FROM '$file'"
    check "$version, the output" "$(sql "$version" "SELECT inet '10.0.0.1', inet '::1', inet '10.0.0.1/8'")" "10.0.0.1|::1|10.0.0.1/8"
    check "$version, as text" \
        "$(sql "$version" "SELECT (inet '10.0.0.1')::text, (inet '::1')::text, (inet '10.0.0.1/8')::text")" "10.0.0.1/32|::1/128|10.0.0.1/8"
    check "$version, varchar, ||" "$(sql "$version" "SELECT (inet '10.0.0.1')::varchar, inet '10.0.0.1' || ''")" "10.0.0.1/32|10.0.0.1/32"
    check "$version, format, concat, to_jsonb, array, record" \
        "$(sql "$version" "SELECT format('%s', a), concat(a), to_jsonb(a), ARRAY[a]::text, ROW(a)::text FROM (SELECT inet '10.0.0.1') AS s (a)")" \
        '10.0.0.1|10.0.0.1|"10.0.0.1"|{10.0.0.1}|(10.0.0.1)'
    check "$version, host, abbrev" "$(sql "$version" "SELECT host(inet '10.0.0.1'), abbrev(inet '10.0.0.1')")" "10.0.0.1|10.0.0.1"
    check "$version, grouped by the text" \
        "$(sql "$version" "SELECT address::text, count(*) FROM visit GROUP BY address::text ORDER BY 2" | paste -sd' ')" "::1/128|1 10.0.0.1/32|2"
    check "$version, rows with the text as it was printed" "$(sql "$version" "SELECT count(*) FROM visit WHERE address::text = '10.0.0.1'")" "0"
    check "$version, rows of a join with the output of COPY, by ::text, abbrev and ::inet" \
        "$(sql "$version" "SELECT count(*) FILTER (WHERE v.address::text = p.address), count(*) FILTER (WHERE abbrev(v.address) = p.address),
        count(*) FILTER (WHERE v.address = p.address::inet) FROM visit v, printed p")" "0|5|5"
    stop "$version"
done
finish
