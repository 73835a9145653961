//! Triggers, policies and row security, and the storage of tables and indexes.

use crate::round_trip::{Case, check};

const WORLD: &str = "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE FUNCTION fine(int) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT true';
    CREATE TABLE m (id int PRIMARY KEY, who text);";
const PLAIN: &str =
    "CREATE TABLE t (id int, a int, b varchar(9)); INSERT INTO t VALUES (1, 1, 'x')";
const TRIGGERS: &str = "CREATE TABLE t (id int, a int, b varchar(9));
    CREATE TRIGGER w BEFORE INSERT OR UPDATE OF a, b ON t FOR EACH ROW WHEN (NEW.a > 3 AND new.b IN ('a', 'b')) EXECUTE FUNCTION f('x', 'it''s');
    CREATE TRIGGER \"odd \"\" ON public.t \" AFTER DELETE OR TRUNCATE ON t FOR EACH STATEMENT EXECUTE PROCEDURE f();
    CREATE TRIGGER r AFTER UPDATE ON t REFERENCING OLD TABLE AS o NEW TABLE AS n FOR EACH ROW EXECUTE FUNCTION f();
    CREATE CONSTRAINT TRIGGER c AFTER INSERT OR UPDATE ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (new.a IS NOT NULL) EXECUTE FUNCTION f()";
const POLICIES: &str = "CREATE TABLE t (id int, a int, b varchar(9));
    ALTER TABLE t ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY; ALTER TABLE m ENABLE ROW LEVEL SECURITY;
    CREATE POLICY p ON t USING (b IN ('a', 'b')); CREATE POLICY q ON t AS RESTRICTIVE FOR UPDATE TO CURRENT_USER USING (fine(a)) WITH CHECK (a > 3);
    CREATE POLICY \"odd \"\" one\" ON t FOR INSERT WITH CHECK (EXISTS (SELECT FROM m WHERE m.id = t.id AND who = current_user));
    CREATE POLICY s ON t FOR SELECT USING (id IN (SELECT x.a FROM t AS x WHERE x.id = t.a)); CREATE POLICY o ON m FOR DELETE USING (id > (SELECT max(a) FROM t))";

fn with(tables: &str) -> String {
    format!("{WORLD} {tables}")
}

#[test]
fn triggers_come_go_and_change() {
    let (plain, all) = (with(PLAIN), with(TRIGGERS));
    let other = with(
        "CREATE TABLE t (id int, a bigint, b text);
         CREATE TRIGGER w AFTER INSERT OR UPDATE OF a ON t FOR EACH ROW WHEN (NEW.a > 4) EXECUTE FUNCTION f();
         CREATE CONSTRAINT TRIGGER c AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()",
    );
    check(&[
        Case("they come with their table", WORLD, &all),
        Case("they come", &plain, &all),
        Case("they go", &all, &plain),
        Case("they change, with their columns", &all, &other),
    ]);
}

#[test]
fn policies_come_go_and_change() {
    let (plain, all) = (with(PLAIN), with(POLICIES));
    let text = all.replace("varchar(9)", "text");
    let other = with(
        "CREATE TABLE t (id bigint, a int, b text, who text DEFAULT 'x'); ALTER TABLE t ENABLE ROW LEVEL SECURITY;
         CREATE POLICY p ON t TO CURRENT_USER USING (b IN ('a', 'b', 'c')) WITH CHECK (a > 0);
         CREATE POLICY q ON t FOR UPDATE USING (fine(a)); CREATE POLICY o ON m FOR DELETE USING (id > (SELECT min(a) FROM t))",
    );
    check(&[
        Case("they come with their table", WORLD, &all),
        Case("they come with all", "", &all),
        Case("they come", &plain, &all),
        Case("they go", &all, &plain),
        Case("they go with all", &text, "CREATE TABLE other ()"),
        Case("they change, with their columns", &all, &other),
    ]);
}

#[test]
fn storage_changes() {
    const SET: &str = "CREATE TABLE t (id int, a int, b text) WITH (fillfactor = 70, autovacuum_enabled = off, toast.autovacuum_vacuum_scale_factor = 0.10);
        CREATE INDEX i ON t (a) WITH (fillfactor = 50, deduplicate_items = off); CREATE INDEX g ON t USING gin (to_tsvector('simple', b)) WITH (fastupdate = false) WHERE a > 0";
    const NONE: &str = "CREATE TABLE t (id int, a int, b text); CREATE INDEX i ON t (a); CREATE INDEX g ON t USING gin (to_tsvector('simple', b)) WHERE a > 0; INSERT INTO t VALUES (1, 1, 'x')";
    const OTHER: &str = "CREATE UNLOGGED TABLE t (id int, a int, b text) WITH (fillfactor = 80, autovacuum_enabled = false);
        CREATE INDEX i ON t (a) WITH (fillfactor = 60); CREATE INDEX g ON t USING gin (to_tsvector('simple', b)) WITH (fastupdate = on) WHERE a > 0";
    check(&[
        Case("it is set with the table", "", SET),
        Case("it is set", NONE, SET),
        Case("it is reset", SET, NONE),
        Case("it changes", SET, OTHER),
    ]);
}
