#!/usr/bin/env bash
# PostgreSQL 15.20 refuses logical decoding plugins that 15.18 ran: a slot of wal2json stops after a minor update.
#
# Guessed: a minor release changes no configuration, so a replication slot that works before the update works after it.
# Seen: 15.20 (and 18.6) have a new setting, `output_plugin_libraries`, whose default is `pgoutput, test_decoding`. A slot of any
# other plugin (wal2json, decoderbufs, ..) is still there after the update and still reserves WAL, but nothing can read it, not even a
# superuser, until the plugin is in the list. And the list must be written without quotes: `ALTER SYSTEM SET .. = 'a, b'` is
# accepted, stores one library with the name "a, b", and refuses the built-in plugins as well.
. "$(dirname "$0")/support.bash"

for minor in 18 20; do
    debian "15.$minor" "postgresql-15=15.$minor-0+deb12u1" postgresql-15-wal2json=2.5-1+b1
done
bin=usr/lib/postgresql/15/bin
start "$folder/15.18/$bin" server -c wal_level=logical
sql server "SELECT version()"
sql server "SELECT pg_create_logical_replication_slot('changes', 'wal2json')" "CREATE TABLE t (id int PRIMARY KEY)" >"$folder/log"
peek="SELECT 'read' FROM pg_logical_slot_peek_changes('changes', NULL, NULL) LIMIT 1"
check "15.18 reads the slot" "$(sql server "$peek")" "read"
stop server

start "$folder/15.20/$bin" server -c wal_level=logical
sql server "SELECT version()"
check "15.20, the new setting" "$(sql server "SHOW output_plugin_libraries")" "pgoutput, test_decoding"
check "15.20, a superuser reads the slot" "$(sql server "$peek")" '*library "wal2json" may not be used as an output plugin*'
check "15.20, the slot" "$(sql server "SELECT plugin, wal_status FROM pg_replication_slots")" "wal2json|reserved"

change() { sql server "ALTER SYSTEM SET output_plugin_libraries = $1" "SELECT pg_reload_conf()" >"$folder/log"; sleep 1; }
change "'pgoutput, test_decoding, wal2json'"
check "15.20, the list as one string" "$(sql server "$peek")" '*may not be used as an output plugin*'
builtin="SELECT 'made' FROM pg_create_logical_replication_slot('own', 'pgoutput')"
check "15.20, a built-in plugin after that" "$(sql server "$builtin")" '*library "pgoutput" may not be used*'
change "pgoutput, test_decoding, wal2json"
check "15.20, the list without quotes" "$(sql server "$peek")" "read"
finish
