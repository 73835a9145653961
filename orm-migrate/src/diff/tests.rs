//! Differences, from literals.

use super::diff;
use crate::catalog::Canonical;
use crate::change::ObjectName;
use orm_core::schema::{Check, Column, Index, IndexPart, Schema, Table, Text, Unique};
use std::collections::BTreeSet;

fn table(name: &str, columns: &[Column]) -> Table {
    let name = Text::from(name.to_owned());
    Table { schema: "public".into(), name, columns: columns.to_vec().into(), ..Table::new("", "") }
}

fn user() -> Table {
    table("user", &[Column::new("id", "bigint"), Column::new("email", "text")])
}

fn unique(name: Option<&str>) -> Unique {
    Unique {
        name: name.map(|name| Text::from(name.to_owned())),
        columns: vec![Text::from("email")].into(),
        nulls_not_distinct: false,
        deferrable: orm_core::schema::Deferrable::No,
        ..Unique::default()
    }
}

/// A live schema has no implied names; a declared one may.
fn live(tables: impl IntoIterator<Item = Table>) -> Canonical {
    let mut schema = Schema::declared(tables).unwrap();
    schema.implied_names.clear();
    Canonical::of_catalog(schema)
}

fn declared(tables: impl IntoIterator<Item = Table>) -> Canonical {
    Canonical::of_catalog(Schema::declared(tables).unwrap())
}

#[track_caller]
fn check(from: Vec<Table>, to: Vec<Table>, expected: &[&str]) {
    let managed: BTreeSet<ObjectName> = from.iter().map(ObjectName::of).collect();
    let changes = diff(&live(from), &declared(to), &managed);
    let changes: Vec<String> = changes.iter().map(ToString::to_string).collect();
    assert_eq!(changes, expected);
}

#[test]
fn equal_schemas_do_not_differ() {
    check(vec![user()], vec![user()], &[]);
}

#[test]
fn tables_come_and_go() {
    check(vec![], vec![user()], &[r#"create table "user" (2 columns)"#]);
    check(vec![user()], vec![], &[r#"drop table "user""#]);
}

#[test]
fn a_table_that_no_migration_made_is_left_alone() {
    assert_eq!(diff(&live([user()]), &declared([]), &BTreeSet::new()), []);
}

#[test]
fn columns_come_go_and_change() {
    let mut to = user();
    to.columns = vec![
        Column::new("id", "text"),
        Column { nullable: true, default: Some("0".into()), ..Column::new("age", "integer") },
    ]
    .into();
    check(
        vec![user()],
        vec![to],
        &[
            r#"change column "id" of "user": type bigint to text"#,
            r#"add column "age" integer DEFAULT 0 to "user""#,
            r#"drop column "email" of "user""#,
        ],
    );
}

#[test]
fn the_order_of_columns_does_not_count() {
    let mut to = user();
    to.columns.to_mut().reverse();
    check(vec![user()], vec![to], &[]);
}

#[test]
fn a_name_that_nobody_gave_does_not_count() {
    let live = Table { uniques: vec![unique(Some("email_is_taken"))].into(), ..user() };
    let to = Table { uniques: vec![unique(None)].into(), ..user() };
    check(vec![live], vec![to], &[]);
}

#[test]
fn a_name_that_was_given_is_renamed_to() {
    let live = Table { uniques: vec![unique(Some("old"))].into(), ..user() };
    let to = Table { uniques: vec![unique(Some("new"))].into(), ..user() };
    check(vec![live], vec![to], &[r#"rename unique constraint "old" of "user" to "new""#]);
}

#[test]
fn a_unique_index_is_not_a_unique_constraint() {
    let index = Index::btree(Some("user_email_key"), true, const { &[IndexPart::column("email")] });
    let live = Table { indexes: vec![index].into(), ..user() };
    let to = Table { uniques: vec![unique(None)].into(), ..user() };
    check(
        vec![live],
        vec![to],
        &[
            r#"drop unique index "user_email_key" of "user""#,
            r#"add unique constraint "user_email_key" to "user""#,
        ],
    );
}

#[test]
fn a_check_of_the_same_name_that_says_something_else_is_made_again() {
    let with = |expression: &'static str| {
        let check =
            Check { name: Some("c".into()), expression: expression.into(), ..Check::default() };
        Table { checks: vec![check].into(), ..user() }
    };
    check(
        vec![with("id > 0")],
        vec![with("id > 1")],
        &[r#"drop check "c" of "user""#, r#"add check "c" to "user""#],
    );
}

#[test]
fn a_name_that_nobody_gave_goes_to_the_part_that_needs_it() {
    let check_of = |name: Option<&'static str>, expression: &'static str| Check {
        name: name.map(Text::from),
        expression: expression.into(),
        no_inherit: false,
        not_valid: false,
    };
    let with = |checks: Vec<Check>| Table { checks: checks.into(), ..user() };
    check(
        vec![with(vec![check_of(Some("user_check"), "email <> ''")])],
        vec![with(vec![check_of(None, "length(email) > 3"), check_of(None, "email <> ''")])],
        &[
            r#"add check "user_check" to "user""#,
            r#"rename check "user_check" of "user" to "user_bed0aac2_check""#,
        ],
    );
}
