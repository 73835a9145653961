//! What is in the database and not ours is left alone by every verb, and said.

use orm_migrate_test_support::{Database, TempFolder, ToolOutput, hold, run};
use serde_json::{Value, json};

const OURS: &str = "CREATE TABLE a (id int PRIMARY KEY, v varchar(9) NOT NULL DEFAULT 'x' CHECK (v IN ('x', 'y'))); \
    CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a (id))";

/// Of what people and extensions put beside an application.
const THEIRS: &str = "
    CREATE EXTENSION hstore; CREATE TABLE spatial_ref_sys (srid int PRIMARY KEY); CREATE VIEW geometry_columns AS SELECT 1 AS x;
    ALTER EXTENSION hstore ADD TABLE spatial_ref_sys; ALTER EXTENSION hstore ADD VIEW geometry_columns;
    CREATE TABLE theirs (id int PRIMARY KEY, a int REFERENCES a (id) ON DELETE CASCADE, h hstore);
    CREATE VIEW over_ours AS SELECT id, v FROM a; CREATE VIEW over_that AS SELECT * FROM over_ours;
    CREATE MATERIALIZED VIEW kept AS SELECT count(*) AS n FROM b;
    CREATE SCHEMA other; CREATE TABLE other.a (id text, v xml); CREATE VIEW other.wide AS SELECT a.id, x.id AS x FROM other.a x, public.a;
    CREATE UNLOGGED TABLE fast (id int); CREATE TABLE child () INHERITS (theirs);
    CREATE TABLE parts (id int) PARTITION BY RANGE (id); CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (1) TO (9);
    CREATE EXTENSION file_fdw; CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
    CREATE FOREIGN TABLE outside (line text) SERVER files OPTIONS (filename '/dev/null');
    CREATE SEQUENCE counter; CREATE TYPE span AS RANGE (subtype = int); CREATE DOMAIN positive AS int CHECK (VALUE > 0);
    CREATE FUNCTION watch() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
    CREATE EVENT TRIGGER watching ON ddl_command_end EXECUTE FUNCTION watch();
    CREATE FUNCTION total(int) RETURNS int LANGUAGE sql AS 'SELECT $1'; CREATE AGGREGATE all_of (int) (sfunc = int4pl, stype = int);
    CREATE OPERATOR === (leftarg = int, rightarg = int, function = int4eq);
    CREATE COLLATION german FROM \"C\"; CREATE STATISTICS st ON id, a FROM b; CREATE PUBLICATION news FOR TABLE a;
    CREATE TEXT SEARCH CONFIGURATION words (COPY = simple);
    INSERT INTO a VALUES (1); INSERT INTO b VALUES (1, 1); INSERT INTO theirs VALUES (7, 1), (8, 1); INSERT INTO fast VALUES (1)";

struct Case {
    place: TempFolder,
    database: Database,
    folder: String,
    code: String,
}

impl Case {
    /// Ours, by a migration that was applied; and theirs.
    fn new() -> Self {
        let (place, database) = (TempFolder::new(), Database::with(""));
        let folder = place.migrations("m", &[]);
        let made = Database::with(OURS);
        let code = place.file("schema.json", &run(&["sql", "--json", made.url()]).exits(0).out);
        let case = Self { place, database, folder, code };
        case.run(&["diff", "--to", &case.code, "first"]).exits(0);
        case.run(&["apply"]).exits(0);
        case.database.sql(THEIRS);
        case
    }

    fn run(&self, verb: &[&str]) -> ToolOutput {
        run(&[verb, &["--database-url", self.database.url(), "--migrations", &self.folder]]
            .concat())
    }

    /// Declares something else.
    fn declares(&self, sql: &str) -> String {
        let made = Database::with(sql);
        self.place.file("other.json", &run(&["sql", "--json", made.url()]).exits(0).out)
    }

    /// All that is theirs, in the words of the catalog.
    fn theirs(&self) -> Vec<String> {
        self.database.texts(
            "SELECT concat(c.relname, ' ', c.relkind, ' ', c.oid) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
             WHERE n.nspname IN ('public', 'other') AND c.relname NOT IN ('a', 'b', 'a_pkey', 'b_pkey', 'i') OR n.nspname = 'other' \
             UNION ALL SELECT concat(conname, ' ', oid, pg_get_constraintdef(oid)) FROM pg_constraint WHERE conrelid = 'theirs'::regclass \
             UNION ALL SELECT pg_get_viewdef(v::regclass) FROM unnest(ARRAY['over_ours', 'over_that', 'other.wide', 'kept']) AS v \
             UNION ALL SELECT t::text FROM theirs AS t UNION ALL SELECT f::text FROM fast AS f ORDER BY 1",
        )
    }
}

