//! A server that refuses: read-only, without rights, without room.

use super::{Case, server, sql_on};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The same database for another role.
fn url_of(case: &Case, role: &str) -> String {
    case.url().replace("user=postgres", &format!("user={role}"))
}

fn apply_as(case: &Case, role: &str) -> super::ToolOutput {
    super::ToolOutput::of(&mut case.command(&url_of(case, role), &[]))
}

#[tokio::test]
async fn a_database_that_is_read_only_is_said_and_nothing_is_applied() {
    let case = Case::new(&["CREATE TABLE a ();"]).await;
    let database = &case.database;
    sql_on(
        "postgres",
        &format!("ALTER DATABASE {database} SET default_transaction_read_only = on"),
    )
    .await;
    case.apply(&[]).reports(1, &["ledger orm_migrate.ledger", "read-only transaction"]);
    sql_on("postgres", &format!("ALTER DATABASE {database} RESET default_transaction_read_only"))
        .await;
    case.apply(&[]).reports(0, &[]);
    // With a ledger, it is the first statement that is refused.
    case.folder.write(&draft("CREATE TABLE b ();")).expect("a migration");
    sql_on(
        "postgres",
        &format!("ALTER DATABASE {database} SET default_transaction_read_only = on"),
    )
    .await;
    case.apply(&[])
        .reports(1, &["statement 1 of 1, line 1", "read-only transaction", "nothing of"]);
    sql_on("postgres", &format!("ALTER DATABASE {database} RESET default_transaction_read_only"))
        .await;
    case.apply(&[]).reports(0, &[]);
}

fn draft(up: &str) -> orm_migrate::history::Draft {
    orm_migrate::history::Draft {
        name: "more".to_owned(),
        up: up.to_owned(),
        down: None,
        plan: orm_migrate::history::PlanFile::default(),
    }
}

#[tokio::test]
async fn a_role_without_rights_is_told_what_it_may_not() {
    let case = Case::new(&["CREATE TABLE a ();"]).await;
    sql_on("postgres", "CREATE ROLE nobody_much LOGIN").await;
    apply_as(&case, "nobody_much")
        .reports(1, &["could not create the ledger", "permission denied for database"]);
    case.apply(&[]).reports(0, &[]);
    case.folder.write(&draft("ALTER TABLE a ADD id int;")).expect("a migration");
    apply_as(&case, "nobody_much").reports(1, &["permission denied"]);
    case.sql("GRANT USAGE ON SCHEMA orm_migrate TO nobody_much; GRANT SELECT ON orm_migrate.ledger TO nobody_much").await;
    apply_as(&case, "nobody_much")
        .reports(1, &["statement 1 of 1, line 1", "must be owner of table a", "nothing of"]);
    // It may do it, but not record it.
    case.sql("ALTER TABLE a OWNER TO nobody_much").await;
    apply_as(&case, "nobody_much")
        .reports(1, &["could not write the ledger", "permission denied for table ledger"]);
    let columns = "SELECT count(*) FROM pg_attribute WHERE attrelid = 'a'::regclass AND attnum > 0";
    assert_eq!(case.number(columns).await, 0);
    case.sql("GRANT INSERT, UPDATE, DELETE ON orm_migrate.ledger TO nobody_much").await;
    apply_as(&case, "nobody_much").reports(0, &[]);
    assert_eq!(case.number(columns).await, 1);
}

#[tokio::test]
async fn an_index_that_finds_no_room_to_sort_leaves_nothing_behind() {
    let case = Case::new(&[
        "CREATE TABLE a (id int);\nINSERT INTO a SELECT i FROM generate_series(1, 200000) i;",
        "-- orm:segment autocommit\nCREATE INDEX CONCURRENTLY i ON a (id);",
    ])
    .await;
    case.apply(&["--to", "m0"]).reports(0, &[]);
    let database = &case.database;
    let limits = "temp_file_limit = '64kB'; ALTER DATABASE {} SET maintenance_work_mem = '1MB'; \
        ALTER DATABASE {} SET max_parallel_maintenance_workers = 0";
    let limits = format!("ALTER DATABASE {{}} SET {limits}").replace("{}", database);
    for limit in limits.split("; ") {
        sql_on("postgres", limit).await;
    }
    case.apply(&[])
        .reports(1, &["statement 1 of 1, line 2", "temporary file size exceeds", "nothing of"]);
    assert_eq!(
        case.number("SELECT count(*) FROM pg_index WHERE indrelid = 'a'::regclass").await,
        0
    );
    sql_on("postgres", &format!("ALTER DATABASE {database} RESET temp_file_limit")).await;
    case.apply(&[]).reports(0, &[]);
    assert_eq!(
        case.number("SELECT count(*) FROM pg_index WHERE indrelid = 'a'::regclass AND indisvalid")
            .await,
        1
    );
}

