//! Tables, columns, types and what is in them that get other names: there and back, with their rows, and once.

use crate::support::{Place, all, differences, lines, unnamed};
use orm_core::schema::{Rename, Renamed};
use orm_migrate::diff::{diff, settled};
use orm_migrate::history::Script;
use orm_migrate::plan::{Down, Plan, plan, renaming};
use orm_migrate::scratch::{self, Proof};
use orm_migrate::source::{self, Both, SchemaSource};
use serde_json::Value;

/// What it is about, the script of what is there, the script of what is declared, what the code says of names, and what
/// is done.
struct Case<'a>(&'a str, &'a str, &'a str, Vec<Rename>, &'a [&'a str]);

const COLUMN: Renamed = Renamed::Column;

fn column(table: &'static str, name: &'static str, from: &'static str) -> Rename {
    Rename::member(COLUMN, ["public", table], name, from)
}

#[track_caller]
fn check(cases: &[Case<'_>]) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let failed = runtime.expect("a runtime").block_on(async {
        let (mut failed, places) = (Vec::new(), (Place::with("").await, Place::with("").await));
        for case in cases {
            if let Err(fault) = there_and_back(case, &places).await {
                failed.push(format!("## {}\n{fault}", case.0));
            }
        }
        failed
    });
    assert!(failed.is_empty(), "\n{}", failed.join("\n\n"));
}

async fn both(live: &Place, to: &orm_core::schema::Schema) -> Result<Both, String> {
    let config = live.config();
    let from = SchemaSource::Database(Box::new(config));
    let both = source::both(from, SchemaSource::Declared(to.clone()), Some(&live.server)).await;
    both.map_err(|error| format!("the sides: {error:#}"))
}

async fn there_and_back(
    Case(_, before, after, renames, expected): &Case<'_>,
    (live, goal): &(Place, Place),
) -> Result<(), String> {
    live.begin_again(before).await;
    goal.begin_again(after).await;
    let declared = unnamed(goal.read().await.schema()).with_renames(renames.iter().cloned());
    let Both { from, before: first, renamings, to, .. } = both(live, &declared).await?;
    let rows = sums(live).await;
    let from = from.canonical;
    let changes = diff(&from, &to, &all(&from));
    let done = [lines(&renamings), lines(&changes)].concat();
    if done != *expected {
        return Err(format!("it does\n  {}", done.join("\n  ")));
    }
    let mut steps = renaming(&renamings);
    steps.extend(plan(changes.clone(), &from, &to).steps);
    let up = Plan { steps }.up_sql();
    run(live, "up", &up).await?;
    // The code still says the old names, and nothing is left to do.
    let again = both(live, &declared).await?;
    let left = [lines(&again.renamings), differences(&again.from.canonical, &again.to)].concat();
    nothing(&format!("left after up:\n{up}"), &left)?;
    if rows != sums(live).await {
        return Err(format!("rows were lost:\n{up}"));
    }
    let end = settled(&from, &to);
    proved(live, &first, &up, &end).await?;
    let Some(sql) = Down::renamed_too(&renamings, &changes, &from, &end).sql else {
        return Err("no way back".to_owned());
    };
    run(live, "down", &sql).await?;
    let home = scratch::live(&live.connection, &first).await.expect("a reading").canonical;
    nothing(&format!("left after down:\n{up}\n{sql}"), &differences(&home, &first))?;
    nothing(&format!("too much after down:\n{up}\n{sql}"), &differences(&first, &home))?;
    if rows != sums(live).await {
        return Err(format!("rows were lost on the way back:\n{sql}"));
    }
    proved(live, &end, &sql, &first).await
}

fn nothing(what: &str, found: &[String]) -> Result<(), String> {
    match found {
        [] => Ok(()),
        found => Err(format!("{what}\n  {}", found.join("\n  "))),
    }
}

async fn run(place: &Place, what: &str, sql: &str) -> Result<(), String> {
    for segment in Script::parse(sql).expect("a script").segments {
        let statements: Vec<_> = segment.statements.iter().map(|it| it.text.as_str()).collect();
        let result = place
            .connection
            .batch_execute(&format!("BEGIN;\n{};\nCOMMIT", statements.join(";\n")))
            .await;
        if let Err(error) = result {
            let _ended = place.connection.batch_execute("ROLLBACK").await;
            return Err(format!("{what} failed: {error:#}\n{sql}"));
        }
    }
    Ok(())
}

