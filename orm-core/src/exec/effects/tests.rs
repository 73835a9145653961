//! Texts that may change the session, and texts that may not.

use super::may_outlast;

/// What every user writes: none of it can leave anything behind.
const ENDS: &[&str] = &[
    "SELECT 1",
    "select id, name from person where id = $1 and name = 'Ada''s' -- set_config(\n order by id limit 10",
    "SELECT count(*), max(n) FILTER (WHERE n > 1) OVER (PARTITION BY (a, b) ORDER BY c) FROM t;",
    "SELECT * FROM a JOIN (SELECT 1 AS x) AS b ON (a.x = b.x) LEFT JOIN LATERAL (SELECT 2) c ON true",
    "SELECT x::numeric(10, 2), CAST(y AS varchar(3)), CAST(z AS character varying(3)) FROM t",
    "SELECT coalesce(lower(name), 'x'), extract(year FROM at), EXISTS (SELECT FROM t) FROM person",
    "SELECT id FROM t WHERE id IN (1, 2) AND id = ANY($1) AND (a, b) > ($2, $3) FOR UPDATE SKIP LOCKED",
    "SELECT $$set_config('a', 'b', false)$$, $a$ ; COMMIT $a$, 'SET x', /* ; /* BEGIN */ ; */ 2",
    "(SELECT 1) UNION ALL (SELECT 2)",
    "VALUES (1, 'a'), (2, 'b')",
    "INSERT INTO t (a, b) VALUES ($1, now()) ON CONFLICT (a) DO UPDATE SET b = excluded.b RETURNING a",
    "INSERT INTO public.\"T\" (a) SELECT n FROM generate_series(1, 3) AS n",
    "INSERT INTO t AS x (a) VALUES (1)",
    "UPDATE t SET a = a + 1 WHERE id = $1",
    "DELETE FROM t USING s WHERE t.id = s.id",
    "MERGE INTO t USING s ON (t.id = s.id) WHEN MATCHED THEN DO NOTHING",
    "WITH x (a) AS (INSERT INTO t (a) VALUES (1) RETURNING a), y AS (SELECT 1) SELECT * FROM x",
    "WITH x AS (SELECT 1) INSERT INTO t (a) SELECT * FROM x",
    "SELECT a FROM t GROUP BY GROUPING SETS ((a), ()) HAVING count(*) > 1",
    "SELECT a FROM t GROUP BY CUBE (a, b)",
    "SELECT set_config('app.user', $1, true), 1",
    "SET LOCAL app.user = 'ada'; SELECT 1",
    "set local role reader",
    "UPDATE a SET x = 1; UPDATE b SET x = 2;",
    "",
    " ; ; -- nothing",
];

