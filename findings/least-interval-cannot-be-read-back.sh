#!/usr/bin/env bash
# The interval with the fewest microseconds is printed as a text that the same server refuses, so a dump with it cannot be restored.
#
# Guessed: whatever value a type can hold, its input function reads what its output function prints.
# Seen: 15 and 18 take '-9223372036854775808 microseconds' and print -2562047788:00:54.775808, which is "invalid input syntax" to them;
# one microsecond more can be read. So pg_dump writes the row, and restoring it fails. Only the style iso_8601 can be read back, and
# pg_dump sets the style postgres. 14 has hours of 32 bits in text: it prints -2147483648 hours with two signs, which it refuses, and
# one hour less, or a sum of 2147483648 hours, can be stored but not printed at all. The least months and days are read back in the style
# postgres, but the days of 15 and 18 are not in postgres_verbose, nor those of 14 in sql_standard. The least of all three at once is
# printed like any other by 15; to 18 it is -infinity.
. "$(dirname "$0")/support.bash"

debian 15.20 postgresql-15=15.20-0+deb12u1 postgresql-client-15=15.20-0+deb12u1
for version in 14.23 15.20 18.4; do
    microseconds="interval '-9223372036854775808 microseconds'"
    printed=-2562047788:00:54.775808
    case $version in
        14.*) microseconds="(interval '1 hour' * -2147483648)" printed=--2147483648:00:00 ;;
    esac
    case $version in
        15.*) bin=$folder/$version/usr/lib/postgresql/15/bin ;;
        *) bin=$(npm_postgres "$version.0-beta.17") ;;
    esac
    start "$bin" "$version"
    sql "$version" "SELECT version()"
    back() { sql "$version" "SET intervalstyle = $1" "SELECT ($2)::text::interval" | tail -n +2; }
    for style in postgres iso_8601; do
        check "$version, $style, the least months" "$(back "$style" "make_interval(months => -2147483648)")" "*178956970*8*"
        check "$version, $style, the least days" "$(back "$style" "make_interval(days => -2147483648)")" "*-2147483648*"
    done
    check "$version, the least microseconds" "$(sql "$version" "SELECT $microseconds")" "$printed"
    check "$version, read back" "$(back postgres "$microseconds")" "ERROR:  invalid input syntax for type interval: \"$printed\""
    check "$version, one more, read back" "$(back postgres "$microseconds + interval '1 microsecond'")" "-2[15]*:*:*[0-9]"
    check "$version, read back in iso_8601" "$(back iso_8601 "$microseconds")" "PT-2*"
    case $version in
        14.*)
            check "$version, the least days in sql_standard" "$(back sql_standard "make_interval(days => -2147483648)")" "ERROR: *\"--2147483648 0:00:00\""
            for longer in "(interval '1 hour' * -2147483648 - interval '1 hour')" "(interval '2147483647 hours' + interval '1 hour')"; do
                check "$version, a row with $longer" \
                    "$(sql "$version" "CREATE TABLE s AS SELECT $longer AS i" "SELECT i FROM s" "DROP TABLE s" | paste -sd' ')" \
                    "SELECT 1 ERROR:  interval out of range DROP TABLE"
            done
            ;;
        *)
            check "$version, the least days in postgres_verbose" "$(back postgres_verbose "make_interval(days => -2147483648)")" \
                "ERROR:  interval field value out of range: \"@ 2147483648 days ago\""
            check "$version, the least of all three" \
                "$(sql "$version" "SELECT interval '-2147483648 months -2147483648 days -9223372036854775808 microseconds'")" \
                "$([ "$version" = 18.4 ] && echo -infinity || echo '-178956970 years -8 mons -2147483648 days -2562047788:00:54.775808')"
            ;;
    esac
    sql "$version" "CREATE TABLE t AS SELECT $microseconds AS i" "CREATE TABLE u (i interval)" >"$folder/log"
    file=$folder/$version.socket/copy
    check "$version, COPY to a file and back" "$(sql "$version" "COPY t TO '$file'" "COPY u FROM '$file'")" \
        "COPY 1*ERROR:  invalid input syntax for type interval: \"$printed\"*"
    case $version in
        15.*)
            "$bin/pg_dump" -h "$folder/$version.socket" -U postgres -t t postgres >"$folder/dump.sql"
            sql "$version" "DROP TABLE t" >"$folder/log"
            check "$version, restoring the dump" \
                "$(psql -X -h "$folder/$version.socket" -U postgres -d postgres -Atq -f "$folder/dump.sql" 2>&1 | grep -o 'ERROR: .*')" \
                "ERROR:  invalid input syntax for type interval: \"$printed\""
            check "$version, rows after it" "$(sql "$version" "SELECT count(*) FROM t")" "0"
            ;;
    esac
    stop "$version"
done
finish