async fn proved(
    place: &Place,
    from: &orm_migrate::catalog::Canonical,
    sql: &str,
    to: &orm_migrate::catalog::Canonical,
) -> Result<(), String> {
    match scratch::prove(place.server.clone(), from, sql, to).await {
        Ok(Proof::Holds) => Ok(()),
        Ok(Proof::Skipped(why)) => Err(format!("not proved: {why}\n{sql}")),
        Ok(Proof::Differs(left)) => nothing(&format!("the proof of\n{sql}"), &left),
        Err(error) => Err(format!("the proof failed: {error:#}\n{sql}")),
    }
}

/// All values in all tables, whatever these and their columns are called.
async fn sums(place: &Place) -> Vec<String> {
    const TABLES: &str = "SELECT format('SELECT to_jsonb(t)::text FROM %s AS t', c.oid::regclass)
        FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
        WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";
    let mut found = Vec::new();
    for table in
        place.connection.query::<orm_core::exec::DriverRow>(TABLES, &[]).await.expect("the tables")
    {
        for row in place
            .connection
            .query::<orm_core::exec::DriverRow>(table.get(0), &[])
            .await
            .expect("rows")
        {
            let row: Value = serde_json::from_str(row.get(0)).expect("an object");
            let mut values = values(&row);
            values.sort();
            found.push(values.join(", "));
        }
    }
    found.sort();
    found
}

/// Without their names, and without what a new column holds.
fn values(value: &Value) -> Vec<String> {
    match value {
        Value::Object(fields) => fields.values().flat_map(values).collect(),
        Value::Null => Vec::new(),
        value => vec![value.to_string()],
    }
}

