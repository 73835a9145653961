//! What others said of what must step aside is kept: rights, comments, rules, triggers, owner, whether triggers fire.

use orm_migrate::diff::{diff, settled};
use orm_migrate::plan::{Down, plan};
use orm_migrate_test_support::{Live, all};

/// Everything that is said of views and functions, as a text.
const SAID: &str = "
    SELECT string_agg(line, E'\\n' ORDER BY line) FROM (
        SELECT format('%s %s %s %s %s', c.relkind, c.relname, c.relacl, c.reloptions, pg_get_userbyid(c.relowner)) AS line
        FROM pg_class AS c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('v', 'm')
        UNION ALL SELECT format('column %s.%s %s', a.attrelid::regclass, a.attname, (SELECT array_agg(x::text ORDER BY x::text) FROM unnest(a.attacl) AS x))
        FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid AND c.relkind IN ('r', 'v', 'm') AND c.relnamespace = 'public'::regnamespace WHERE a.attacl IS NOT NULL AND NOT a.attisdropped
        UNION ALL SELECT format('comment %s %s', pg_describe_object(classoid, objoid, objsubid), description)
        FROM pg_description WHERE classoid IN ('pg_class'::regclass, 'pg_proc'::regclass, 'pg_trigger'::regclass, 'pg_constraint'::regclass, 'pg_policy'::regclass) AND objoid > 16384
        UNION ALL SELECT pg_get_triggerdef(t.oid) || t.tgenabled::text FROM pg_trigger AS t WHERE NOT t.tgisinternal
        UNION ALL SELECT pg_get_ruledef(r.oid) FROM pg_rewrite AS r WHERE r.rulename <> '_RETURN' AND r.ev_class::regclass::text !~ '^pg_'
        UNION ALL SELECT format('default %s %s', d.adrelid::regclass, pg_get_expr(d.adbin, d.adrelid))
        FROM pg_attrdef AS d JOIN pg_class AS c ON c.oid = d.adrelid AND c.relkind = 'v'
        UNION ALL SELECT format('index %s %s %s', i.indexrelid::regclass, i.indisreplident, i.indisclustered) FROM pg_index AS i WHERE i.indisreplident OR i.indisclustered
        UNION ALL SELECT format('type %s %s %s', t.oid::regtype, t.typacl, pg_get_userbyid(t.typowner))
        FROM pg_type AS t WHERE t.typnamespace = 'public'::regnamespace AND t.typtype IN ('e', 'd', 'c') AND NOT EXISTS (SELECT FROM pg_class AS c WHERE c.oid = t.typrelid AND c.relkind <> 'c')
        UNION ALL SELECT format('function %s %s %s', p.oid::regprocedure, p.proacl, pg_get_userbyid(p.proowner))
        FROM pg_proc AS p WHERE p.pronamespace = 'public'::regnamespace) AS said (line)";

/// The schema changes from `before` to `after`; `kept` is made on both, and must be there as it was.
async fn check(before: &str, after: &str, kept: &str) {
    let live = Live::with(&format!("{before}; {kept}")).await;
    let goal = Live::with(&format!("{after}; {kept}")).await;
    let (from, to) = (live.read().await, goal.read().await);
    let changes = diff(&from, &to, &all(&from));
    let said = live.text(SAID).await;
    let up = plan(changes.clone(), &from, &to).up_sql();
    live.run(&up).await;
    assert_eq!(live.text(SAID).await, said, "{up}");
    let down = Down::of(&changes, &from, &settled(&from, &to)).sql.expect("a way back");
    live.run(&down).await;
    assert_eq!(live.text(SAID).await, said, "{up}\n{down}");
}

const T: &str = "CREATE TABLE t (id int PRIMARY KEY, a int); DO $$ BEGIN CREATE ROLE orm_kept; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$";
const WIDER: &str = "CREATE TABLE t (id int PRIMARY KEY, a bigint); DO $$ BEGIN CREATE ROLE orm_kept; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$";

#[tokio::test]
async fn the_rights_and_the_owner_of_a_view() {
    let kept = "CREATE VIEW v WITH (security_barrier) AS SELECT id, a FROM t; GRANT SELECT ON v TO orm_kept WITH GRANT OPTION; GRANT INSERT (a), UPDATE (a, id) ON v TO orm_kept;
        GRANT UPDATE ON v TO PUBLIC; REVOKE DELETE ON v FROM CURRENT_USER; CREATE VIEW \"W w\" AS SELECT a FROM v; ALTER VIEW \"W w\" OWNER TO orm_kept; GRANT SELECT ON \"W w\" TO PUBLIC";
    check(T, WIDER, kept).await;
}

