#!/usr/bin/env bash
# CREATE EXTENSION debversion (Debian's package for version numbers) fails on PostgreSQL 15.20; it works on 15.18.
#
# Guessed: an extension of the distribution's own, for this major release, can be created on each of its minor releases, and so can a
# dump of a database that uses it be restored.
# Seen: its script declares `>=` as the negator of `>` although `<` has it already. 15.18 stores that; 15.20 checks that a negator or
# commutator belongs to no other operator, and refuses the script. So after the update a dump of a database with the extension, which
# is a CREATE EXTENSION, cannot be restored. The same holds for any script of operators with such a slip.
. "$(dirname "$0")/support.bash"

slip="CREATE FUNCTION lt(point, point) RETURNS bool IMMUTABLE LANGUAGE sql AS 'SELECT \$1[0] < \$2[0]';
CREATE OPERATOR #< (PROCEDURE = lt, LEFTARG = point, RIGHTARG = point, NEGATOR = #>=);
CREATE OPERATOR #> (PROCEDURE = lt, LEFTARG = point, RIGHTARG = point, NEGATOR = #>=)"
for minor in 18 20; do
    debian "15.$minor" "postgresql-15=15.$minor-0+deb12u1" postgresql-15-debversion=1.1.2-1+b1
    start "$folder/15.$minor/usr/lib/postgresql/15/bin" "on-15.$minor"
    sql "on-15.$minor" "SELECT version()"
done
check "15.18, the extension" "$(sql on-15.18 "CREATE EXTENSION debversion")" "CREATE EXTENSION"
check "15.20, the extension" "$(sql on-15.20 "CREATE EXTENSION debversion")" "ERROR:  negator operator >= is already the negator of operator <"
check "15.18, two operators with one negator" "$(sql on-15.18 "$slip")" "*CREATE OPERATOR"
check "15.20, two operators with one negator" "$(sql on-15.20 "$slip")" "*ERROR:  negator operator #>= is already the negator of operator #<"
finish
