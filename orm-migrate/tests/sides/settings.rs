//! Settings of a database or a role that change how PostgreSQL writes and reads values.

use orm_core::exec::Config;
use orm_core::schema::Schema;
use orm_migrate::session::FIXED;
use orm_migrate::{catalog, scratch, session};
use orm_migrate_test_support::{Database, TempFolder, run, texts};

/// Categories of pg_settings in which no setting changes what a value or a statement means. Those that are in another
/// category and do not matter are in [`HARMLESS`], one by one.
const HARMLESS_CATEGORIES: &[&str] = &[
    "Connections and Authentication",
    "Query Tuning",
    "Replication",
    "Reporting and Logging",
    "Resource Usage",
    "Statistics",
    "Vacuuming",
    "Autovacuum",
    "Write-Ahead Log",
    // They show what the server does, or are for a damaged cluster.
    "Developer Options",
];

const HARMLESS: &[&str] = &[
    // The driver says these two in its startup packet, which goes before what a database or role says.
    "client_encoding",
    "application_name",
    // Which messages are sent, in which language: errors are told apart by their SQLSTATE.
    "client_min_messages",
    "escape_string_warning",
    "lc_messages",
    "plpgsql.extra_warnings",
    "plpgsql.print_strict_params",
    // Libraries that the administrator wants in each session.
    "dynamic_library_path",
    "extension_control_path",
    "extension_destdir",
    "jit_provider",
    "local_preload_libraries",
    "session_preload_libraries",
    "output_plugin_libraries",
    // Where and how a database stores what is created in it, which no migration says.
    "default_table_access_method",
    "default_tablespace",
    "default_toast_compression",
    "temp_tablespaces",
    "file_copy_method",
    // What the application's own statements take from its database.
    "default_text_search_config",
    "search_path",
    // Guards: they refuse, and change no meaning.
    "default_transaction_read_only",
    "event_triggers",
    "icu_validation_level",
    "lo_compat_privileges",
    "lock_timeout",
    "transaction_deferrable",
    "transaction_isolation",
    "transaction_read_only",
    // Costs and checks while something runs.
    "client_connection_check_interval",
    "composite_type_mismatch",
    "deadlock_timeout",
    "gin_pending_list_limit",
    "synchronize_seqscans",
    "vacuum_cost_delay",
    "vacuum_failsafe_age",
    "vacuum_freeze_min_age",
    "vacuum_freeze_table_age",
    "vacuum_multixact_failsafe_age",
    "vacuum_multixact_freeze_min_age",
    "vacuum_multixact_freeze_table_age",
];