#[test]
fn what_is_not_ours_is_said_by_each_verb_and_touched_by_none() {
    let case = Case::new();
    let before = case.theirs();
    // Another session's temporary table is nobody's business.
    let held = hold(
        case.database.url(),
        "CREATE TEMPORARY TABLE a (x int); CREATE TEMPORARY TABLE passing (x int)",
    );
    let said = case.run(&["diff", "--to", &case.code, "--check"]).exits(0);
    for part in [
        "table \"theirs\"",
        "view \"public\".\"over_ours\"",
        "view \"public\".\"over_that\"",
        "materialized view \"public\".\"kept\"",
        "table \"other\".\"a\"",
        "table \"fast\"",
        "child table public.child",
        "table \"parts\"",
        "foreign table public.outside",
        "sequence \"public\".\"counter\"",
        "range type public.span",
        "domain \"public\".\"positive\"",
        "collation public.german",
        "operator public.===",
        "foreign server files",
        "event trigger watching",
        "publication news",
        "text search configuration public.words",
        "function \"public\".\"total\"",
        "aggregate public.all_of",
        "statistics public.st",
    ] {
        assert!(said.out.contains(part), "{part} is not in {}", said.out);
    }
    for part in ["spatial_ref_sys", "geometry_columns", "passing", "orm_migrate"] {
        assert!(!said.out.contains(part), "{part} is in {}", said.out);
    }
    assert_eq!(
        case.run(&["diff", "--to", &case.code, "--sql"]).exits(0).out,
        "-- no differences\n"
    );
    case.run(&["drift"]).exits(0).says(&[
        "no drift",
        "table \"theirs\"",
        "foreign table public.outside",
    ]);
    case.run(&["verify", "--to", &case.code, "--down"]).exits(0);
    case.run(&["status"]).exits(0);
    case.run(&["push", "--to", &case.code, "--despite-migrations"])
        .exits(0)
        .says(&["no differences", "\"theirs\""]);
    // A migration of ours beside all that.
    let more = case.declares(&format!("{OURS}; ALTER TABLE a ADD more text; ALTER TABLE b ALTER a TYPE bigint; CREATE INDEX i ON b (a)"));
    let sql = case.run(&["diff", "--to", &more, "--sql"]).exits(0);
    assert!(!sql.error.contains("not tried"), "{}", sql.error);
    case.run(&["diff", "--to", &more, "more"]).exits(0);
    case.run(&["apply"]).exits(0);
    case.run(&["diff", "--to", &more, "--check"]).exits(0);
    case.run(&["drift"]).exits(0);
    case.run(&["down"]).exits(0);
    case.run(&["diff", "--to", &case.code, "--check"]).exits(0);
    drop(held);
    assert_eq!(case.theirs(), before);
}

#[test]
fn what_stands_on_ours_is_no_loss_by_the_way() {
    let case = Case::new();
    // PostgreSQL refuses to change a column under a view: what stands on it goes and comes again as it was.
    case.database.sql("GRANT SELECT ON over_ours TO PUBLIC; COMMENT ON VIEW over_that IS 'theirs'");
    let rights = "SELECT concat(relacl::text, obj_description(oid, 'pg_class')) FROM pg_class WHERE relname LIKE 'over%' ORDER BY 1";
    let (had, before_oids) = (case.database.texts(rights), case.theirs());
    let wide = case.declares(&OURS.replace("v varchar(9)", "v varchar(30)"));
    let said = case.run(&["push", "--to", &wide, "--despite-migrations"]).exits(0);
    assert!(!said.out.contains("CASCADE"), "{}", said.out);
    assert_eq!(case.database.texts(rights), had);
    let without_oids = |all: &[String]| -> Vec<String> {
        all.iter().filter(|it| !it.contains(" v ")).cloned().collect()
    };
    assert_eq!(without_oids(&case.theirs()), without_oids(&before_oids));
    case.run(&["push", "--to", &case.code, "--despite-migrations", "--allow-failing"]).exits(0);
    let before = case.theirs();
    // And it refuses to drop a table that is referenced.
    let without = case.declares("CREATE TABLE b (id int PRIMARY KEY, a int)");
    let said = case.run(&["push", "--to", &without, "--despite-migrations", "--allow-destructive"]);
    assert_ne!(said.code, Some(0), "{}{}", said.out, said.error);
    said.says(&["theirs"]);
    assert_eq!(case.theirs(), before);
    case.run(&["drift"]).exits(0);
}

#[test]
fn a_choice_holds_for_each_verb_also_where_a_view_reaches_out_of_it() {
    let case = Case::new();
    for cut in [
        &["--schema", "public"][..],
        &["--table", "a"],
        &["--table", "b", "--table", "a"],
        &["--exclude-table", "theirs"],
    ] {
        for verb in [
            &["diff", "--to", &case.code, "--check"][..],
            &["drift"],
            &["verify", "--to", &case.code],
            &["push", "--to", &case.code, "--despite-migrations"],
        ] {
            let said = case.run(&[verb, cut].concat()).exits(0);
            let is_cut = cut[0] != "--exclude-table";
            assert!(!is_cut || !said.out.contains("other"), "{verb:?} {cut:?} {}", said.out);
            assert!(
                cut[0] == "--schema" || !said.out.contains("\"theirs\""),
                "{verb:?} {cut:?} {}",
                said.out
            );
        }
    }
    // `sql` of a part; the view in another schema reads a table of this one, and the other way round.
    case.database.sql("CREATE VIEW reaching AS SELECT id FROM other.a");
    for schema in ["public", "other"] {
        let said = case.run(&[
            "diff", "--from", "database", "--to", "database", "--check", "--schema", schema,
        ]);
        said.exits(0);
    }
    let only =
        case.run(&["sql", "database", "--table", "b"]).exits(0).says(&["foreign key", "left out"]);
    Database::with(&only.out);
    // Of what is not chosen nothing is said to differ.
    let other = case.declares("CREATE TABLE b (id bigint PRIMARY KEY)");
    let changed = |cut: &[&str]| -> Value {
        let flags = ["diff", "--to", &other, "--check", "--json"];
        case.run(&[&flags[..], cut].concat()).json()["changes"].clone()
    };
    assert_eq!(changed(&["--table", "nothing"]), json!([]));
    assert_eq!(changed(&["--schema", "other"]), json!([]));
    assert!(!changed(&["--table", "b"]).to_string().contains("table \\\"a\\\""));
    assert!(changed(&["--table", "b"]).to_string().contains("bigint"));
}
