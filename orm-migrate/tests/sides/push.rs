//! `push`: the database is brought to what is declared, at once.

use orm_migrate_test_support::{
    Database, TempFolder, ToolOutput, auth_manifest, run, tool, try_sql,
};
use serde_json::{Value, json};

struct Case {
    place: TempFolder,
    database: Database,
}

impl Case {
    fn new(sql: &str) -> Self {
        Self { place: TempFolder::new(), database: Database::with(sql) }
    }

    fn push(&self, schema: &Value, more: &[&str]) -> ToolOutput {
        let file = self.place.file("schema.json", &schema.to_string());
        let folder = self.place.path().join("m").display().to_string();
        let flags =
            ["push", "--to", &file, "--database-url", self.database.url(), "--migrations", &folder];
        run(&[&flags[..], more].concat())
    }

    /// Pushes, and that there is nothing left to do then.
    #[track_caller]
    fn pushed(&self, schema: &Value, more: &[&str]) -> ToolOutput {
        let first = self.push(schema, more).exits(0);
        let again = self.push(schema, &["--json"]).exits(0).json();
        assert_eq!((&again["changes"], &again["pushed"]), (&json!([]), &json!(false)), "{again}");
        first
    }
}

fn schema(tables: Value, objects: Value) -> Value {
    json!({ "format": 1, "tables": tables, "objects": objects })
}

/// A table with an `id` and these columns, each `name type`.
fn table(name: &str, columns: &[&str]) -> Value {
    let id = json!({ "name": "id", "data_type": "bigint" });
    let rest = columns.iter().map(|it| {
        let (name, data_type) = it.split_once(' ').expect("a type");
        json!({ "name": name, "data_type": data_type, "nullable": true })
    });
    let columns: Vec<Value> = [id].into_iter().chain(rest).collect();
    json!({
        "schema": "public", "name": name, "columns": columns,
        "primary_key": { "name": format!("{name}_pkey"), "columns": ["id"] },
    })
}

