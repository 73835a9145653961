//! `drift`: what somebody changed by hand, of what the applied migrations made.

use orm_migrate::history::{Draft, Folder, PlanFile};
use orm_migrate_test_support::{Database, TempFolder, ToolOutput, run};
use serde_json::json;

const FIRST: &str = "CREATE TYPE mood AS ENUM ('ok', 'bad');
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN new; END $$;
CREATE TABLE \"user\" (id int PRIMARY KEY, email varchar(100) NOT NULL, m mood DEFAULT 'ok', age int CHECK (age > 0));
CREATE TRIGGER stamped BEFORE UPDATE ON \"user\" FOR EACH ROW EXECUTE FUNCTION stamp();";
const SECOND: &str =
    "CREATE TABLE post (id int PRIMARY KEY, author int NOT NULL REFERENCES \"user\" (id));
CREATE INDEX post_author ON post (author);
CREATE VIEW author AS SELECT u.email FROM \"user\" u JOIN post p ON p.author = u.id;";

struct Case {
    place: TempFolder,
    database: Database,
    folder: String,
}

impl Case {
    /// Two migrations, applied.
    fn new() -> Self {
        let place = TempFolder::new();
        let folder = place.migrations("m", &[(FIRST, None), (SECOND, None)]);
        let case = Self { place, database: Database::with(""), folder };
        case.run("apply", &[]).exits(0);
        case
    }

    fn run(&self, verb: &str, more: &[&str]) -> ToolOutput {
        let flags = [verb, "--database-url", self.database.url(), "--migrations", &self.folder];
        run(&[&flags[..], more].concat())
    }

    fn drift(&self, more: &[&str]) -> ToolOutput {
        self.run("drift", more)
    }

    /// The sentences of all differences.
    #[track_caller]
    fn sentences(&self, more: &[&str]) -> Vec<String> {
        let said = self.drift(&[&["--json"], more].concat());
        let document = said.json();
        let list = document["differences"].as_array().unwrap_or_else(|| panic!("{document}"));
        assert_eq!(said.code, Some(if list.is_empty() { 0 } else { 2 }), "{document}");
        list.iter().map(|it| it["sentence"].as_str().expect("a sentence").to_owned()).collect()
    }

    /// That these SQL statements are drift, said so, and undone by what `--sql` prints.
    #[track_caller]
    fn check(&self, by_hand: &str, sentences: &[&str]) {
        self.database.sql(by_hand);
        assert_eq!(self.sentences(&[]), sentences, "{by_hand}");
        let sql = self.drift(&["--sql"]).exits(2).out;
        self.database.sql(&sql);
        let said = self.drift(&[]).exits(0);
        assert!(said.out.starts_with("no drift"), "{by_hand}\n{sql}\n{}", said.out);
    }
}

#[test]
fn a_database_that_nobody_touched_has_no_drift() {
    let case = Case::new();
    let said = case.drift(&[]).exits(0);
    assert_eq!(said.out, "no drift: the database is what its 2 applied migrations made\n");
    assert_eq!(case.drift(&["--sql"]).exits(0).out, "-- no drift\n");
    let document = case.drift(&["--json"]).exits(0).json();
    assert_eq!(document["drift"], json!(false));
    assert_eq!(document["by"], json!("replay"));
}