/// A small disk, where this process may mount one.
struct Disk(PathBuf);

impl Disk {
    fn mounted(place: &Path) -> Option<Self> {
        let path = place.join("disk");
        std::fs::create_dir(&path).expect("a folder");
        let mut mount = Command::new("mount");
        // The server wants it for its own.
        let owner = std::fs::metadata(server().data()).expect("its data");
        let options = format!("size=8m,mode=0700,uid={},gid={}", owner.uid(), owner.gid());
        mount.args(["-t", "tmpfs", "-o", &options, "tmpfs"]).arg(&path);
        mount.output().is_ok_and(|output| output.status.success()).then_some(Self(path))
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _unmounted = Command::new("umount").arg("--lazy").arg(&self.0).output();
    }
}

/// Only where a disk may be mounted: as root. Elsewhere the test before this one is what there is.
#[tokio::test]
async fn a_full_disk_is_said_and_what_does_not_fit_leaves_nothing_behind() {
    use std::os::unix::fs::PermissionsExt as _;
    let case = Case::new(&[
        "CREATE TABLE a (id int);\nINSERT INTO a SELECT i FROM generate_series(1, 200000) i;",
        "CREATE TABLE small (t text) TABLESPACE TABLESPACE_NAME;\n-- orm:segment autocommit\n\
         INSERT INTO small SELECT repeat('x', 1000) FROM generate_series(1, 2000);\n\
         CREATE INDEX CONCURRENTLY i ON a (id) TABLESPACE TABLESPACE_NAME;\n\
         INSERT INTO small SELECT repeat('x', 1000) FROM generate_series(1, 8000);",
    ])
    .await;
    let place = case.place.path();
    std::fs::set_permissions(place, std::fs::Permissions::from_mode(0o755)).expect("open");
    let Some(disk) = Disk::mounted(place) else { return };
    let tablespace = format!("disk_of_{}", case.database);
    let sql = format!("CREATE TABLESPACE {tablespace} LOCATION '{}'", disk.0.display());
    sql_on("postgres", &sql).await;
    let second = case.folder.read().expect("migrations").remove(1);
    std::fs::write(second.up_path(), second.up.replace("TABLESPACE_NAME", &tablespace))
        .expect("written");
    // The table takes 2 MB of 8, an index 4; then the rest does not fit.
    case.apply(&[])
        .reports(7, &["statement 4 of 4", "No space left on device", "its first 3 statements"]);
    assert_eq!(case.number("SELECT count(*) FROM small").await, 2000);
    // Without the index there is room; with a second one there is none.
    case.sql("DROP INDEX i").await;
    let larger = second.up.replace("TABLESPACE_NAME", &tablespace).replace("8000", "2000");
    std::fs::write(
        second.up_path(),
        format!("{larger}\nCREATE INDEX CONCURRENTLY j ON a (id) TABLESPACE {tablespace};"),
    )
    .expect("written");
    case.apply(&[])
        .reports(7, &["statement 5 of 5", "No space left on device", "its first 4 statements"]);
    assert_eq!(case.number("SELECT count(*) FROM pg_index WHERE NOT indisvalid").await, 0);
    case.sql("TRUNCATE small").await;
    case.apply(&[]).reports(0, &[]);
    let valid = "SELECT count(*) FROM pg_index WHERE indisvalid AND indrelid = 'a'::regclass";
    assert_eq!(case.number(valid).await, 1);
    sql_on("postgres", &format!("DROP DATABASE {}", case.database)).await;
    sql_on("postgres", &format!("DROP TABLESPACE {tablespace}")).await;
    drop(disk);
}
