#!/usr/bin/env bash
# A text parameter that is cast to regclass may hold a name only: '1259' and '-', which the type's input takes, are errors.
#
# Guessed: `$1::regclass` takes whatever `'..'::regclass` takes in psql, that is a name, an OID in digits, or `-` for none.
# Seen: a literal goes through the type's input function, and so does a parameter whose type the client leaves open. A value of type
# text goes through a cast of its own, which looks for a table of that name: 'relation "1259" does not exist'. If there is a table named
# "1259", that is the result. So a client that declares text can read a regclass as text (`-` for 0), but not always send it back.
# Of the types reg.. only regclass has such a cast: text to regtype, regproc and regnamespace takes digits and `-`.
. "$(dirname "$0")/support.bash"

for version in 14.23 18.4; do
    bin=$(npm_postgres "$version.0-beta.17")
    start "$bin" "$version"
    sql "$version" "SELECT version()"
    check "$version, literals" "$(sql "$version" "SELECT '1259'::regclass, '-'::regclass, 'pg_class'::regclass")" "pg_class|-|pg_class"
    prepare() { sql "$version" "PREPARE p$1 AS SELECT \$1::regclass" "EXECUTE p('$2')" | tail -n +2; }
    for value in 1259 -; do
        check "$version, \$1 of an open type, '$value'" "$(prepare "" "$value")" "$([ "$value" = - ] && echo - || echo pg_class)"
        check "$version, \$1 as text, '$value'" "$(prepare "(text)" "$value")" "ERROR:  relation \"$value\" does not exist"
    done
    check "$version, \$1 as text, 'pg_class'" "$(prepare "(text)" pg_class)" "pg_class"
    check "$version, by way of oid" "$(sql "$version" "SELECT '1259'::text::oid::regclass")" "pg_class"
    check "$version, types reg.. with a cast from text" \
        "$(sql "$version" "SELECT casttarget::regtype FROM pg_cast WHERE castsource = 'text'::regtype AND casttarget::regtype::text LIKE 'reg%'")" "regclass"
    check "$version, text to regtype, regproc, regnamespace" \
        "$(sql "$version" "SELECT '23'::text::regtype, '-'::text::regproc, '11'::text::regnamespace")" "integer|-|pg_catalog"
    sql "$version" 'CREATE TABLE "1259" (a int)' >"$folder/log"
    check "$version, beside a table named 1259" "$(sql "$version" "SELECT '1259'::regclass, '1259'::text::regclass")" 'pg_class|"1259"'
    stop "$version"
done
finish
