#!/usr/bin/env bash
# One ALTER TABLE cannot give an identity column a smaller type and the bounds that fit it, in either order; it can the other way.
#
# Guessed: the commands of one ALTER TABLE are checked together, so `ALTER c SET MAXVALUE 100, ALTER c TYPE int` leads from one valid state
# to another.
# Seen: the change of type is done in an earlier pass, whatever the order of the words, and gives the sequence the new type with its
# old bounds: "MAXVALUE (..) is out of range for sequence data type integer". The bounds need a statement of their own before it.
# To a larger type both go together.
. "$(dirname "$0")/support.bash"

start "$(npm_postgres 18.4.0-beta.17)" server
sql server "SELECT version()" "CREATE TABLE t (c bigint GENERATED ALWAYS AS IDENTITY (MAXVALUE 9000000000))" \
    "CREATE TABLE u (c smallint GENERATED ALWAYS AS IDENTITY)"
refused="ERROR:  MAXVALUE (9000000000) is out of range for sequence data type integer"
check "type, then bounds" "$(sql server "ALTER TABLE t ALTER c TYPE int, ALTER c SET MAXVALUE 100")" "$refused"
check "bounds, then type" "$(sql server "ALTER TABLE t ALTER c SET MAXVALUE 100, ALTER c TYPE int")" "$refused"
check "two statements" \
    "$(sql server "ALTER TABLE t ALTER c SET MAXVALUE 100" "ALTER TABLE t ALTER c TYPE int" | tail -1)" "ALTER TABLE"
check "a larger type and its bounds" "$(sql server "ALTER TABLE u ALTER c TYPE bigint, ALTER c SET MAXVALUE 9000000000")" "ALTER TABLE"
finish
