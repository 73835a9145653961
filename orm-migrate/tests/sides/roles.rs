//! Roles with few rights, verb by verb: what they may do they can, and else the right is named with what gives it.

use orm_migrate_test_support::{Database, TempFolder, ToolOutput, run};
use serde_json::json;

struct Case {
    database: Database,
    role: String,
    place: TempFolder,
    folder: String,
}

impl Case {
    /// A database of somebody else, in which the role has been given these rights; `{role}` is its name.
    fn new(sql: &str) -> Self {
        let database = Database::with("");
        let role = format!("guest_{}", database.name());
        database.sql(&format!("CREATE ROLE {role} LOGIN"));
        database.sql(&sql.replace("{role}", &role));
        let place = TempFolder::new();
        let folder = place.migrations("m", &[]);
        Self { database, role, place, folder }
    }

    fn migrations(&self, ups: &[&str]) {
        let ups: Vec<_> = ups.iter().map(|up| (*up, None)).collect();
        self.place.migrations("m", &ups);
    }

    fn run(&self, verb: &[&str]) -> ToolOutput {
        let url = self.database.url_of(&self.role);
        let flags = ["--database-url", &url, "--migrations", &self.folder];
        run(&[verb, &flags].concat())
    }

    /// As the owner of the server.
    fn run_as_owner(&self, verb: &[&str]) -> ToolOutput {
        let flags = ["--database-url", self.database.url(), "--migrations", &self.folder];
        run(&[verb, &flags].concat())
    }

    /// A file that declares what this SQL makes.
    fn declared(&self, sql: &str) -> String {
        let made = Database::with(sql);
        self.place.file("schema.json", &run(&["sql", "--json", made.url()]).exits(0).out)
    }

    /// The statement, and that it gives the right: what was refused then works.
    #[track_caller]
    fn lacks(&self, verb: &[&str], grant: &str) {
        let grant = grant.replace("{role}", &self.role).replace("{db}", self.database.name());
        let said = self.run(verb);
        assert!(!matches!(said.code, Some(0 | 2)), "{verb:?} {}{}", said.out, said.error);
        said.says(&[&grant, "lacks"]);
        let document = self.run(&[verb, &["--json"]].concat()).json();
        assert!(
            document["error"]["message"].to_string().contains(&grant.replace('"', "\\\"")),
            "{document}"
        );
        self.database.sql(&grant);
        self.run(verb).exits(0);
    }
}

impl Drop for Case {
    fn drop(&mut self) {
        let role = &self.role;
        self.database.sql(&format!(
            "REASSIGN OWNED BY {role} TO postgres; DROP OWNED BY {role}; DROP ROLE {role}"
        ));
    }
}

#[test]
fn who_owns_the_tables_alone_can_compare_and_push_what_needs_no_more() {
    let case = Case::new(
        "CREATE TABLE a (id int PRIMARY KEY, v varchar(9)); ALTER TABLE a OWNER TO {role}",
    );
    let wanted = case
        .declared("CREATE TABLE a (id int PRIMARY KEY, v varchar(20) DEFAULT 'x' CHECK (v <> ''))");
    case.run(&["diff", "--to", &wanted, "--check"]).exits(2);
    case.run(&["diff", "--to", &wanted, "--sql"]).exits(0).says(&[
        "was not tried",
        "CREATEDB",
        "ALTER TABLE",
    ]);
    case.run(&["push", "--to", &wanted]).exits(0).says(&["pushed"]);
    case.run(&["push", "--to", &wanted]).exits(0).says(&["no differences"]);
    case.run(&["sql", "database"]).exits(0);
    case.run(&["status"]).exits(0);
    case.run(&["drift"]).exits(1).says(&["may not create databases", "CREATEDB", "--scratch-url"]);
    // The ledger has a schema of its own.
    case.migrations(&["ALTER TABLE a ADD b int"]);
    case.lacks(&["apply"], "GRANT CREATE ON DATABASE \"{db}\" TO \"{role}\"");
}

