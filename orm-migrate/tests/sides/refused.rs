//! What cannot be done, said in words that name the cause and the way out.

use orm_migrate_test_support::{Database, TempFolder, run};
use serde_json::{Value, json};

fn column(name: &str, data_type: &str, more: Value) -> Value {
    let mut column = json!({ "name": name, "data_type": data_type, "nullable": true });
    if let (Some(column), Some(more)) = (column.as_object_mut(), more.as_object()) {
        column.extend(more.clone());
    }
    column
}

/// A schema.json with a table `t`, written as an author would.
fn declared(place: &TempFolder, columns: &[Value], more: Value, objects: Value) -> String {
    let mut table = json!({ "schema": "public", "name": "t", "columns": columns });
    if let (Some(table), Some(more)) = (table.as_object_mut(), more.as_object()) {
        table.extend(more.clone());
    }
    place.file(
        "schema.json",
        &json!({ "format": 1, "tables": [table], "objects": objects }).to_string(),
    )
}

#[test]
fn a_constant_that_is_frozen_when_it_is_created_is_named_with_its_place() {
    let (place, database) = (TempFolder::new(), Database::with(""));
    let none = || json!({});
    let at = || column("at", "timestamptz", json!({}));
    let domain = |default: Value, checks: Value| {
        json!([{ "domain": { "schema": "public", "name": "d", "data_type": "date", "not_null": false,
                 "default": default, "collation": null, "checks": checks, "comment": null, "grants": [] } }])
    };
    let of_default = |sql: &str, kind: &str| {
        (vec![column("at", kind, json!({ "default": sql }))], none(), json!([]))
    };
    let cases = [
        (
            of_default("'now'", "timestamptz"),
            "the default of column \"at\" of table \"t\"",
            "now()",
        ),
        (
            of_default("timestamp 'now'", "timestamp"),
            "the default of column \"at\" of table \"t\"",
            "now()",
        ),
        (
            of_default("'today'::date", "date"),
            "the default of column \"at\" of table \"t\"",
            "CURRENT_DATE",
        ),
        (
            of_default("'[today,tomorrow)'::daterange", "daterange"),
            "the default of column \"at\" of table \"t\"",
            "CURRENT_DATE",
        ),
        (
            (
                vec![at()],
                json!({ "checks": [{ "name": "c", "expression": "at > 'yesterday'" }] }),
                json!([]),
            ),
            "a check of table \"t\"",
            "CURRENT_DATE - 1",
        ),
        (
            (
                vec![
                    column("d", "date", none()),
                    column(
                        "g",
                        "boolean",
                        json!({ "generated": { "expression": "d > 'today'::date", "kind": "Stored" } }),
                    ),
                ],
                none(),
                json!([]),
            ),
            "the expression of column \"g\" of table \"t\"",
            "fixed value",
        ),
        (
            (vec![at()], none(), domain(json!("'tomorrow'"), json!([]))),
            "domain \"d\"",
            "CURRENT_DATE + 1",
        ),
        (
            (
                vec![at()],
                none(),
                domain(json!(null), json!([{ "name": "c", "expression": "VALUE > 'now'" }])),
            ),
            "domain \"d\"",
            "now()",
        ),
    ];
    for ((columns, more, objects), named, instead) in cases {
        let file = declared(&place, &columns, more, objects);
        for verb in [
            &["diff", "--check", "--from", database.url(), "--to", &file][..],
            &["push", "--to", &file, "--database-url", database.url()],
        ] {
            run(verb).exits(1).says(&[named, "frozen when it is created", instead]);
        }
    }
    // A text is no time, and what is a text until a row is inserted is none either.
    let columns = [
        column("s", "text", json!({ "default": "'now'" })),
        column("at", "timestamp", json!({ "default": "'now'::text::timestamp" })),
    ];
    let checks = json!({ "checks": [{ "name": "c", "expression": "s IN ('today', 'now')" }] });
    let file = declared(&place, &columns, checks, json!([]));
    run(&["push", "--to", &file, "--database-url", database.url()]).exits(0);
    run(&["diff", "--check", "--from", database.url(), "--to", &file]).exits(0);
}

