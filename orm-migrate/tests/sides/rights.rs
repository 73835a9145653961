//! An ordinary owner: a role that logs in, owns its database, and may do nothing else on the server.

use orm_migrate::history::Folder;
use orm_migrate_test_support::{Database, TempFolder, ToolOutput, auth_manifest, run};

struct Owned {
    database: Database,
    role: String,
    place: TempFolder,
    folder: String,
}

impl Owned {
    fn new() -> Self {
        let database = Database::with("");
        let role = format!("owner_{}", database.name());
        database.sql(&format!("CREATE ROLE {role} LOGIN NOCREATEDB NOSUPERUSER NOCREATEROLE"));
        let name = database.name();
        database.sql(&format!(
            "ALTER DATABASE \"{name}\" OWNER TO {role}; REVOKE ALL ON DATABASE \"{name}\" FROM PUBLIC"
        ));
        let place = TempFolder::new();
        let folder = place.migrations("m", &[]);
        Self { database, role, place, folder }
    }

    fn url(&self) -> String {
        self.database.url_of(&self.role)
    }

    fn run(&self, verb: &str, more: &[&str]) -> ToolOutput {
        let url = self.url();
        run(&[&[verb, "--database-url", &url, "--migrations", &self.folder], more].concat())
    }

    fn diff(&self, more: &[&str]) -> ToolOutput {
        self.run("diff", &[&["--manifest-path", &auth_manifest()], more].concat())
    }
}

impl Drop for Owned {
    fn drop(&mut self) {
        let role = &self.role;
        self.database.sql(&format!(
            "REASSIGN OWNED BY {role} TO postgres; DROP OWNED BY {role}; DROP ROLE {role}"
        ));
    }
}

#[test]
fn an_ordinary_owner_needs_no_more_rights() {
    let owned = Owned::new();
    let said = owned.diff(&["first"]).exits(0);
    // What cannot be done is said, with the right that is missing and two ways to have it.
    assert!(said.error.contains("was not tried"), "{}", said.error);
    let role = format!("ALTER ROLE \"{}\" CREATEDB", owned.role);
    let said = said.says(&["wrote", "may not create databases", &role, "--scratch-url"]);
    assert!(!said.out.contains("not tried"), "{}", said.out);
    owned.run("apply", &[]).exits(0);
    owned.run("status", &[]).exits(0);
    assert_eq!(owned.diff(&["--check"]).exits(0).out, "no differences\n");
    // A second migration, to tables with rows in the way of nothing.
    owned.database.sql("ALTER TABLE \"user\" DROP image");
    let said = owned.diff(&["--json", "again"]).exits(0).json();
    assert!(said["untried"][0].as_str().is_some_and(|it| it.contains("CREATEDB")), "{said}");
    owned.run("apply", &[]).exits(0);
    owned.diff(&["--check"]).exits(0);
    let migrations = Folder::at(&owned.folder).read().expect("migrations");
    assert_eq!(migrations.len(), 2);
    for migration in migrations {
        // Who reads the plan later sees it too.
        assert!(!migration.plan.expect("a plan").untried.is_empty(), "{}", migration.name);
    }
}

#[test]
fn the_proof_is_done_where_the_scratch_url_says() {
    // A server where the role may create databases: here the same one, by another role.
    let owned = Owned::new();
    let scratch = Database::with("");
    let said = owned.diff(&["--scratch-url", scratch.url(), "first"]).exits(0);
    assert!(!said.error.contains("not tried"), "{}", said.error);
    // And an empty database of the role's own.
    let lent = Database::with("");
    let name = lent.name();
    lent.sql(&format!("ALTER DATABASE \"{name}\" OWNER TO {}", owned.role));
    let url = lent.url_of(&owned.role);
    std::fs::remove_dir_all(&owned.folder).expect("removed");
    let said = owned.diff(&["--scratch-url", &url, "first"]).exits(0);
    assert!(!said.error.contains("not tried"), "{}", said.error);
    assert!(
        lent.texts(
            "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        )
        .is_empty()
    );
    // Replays, too; one side after the other.
    let one = owned.place.migrations("one", &[("CREATE TABLE a ();", None)]);
    let two = owned.place.migrations("two", &[("CREATE TABLE a (); CREATE TABLE b ();", None)]);
    for sides in [[&one, &two], [&two, &one]] {
        let flags =
            ["diff", "--check", "--from", sides[0], "--to", sides[1], "--scratch-url", &url];
        run(&flags).exits(2).says(&["table \"b\""]);
    }
    // A database in use is never built in.
    lent.sql("CREATE TABLE theirs ()");
    std::fs::remove_dir_all(&owned.folder).expect("removed");
    let refused = owned.diff(&["--scratch-url", &url, "second"]).exits(1);
    refused.says(&["table public.theirs", "not empty", "CREATEDB", name]);
    lent.sql(&format!("DROP TABLE theirs; ALTER DATABASE \"{name}\" OWNER TO postgres"));
}

#[test]
fn a_replay_without_the_right_says_which_one_is_missing() {
    let owned = Owned::new();
    let folder = owned.place.migrations("one", &[("CREATE TABLE a ();", None)]);
    let said = owned.run("diff", &["--to", &folder]).exits(1);
    said.says(&[
        "scratch database",
        &owned.role,
        "may not create databases",
        "CREATEDB",
        "--scratch-url",
    ]);
}

#[test]
fn each_missing_right_is_named() {
    let owned = Owned::new();
    let (role, name) = (format!("guest_{}", owned.database.name()), owned.database.name());
    owned
        .database
        .sql(&format!("CREATE ROLE {role} LOGIN; GRANT CONNECT ON DATABASE \"{name}\" TO {role}"));
    let url = owned.database.url_of(&role);
    let guest = |verb: &str| {
        let mut flags = vec![verb, "--database-url", &url, "--migrations", &owned.folder];
        let auth = auth_manifest();
        flags.extend(["--manifest-path", &auth]);
        run(&flags)
    };
    guest("diff").exits(1).says(&[
        "lacks the right TEMPORARY",
        &format!("GRANT TEMPORARY ON DATABASE \"{name}\" TO \"{role}\""),
    ]);
    owned.place.migrations("m", &[("CREATE TABLE a ();", None)]);
    guest("apply").exits(1).says(&[&format!("GRANT CREATE ON DATABASE \"{name}\" TO \"{role}\"")]);
    owned.run("apply", &[]).exits(0);
    guest("status").exits(1).says(&[&format!(
        "GRANT USAGE ON SCHEMA orm_migrate TO \"{role}\"; GRANT SELECT ON orm_migrate.ledger TO \"{role}\""
    )]);
    owned.database.sql(&format!(
        "GRANT USAGE ON SCHEMA orm_migrate TO {role}; GRANT SELECT ON orm_migrate.ledger TO {role}"
    ));
    guest("status").exits(0);
    owned.place.migrations("m", &[("CREATE TABLE b ();", None)]);
    guest("apply").exits(1).says(&["permission denied"]);
    owned.database.sql(&format!("DROP OWNED BY {role}; DROP ROLE {role}"));
}
