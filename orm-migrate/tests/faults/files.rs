//! Files that are not as they should be.

use super::Case;
use std::fs;
use std::os::unix::fs::symlink;

const NO_LEDGER: &str = "SELECT count(*) FROM pg_namespace WHERE nspname = 'orm_migrate'";

async fn case() -> Case {
    Case::new(&["CREATE TABLE a ();", "CREATE TABLE b ();"]).await
}

#[tokio::test]
async fn a_file_that_was_edited_after_it_was_applied_is_refused() {
    let case = case().await;
    case.apply(&["--to", "m0"]).reports(0, &[]);
    let up = case.folder.read().expect("migrations")[0].up_path();
    fs::write(&up, "CREATE TABLE a (id int);").expect("written");
    case.apply(&[]).reports(5, &["_m0/up.sql was edited after it was applied", "restore the file"]);
    assert_eq!(case.number("SELECT count(*) FROM pg_class WHERE relname = 'b'").await, 0);
    fs::write(&up, "CREATE TABLE a ();\r\n").expect("written");
    case.apply(&[]).reports(0, &[]);
}

#[tokio::test]
async fn a_statement_that_was_edited_after_it_was_done_is_refused() {
    let case =
        Case::new(&["CREATE TABLE a (id int);\n-- orm:segment autocommit\nSELECT 1 / 0;"]).await;
    case.apply(&[]).reports(7, &["division by zero"]);
    let up = case.folder.read().expect("migrations")[0].up_path();
    let text = fs::read_to_string(&up).expect("text");
    fs::write(&up, text.replace("id int", "id bigint")).expect("written");
    case.apply(&[]).reports(5, &["one of its first 1 statements was edited"]);
    fs::write(&up, text.replace("1 / 0", "1 / 1")).expect("written");
    case.apply(&[]).reports(0, &[]);
}

#[tokio::test]
async fn an_applied_migration_that_is_missing_is_refused() {
    let case = case().await;
    case.apply(&["--to", "m0"]).reports(0, &[]);
    fs::remove_dir_all(&case.folder.read().expect("migrations")[0].path).expect("removed");
    case.apply(&[]).reports(5, &["_m0 was applied to this database and is not in the folder"]);
}

#[tokio::test]
async fn a_folder_that_is_missing_is_no_empty_folder() {
    let case = case().await;
    fs::remove_dir_all(case.folder.path()).expect("removed");
    case.apply(&[])
        .reports(1, &["there is no migrations folder", "/migrations", "orm-migrate init"]);
    assert_eq!(case.number(NO_LEDGER).await, 0);
}

#[tokio::test]
async fn a_folder_that_cannot_be_read_is_named() {
    let case = case().await;
    let path = case.folder.path().to_owned();
    let kept = case.place.path().join("kept");
    fs::rename(&path, &kept).expect("moved");
    fs::write(&path, "a file").expect("written");
    case.apply(&[]).reports(1, &["could not read the folder", "/migrations", "ot a directory"]);
    fs::remove_file(&path).expect("removed");
    symlink(case.place.path().join("nowhere"), &path).expect("a link");
    case.apply(&[]).reports(1, &["there is no migrations folder"]);
    fs::remove_file(&path).expect("removed");
    symlink(&path, &path).expect("a link to itself");
    case.apply(&[]).reports(1, &["could not read the folder", "/migrations"]);
    fs::remove_file(&path).expect("removed");
    assert_eq!(case.number(NO_LEDGER).await, 0);
    symlink(&kept, &path).expect("a link that leads somewhere");
    case.apply(&[]).reports(0, &[]);
}

#[tokio::test]
async fn a_file_that_cannot_be_read_stops_all_before_the_first() {
    let case = case().await;
    let up = case.folder.read().expect("migrations")[1].up_path();
    fs::write(&up, [b'S', 0xff, 0xfe]).expect("written");
    case.apply(&[]).reports(1, &["could not read", "_m1/up.sql", "UTF-8"]);
    fs::remove_file(&up).expect("removed");
    case.apply(&[]).reports(1, &["_m1 has no up.sql"]);
    fs::create_dir(&up).expect("a folder");
    case.apply(&[]).reports(1, &["could not read", "_m1/up.sql"]);
    fs::remove_dir(&up).expect("removed");
    symlink("nowhere", &up).expect("a link");
    case.apply(&[]).reports(1, &["_m1 has no up.sql"]);
    assert_eq!(case.number(NO_LEDGER).await, 0);
}

#[tokio::test]
async fn a_byte_order_mark_and_a_zero_byte_are_no_silent_surprise() {
    let case = case().await;
    let up = case.folder.read().expect("migrations")[0].up_path();
    fs::write(&up, "\u{feff}CREATE TABLE a ();").expect("written");
    case.apply(&[]).reports(0, &[]);
    let case = Case::new(&["SELECT 1;"]).await;
    let up = case.folder.read().expect("migrations")[0].up_path();
    fs::write(&up, "SELECT 'a\0b';").expect("written");
    let said = case.apply(&[]);
    said.reports(1, &["_m0/up.sql"]);
}

#[tokio::test]
async fn a_folder_without_rights_is_named_where_rights_count() {
    use std::os::unix::fs::PermissionsExt as _;
    let case = case().await;
    fs::set_permissions(case.folder.path(), fs::Permissions::from_mode(0o000)).expect("rights");
    let said = case.apply(&[]);
    let is_root = fs::read_dir(case.folder.path()).is_ok();
    fs::set_permissions(case.folder.path(), fs::Permissions::from_mode(0o755)).expect("rights");
    // Nothing is closed to root.
    if is_root {
        said.reports(0, &[]);
    } else {
        said.reports(1, &["could not read the folder", "ermission denied"]);
    }
}
