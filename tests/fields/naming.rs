//! `rename_all` and `prefix`: names that are made by a rule, wherever a name stands.

use orm::prelude::*;
use orm::{Insert, Maybe};

#[derive(Composite, Debug, Clone, PartialEq)]
#[composite(name = "naming_address", rename_all = "SCREAMING-KEBAB-CASE")]
pub(crate) struct Address {
    street_name: String,
    #[field(name = "zip")]
    postal_code: i32,
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(
    prefix = "naming_",
    rename_all = "camelCase",
    has_many(log_entries: LogEntry),
    index(display_name, created_by_id),
    check("\"displayName\" <> ''")
)]
pub(crate) struct UserAccount {
    #[column(primary_key, identity)]
    id: i64,
    display_name: String,
    #[column(name = "e_mail", unique)]
    email_address: String,
    home_address: Address,
    #[column(references = UserAccount::id)]
    created_by_id: Option<i64>,
    #[column(on_update = now())]
    changed_at: DateTime<Utc>,
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(rename_all = "PascalCase", name = "LogEntry", prefix = "naming")]
pub(crate) struct LogEntry {
    #[column(primary_key)]
    entry_id: i64,
    #[column(references = UserAccount::id)]
    user_account_id: i64,
    r#type: String,
}

#[derive(Insertable)]
#[insert(into = UserAccount)]
struct NewAccount {
    display_name: String,
    email_address: String,
    home_address: Address,
}

#[derive(Patch)]
#[patch(table = UserAccount)]
struct AccountPatch {
    display_name: Maybe<String>,
}

#[derive(FromRow, Debug, PartialEq)]
#[from_row(rename_all = "kebab-case")]
pub(crate) struct EntryCount {
    account_id: i64,
    number_of_entries: i64,
}

fn address() -> Address {
    Address { street_name: "Rue de Rivoli".to_owned(), postal_code: 75001 }
}

#[test]
fn every_rule_is_that_of_serde() {
    macro_rules! columns {
        ($($rule:literal $table:ident => $names:expr;)*) => {$({
            #[derive(Table)]
            #[table(rename_all = $rule)]
            struct $table {
                user_id: i64,
                name: i64,
                utc_2_offset: i64,
            }
            let found: Vec<&str> = $table::TABLE.columns.iter().map(|it| &*it.name).collect();
            assert_eq!(found, $names, $rule);
        })*};
    }
    columns! {
        "lowercase" NamingA => ["user_id", "name", "utc_2_offset"];
        "UPPERCASE" NamingB => ["USER_ID", "NAME", "UTC_2_OFFSET"];
        "PascalCase" NamingC => ["UserId", "Name", "Utc2Offset"];
        "camelCase" NamingD => ["userId", "name", "utc2Offset"];
        "snake_case" NamingE => ["user_id", "name", "utc_2_offset"];
        "SCREAMING_SNAKE_CASE" NamingF => ["USER_ID", "NAME", "UTC_2_OFFSET"];
        "kebab-case" NamingG => ["user-id", "name", "utc-2-offset"];
        "SCREAMING-KEBAB-CASE" NamingH => ["USER-ID", "NAME", "UTC-2-OFFSET"];
    }
}

#[test]
fn a_rule_names_what_has_no_name_of_its_own() {
    let names: Vec<&str> = UserAccount::TABLE.columns.iter().map(|it| &*it.name).collect();
    assert_eq!(names, ["id", "displayName", "e_mail", "homeAddress", "createdById", "changedAt"]);
    assert_eq!(UserAccount::NAME, "naming_user_account");
    assert_eq!(LogEntry::NAME, "namingLogEntry");
    assert_eq!(UserAccount::TABLE.foreign_keys[0].columns[0], "createdById");
    assert_eq!(UserAccount::display_name.name(), "displayName");
    assert_eq!(UserAccount::FIELDS[1].name, "display_name");
    assert_eq!(LogEntry::r#type.name(), "Type");
}

#[tokio::test]
async fn the_names_are_those_of_every_statement() {
    let database = orm_test_support::database().await;
    database.execute("CREATE TYPE naming_address AS (\"STREET-NAME\" text, zip integer)").await;
    database.create(&[UserAccount::TABLE, LogEntry::TABLE]).await;
    let db = database.db();
    let account = |name: &str| NewAccount {
        display_name: name.to_owned(),
        email_address: format!("{name}@example.com"),
        home_address: address(),
    };
    Insert::values([account("ada"), account("grace")]).execute(&db).await.unwrap();
    let patch = AccountPatch { display_name: Maybe::Value("Ada".to_owned()) };
    let update = UserAccount::update().set(patch).find(1);
    assert!(update.to_sql().text.starts_with(
        r#"UPDATE "naming_user_account" SET "displayName" = $1, "changedAt" = now()"#
    ));
    update.execute(&db).await.unwrap();
    let upsert = Insert::values([account("grace")])
        .on_conflict(UserAccount::email_address)
        .do_update(UserAccount::created_by_id.set(1));
    upsert.execute(&db).await.unwrap();
    let entry =
        |id, kind: &str| LogEntry { entry_id: id, user_account_id: 1, r#type: kind.to_owned() };
    Insert::values([entry(1, "in"), entry(2, "out")]).execute(&db).await.unwrap();
    let ada = UserAccount::query().with(UserAccount::log_entries).find(1).one(&db).await.unwrap();
    assert_eq!((ada.display_name.as_str(), ada.log_entries.len()), ("Ada", 2));
    assert_eq!(ada.home_address, address());
    let grace = UserAccount::query().with(UserAccount::created_by).find(2).one(&db).await.unwrap();
    assert_eq!(grace.created_by.as_ref().map(|by| by.id), Some(1));
    let counted = LogEntry::query().group_by(LogEntry::user_account_id).select(EntryCountSelect {
        account_id: LogEntry::user_account_id,
        number_of_entries: orm::func::count(LogEntry::entry_id),
    });
    let several = orm::from(counted).filter(EntryCount::number_of_entries.gt(1)).select(EntryCount);
    assert!(several.to_sql().text.contains(r#""entry_count"."number-of-entries" > $1"#));
    let counts = several.all(&db).await.unwrap();
    assert_eq!(counts, [EntryCount { account_id: 1, number_of_entries: 2 }]);
}