#[test]
fn tables() {
    check(&[
        Case(
            "a table",
            "CREATE TABLE a (id int PRIMARY KEY, v text); INSERT INTO a VALUES (1, 'x')",
            "CREATE TABLE b (id int PRIMARY KEY, v text)",
            vec![Rename::table(["public", "b"], "a")],
            &[
                "rename table \"a\" to \"b\"",
                "rename primary key \"a_pkey\" of \"b\" to \"b_pkey\"",
            ],
        ),
        Case(
            "a table with all that hangs on it",
            "CREATE TABLE \"user\" (id bigserial PRIMARY KEY, email text UNIQUE, age int DEFAULT 1 CONSTRAINT user_check CHECK (age > 0),
                 total int GENERATED ALWAYS AS (age * 2) STORED, n int GENERATED ALWAYS AS IDENTITY);
             CREATE INDEX ON \"user\" (lower(email)) WHERE age > 10; CREATE INDEX by_hand ON \"user\" (age);
             CREATE TABLE post (id int PRIMARY KEY, author bigint NOT NULL REFERENCES \"user\");
             CREATE VIEW v AS SELECT u.id, u.email FROM \"user\" AS u JOIN post ON post.author = u.id;
             CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
             CREATE TRIGGER t BEFORE UPDATE OF email ON \"user\" FOR EACH ROW EXECUTE FUNCTION f();
             ALTER TABLE \"user\" ENABLE ROW LEVEL SECURITY;
             CREATE POLICY own ON \"user\" USING (EXISTS (SELECT FROM post WHERE post.author = \"user\".id));
             CREATE POLICY other ON post USING (EXISTS (SELECT FROM \"user\" AS u WHERE u.id = post.author));
             INSERT INTO \"user\" (email) VALUES ('a'), ('b'); INSERT INTO post VALUES (1, 1)",
            "CREATE TABLE account (id bigserial PRIMARY KEY, email text UNIQUE, age int DEFAULT 1 CONSTRAINT user_check CHECK (age > 0),
                 total int GENERATED ALWAYS AS (age * 2) STORED, n int GENERATED ALWAYS AS IDENTITY);
             CREATE INDEX ON account (lower(email)) WHERE age > 10; CREATE INDEX by_hand ON account (age);
             CREATE TABLE post (id int PRIMARY KEY, author bigint NOT NULL REFERENCES account);
             CREATE VIEW v AS SELECT u.id, u.email FROM account AS u JOIN post ON post.author = u.id;
             CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
             CREATE TRIGGER t BEFORE UPDATE OF email ON account FOR EACH ROW EXECUTE FUNCTION f();
             ALTER TABLE account ENABLE ROW LEVEL SECURITY;
             CREATE POLICY own ON account USING (EXISTS (SELECT FROM post WHERE post.author = account.id));
             CREATE POLICY other ON post USING (EXISTS (SELECT FROM account AS u WHERE u.id = post.author))",
            vec![Rename::table(["public", "account"], "user")],
            &[
                "rename table \"user\" to \"account\"",
                "rename primary key \"user_pkey\" of \"account\" to \"account_pkey\"",
                "rename unique constraint \"user_email_key\" of \"account\" to \"account_email_key\"",
                "rename check \"user_check\" of \"account\" to \"account_check\"",
            ],
        ),
        Case(
            "a table that also changes",
            "CREATE TABLE a (id int PRIMARY KEY, gone int, v varchar(10) DEFAULT 'x'); INSERT INTO a VALUES (1)",
            "CREATE TABLE b (id bigint PRIMARY KEY, gone int, v varchar(20) DEFAULT 'x', new int); CREATE INDEX ON b (v)",
            vec![Rename::table(["public", "b"], "a")],
            &[
                "rename table \"a\" to \"b\"",
                "rename primary key \"a_pkey\" of \"b\" to \"b_pkey\"",
                "change column \"id\" of \"b\": type integer to bigint",
                "change column \"v\" of \"b\": type character varying(10) to character varying(20)",
                "add column \"new\" integer to \"b\"",
                "add index \"b_v_idx\" to \"b\"",
            ],
        ),
        Case(
            "names that are passed on",
            "CREATE TABLE a (id int PRIMARY KEY, x int UNIQUE); CREATE TABLE b (id int PRIMARY KEY, y text UNIQUE);
             INSERT INTO a VALUES (1, 2); INSERT INTO b VALUES (3, 'z')",
            "CREATE TABLE b (id int PRIMARY KEY, x int UNIQUE); CREATE TABLE c (id int PRIMARY KEY, y text UNIQUE)",
            vec![Rename::table(["public", "b"], "a"), Rename::table(["public", "c"], "b")],
            &[
                "rename table \"b\" to \"c\"",
                "rename table \"a\" to \"b\"",
                "rename unique constraint \"a_x_key\" of \"b\" to \"b_x_key\"",
                "rename primary key \"b_pkey\" of \"c\" to \"c_pkey\"",
                "rename primary key \"a_pkey\" of \"b\" to \"b_pkey\"",
                "rename unique constraint \"b_y_key\" of \"c\" to \"c_y_key\"",
            ],
        ),
        Case(
            "a table that moves to a new schema",
            "CREATE TABLE \"user\" (id serial PRIMARY KEY, v int CHECK (v > 0)); CREATE TABLE p (u int REFERENCES \"user\");
             INSERT INTO \"user\" (v) VALUES (1); INSERT INTO p VALUES (1)",
            "CREATE SCHEMA auth; CREATE TABLE auth.account (id serial PRIMARY KEY, v int CHECK (v > 0)); CREATE TABLE p (u int REFERENCES auth.account)",
            vec![Rename::whole(Renamed::Table, ["auth", "account"], Some("public"), "user")],
            &[
                "create schema \"auth\"",
                "move table \"user\" to schema \"auth\" as \"account\"",
                "rename primary key \"user_pkey\" of \"auth\".\"account\" to \"account_pkey\"",
            ],
        ),
        Case(
            "a table that is divided, and its partition",
            "CREATE TABLE a (id int, at int) PARTITION BY RANGE (at); CREATE TABLE a1 PARTITION OF a FOR VALUES FROM (1) TO (5); CREATE INDEX ON a (id);
             INSERT INTO a VALUES (7, 3)",
            "CREATE TABLE b (id int, at int) PARTITION BY RANGE (at); CREATE TABLE b1 PARTITION OF b FOR VALUES FROM (1) TO (5); CREATE INDEX ON b (id)",
            vec![Rename::table(["public", "b"], "a"), Rename::table(["public", "b1"], "a1")],
            &[
                "rename table \"a\" to \"b\"",
                "rename table \"a1\" to \"b1\"",
                "rename index \"a_id_idx\" of \"b\" to \"b_id_idx\"",
            ],
        ),
    ]);
}

#[test]
fn columns() {
    check(&[
        Case(
            "a column with all that hangs on it",
            "CREATE TABLE t (id int PRIMARY KEY, \"Name\" text DEFAULT 'x' UNIQUE CONSTRAINT t_check CHECK (length(\"Name\") < 10),
                 up text GENERATED ALWAYS AS (upper(\"Name\")) STORED, n serial, other int);
             CREATE INDEX ON t (\"Name\", other); CREATE INDEX ON t (lower(\"Name\")) WHERE \"Name\" <> '';
             CREATE TABLE p (n text REFERENCES t (\"Name\")); CREATE VIEW v AS SELECT \"Name\" AS name FROM t WHERE \"Name\" > 'a';
             ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY own ON t USING (\"Name\" = CURRENT_USER);
             INSERT INTO t (id, \"Name\") VALUES (1, 'a'), (2, 'b'); INSERT INTO p VALUES ('a')",
            "CREATE TABLE t (id int PRIMARY KEY, full_name text DEFAULT 'x' UNIQUE CONSTRAINT t_check CHECK (length(full_name) < 10),
                 up text GENERATED ALWAYS AS (upper(full_name)) STORED, number serial, other int);
             CREATE INDEX ON t (full_name, other); CREATE INDEX ON t (lower(full_name)) WHERE full_name <> '';
             CREATE TABLE p (n text REFERENCES t (full_name)); CREATE VIEW v AS SELECT full_name AS name FROM t WHERE full_name > 'a';
             ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY own ON t USING (full_name = CURRENT_USER)",
            vec![column("t", "full_name", "Name"), column("t", "number", "n")],
            &[
                "rename column \"Name\" of \"t\" to \"full_name\"",
                "rename column \"n\" of \"t\" to \"number\"",
                "rename unique constraint \"t_Name_key\" of \"t\" to \"t_full_name_key\"",
                "rename index \"t_Name_other_idx\" of \"t\" to \"t_full_name_other_idx\"",
            ],
        ),
        Case(
            "a column that also changes",
            "CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL); INSERT INTO t VALUES (1, 2)",
            "CREATE TABLE t (id int PRIMARY KEY, b bigint DEFAULT 7)",
            vec![column("t", "b", "a")],
            &[
                "rename column \"a\" of \"t\" to \"b\"",
                "change column \"b\" of \"t\": type integer to bigint, drop NOT NULL, set default 7",
            ],
        ),
        Case(
            "columns that pass their names on",
            "CREATE TABLE t (id int PRIMARY KEY, a int UNIQUE, b text UNIQUE); INSERT INTO t VALUES (1, 2, 'x')",
            "CREATE TABLE t (id int PRIMARY KEY, b int UNIQUE, c text UNIQUE)",
            vec![column("t", "b", "a"), column("t", "c", "b")],
            &[
                "rename column \"b\" of \"t\" to \"c\"",
                "rename column \"a\" of \"t\" to \"b\"",
                "rename unique constraint \"t_b_key\" of \"t\" to \"t_c_key\"",
                "rename unique constraint \"t_a_key\" of \"t\" to \"t_b_key\"",
            ],
        ),
        Case(
            "the columns of a key that another table references, and of a table that is divided",
            "CREATE TABLE a (x int, y int, PRIMARY KEY (x, y)); CREATE TABLE b (x int, y int, FOREIGN KEY (x, y) REFERENCES a);
             CREATE TABLE d (id int, at int, CHECK (at > 0), PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
             CREATE TABLE d1 PARTITION OF d FOR VALUES FROM (1) TO (5); CREATE INDEX ON d (at) WHERE id > 2;
             INSERT INTO a VALUES (1, 2); INSERT INTO b VALUES (1, 2); INSERT INTO d VALUES (7, 3)",
            "CREATE TABLE a (u int, v int, PRIMARY KEY (u, v)); CREATE TABLE b (u int, y int, FOREIGN KEY (u, y) REFERENCES a);
             CREATE TABLE d (id int, since int, CHECK (since > 0), PRIMARY KEY (id, since)) PARTITION BY RANGE (since);
             CREATE TABLE d1 PARTITION OF d FOR VALUES FROM (1) TO (5); CREATE INDEX ON d (since) WHERE id > 2",
            vec![column("a", "u", "x"), column("a", "v", "y"), column("b", "u", "x"), column("d", "since", "at")],
            &[
                "rename column \"x\" of \"a\" to \"u\"",
                "rename column \"y\" of \"a\" to \"v\"",
                "rename column \"x\" of \"b\" to \"u\"",
                "rename column \"at\" of \"d\" to \"since\"",
                "rename foreign key \"b_x_y_fkey\" of \"b\" to \"b_u_y_fkey\"",
                "rename index \"d_at_idx\" of \"d\" to \"d_since_idx\"",
            ],
        ),
        Case(
            "a column of a table that has another name too",
            "CREATE TABLE a (id serial PRIMARY KEY, x int UNIQUE); INSERT INTO a (x) VALUES (5)",
            "CREATE TABLE b (number serial PRIMARY KEY, y int UNIQUE)",
            vec![Rename::table(["public", "b"], "a"), column("b", "y", "x"), column("b", "number", "id")],
            &[
                "rename table \"a\" to \"b\"",
                "rename column \"id\" of \"b\" to \"number\"",
                "rename column \"x\" of \"b\" to \"y\"",
                "rename primary key \"a_pkey\" of \"b\" to \"b_pkey\"",
                "rename unique constraint \"a_x_key\" of \"b\" to \"b_y_key\"",
            ],
        ),
    ]);
}

#[test]
fn types() {
    const VALUE: Renamed = Renamed::Value;
    let object = |name, from| Rename::object(["public", name], from);
    check(&[
        Case(
            "a value that a default, a check, an index and a view say",
            "CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE TABLE t (id int PRIMARY KEY, m mood DEFAULT 'sad', CHECK (m <> 'sad' OR id > 0));
             CREATE INDEX ON t (id) WHERE m = 'sad'; CREATE VIEW v AS SELECT id FROM t WHERE m = 'sad'; INSERT INTO t VALUES (1, 'ok')",
            "CREATE TYPE mood AS ENUM ('not happy', 'ok'); CREATE TABLE t (id int PRIMARY KEY, m mood DEFAULT 'not happy', CHECK (m <> 'not happy' OR id > 0));
             CREATE INDEX ON t (id) WHERE m = 'not happy'; CREATE VIEW v AS SELECT id FROM t WHERE m = 'not happy'",
            vec![Rename::member(VALUE, ["public", "mood"], "not happy", "sad")],
            &["rename value 'sad' of \"mood\" to 'not happy'"],
        ),
        Case(
            "an enum that also loses a value",
            "CREATE TYPE mood AS ENUM ('sad', 'ok', 'gone'); CREATE TABLE t (id int PRIMARY KEY, m mood DEFAULT 'ok', ms mood[]); INSERT INTO t VALUES (1, 'ok', '{ok}')",
            "CREATE TYPE feeling AS ENUM ('ok', 'bad'); CREATE TABLE t (id int PRIMARY KEY, m feeling DEFAULT 'ok', ms feeling[])",
            vec![object("feeling", "mood"), Rename::member(VALUE, ["public", "feeling"], "bad", "sad")],
            &[
                "rename enum \"mood\" to \"feeling\"",
                "rename value 'sad' of \"feeling\" to 'bad'",
                "change enum \"public\".\"feeling\"",
            ],
        ),
        Case(
            "an enum, a domain and a composite type",
            "CREATE TYPE mood AS ENUM ('sad'); CREATE DOMAIN mail AS text CHECK (VALUE LIKE '%@%'); CREATE TYPE place AS (street text, zip int);
             CREATE TABLE t (id int PRIMARY KEY, m mood DEFAULT 'sad', e mail, p place, ms mood[]); INSERT INTO t VALUES (1, 'sad', 'a@b', ('x', 1), '{sad}')",
            "CREATE TYPE feeling AS ENUM ('sad'); CREATE DOMAIN email AS text CHECK (VALUE LIKE '%@%'); CREATE TYPE address AS (street text, code int);
             CREATE TABLE t (id int PRIMARY KEY, m feeling DEFAULT 'sad', e email, p address, ms feeling[])",
            vec![
                object("feeling", "mood"),
                object("email", "mail"),
                object("address", "place"),
                Rename::member(Renamed::Attribute, ["public", "address"], "code", "zip"),
            ],
            &[
                "rename composite type \"place\" to \"address\"",
                "rename domain \"mail\" to \"email\"",
                "rename enum \"mood\" to \"feeling\"",
                "rename attribute \"zip\" of \"address\" to \"code\"",
                "change domain \"public\".\"email\"",
            ],
        ),
        Case(
            "a type that other types, functions and views are made of",
            "CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE TYPE pair AS (a mood, b mood[]); CREATE DOMAIN good AS mood CHECK (VALUE <> 'sad');
             CREATE TABLE t (id int PRIMARY KEY, p pair, g good DEFAULT 'ok', m mood); INSERT INTO t VALUES (1, ('sad', '{ok}'), 'ok', 'sad');
             CREATE FUNCTION f(m mood) RETURNS int LANGUAGE sql RETURN (SELECT count(*) FROM t WHERE t.m = f.m);
             CREATE FUNCTION g() RETURNS SETOF mood LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY SELECT t.m FROM t; END $$;
             CREATE VIEW v AS SELECT f(m) AS n, m FROM t",
            "CREATE TYPE feeling AS ENUM ('sad', 'ok'); CREATE TYPE pair AS (a feeling, b feeling[]); CREATE DOMAIN good AS feeling CHECK (VALUE <> 'sad');
             CREATE TABLE t (id int PRIMARY KEY, p pair, g good DEFAULT 'ok', m feeling);
             CREATE FUNCTION f(m feeling) RETURNS int LANGUAGE sql RETURN (SELECT count(*) FROM t WHERE t.m = f.m);
             CREATE FUNCTION g() RETURNS SETOF feeling LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY SELECT t.m FROM t; END $$;
             CREATE VIEW v AS SELECT f(m) AS n, m FROM t",
            vec![object("feeling", "mood")],
            &["rename enum \"mood\" to \"feeling\""],
        ),
        Case(
            "a sequence that a default uses, and a view that another reads",
            "CREATE SEQUENCE s START 5; CREATE TABLE t (id int PRIMARY KEY DEFAULT nextval('s')); INSERT INTO t VALUES (DEFAULT);
             CREATE VIEW v AS SELECT id FROM t; CREATE VIEW w AS SELECT id FROM v",
            "CREATE SEQUENCE numbers START 5; CREATE TABLE t (id int PRIMARY KEY DEFAULT nextval('numbers'));
             CREATE VIEW all_t AS SELECT id FROM t; CREATE VIEW w AS SELECT id FROM all_t",
            vec![object("numbers", "s"), object("all_t", "v")],
            &[
                "rename view \"v\" to \"all_t\"",
                "rename sequence \"s\" to \"numbers\"",
            ],
        ),
        Case(
            "a type that moves to a schema that is there",
            "CREATE SCHEMA s; CREATE TYPE mood AS ENUM ('sad'); CREATE TABLE t (id int PRIMARY KEY, m mood DEFAULT 'sad'); INSERT INTO t VALUES (1)",
            "CREATE SCHEMA s; CREATE TYPE s.mood AS ENUM ('sad'); CREATE TABLE t (id int PRIMARY KEY, m s.mood DEFAULT 'sad')",
            vec![Rename::whole(Renamed::Object, ["s", "mood"], Some("public"), "mood")],
            &["move enum \"mood\" to schema \"s\""],
        ),
    ]);
}

#[test]
fn what_is_renamed_to_the_name_of_an_index_has_it_when_the_index_gives_it_up() {
    let object = |name: &'static str, from: &'static str| Rename::object(["public", name], from);
    check(&[
        Case(
            "a sequence",
            "CREATE TABLE t (id int PRIMARY KEY, a int); CREATE INDEX x ON t (a); CREATE SEQUENCE s START 7",
            "CREATE TABLE t (id int PRIMARY KEY, a int); CREATE INDEX y ON t (a); CREATE SEQUENCE x START 7",
            vec![object("x", "s")],
            &["rename index \"x\" of \"t\" to \"t_a_idx\"", "rename sequence \"s\" to \"x\""],
        ),
        Case(
            "a composite type, and the index goes",
            "CREATE TABLE t (id int PRIMARY KEY, a int); CREATE INDEX x ON t (a); CREATE TYPE c AS (a int)",
            "CREATE TABLE t (id int PRIMARY KEY, a int); CREATE TYPE x AS (a int)",
            vec![object("x", "c")],
            &[
                "rename index \"x\" of \"t\" to \"orm_rename_index_0\"",
                "rename composite type \"c\" to \"x\"",
                "drop index \"orm_rename_index_0\" of \"t\"",
            ],
        ),
        Case(
            "a table, with the name of a key",
            "CREATE TABLE t (id int CONSTRAINT x PRIMARY KEY); CREATE TABLE u (id int); INSERT INTO u VALUES (1)",
            "CREATE TABLE t (id int CONSTRAINT z PRIMARY KEY); CREATE TABLE x (id int)",
            vec![Rename::table(["public", "x"], "u")],
            &["rename primary key \"x\" of \"t\" to \"t_pkey\"", "rename table \"u\" to \"x\""],
        ),
        Case(
            "an enum, which shares no names with indexes",
            "CREATE TABLE t (id int PRIMARY KEY, a int); CREATE INDEX x ON t (a); CREATE TYPE e AS ENUM ('a')",
            "CREATE TABLE t (id int PRIMARY KEY, a int); CREATE INDEX x ON t (a); CREATE TYPE x AS ENUM ('a')",
            vec![object("x", "e")],
            &["rename enum \"e\" to \"x\""],
        ),
    ]);
}