#[test]
fn who_may_not_create_in_a_schema_is_told_so() {
    // What PostgreSQL has had by default since version 15.
    let case = Case::new(
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC; CREATE SCHEMA shop; GRANT USAGE ON SCHEMA shop TO {role}",
    );
    let wanted = case.declared("CREATE TABLE a (id int)");
    case.run(&["diff", "--to", &wanted, "--check"]).exits(2);
    let grant = format!("GRANT CREATE ON SCHEMA public TO {}", case.role);
    case.run(&["push", "--to", &wanted]).exits(1).says(&["nothing was kept", &grant]);
    case.lacks(&["push", "--to", &wanted], "GRANT CREATE ON SCHEMA public TO {role}");
    let wanted =
        case.declared("CREATE TABLE a (id int); CREATE SCHEMA shop; CREATE TABLE shop.b (id int)");
    case.lacks(&["push", "--to", &wanted], "GRANT CREATE ON SCHEMA shop TO {role}");
    let wanted = case.declared("CREATE TABLE a (id int); CREATE SCHEMA shop; CREATE TABLE shop.b (id int); CREATE SCHEMA more");
    case.lacks(
        &["push", "--to", &wanted, "--schema", "*"],
        "GRANT CREATE ON DATABASE {db} TO {role}",
    );
}

#[test]
fn who_applies_without_a_right_is_told_which() {
    let case = Case::new("REVOKE CREATE ON SCHEMA public FROM PUBLIC");
    let name = case.database.name();
    case.database.sql(&format!("GRANT CREATE ON DATABASE \"{name}\" TO {}", case.role));
    case.migrations(&["CREATE TABLE a (id int PRIMARY KEY);"]);
    case.lacks(&["apply"], "GRANT CREATE ON SCHEMA public TO {role}");
    case.database.sql("CREATE TABLE theirs (id int PRIMARY KEY)");
    case.migrations(&["ALTER TABLE a ADD FOREIGN KEY (id) REFERENCES theirs (id);"]);
    case.lacks(&["apply"], "GRANT REFERENCES ON public.theirs TO {role}");
    case.migrations(&["INSERT INTO theirs VALUES (1);"]);
    case.lacks(&["apply"], "GRANT INSERT ON public.theirs TO {role}");
    // The role of the tests' server is a superuser: a table changes hands rather than that membership.
    case.migrations(&["ALTER TABLE theirs ADD b int;"]);
    case.lacks(&["apply"], "ALTER TABLE public.theirs OWNER TO {role}");
    case.run(&["status"]).exits(0);
}

#[test]
fn who_does_not_own_a_table_can_be_made_a_member_of_who_does() {
    let case = Case::new("CREATE TABLE a (id int)");
    let owner = format!("owner_{}", case.database.name());
    case.database.sql(&format!("CREATE ROLE {owner}; ALTER TABLE a OWNER TO {owner}"));
    let wanted = case.declared("CREATE TABLE a (id int, b int)");
    case.run(&["diff", "--to", &wanted, "--check"]).exits(2);
    case.lacks(&["push", "--to", &wanted], &format!("GRANT {owner} TO {{role}}"));
    case.database.sql(&format!(
        "REASSIGN OWNED BY {owner} TO postgres; DROP OWNED BY {owner}; DROP ROLE {owner}"
    ));
}

#[test]
fn who_may_only_read_can_ask() {
    let case = Case::new("SELECT 1");
    let ups = [
        "CREATE TYPE mood AS ENUM ('ok'); CREATE TABLE a (id int PRIMARY KEY, m mood, v varchar(9) CHECK (v IN ('x', 'y')));",
    ];
    case.migrations(&ups);
    case.run_as_owner(&["apply"]).exits(0);
    let role = &case.role;
    case.database.sql(&format!(
        "GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}; GRANT USAGE ON SCHEMA orm_migrate TO {role}; \
         GRANT SELECT ON orm_migrate.ledger TO {role}; ALTER ROLE {role} SET default_transaction_read_only = on"
    ));
    let declared = format!("{} CREATE INDEX i ON a (lower(v));", ups[0]);
    let wanted = case.declared(&declared);
    case.run(&["status"]).exits(0);
    case.run(&["diff", "--to", &wanted, "--check"]).exits(2).says(&["index \"i\""]);
    case.run(&["diff", "--to", &wanted, "--sql"]).exits(0).says(&["CREATE INDEX"]);
    let lent = Database::with("");
    case.run(&["drift", "--scratch-url", lent.url()]).exits(0).says(&["no drift"]);
    case.run(&["verify", "--to", "database", "--scratch-url", lent.url()]).exits(0);
    let checked = case.run(&[
        "check",
        "--scratch-url",
        lent.url(),
        "--manifest-path",
        &orm_migrate_test_support::auth_manifest(),
    ]);
    checked.exits(2).says(&["create table \"user\""]);
    // Rows that it may not read are not looked at.
    case.database.sql(&format!("REVOKE ALL ON a FROM {role}"));
    let narrow = case.declared(&ups[0].replace("m mood", "m mood NOT NULL"));
    case.run(&["diff", "--to", &narrow, "--sql"])
        .exits(0)
        .says(&["was not found out", "SET NOT NULL"]);
    // And what it may not do fails by name.
    case.run(&["push", "--to", &wanted, "--despite-migrations"]).exits(1).says(&["read-only"]);
    case.migrations(&["CREATE TABLE b ();"]);
    case.run(&["apply"]).exits(1).says(&["read-only"]);
}

