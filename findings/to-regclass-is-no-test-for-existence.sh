#!/usr/bin/env bash
# to_regclass and its siblings raise an error, not NULL, where the role has no USAGE on the schema; IF NOT EXISTS does not help either.
#
# Guessed: `to_regclass('s.t')` is the form of `'s.t'::regclass` that never fails (the manual: NULL rather than an error if there is no
# such name), and `CREATE SCHEMA IF NOT EXISTS` is free to run where the schema exists.
# Seen: for a role without USAGE on a schema that exists, to_regclass, to_regproc and to_regtype fail with 42501 whether or not there is
# such a table, while an unknown schema gives NULL. `CREATE SCHEMA IF NOT EXISTS` asks for CREATE on the database before it looks.
# So a look for an optional table (a ledger, an extension's) must first ask has_schema_privilege.
. "$(dirname "$0")/support.bash"

start "$(npm_postgres 18.4.0-beta.17)" server
sql server "SELECT version()" "CREATE ROLE reader LOGIN" "CREATE SCHEMA closed" "CREATE TABLE closed.t (a int)"
export PGUSER=reader
for call in "to_regclass('closed.t')" "to_regclass('closed.missing')" "to_regproc('closed.f')" "to_regtype('closed.t')"; do
    check "$call" "$(sql server "SELECT $call")" "ERROR:  permission denied for schema closed"
done
check "to_regclass of an unknown schema" "$(sql server "SELECT to_regclass('nowhere.t') IS NULL")" "t"
check "CREATE SCHEMA IF NOT EXISTS of one that exists" \
    "$(sql server "CREATE SCHEMA IF NOT EXISTS closed")" "ERROR:  permission denied for database postgres"
check "has_schema_privilege" "$(sql server "SELECT has_schema_privilege('closed', 'USAGE')")" "f"
finish