/// In an author's words, none of which PostgreSQL gives back as they are.
fn nasty() -> Value {
    let long = |end: &str| format!("{}{end}", "n".repeat(63 - end.len()));
    let column = |name: &str, data_type: &str, default: &str| json!({ "name": name, "data_type": data_type, "nullable": false, "default": default });
    let expression = |text: &str| json!({ "key": { "Expression": text }, "order": "Descending", "nulls": "First" });
    let mut order = json!({
        "schema": "public", "name": "order",
        "columns": [
            { "name": "id", "data_type": "int8", "identity": { "kind": "ByDefault" } },
            column("tags", "text[]", "ARRAY['a', 'b']"),
            column("none", "int4[]", "'{}'"),
            column("at", "timestamptz", "now() + interval '1 day'"),
            column("cents", "numeric(10,2)", "0"),
            column("small", "varchar(20)", "'x'"),
            column("json", "jsonb", "'{\"a\": [1, 2]}'"),
            column("flag", "bool", "'t'"),
            column("code", "bpchar(3)", "'abc'"),
            column("mood", "mood", "'ok'"),
            column("span", "interval", "'1 hour'"),
            column("key", "uuid", "gen_random_uuid()"),
            column("neg", "int2", "- 1"),
            column("calc", "float8", "(1 + 2) * 3"),
            { "name": "age", "data_type": "age", "nullable": true, "comment": "it's" },
            { "name": "twice", "data_type": "numeric", "nullable": true, "generated": { "expression": "cents*2", "kind": "Stored" } },
            { "name": "said", "data_type": "text", "nullable": true, "collation": "\"C\"" },
            { "name": long("_column"), "data_type": "int", "nullable": true },
        ],
        "primary_key": { "name": long("_pkey"), "columns": ["id"], "deferrable": "InitiallyImmediate" },
        "uniques": [{ "name": "one", "columns": ["small", "code"], "deferrable": "InitiallyDeferred" }],
        "foreign_keys": [{
            "name": long("_fkey"), "columns": ["id"], "references_schema": "public", "references_table": "part",
            "references_columns": ["id"], "on_delete": "Cascade", "deferrable": "InitiallyDeferred",
        }],
        "checks": [
            { "name": "in", "expression": "small in ('x', 'y') and mood in ('ok', 'bad')" },
            { "name": "between", "expression": "cents between 0 and 100 or cents != 7" },
            { "name": "like", "expression": "said LIKE 'a%' or not flag" },
            { "name": "any", "expression": "'a' = any(tags) or coalesce(array_length(none, 1), 0) < 3" },
            { "name": long("_check"), "expression": "\"at\">'2020-01-01'" },
        ],
        "exclusions": [{ "name": "apart", "method": "gist", "elements": [{ "part": { "key": { "Expression": "tstzrange(at, at, '[]')" }, "order": "Ascending", "nulls": "Last" }, "operator": "&&" }] }],
        "indexes": [
            { "name": long("_idx"), "parts": [expression("lower(said)"), expression("(json->>'a')")], "include": ["flag"], "predicate": "flag and small<>''", "storage_parameters": ["fillfactor=70"] },
            { "name": "gin", "method": "gin", "parts": [{ "key": { "Column": "tags" }, "order": "Ascending", "nulls": "Last" }] },
        ],
        "triggers": [{ "name": "t", "events": "before insert or update of small", "action": "for each row when (new.small is distinct from 'x') execute function stamp()" }],
        "row_security": true, "force_row_security": true,
        "policies": [
            { "name": "mine", "command": "Select", "roles": [], "using": "small=current_user or id in (select id from part)" },
            { "name": "all", "restrictive": true, "using": "true", "with_check": "cents>0" },
        ],
        "storage_parameters": ["autovacuum_enabled=false"], "comment": "an 'order'",
    });
    order["policies"][0]["roles"] = json!(["public"]);
    schema(
        json!([order, table("part", &["name text"])]),
        json!([
            { "enum": { "schema": "public", "name": "mood", "values": ["ok", "bad"] } },
            { "domain": { "schema": "public", "name": "age", "data_type": "int", "default": "18", "checks": [{ "name": "adult", "expression": "value>=18" }] } },
            { "function": { "schema": "public", "name": "stamp", "arguments": "", "definition": "returns trigger language plpgsql as $$ begin return new; end $$" } },
            { "sequence": { "schema": "public", "name": "counter", "data_type": "bigint", "options": { "start": 5, "cycle": false } } },
            { "view": { "schema": "public", "name": "seen", "query": "select id,name from part where name like 'a%'" } },
        ]),
    )
}

#[test]
fn a_nasty_schema_is_pushed_once_and_differs_no_more() {
    let case = Case::new("");
    let schema = nasty();
    let said = case.pushed(&schema, &[]);
    said.says(&["create table \"order\"", "CREATE TYPE", "add policy \"mine\"", "pushed: "]);
    // With rows, too, and once more in the other direction.
    case.database.sql("INSERT INTO part (id, name) VALUES (1, 'a')");
    let back = Case::new("");
    let folder = back.place.migrations("m", &[]);
    let flags = ["--database-url", back.database.url(), "--migrations", &folder];
    run(&[&["push", "--to", case.database.url()][..], &flags].concat()).exits(0);
    back.pushed(&schema, &[]);
}

#[test]
fn each_part_that_diff_changes_push_changes() {
    let case = Case::new("");
    let mut schema = nasty();
    case.pushed(&schema, &[]);
    let order = &mut schema["tables"][0];
    order["policies"][1]["with_check"] = json!("cents > 1");
    order["policies"][0]["name"] = json!("theirs");
    order["triggers"][0]["events"] = json!("after insert");
    order["checks"][1]["expression"] = json!("cents between 0 and 200");
    order["uniques"][0]["deferrable"] = json!("No");
    order["indexes"][0]["predicate"] = json!("flag");
    order["columns"][3]["default"] = json!("now()");
    order["columns"][5]["data_type"] = json!("varchar(30)");
    order["force_row_security"] = json!(false);
    order["foreign_keys"][0]["deferrable"] = json!("No");
    schema["objects"][0]["enum"]["values"] = json!(["ok", "fine", "bad"]);
    schema["objects"][1]["domain"]["checks"][0]["expression"] = json!("value >= 21");
    schema["objects"][4]["view"]["query"] = json!("select id, name, 1 as one from part");
    let said = case.pushed(&schema, &[]);
    let said = said.says(&["policy \"theirs\"", "policy \"all\"", "trigger \"t\"", "enum", "view"]);
    assert!(said.out.contains("'fine'"), "{}", said.out);
}