/// What lasts, and what looks as harmless as it can.
const MAY_OUTLAST: &[&str] = &[
    "SET work_mem = '1MB'",
    "SET SESSION app.user = 'ada'",
    "RESET ALL",
    "BEGIN",
    "COMMIT",
    "SELECT 1; COMMIT",
    "UPDATE t SET a = 1; SET x = 1",
    "SET LOCAL x = 1; SET x = 1",
    "LISTEN c",
    "LOCK TABLE t",
    "CREATE TEMP TABLE t (n int)",
    "PREPARE p AS SELECT 1",
    "DECLARE c CURSOR FOR SELECT 1",
    "DO $$ BEGIN PERFORM set_config('a', 'b', false); END $$",
    "CALL p()",
    "EXPLAIN ANALYZE SELECT set_config('a', 'b', false)",
    "COPY t FROM STDIN",
    "SELECT set_config('a', 'b', false)",
    "SELECT set_config('a', 'b', $1)",
    "SELECT set_config('a', 'b', false or true)",
    "SELECT set_config('a', concat('b', true), false)",
    "SELECT set_config(is_local => false, setting_name => 'a', new_value => true)",
    "SELECT SET_CONFIG /* x */ ('a', 'b', false)",
    "SELECT \"set_config\"('a', 'b', false)",
    "SELECT pg_catalog.set_config('a', 'b', false)",
    "SELECT pg_catalog.\"set_config\"('a', 'b', false)",
    "SELECT * FROM set_config('a', 'b', false)",
    "SELECT 1 FROM t JOIN set_config('a', 'b', false) ON true",
    "SELECT pg_advisory_lock(1)",
    "SELECT pg_advisory_unlock_all()",
    "SELECT setseed(0.5)",
    "SELECT nextval('s')",
    "SELECT mine()",
    "SELECT lower(mine())",
    "SELECT public.lower('x')",
    "SELECT 1 WHERE mine(1)",
    "SELECT (mine)(1), mine(1)",
    "SELECT query_to_xml('SELECT set_config(1)', true, true, '')",
    "SELECT 1 AS x INTO TEMP t",
    "SELECT * INTO t FROM s",
    "SELECT insert INTO TEMP t FROM s",
    "SELECT (a) insert INTO TEMP t FROM s",
    "WITH x AS (SELECT 1) SELECT (a) insert INTO TEMP t FROM x",
    "WITH x AS (SELECT 1) SELECT * INTO TEMP t FROM x",
    "SELECT 1INTO TEMP t",
    "SELECT $1INTO TEMP t",
    "SELECT 'a' 'b' INTO TEMP t",
    "INSERT INTO t (a) VALUES (mine())",
    "INSERT INTO t (a) SELECT 1 FROM a JOIN b ON conflict(a.x)",
    "INSERT INTO t (a) VALUES (1) ON CONFLICT (mine(a)) DO NOTHING",
    "MERGE INTO t USING s ON conflict(t.id) WHEN MATCHED THEN DO NOTHING",
    "UPDATE t SET a = mine(a)",
    "SELECT DISTINCT ON (a) over(b) FROM t",
    "SELECT DISTINCT ON (a) filter(b) FROM t",
    "SELECT over(1)",
    "SELECT by(1), cube(1), rollup(1), sets(1), varying(1), conflict(1), join(1)",
    "SELECT cube(1)",
    "SELECT join(1)",
    "SELECT 1 OPERATOR(mine.+) 2",
    // What other settings read in another way, and what does not end.
    "SELECT 'a\\' || set_config('a', 'b', false) || '",
    "SELECT 'a\\'",
    "SELECT E'a\\'', set_config('a', 'b', false), ''",
    "SELECT U&\"\\0073et_config\"('a', 'b', false)",
    "SELECT 'a",
    "SELECT \"a",
    "SELECT $a$ x",
    "SELECT /* /* */ 1",
    "SELECT 1)",
];

#[test]
fn plain_statements_that_call_functions_of_postgresql_end_with_themselves() {
    for sql in ENDS {
        assert!(!may_outlast(sql), "{sql}");
    }
}

#[test]
fn whatever_is_not_known_to_be_harmless_may_outlast_its_statement() {
    for sql in MAY_OUTLAST {
        assert!(may_outlast(sql), "{sql}");
    }
}

#[test]
fn a_harmless_statement_does_not_hide_what_stands_after_it() {
    for harmless in ENDS.iter().filter(|sql| !sql.contains("--")) {
        for other in MAY_OUTLAST {
            assert!(may_outlast(&format!("{harmless}; {other}")), "{harmless}; {other}");
        }
    }
}

proptest::proptest! {
    #[test]
    fn any_text_is_read_without_a_panic(sql in "\\PC*") {
        let _answer = may_outlast(&sql);
    }

    #[test]
    fn no_text_around_it_hides_a_call(
        before in "[a-z0-9 ,.*+=()]{0,20}",
        after in "[a-z0-9 ,.*+=()]{0,20}",
    ) {
        let sql = format!("SELECT {before} , mine(1) {after}");
        proptest::prop_assert!(may_outlast(&sql), "{}", sql);
    }
}