/// All that is written differently under some setting: as SQL of an author, which means the same under each of them.
const SCHEMA: &str = r#"
    CREATE TYPE mood AS ENUM ('sad', 'ok');
    CREATE DOMAIN day AS date DEFAULT '2024-03-04' CHECK (VALUE > '1999-12-31');
    CREATE FUNCTION since(timestamptz DEFAULT '2024-05-06 07:08:09+02', interval DEFAULT '-1 day +02:03') RETURNS boolean
        IMMUTABLE LANGUAGE sql RETURN $1 > '2001-02-03 04:05:06+00'::timestamptz;
    CREATE TABLE "Zoo" (
        id bigint PRIMARY KEY,
        d date DEFAULT '2024-01-02' CHECK (d > '2020-01-02'),
        t timestamp DEFAULT '2024-01-02 03:04:05.678',
        tz timestamptz DEFAULT '2024-01-02 03:04:05+00',
        i interval DEFAULT '-1 year -2 months +3 days 04:05:06',
        f float8 DEFAULT '0.1'::float8 + '1e-7'::float8 CHECK (f <> '0.30000000000000004'::float8),
        r real DEFAULT '3.1415927'::real,
        b bytea DEFAULT '\x00ff41'::bytea CHECK (b <> '\x5c27'::bytea),
        m money DEFAULT '1234.5'::numeric::money,
        x text DEFAULT (XMLELEMENT(NAME a, '\x00'::bytea))::text,
        a text[] DEFAULT ARRAY[NULL, 'NULL', 'a"b'] CHECK (a <> '{NULL,"x\\y"}'::text[]),
        s text DEFAULT 'a\b' CHECK (s ~ '^\d+\.$' OR s = NULL),
        day day,
        mood mood DEFAULT 'ok',
        g date GENERATED ALWAYS AS (d + 3) STORED,
        h boolean GENERATED ALWAYS AS (tz > '2024-10-27 01:30:00+00'::timestamptz) STORED
    );
    CREATE INDEX late ON "Zoo" (i) WHERE tz > '2024-06-07 08:09:10+00';
    CREATE TABLE event (id bigint, at timestamptz, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
    CREATE TABLE event_2024 PARTITION OF event FOR VALUES FROM ('2024-01-01 00:00:00+00') TO ('2025-01-01 00:00:00+00');
    CREATE TABLE event_other PARTITION OF event DEFAULT;
    CREATE TABLE span (i interval) PARTITION BY LIST (i);
    CREATE TABLE span_one PARTITION OF span FOR VALUES IN ('1 day 02:03:04', '-3 days +01:00');
    CREATE VIEW recent AS SELECT id, d, 'x' || 1.5::float8 AS s, '2024-01-02'::date AS n, '1 day'::interval AS w,
        '\x00'::bytea AS raw FROM "Zoo" WHERE tz > '2024-07-08 09:10:11+00'::timestamptz AND d <> '2023-04-05';
    CREATE MATERIALIZED VIEW counted AS SELECT d, count(*) FROM "Zoo" WHERE d > '2023-04-05' GROUP BY d;
"#;

fn schema_sql() -> String {
    // A server may be built without XML.
    let has_xml =
        orm_migrate_test_support::try_sql(Database::with("").url(), "SELECT '<a/>'::xml").is_ok();
    let lines = SCHEMA.lines().filter(|line| has_xml || !line.contains("XMLELEMENT"));
    lines.collect::<Vec<_>>().join("\n")
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Runtime::new().expect("a runtime").block_on(work)
}

/// What a session of the tool reads of a database, and what it makes of what it has read.
async fn seen(url: &str) -> orm_core::Result<(Schema, Schema)> {
    let config = Config::from_url(url).expect("a URL");
    let connection = session::open(&config).await?;
    let live = catalog::read(&connection).await?.canonical;
    let again = scratch::canonical(&connection, live.schema()).await;
    connection.close().await;
    Ok((live.schema().clone(), again.expect("what was read is accepted").schema().clone()))
}

/// A setting that a database and a role can set, with values that are not its own.
struct Setting {
    name: String,
    context: String,
    category: String,
    others: Vec<String>,
}

fn settings(database: &Database) -> Vec<Setting> {
    // The settings of plpgsql are there once it is loaded.
    let sql = "LOAD 'plpgsql'; CREATE OR REPLACE VIEW settable AS SELECT concat_ws(E'\\x1f', name, context, category, vartype, \
        coalesce(reset_val, ''), coalesce(array_to_string(enumvals, ','), ''), coalesce(max_val, '')) FROM pg_settings \
        WHERE context IN ('user', 'superuser', 'backend', 'superuser-backend')";
    let read = format!("{sql}; ");
    let config = Config::from_url(database.url()).expect("a URL");
    let rows: Vec<String> = block_on(async {
        let connection = orm_core::exec::Connection::connect(&config).await.expect("a session");
        connection.batch_execute(&read).await.expect("it runs");
        let rows = connection
            .query::<orm_core::exec::DriverRow>("SELECT * FROM settable", &[])
            .await
            .expect("rows");
        connection.batch_execute("DROP VIEW settable").await.expect("it runs");
        rows.iter().map(|row| row.get(0)).collect()
    });
    let setting = |row: &String| {
        let cells: Vec<&str> = row.split('\x1f').collect();
        let [name, context, category, kind, own, values, max] = cells[..] else {
            panic!("another row: {row:?}")
        };
        let others = match kind {
            "bool" => vec![if own == "on" { "off" } else { "on" }.to_owned()],
            "enum" => values.split(',').filter(|it| *it != own).map(str::to_owned).collect(),
            _ if name == "extra_float_digits" => vec!["-15".to_owned(), "3".to_owned()],
            // A session would only begin later.
            _ if name == "post_auth_delay" => Vec::new(),
            _ if name.ends_with("_timeout") => vec!["3600000".to_owned()],
            "integer" | "real" => {
                let number = |text: &str| text.parse::<f64>().unwrap_or_default();
                vec![(number(own) * 2.0 + 1.0).min(number(max)).to_string()]
            }
            _ => of_text(name),
        };
        Setting {
            name: name.to_owned(),
            context: context.to_owned(),
            category: category.to_owned(),
            others,
        }
    };
    rows.iter().map(setting).collect()
}

/// Other values of a setting that is a text.
fn of_text(name: &str) -> Vec<String> {
    let values: &[&str] = match name {
        "DateStyle" => &["SQL, DMY", "German", "Postgres, DMY", "ISO, YMD"],
        "TimeZone" => &["Europe/Berlin", "Asia/Kolkata", "America/St_Johns"],
        "timezone_abbreviations" => &["Australia", "India"],
        "createrole_self_grant" => &["set, inherit"],
        "restrict_nonsystem_relation_kind" => &["view, foreign-table"],
        "plpgsql.extra_errors" => &["all"],
        "search_path" => &["pg_catalog", "\"$user\"", "\"Zoo\", public"],
        "default_text_search_config" => &["pg_catalog.simple", "pg_catalog.german"],
        _ if name.starts_with("lc_") => &["C.UTF-8", "en_US.UTF-8", "de_DE.UTF-8", "POSIX"],
        _ => &[],
    };
    values.iter().map(|it| (*it).to_owned()).collect()
}

#[test]
fn each_setting_is_fixed_or_known_not_to_matter() {
    let database = Database::with("");
    let is_known = |it: &Setting| {
        FIXED.iter().any(|(name, _)| *name == it.name)
            || HARMLESS.contains(&&*it.name)
            || HARMLESS_CATEGORIES.iter().any(|category| it.category.starts_with(category))
    };
    let all = settings(&database);
    assert!(all.len() > 150, "{}", all.len());
    let unknown: Vec<String> = (all.iter().filter(|it| !is_known(it)))
        .map(|it| format!("{} ({}, {})", it.name, it.context, it.category))
        .collect();
    assert!(
        unknown.is_empty(),
        "fix them in session.rs or name them here:\n{}",
        unknown.join("\n")
    );
}

#[test]
fn no_setting_of_a_database_or_role_changes_what_is_read_or_made() {
    let database = Database::with(&schema_sql());
    let role = format!("r_{}", database.name());
    database.sql(&format!("CREATE ROLE {role} SUPERUSER LOGIN"));
    // Who owns what is created is another one for each of the two.
    let expected = [database.url().to_owned(), database.url_of(&role)]
        .map(|url| block_on(seen(&url)).expect("it is read"));
    let (mut failures, mut tried) = (Vec::new(), 0);
    let is_of_interest = |it: &Setting| {
        !HARMLESS_CATEGORIES.iter().any(|category| it.category.starts_with(category))
            || FIXED.iter().any(|(name, _)| *name == it.name)
    };
    for setting in settings(&database).into_iter().filter(is_of_interest) {
        let is_fixed = FIXED.iter().any(|(name, _)| *name == setting.name);
        let mut accepted = [setting.others.is_empty(); 2];
        for value in &setting.others {
            let set = format!("SET {} = '{value}'", setting.name);
            let set = if setting.name == "search_path" { set.replace('\'', "") } else { set };
            let places = [
                (format!("DATABASE \"{}\"", database.name()), database.url().to_owned()),
                (format!("ROLE {role}"), database.url_of(&role)),
            ];
            for (place, (of, url)) in places.into_iter().enumerate() {
                // Every value of a database is tried, and one of a role, for what is fixed; else one value.
                if (place == 1 || !is_fixed) && (accepted[place] || (place == 1 && !is_fixed)) {
                    continue;
                }
                let admin = database.url().replace(database.name(), "postgres");
                // Another value may not be there on this machine, as a locale, or not on this server.
                if orm_migrate_test_support::try_sql(&admin, &format!("ALTER {of} {set}")).is_err()
                {
                    continue;
                }
                accepted[place] = true;
                tried += 1;
                match block_on(seen(&url)) {
                    Ok(seen) if seen == expected[place] => {}
                    Ok(_) => failures.push(format!("{of} {set}: something else is read")),
                    Err(error) => failures.push(format!("{of} {set}: {error:#}")),
                }
                orm_migrate_test_support::on(&admin, &format!("ALTER {of} RESET {}", setting.name));
            }
        }
        if is_fixed && accepted.contains(&false) {
            failures.push(format!("{}: no other value was accepted", setting.name));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(tried > 60, "{tried}");
    database.sql(&format!("DROP ROLE {role}"));
}

/// Everything at once, as one database may have it.
fn odd(of: &str) -> String {
    let set = |name: &str, value: &str| format!("ALTER {of} SET {name} = {value};");
    [
        ("datestyle", "'SQL, DMY'"),
        ("intervalstyle", "'sql_standard'"),
        ("timezone", "'Europe/Berlin'"),
        ("timezone_abbreviations", "'India'"),
        ("extra_float_digits", "-15"),
        ("bytea_output", "'escape'"),
        ("xmlbinary", "'hex'"),
        ("xmloption", "'document'"),
        ("array_nulls", "off"),
        ("backslash_quote", "off"),
        ("quote_all_identifiers", "on"),
        ("standard_conforming_strings", "off"),
        ("transform_null_equals", "on"),
        ("check_function_bodies", "off"),
        ("row_security", "off"),
        ("default_transaction_isolation", "'serializable'"),
        ("default_transaction_deferrable", "on"),
        ("exit_on_error", "on"),
        ("statement_timeout", "'30min'"),
        ("idle_in_transaction_session_timeout", "'30min'"),
        ("search_path", "pg_catalog"),
        ("plpgsql.variable_conflict", "use_column"),
        // Compiling the queries of the catalog, which other costs bring about, takes a minute.
        ("enable_nestloop", "off"),
    ]
    .map(|(name, value)| set(name, value))
    .concat()
}

fn odd_database(sql: &str) -> Database {
    let database = Database::with(sql);
    let admin = database.url().replace(database.name(), "postgres");
    orm_migrate_test_support::on(&admin, &odd(&format!("DATABASE \"{}\"", database.name())));
    database
}

#[test]
fn databases_with_other_settings_are_equal_when_their_schemas_are() {
    let (one, other) = (Database::with(&schema_sql()), odd_database(&schema_sql()));
    assert_eq!(texts(other.url(), "SELECT '2024-01-02'::date::text"), ["02/01/2024"]);
    for (from, to) in [(&one, &other), (&other, &one)] {
        let said = run(&["diff", "--sql", "--from", from.url(), "--to", to.url()]);
        assert_eq!(said.exits(0).out, "-- no differences\n");
    }
}

#[test]
fn a_migration_means_the_same_under_other_settings() {
    let place = TempFolder::new();
    let wanted = Database::with(&schema_sql());
    // From one database to another, in both directions, by a migration that is applied to databases of both kinds.
    for made_on_odd in [false, true] {
        let empty = |odd: bool| if odd { odd_database("") } else { Database::with("") };
        let folder = place.migrations(&format!("m{made_on_odd}"), &[]);
        let first = empty(made_on_odd);
        run(&[
            "diff",
            "--from",
            first.url(),
            "--to",
            wanted.url(),
            "--migrations",
            &folder,
            "first",
        ])
        .exits(0)
        .says(&["wrote"]);
        for odd in [false, true] {
            let target = empty(odd);
            let flags = ["--database-url", target.url(), "--migrations", &folder];
            run(&[&["apply"][..], &flags].concat()).exits(0);
            let to = ["diff", "--check", "--from", target.url(), "--to", wanted.url()];
            assert_eq!(run(&to).exits(0).out, "no differences\n");
            let back = ["diff", "--check", "--to", target.url(), "--from", wanted.url()];
            assert_eq!(run(&back).exits(0).out, "no differences\n");
            run(&[&["drift"][..], &flags].concat()).exits(0).says(&["no drift"]);
            run(&[&["status"][..], &flags].concat()).exits(0);
        }
    }
}

#[test]
fn a_partition_of_times_is_the_same_in_every_time_zone() {
    let place = TempFolder::new();
    let wanted = "CREATE TABLE event (id bigint, created_at timestamptz, PRIMARY KEY (id, created_at)) \
        PARTITION BY RANGE (created_at); \
        CREATE TABLE event_2024 PARTITION OF event FOR VALUES FROM ('2024-01-01') TO ('2025-01-01'); \
        CREATE TABLE event_other PARTITION OF event DEFAULT";
    let zone = |database: &Database, zone: &str| {
        let admin = database.url().replace(database.name(), "postgres");
        orm_migrate_test_support::on(
            &admin,
            &format!("ALTER DATABASE \"{}\" SET timezone = '{zone}'", database.name()),
        );
    };
    let utc = Database::with("");
    zone(&utc, "UTC");
    utc.sql(wanted);
    // As an author declares it: without a zone.
    let file = place.file("schema.json", &serde_json::json!({ "format": 1, "tables": [
        { "schema": "public", "name": "event", "primary_key": { "name": "event_pkey", "columns": ["id", "created_at"] },
          "partition_by": "RANGE (created_at)", "columns": [
            { "name": "id", "data_type": "bigint", "nullable": false },
            { "name": "created_at", "data_type": "timestamptz", "nullable": false } ] },
        { "schema": "public", "name": "event_2024", 
          "partition_of": { "schema": "public", "table": "event", "bound": "FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')" },
          "columns": [
            { "name": "id", "data_type": "bigint", "nullable": false },
            { "name": "created_at", "data_type": "timestamptz", "nullable": false } ] },
    ]}).to_string());
    utc.sql("DROP TABLE event_other");
    run(&["diff", "--check", "--from", utc.url(), "--to", &file]).exits(0);
    for made_in in ["UTC", "Europe/Berlin", "America/St_Johns"] {
        let (empty, target) = (Database::with(""), Database::with(""));
        zone(&empty, made_in);
        zone(&target, "Europe/Berlin");
        let folder = place.migrations(&made_in.replace('/', "_"), &[]);
        run(&["diff", "--from", empty.url(), "--to", &file, "--migrations", &folder, "first"])
            .exits(0);
        let flags = ["--database-url", target.url(), "--migrations", &folder];
        run(&[&["apply"][..], &flags].concat()).exits(0);
        run(&["diff", "--check", "--from", target.url(), "--to", &file]).exits(0);
        run(&["diff", "--check", "--from", target.url(), "--to", utc.url()]).exits(0);
        run(&[&["drift"][..], &flags].concat()).exits(0);
    }
}

#[test]
fn names_without_a_schema_mean_on_a_scratch_database_what_they_mean_where_they_are_applied() {
    let place = TempFolder::new();
    let up = "CREATE SCHEMA IF NOT EXISTS app; CREATE TABLE t (id int PRIMARY KEY);";
    let folder = place.migrations("m", &[(up, None)]);
    let database = Database::with("CREATE SCHEMA app");
    let admin = database.url().replace(database.name(), "postgres");
    orm_migrate_test_support::on(
        &admin,
        &format!("ALTER DATABASE \"{}\" SET search_path = app", database.name()),
    );
    let flags = ["--database-url", database.url(), "--migrations", &folder];
    run(&[&["apply"][..], &flags].concat()).exits(0);
    assert_eq!(database.texts("SELECT to_regclass('app.t')::text"), ["t"]);
    let said = run(&["diff", "--check", "--from", database.url(), "--to", &folder]);
    assert_eq!(said.exits(0).out, "no differences\n");
    run(&[&["drift"][..], &flags].concat()).exits(0).says(&["no drift"]);
}

#[test]
fn the_environment_and_the_url_do_not_change_the_settings_either() {
    let (one, other) = (Database::with(&schema_sql()), Database::with(&schema_sql()));
    let options = "options=-c%20datestyle%3DGerman%20-c%20timezone%3DAsia/Kolkata%20-c%20extra_float_digits%3D-9";
    let url =
        format!("{}{}{options}", other.url(), if other.url().contains('?') { '&' } else { '?' });
    let mut command =
        orm_migrate_test_support::tool(&["diff", "--sql", "--from", one.url(), "--to", &url]);
    command
        .env("PGOPTIONS", "-c intervalstyle=sql_standard")
        .env("PGDATESTYLE", "SQL, DMY")
        .env("PGTZ", "Europe/Berlin");
    assert_eq!(
        orm_migrate_test_support::ToolOutput::of(&mut command).exits(0).out,
        "-- no differences\n"
    );
}

#[test]
fn a_setting_that_only_a_superuser_may_change_is_named() {
    let database = Database::with("CREATE TABLE t (id int)");
    let role = format!("r_{}", database.name());
    database.sql(&format!("CREATE ROLE {role} LOGIN"));
    let admin = database.url().replace(database.name(), "postgres");
    orm_migrate_test_support::on(
        &admin,
        &format!("ALTER ROLE {role} SET session_replication_role = replica"),
    );
    let said = run(&["diff", "--check", "--from", &database.url_of(&role), "--to", database.url()]);
    said.exits(1).says(&["session_replication_role", "RESET"]);
    orm_migrate_test_support::on(&admin, &format!("DROP ROLE {role}"));
}