#[test]
fn rows_are_kept() {
    let case = Case::new("CREATE TABLE a (id bigint PRIMARY KEY, n int, old text)");
    case.database.sql("INSERT INTO a SELECT i, i, 'x' FROM generate_series(1, 50) AS i");
    let mut a = table("a", &["n bigint", "old text", "more text"]);
    a["columns"][3]["default"] = json!("'new'");
    a["columns"][3]["nullable"] = json!(false);
    case.pushed(&schema(json!([a]), json!([])), &[]);
    let sums = case.database.texts("SELECT sum(n)::text || count(old)::text || min(more) FROM a");
    assert_eq!(sums, ["127550new"]);
}

#[test]
fn loss_is_refused_unless_it_is_allowed_or_somebody_says_yes() {
    let lossy = schema(json!([table("a", &[])]), json!([]));
    let made = "CREATE TABLE a (id bigint PRIMARY KEY, old text); INSERT INTO a VALUES (1, 'x')";
    let case = Case::new(made);
    case.push(&lossy, &[]).exits(3).says(&["lose data", "\"old\"", "--allow-destructive"]);
    assert_eq!(case.push(&lossy, &["--json"]).exits(3).json()["error"]["exit_code"], json!(3));
    assert_eq!(case.database.texts("SELECT old FROM a"), ["x"]);
    case.pushed(&lossy, &["--allow-destructive"]);
    let case = Case::new(made);
    case.pushed(&lossy, &["--allow", "data_loss"]);
    // On a terminal.
    for (answer, code, left) in [("n", 3, 1), ("", 3, 1), ("yes", 0, 0)] {
        let case = Case::new(made);
        let file = case.place.file("schema.json", &lossy.to_string());
        let folder = case.place.path().display().to_string();
        let binary = env!("CARGO_BIN_EXE_orm-migrate");
        let command = format!(
            "'{binary}' push --to '{file}' --migrations '{folder}' --database-url '{}'",
            case.database.url()
        );
        let mut script = std::process::Command::new("script");
        script.args(["-qec", &command, "/dev/null"]);
        let said = typed(&mut script, &format!("{answer}\n"));
        assert!(said.out.contains("lose this data and go on? [y/N]"), "{}", said.out);
        let said = said.exits(code);
        let columns = "SELECT attname::text FROM pg_attribute WHERE attrelid = 'a'::regclass AND attname = 'old'";
        assert_eq!(case.database.texts(columns).len(), left, "{}", said.out);
    }
}