#[test]
fn an_event_trigger_that_refuses_is_named_and_no_column_is_blamed() {
    let place = TempFolder::new();
    let database = Database::with(
        "CREATE SCHEMA ops; CREATE TABLE keep (id int);
         CREATE FUNCTION ops.guard() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
             IF EXISTS (SELECT FROM pg_event_trigger_ddl_commands() WHERE schema_name <> 'public') THEN
                 RAISE 'tables outside of public are not allowed';
             END IF;
         END $$;
         CREATE EVENT TRIGGER \"Only public\" ON ddl_command_end EXECUTE FUNCTION ops.guard()",
    );
    let file = declared(&place, &[column("id", "integer", json!({}))], json!({}), json!([]));
    let said = run(&["diff", "--check", "--from", database.url(), "--to", &file]).exits(1);
    assert!(!said.error.contains("column"), "{}", said.error);
    said.says(&[
        "event trigger \"Only public\"",
        "ops.guard()",
        "tables outside of public",
        "DISABLE",
    ]);
    // One that lets temporary objects pass is no obstacle.
    database.sql("ALTER EVENT TRIGGER \"Only public\" DISABLE");
    run(&["diff", "--check", "--from", database.url(), "--to", &file]).exits(2);
}

#[test]
fn a_lack_of_the_server_is_said_and_no_column_is_blamed() {
    let place = TempFolder::new();
    let database = Database::with("CREATE TYPE mood AS ENUM ('ok')");
    // Another session holds the name that is created for a moment.
    let _held = orm_migrate_test_support::hold(
        database.url(),
        "BEGIN; LOCK TABLE pg_catalog.pg_class IN ACCESS SHARE MODE; LOCK TABLE pg_catalog.pg_type IN SHARE MODE",
    );
    let admin = database.url().replace(database.name(), "postgres");
    orm_migrate_test_support::on(
        &admin,
        &format!("ALTER DATABASE \"{}\" SET lock_timeout = '300ms'", database.name()),
    );
    let file = declared(&place, &[column("id", "integer", json!({}))], json!({}), json!([]));
    let said = run(&["diff", "--check", "--from", database.url(), "--to", &file]).exits(1);
    assert!(!said.error.contains("column \"id\""), "{}", said.error);
    said.says(&["a lock was not obtained in time", "lock_timeout"]);
}

#[test]
fn a_change_of_type_without_a_cast_is_refused_with_the_way_out() {
    let place = TempFolder::new();
    for (from, to, value) in [
        ("integer", "inet", "(1)"),
        ("bigint", "timestamp without time zone", "(1)"),
        ("boolean", "date", "(true)"),
        ("uuid", "integer", "(gen_random_uuid())"),
        ("point", "interval", "(point(1, 2))"),
    ] {
        for rows in ["", &format!("INSERT INTO t (a) SELECT {value} FROM generate_series(1, 3)")] {
            let database = Database::with(&format!("CREATE TABLE t (a {from}); {rows}"));
            let file = declared(&place, &[column("a", to, json!({}))], json!({}), json!([]));
            for form in ["--plain", "--online"] {
                run(&["diff", "--sql", form, "--from", database.url(), "--to", &file])
                    .exits(3)
                    .says(&[
                        "column \"a\"",
                        &format!("no cast from {from} to {to}"),
                        "USING",
                        "orm-migrate new",
                    ]);
            }
            run(&["push", "--to", &file, "--database-url", database.url()])
                .exits(3)
                .says(&[&format!("no cast from {from} to {to}")]);
        }
    }
    // A cast that somebody has made is one.
    let database = Database::with(
        "CREATE TABLE t (a integer);
         CREATE FUNCTION to_point(integer) RETURNS point IMMUTABLE LANGUAGE sql AS 'SELECT point($1, $1)';
         CREATE CAST (integer AS point) WITH FUNCTION to_point(integer)",
    );
    let file = declared(&place, &[column("a", "point", json!({}))], json!({}), json!([]));
    run(&["push", "--to", &file, "--database-url", database.url()]).exits(0);
}