#[test]
fn what_is_declared_beside_tables_needs_no_right_where_it_is_there_already() {
    let made = "CREATE TYPE mood AS ENUM ('ok'); CREATE TABLE a (m mood); CREATE VIEW v AS SELECT m FROM a";
    let case = Case::new(made);
    let wanted = case.declared(made);
    case.run(&["diff", "--to", &wanted, "--check"]).exits(0);
    case.database.sql("REVOKE CREATE ON SCHEMA public FROM PUBLIC");
    case.run(&["diff", "--to", &wanted, "--check"]).exits(0);
    let more = case.declared(&format!("{made}; CREATE TYPE new AS ENUM ('x')"));
    let said = case.run(&["diff", "--to", &more, "--check", "--json"]);
    let message = said.json()["error"]["message"].to_string();
    assert_eq!(said.json()["error"]["exit_code"], json!(1), "{message}");
    assert!(
        message.contains("enum")
            && message.contains(&format!("GRANT CREATE ON SCHEMA public TO {}", case.role)),
        "{message}"
    );
}

#[test]
fn who_may_not_use_a_type_function_operator_or_sequence_is_told_which() {
    let case = Case::new(
        "CREATE SCHEMA ops; GRANT USAGE ON SCHEMA ops TO {role}; GRANT CREATE, USAGE ON SCHEMA public TO {role};
         CREATE TYPE mood AS ENUM ('ok'); CREATE DOMAIN ops.small AS int; CREATE SEQUENCE q;
         CREATE FUNCTION ops.twice(int, int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT $1 * $2';
         CREATE OPERATOR %%% (FUNCTION = ops.twice, LEFTARG = int, RIGHTARG = int);
         REVOKE ALL ON TYPE mood, ops.small FROM PUBLIC; REVOKE ALL ON FUNCTION ops.twice FROM PUBLIC",
    );
    let name = case.database.name();
    case.database.sql(&format!("GRANT CREATE ON DATABASE \"{name}\" TO {}", case.role));
    case.migrations(&["CREATE TABLE a (m mood);"]);
    case.lacks(&["apply"], "GRANT USAGE ON TYPE public.mood TO {role}");
    case.migrations(&["CREATE TABLE b (id int DEFAULT 1 CHECK (id::ops.small > 0));"]);
    // From 15.20 and its siblings on, an expression needs the right, too.
    if case.run(&["apply"]).code != Some(0) {
        case.lacks(&["apply"], "GRANT USAGE ON TYPE ops.small TO {role}");
    }
    case.migrations(&["SELECT nextval('q');"]);
    case.lacks(&["apply"], "GRANT USAGE ON SEQUENCE public.q TO {role}");
    case.migrations(&["SELECT 1 %%% 2;"]);
    let twice = "GRANT EXECUTE ON ROUTINE ops.twice(integer,integer) TO {role}";
    case.lacks(&["apply"], twice);
    case.database.sql(&format!("REVOKE ALL ON FUNCTION ops.twice FROM {}", case.role));
    case.migrations(&["SELECT ops.twice(1, 2);"]);
    case.lacks(&["apply"], "GRANT EXECUTE ON ROUTINE ops.twice(integer, integer) TO {role}");
    // What is declared is compared with the same rights.
    case.database.sql(&format!("REVOKE ALL ON TYPE mood FROM {}", case.role));
    let wanted = case.declared("CREATE TYPE mood AS ENUM ('ok'); CREATE TABLE a (m mood, n mood)");
    let said = case.run(&["diff", "--to", &wanted, "--check"]).exits(1);
    said.says(&["lacks a right", &format!("GRANT USAGE ON TYPE public.mood TO {}", case.role)]);
}