#[test]
fn each_change_by_hand_is_said_with_what_was_and_what_is() {
    let case = Case::new();
    let mut wrong = Vec::new();
    for (by_hand, sentences) in [
        (
            "ALTER TABLE \"user\" ADD note text",
            &["table \"user\", column \"note\" was added: \"note\" text"][..],
        ),
        (
            "DROP VIEW author; ALTER TABLE \"user\" ALTER email TYPE text; \
             CREATE VIEW author AS SELECT u.email FROM \"user\" u JOIN post p ON p.author = u.id",
            &["table \"user\", column \"email\": type was character varying(100), is text"],
        ),
        (
            "ALTER TABLE \"user\" ALTER email DROP NOT NULL, ALTER m SET DEFAULT 'bad', ALTER age SET DEFAULT 1",
            &[
                "table \"user\", column \"email\": NULL was refused, is allowed",
                "table \"user\", column \"m\": default was 'ok'::public.mood, is 'bad'::public.mood",
                "table \"user\", column \"age\": default was none, is 1",
            ],
        ),
        (
            "ALTER TABLE \"user\" DROP age",
            &[
                "table \"user\", column \"age\" is gone; it was \"age\" integer",
                "table \"user\", check \"user_age_check\" is gone; it was CONSTRAINT \"user_age_check\" CHECK ((age > 0))",
            ],
        ),
        (
            "ALTER TABLE \"user\" DROP CONSTRAINT user_age_check, ADD CONSTRAINT user_age_check CHECK (age > 17)",
            &[
                "table \"user\", check \"user_age_check\" was changed\n  was: CONSTRAINT \"user_age_check\" CHECK ((age > 0))\n  \
               is:  CONSTRAINT \"user_age_check\" CHECK ((age > 17))",
            ],
        ),
        (
            "ALTER INDEX post_author RENAME TO by_author; ALTER TABLE post RENAME CONSTRAINT post_pkey TO p",
            &[
                "table \"post\", primary key \"post_pkey\": name was post_pkey, is p",
                "table \"post\", index \"post_author\": name was post_author, is by_author",
            ],
        ),
        (
            "CREATE INDEX fast ON \"user\" (email); DROP INDEX post_author",
            &[
                "table \"post\", index \"post_author\" is gone; it was CREATE INDEX \"post_author\" ON \"public\".\"post\" USING btree (\"author\")",
                "table \"user\", index \"fast\" was added: CREATE INDEX \"fast\" ON \"public\".\"user\" USING btree (\"email\")",
            ],
        ),
        (
            "ALTER TABLE post ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON post USING (id > 0); \
             COMMENT ON TABLE post IS 'by hand'; ALTER TABLE post SET (fillfactor = 70)",
            &[
                "table \"post\": comment was none, is by hand",
                "table \"post\": storage parameters was none, is fillfactor=70",
                "table \"post\": row security was disabled, is enabled",
                "table \"post\", policy \"p\" was added: CREATE POLICY \"p\" ON \"public\".\"post\" USING ((id > 0))",
            ],
        ),
        (
            "DROP TABLE post CASCADE",
            &[
                "table \"post\" is gone; it was (\"id\" integer NOT NULL, \"author\" integer NOT NULL)",
                "view \"author\" is gone; it was CREATE VIEW",
            ],
        ),
    ] {
        case.database.sql(by_hand);
        let mut found: Vec<String> = case.sentences(&[]);
        for it in &mut found {
            if let Some(at) = it.find("CREATE VIEW") {
                it.truncate(at + "CREATE VIEW".len());
            }
        }
        let mut expected: Vec<String> = sentences.iter().map(|it| (*it).to_owned()).collect();
        found.sort();
        expected.sort();
        if found != expected {
            wrong.push(format!("{by_hand}\nfound    {found:#?}\nexpected {expected:#?}"));
        }
        let sql = case.drift(&["--sql"]).exits(2).out;
        case.database.sql(&sql);
        let said = case.drift(&[]).exits(0);
        assert!(said.out.starts_with("no drift"), "{by_hand}\n{sql}\n{}", said.out);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn objects_that_are_no_tables_drift_too() {
    let case = Case::new();
    case.database.sql("ALTER TYPE mood ADD VALUE 'fine'");
    let said = case.drift(&["--json"]).exits(2).json();
    let one = &said["differences"][0];
    assert_eq!(
        (&one["kind"], &one["name"], &one["what"]),
        (&json!("enum"), &json!("mood"), &json!("changed"))
    );
    assert!(
        one["new"].to_string().contains("'fine'") && !one["old"].to_string().contains("'fine'")
    );
    let sql = case.drift(&["--sql"]).exits(2).out;
    case.database.sql(&sql);
    case.check(
        "CREATE OR REPLACE VIEW author AS SELECT u.email FROM \"user\" u",
        &[&case.sentences_of("CREATE OR REPLACE VIEW author AS SELECT u.email FROM \"user\" u")],
    );
}

impl Case {
    fn sentences_of(&self, by_hand: &str) -> String {
        self.database.sql(by_hand);
        let found = self.sentences(&[]).concat();
        assert!(
            found.starts_with("view \"author\" was changed") && found.contains("post"),
            "{found}"
        );
        found
    }
}

#[test]
fn what_is_not_managed_is_listed_and_not_counted() {
    let case = Case::new();
    case.database.sql(
        "CREATE TABLE theirs (id int REFERENCES \"user\" (id)); CREATE VIEW seen AS SELECT id FROM \"user\"; \
         CREATE TABLE \"we own\" (); CREATE TYPE span AS RANGE (subtype = int)",
    );
    let said = case.drift(&[]).exits(0);
    said.says(&[
        "no drift",
        "left alone: table \"theirs\"",
        "view \"public\".\"seen\"",
        "range type public.span",
    ]);
    let document = case.drift(&["--json"]).exits(0).json();
    assert_eq!(document["unmanaged"].as_array().map(Vec::len), Some(4), "{document}");
}

#[test]
fn what_stands_on_a_table_of_ours_counts_although_no_model_has_it() {
    let case = Case::new();
    case.database.sql(
        "ALTER TABLE \"user\" DISABLE TRIGGER stamped; CREATE RULE quiet AS ON DELETE TO post DO INSTEAD NOTHING",
    );
    assert_eq!(
        case.sentences(&[]),
        [
            "table \"post\", rule quiet was added: rule",
            "table \"user\", state of a trigger DISABLE of stamped was added: state of a trigger",
        ]
    );
    case.drift(&["--sql"]).exits(2).says(&["no statement is known"]);
}

#[test]
fn an_invalid_index_is_said_and_taken_away() {
    let case = Case::new();
    case.database.sql("INSERT INTO \"user\" VALUES (1, 'a'), (2, 'a')");
    let failed = orm_migrate_test_support::try_sql(
        case.database.url(),
        "CREATE UNIQUE INDEX CONCURRENTLY \"one email\" ON \"user\" (email)",
    );
    assert!(failed.is_err());
    let found = case.sentences(&[]);
    assert!(found.len() == 1 && found[0].starts_with("table \"user\", invalid index"), "{found:?}");
    assert!(found[0].contains("one email") && found[0].contains("failed, or is still at work"));
    let document = case.drift(&["--json"]).exits(2).json();
    assert_eq!(document["unmanaged"], json!([]), "{document}");
    assert_eq!(document["sql"], json!("DROP INDEX \"public\".\"one email\";\n"));
    // Also where an index of that name should be, and be valid.
    case.database.sql(document["sql"].as_str().expect("SQL"));
    case.database.sql("DROP INDEX post_author; INSERT INTO post VALUES (1, 1), (2, 1)");
    let sql = "CREATE UNIQUE INDEX CONCURRENTLY post_author ON post (author)";
    assert!(orm_migrate_test_support::try_sql(case.database.url(), sql).is_err());
    assert_eq!(case.sentences(&[]).len(), 2);
    let sql = case.drift(&["--sql"]).exits(2).out;
    case.database.sql(&sql);
    assert_eq!(case.sentences(&[]), [""; 0]);
}

#[test]
fn pending_migrations_are_no_drift_and_those_applied_in_part_count_as_far_as_they_are() {
    let case = Case::new();
    let write = |name: &str, up: &str| {
        let (name, up) = (name.to_owned(), up.to_owned());
        let draft = Draft { name, up, down: None, plan: PlanFile::default() };
        Folder::at(&case.folder).write(&draft).expect("a migration");
    };
    write("pending", "ALTER TABLE post ADD title text; CREATE TABLE more ();");
    case.run("status", &[]).exits(2);
    case.drift(&[]).exits(0);
    case.run("apply", &[]).exits(0);
    case.drift(&[]).exits(0).says(&["3 applied migrations"]);
    write(
        "partial",
        "-- orm:segment autocommit\nCREATE TABLE one (); SELECT nothing; CREATE TABLE two ();",
    );
    case.run("apply", &[]).exits(7);
    case.drift(&[]).exits(0);
    case.database.sql("DROP TABLE one");
    assert_eq!(case.sentences(&[]), ["table \"one\" is gone; it was ()"]);
}

#[test]
fn filters_choose_what_may_drift() {
    let case = Case::new();
    case.database.sql("ALTER TABLE \"user\" ADD note text; ALTER TABLE post ADD note text");
    assert_eq!(case.sentences(&[]).len(), 2);
    assert_eq!(case.sentences(&["--table", "post"]).len(), 1);
    assert_eq!(case.sentences(&["--exclude-table", "post", "--exclude-table", "user"]).len(), 0);
    assert_eq!(case.sentences(&["--schema", "other"]).len(), 0);
}

#[test]
fn what_brings_it_back_says_what_that_loses() {
    let case = Case::new();
    case.database.sql("ALTER TABLE post ADD note text");
    case.drift(&["--sql"]).exits(2).says(&["DROP COLUMN \"note\"", "would lose data", "note"]);
    case.drift(&[]).exits(2).says(&[
        "drift: 1 difference",
        "orm-migrate drift --sql",
        "say it in the code",
        "orm-migrate diff --from migrations",
        "orm-migrate repair --applied",
    ]);
}

#[test]
fn a_folder_that_is_not_what_was_applied_is_a_contradiction() {
    let case = Case::new();
    let first = Folder::at(&case.folder).read().expect("migrations").remove(0);
    std::fs::write(first.up_path(), "SELECT 1").expect("a file");
    let said = case.drift(&["--json"]).exits(5).json();
    assert_eq!(said["error"]["details"]["conflicts"][0]["kind"], json!("edited"));
    std::fs::remove_dir_all(&first.path).expect("removed");
    case.drift(&[]).exits(5).says(&["is not in the folder"]);
}

#[test]
fn a_database_without_migrations_has_nothing_that_could_drift() {
    let (place, database) = (TempFolder::new(), Database::with("CREATE TABLE a ()"));
    let folder = place.migrations("m", &[("CREATE TABLE b ();", None)]);
    let said = run(&["drift", "--database-url", database.url(), "--migrations", &folder]).exits(0);
    said.says(&["no migration was applied", "left alone: table \"a\""]);
}

#[test]
fn without_a_scratch_database_the_recorded_hash_tells_whether_there_is_drift() {
    let case = Case::new();
    let folder = case.place.migrations("planned", &[]);
    let target = Database::with("");
    let to = Database::with(
        "CREATE TABLE a (id int PRIMARY KEY, v varchar(9) DEFAULT 'x' CHECK (v IN ('x', 'y'))); CREATE INDEX i ON a (lower(v))",
    );
    run(&["diff", "--from", target.url(), "--to", to.url(), "--migrations", &folder, "first"])
        .exits(0);
    let role = format!("drift_{}", target.name());
    let name = target.name();
    target.sql(&format!("CREATE ROLE {role} LOGIN; ALTER DATABASE \"{name}\" OWNER TO {role}; GRANT CREATE ON SCHEMA public TO {role}"));
    let url = target.url_of(&role);
    let drift = |more: &[&str]| {
        run(&[&["drift", "--database-url", &url, "--migrations", &folder], more].concat())
    };
    run(&["apply", "--database-url", &url, "--migrations", &folder]).exits(0);
    drift(&[]).exits(0).says(&["no drift", "by the hash that the last migration recorded"]);
    target.sql("CREATE TABLE theirs ()");
    drift(&[]).exits(0).says(&["left alone: table \"theirs\""]);
    target.sql("ALTER TABLE a ADD b int");
    let said = drift(&["--json"]).exits(2);
    assert_eq!((&said.json()["by"], &said.json()["drift"]), (&json!("hash"), &json!(true)));
    said.says(&[
        "can only be said where the migrations can be replayed",
        "CREATEDB",
        "--scratch-url",
    ]);
    // Another release may write the same schema in other words.
    let all = Folder::at(folder.as_str()).read().expect("migrations");
    let plan = all[0].path.join("plan.json");
    let text = std::fs::read_to_string(&plan).expect("a plan");
    let here = target.texts("SELECT current_setting('server_version_num')").remove(0);
    assert!(text.contains(&format!("\"server_version\": {here}")), "{text}");
    let older = text.replace(&format!("\"server_version\": {here}"), "\"server_version\": 130005");
    std::fs::write(&plan, older).expect("written");
    drift(&[]).exits(2).says(&["the hash was recorded on PostgreSQL 13.5"]);
    std::fs::write(&plan, text).expect("written");
    // A part of it has no hash.
    drift(&["--table", "a"]).exits(1).says(&["may not create databases"]);
    let lent = Database::with("");
    drift(&["--scratch-url", lent.url()]).exits(2).says(&["column \"b\" was added"]);
    target.sql(&format!(
        "REASSIGN OWNED BY {role} TO postgres; DROP OWNED BY {role}; DROP ROLE {role}"
    ));
}

#[test]
fn what_was_done_by_hand_can_be_brought_back_or_kept() {
    let case = Case::new();
    case.database.sql("ALTER TABLE post ADD note text; INSERT INTO \"user\" VALUES (1, 'a'); INSERT INTO post VALUES (1, 1, 'kept')");
    case.drift(&[]).exits(2).says(&["diff --from migrations", "repair --applied"]);
    // The code has it now; another database gets it by a migration, and this one counts as having had that.
    let declared = run(&["sql", "--json", case.database.url()]).exits(0).out;
    let code = case.place.file("schema.json", &declared);
    let written = case.run("diff", &["--from", "migrations", "--to", &code, "keep_note"]).exits(0);
    written.says(&["add column \"note\"", "wrote"]);
    case.run("repair", &["--applied", "keep_note"]).exits(0);
    case.drift(&[]).exits(0).says(&["no drift", "3 applied migrations"]);
    assert_eq!(case.database.texts("SELECT note FROM post"), ["kept"]);
    let other = Database::with("");
    run(&["apply", "--database-url", other.url(), "--migrations", &case.folder]).exits(0);
    run(&[
        "diff",
        "--check",
        "--from",
        other.url(),
        "--to",
        case.database.url(),
        "--schema",
        "public",
    ])
    .exits(0);
}

#[test]
fn a_squashed_history_and_an_adopted_database_do_not_drift() {
    let case = Case::new();
    case.run("squash", &["--concatenate", "--remove", "all"]).exits(0);
    case.drift(&[]).exits(0).says(&["no drift", "1 applied migration made"]);
    case.database.sql("ALTER TABLE post ADD note text");
    assert_eq!(case.sentences(&[]).len(), 1);
    // A database that had all of it before there were migrations.
    let adopted = Database::with("CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE theirs ()");
    let place = TempFolder::new();
    let folder = place.migrations("m", &[]);
    let made = Database::with("CREATE TABLE a (id int PRIMARY KEY)");
    let code = place.file("schema.json", &run(&["sql", "--json", made.url()]).exits(0).out);
    let flags = ["--database-url", adopted.url(), "--migrations", &folder];
    run(&[&["baseline", "--to", &code][..], &flags].concat()).exits(0);
    run(&[&["drift"][..], &flags].concat()).exits(0).says(&["no drift"]);
    adopted.sql("ALTER TABLE a ADD b int");
    run(&[&["drift"][..], &flags].concat()).exits(2).says(&["column \"b\" was added"]);
}

/// From 15.20 on a server writes a number of its own on each column, another one after each change of its type.
#[test]
fn an_option_that_is_set_by_hand_is_drift_and_what_the_server_writes_by_itself_is_not() {
    let case = Case::new();
    case.database
        .sql("ALTER TABLE \"user\" ALTER age TYPE bigint; ALTER TABLE \"user\" ALTER age TYPE int");
    let found = case.drift(&[]).exits(0);
    assert!(found.out.starts_with("no drift"), "{}", found.out);
    case.database.sql("ALTER TABLE \"user\" ALTER age SET (n_distinct = 7)");
    case.drift(&[])
        .exits(2)
        .says(&["drift: 1 difference", "option of a column n_distinct=7 of age was added"]);
}