/// Runs it with this on its standard input.
fn typed(command: &mut std::process::Command, input: &str) -> ToolOutput {
    use std::io::Write as _;
    use std::process::Stdio;
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("it runs");
    child.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("written");
    let output = child.wait_with_output().expect("it ends");
    ToolOutput {
        code: output.status.code(),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        error: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

#[test]
fn a_dry_run_shows_the_statements_and_hazards_and_changes_nothing() {
    let case = Case::new("CREATE TABLE a (id bigint PRIMARY KEY, n int)");
    let wanted = schema(json!([table("a", &["n bigint"])]), json!([]));
    let said = case.push(&wanted, &["--dry-run"]).exits(0);
    said.says(&[
        "change column \"n\"",
        "hazard: ",
        "ALTER TABLE",
        "would run; nothing was changed",
    ]);
    let document = case.push(&wanted, &["--dry-run", "--json"]).exits(0).json();
    assert_eq!(document["pushed"], json!(false));
    assert!(document["sql"].to_string().contains("bigint"), "{document}");
    case.push(&wanted, &["--dry-run", "--explain"]).exits(0).says(&["lock", "plain, as asked"]);
    let document = case.push(&wanted, &["--json"]).exits(0).json();
    assert_eq!(document["pushed"], json!(true));
    case.pushed(&wanted, &[]);
}

#[test]
fn a_database_that_has_had_migrations_is_not_pushed_to_unless_asked() {
    let case = Case::new("");
    let folder = case.place.migrations("m", &[("CREATE TABLE a (id bigint PRIMARY KEY);", None)]);
    let flags = ["--database-url", case.database.url(), "--migrations", &folder];
    run(&[&["apply"][..], &flags].concat()).exits(0);
    let wanted = schema(json!([table("a", &["n int"])]), json!([]));
    case.push(&wanted, &[]).exits(5).says(&[
        "has had 1 migration",
        "nothing was done",
        "--despite-migrations",
        "orm-migrate diff",
    ]);
    case.push(&wanted, &["--dry-run"]).exits(5);
    run(&[&["drift"][..], &flags].concat()).exits(0);
    case.push(&wanted, &["--despite-migrations"]).exits(0).says(&["orm-migrate drift", "pushed"]);
    run(&[&["drift"][..], &flags].concat()).exits(2).says(&["column \"n\" was added"]);
}

#[test]
fn all_of_it_is_one_transaction_and_nothing_stays_of_a_failure() {
    let case = Case::new(
        "CREATE TABLE a (id bigint PRIMARY KEY, n text); INSERT INTO a VALUES (1, 'no number')",
    );
    let wanted = schema(json!([table("a", &["n bigint"]), table("b", &[])]), json!([]));
    let said = case.push(&wanted, &["--allow-failing"]).exits(1);
    said.says(&["push stopped at statement", "no number", "nothing was kept"]);
    assert!(
        case.database.texts("SELECT relname::text FROM pg_class WHERE relname = 'b'").is_empty()
    );
    // Without the flag the row is found before anything runs.
    case.push(&wanted, &[]).exits(3).says(&["rows that are there", "n"]);
    case.database.sql("UPDATE a SET n = '7'");
    case.pushed(&wanted, &[]);
    assert_eq!(case.database.texts("SELECT n::text FROM a"), ["7"]);
}

#[test]
fn what_postgresql_cannot_do_in_one_transaction_is_said_when_it_stays() {
    // A new value of an enum cannot be used in the transaction that adds it.
    let case = Case::new(
        "CREATE TYPE mood AS ENUM ('ok'); CREATE TABLE a (id bigint PRIMARY KEY, m mood); INSERT INTO a VALUES (1, 'ok'), (2, 'ok')",
    );
    let mut a = table("a", &["m mood"]);
    a["columns"][1]["default"] = json!("'bad'");
    a["uniques"] = json!([{ "name": "one", "columns": ["m"] }]);
    let wanted = |a: &Value| {
        schema(
            json!([a]),
            json!([{ "enum": { "schema": "public", "name": "mood", "values": ["ok", "bad"] } }]),
        )
    };
    let said = case.push(&wanted(&a), &["--allow-failing"]).exits(7);
    said.says(&["push stopped at statement", "its first", "goes on from there"]);
    assert_eq!(
        case.database.texts("SELECT enumlabel::text FROM pg_enum ORDER BY 1"),
        ["bad", "ok"]
    );
    case.database.sql("DELETE FROM a WHERE id = 2");
    case.pushed(&wanted(&a), &[]);
}

#[test]
fn what_is_not_declared_is_left_alone_unless_it_is_pruned() {
    let case = Case::new(
        "CREATE TABLE a (id bigint PRIMARY KEY); CREATE TABLE theirs (id int); CREATE TYPE t AS ENUM ('x'); \
         CREATE VIEW v AS SELECT * FROM theirs; CREATE SCHEMA s; CREATE TABLE s.x (); CREATE EXTENSION pg_trgm",
    );
    let wanted = schema(json!([table("a", &[])]), json!([]));
    let said = case.push(&wanted, &[]).exits(0);
    said.says(&["no differences", "left alone: table \"theirs\"", "--prune drops"]);
    case.push(&wanted, &["--prune", "--schema", "public"]).exits(3).says(&["all rows", "theirs"]);
    case.push(&wanted, &["--prune", "--schema", "public", "--allow-destructive"]).exits(0);
    let left = "SELECT relname::text FROM pg_class WHERE relkind IN ('r', 'v') AND relnamespace IN ('public'::regnamespace, 's'::regnamespace) ORDER BY 1";
    assert_eq!(case.database.texts(left), ["a", "x"]);
    case.push(&wanted, &["--prune", "--allow-destructive"]).exits(0);
    assert_eq!(
        case.database.texts("SELECT nspname::text FROM pg_namespace WHERE nspname = 's'"),
        [""; 0]
    );
    assert_eq!(
        case.database.texts("SELECT extname::text FROM pg_extension WHERE extname = 'pg_trgm'"),
        ["pg_trgm"]
    );
}

#[test]
fn who_holds_a_lock_is_waited_for_and_not_for_ever() {
    let case = Case::new("CREATE TABLE a (id bigint PRIMARY KEY)");
    let wanted = schema(json!([table("a", &["n int"])]), json!([]));
    let held = orm_migrate_test_support::hold(
        case.database.url(),
        "BEGIN; LOCK TABLE a IN ACCESS SHARE MODE",
    );
    let said = case.push(&wanted, &["--lock-timeout", "200"]).exits(6);
    said.says(&["nothing was kept", "--lock-timeout"]);
    drop(held);
    // Another push, or an apply.
    let key = 0x6f72_6d5f_6d69_6772_i64;
    let held = orm_migrate_test_support::hold(
        case.database.url(),
        &format!("SELECT pg_advisory_lock({key})"),
    );
    case.push(&wanted, &["--lock-wait", "0"]).exits(6).says(&["another session"]);
    drop(held);
    case.pushed(&wanted, &[]);
}

#[test]
fn the_crate_is_what_is_pushed_by_default() {
    let (place, database) = (TempFolder::new(), Database::with(""));
    let (folder, auth) = (place.migrations("m", &[]), auth_manifest());
    let flags = ["push", "--migrations", &folder, "--manifest-path", &auth];
    let pushed = ToolOutput::of(tool(&flags).env("POSTGRES_URL", database.url())).exits(0);
    pushed.says(&["create table \"user\"", "pushed: "]);
    let again = ToolOutput::of(tool(&flags).env("POSTGRES_URL", database.url())).exits(0);
    assert_eq!(again.out, "no differences\n");
    assert!(orm_migrate::history::Folder::at(&folder).read().expect("a folder").is_empty());
    // It is what `diff` leads to.
    let other = Database::with(&run(&["sql", "--manifest-path", &auth]).exits(0).out);
    run(&["diff", "--check", "--from", database.url(), "--to", other.url()]).exits(0);
    assert!(try_sql(database.url(), "SELECT 1 FROM orm_migrate.ledger").is_err());
}

#[test]
fn other_names_are_asked_for_and_answered_as_diff_does() {
    let made = "CREATE TABLE a (id bigint PRIMARY KEY, n text); INSERT INTO a VALUES (1, 'kept')";
    let wanted = schema(json!([table("a", &["title text"])]), json!([]));
    let case = Case::new(made);
    case.push(&wanted, &[]).exits(4).says(&["--rename", "title"]);
    assert_eq!(case.push(&wanted, &["--json"]).exits(4).json()["error"]["exit_code"], json!(4));
    case.pushed(&wanted, &["--rename", "a.n=a.title"]).says(&["rename", "title"]);
    assert_eq!(case.database.texts("SELECT title FROM a"), ["kept"]);
    let case = Case::new(made);
    case.push(&wanted, &["--no-renames"]).exits(3).says(&["--allow-destructive"]);
    case.pushed(&wanted, &["--no-renames", "--allow-destructive"]);
    assert_eq!(case.database.texts("SELECT coalesce(title, 'gone') FROM a"), ["gone"]);
}