#[tokio::test]
async fn comments_defaults_triggers_and_rules_of_a_view() {
    let kept = "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE VIEW v AS SELECT id, a FROM t; COMMENT ON VIEW v IS 'x'; COMMENT ON COLUMN v.a IS 'it''s';
        ALTER VIEW v ALTER COLUMN a SET DEFAULT 7; CREATE TRIGGER g INSTEAD OF UPDATE ON v FOR EACH ROW EXECUTE FUNCTION f(); COMMENT ON TRIGGER g ON v IS 'y';
        CREATE RULE r AS ON INSERT TO v DO INSTEAD NOTHING; CREATE MATERIALIZED VIEW m AS SELECT a FROM v; COMMENT ON COLUMN m.a IS 'z'; CREATE INDEX mi ON m (a); COMMENT ON INDEX mi IS 'i'";
    check(T, WIDER, kept).await;
}

#[tokio::test]
async fn the_rights_of_a_function() {
    let kept = "CREATE VIEW v AS SELECT a FROM t; CREATE FUNCTION g(v) RETURNS int LANGUAGE sql AS 'SELECT 1'; REVOKE ALL ON FUNCTION g(v) FROM PUBLIC; GRANT EXECUTE ON FUNCTION g(v) TO orm_kept;
        COMMENT ON FUNCTION g(v) IS 'x'; CREATE PROCEDURE p(v) LANGUAGE plpgsql AS 'BEGIN END'; ALTER PROCEDURE p(v) OWNER TO orm_kept";
    check(T, WIDER, kept).await;
}

#[tokio::test]
async fn the_rights_and_the_owner_of_a_type() {
    const ROLE: &str = "DO $$ BEGIN CREATE ROLE orm_kept; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$";
    let types = |values: &str, base: &str| {
        format!(
            "{ROLE}; CREATE TYPE e AS ENUM ({values}); CREATE DOMAIN d AS {base}; CREATE TYPE c AS (a e); CREATE DOMAIN o AS e; CREATE TABLE t (e e, d d, c c, o o)"
        )
    };
    let kept = "GRANT USAGE ON TYPE e TO orm_kept WITH GRANT OPTION; REVOKE USAGE ON TYPE e FROM PUBLIC; GRANT USAGE ON DOMAIN d TO orm_kept; ALTER DOMAIN o OWNER TO orm_kept;
        ALTER TYPE c OWNER TO orm_kept; REVOKE ALL ON TYPE c FROM PUBLIC";
    check(&types("'a', 'b'", "int"), &types("'b', 'a'", "bigint"), kept).await;
}

/// With a function of this argument, on which all parts of the table stand.
fn over_a_function(argument: &str) -> String {
    format!(
        "DO $$ BEGIN CREATE ROLE orm_kept; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
        CREATE FUNCTION f({argument} int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT $1'; CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        CREATE TABLE t (id int NOT NULL, a int, b int GENERATED ALWAYS AS (f(a)) STORED NOT NULL, CONSTRAINT k CHECK (f(a) > 0), CONSTRAINT x EXCLUDE USING btree (f(a) WITH =));
        CREATE INDEX i ON t (f(a)); CREATE UNIQUE INDEX u ON t (b); CREATE POLICY p ON t USING (f(a) > 0);
        CREATE TRIGGER d BEFORE INSERT ON t FOR EACH ROW WHEN (f(NEW.a) > 0) EXECUTE FUNCTION g(); CREATE TRIGGER r BEFORE UPDATE OF a ON t FOR EACH ROW WHEN (f(NEW.a) > 0) EXECUTE FUNCTION g()"
    )
}

const ON_PARTS: &str = "COMMENT ON CONSTRAINT k ON t IS 'k'; COMMENT ON CONSTRAINT x ON t IS 'x'; COMMENT ON INDEX x IS 'xi'; COMMENT ON INDEX i IS 'it''s'; COMMENT ON POLICY p ON t IS 'p';
    COMMENT ON TRIGGER d ON t IS 'd'; ALTER TABLE t DISABLE TRIGGER d; ALTER TABLE t ENABLE ALWAYS TRIGGER r; ALTER TABLE t REPLICA IDENTITY USING INDEX u; ALTER TABLE t CLUSTER ON i;
    GRANT SELECT (b), UPDATE (a) ON t TO orm_kept; GRANT SELECT (b) ON t TO PUBLIC; COMMENT ON COLUMN t.b IS 'b'";

#[tokio::test]
async fn what_is_said_of_the_parts_of_a_table() {
    check(&over_a_function("a"), &over_a_function("b"), ON_PARTS).await;
}

#[tokio::test]
async fn whether_a_trigger_that_is_replaced_fires() {
    let trigger = |events: &str| {
        format!(
            "CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TABLE t (a int); CREATE TRIGGER d BEFORE {events} ON t FOR EACH ROW EXECUTE FUNCTION g()"
        )
    };
    let kept = "ALTER TABLE t ENABLE REPLICA TRIGGER d";
    let live = Live::with(&format!("{}; {kept}", trigger("INSERT"))).await;
    let goal = Live::with(&trigger("UPDATE")).await;
    let (from, to) = (live.read().await, goal.read().await);
    live.run(&plan(diff(&from, &to, &all(&from)), &from, &to).up_sql()).await;
    let state = "SELECT tgenabled::text FROM pg_trigger WHERE tgname = 'd'";
    assert_eq!(live.text(state).await, "R");
}
