//! What the derive makes of a struct: its whole text, its length, and its mistakes without a compiler.
//!
//! `BLESS=1 cargo test -p orm-macros` writes `tests/*.rs` anew.

use crate::{check, errors::Errors, expand, parse};
use syn::{DeriveInput, Item};

fn expansion(input: &str) -> String {
    let input: DeriveInput = syn::parse_str(input).expect("a struct");
    let file = syn::parse2(expand(&input)).expect("items");
    prettyplease::unparse(&file)
}

#[track_caller]
fn check_expansion(name: &str, input: &str) {
    let header =
        "// Made by `BLESS=1 cargo test -p orm-macros`: what `#[derive(Table)]` adds to\n//\n";
    let source: String = input
        .trim()
        .lines()
        .map(|line| format!("//{}\n", line.strip_prefix("    ").unwrap_or(line)))
        .collect();
    let found = format!("{header}{source}\n{}", expansion(input));
    let path = format!("{}/src/tests/{name}.rs", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &found).expect("a file of this crate");
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == expected, "{path} differs; look at it after `BLESS=1`. Found:\n{found}");
}

fn mistakes(input: &str) -> Vec<String> {
    let input: DeriveInput = syn::parse_str(input).expect("an item");
    let mut errors = Errors::default();
    if let Some(table) = parse::table(&input, &mut errors) {
        check::table(&table, &mut errors);
    }
    let found = errors.finish().into_iter().flatten();
    found.map(|error| error.to_string()).collect()
}

#[test]
fn a_table_with_columns_and_a_relation_to_many() {
    check_expansion(
        "user",
        r#"
    #[table(name = "user", has_many(sessions: Session))]
    pub struct User {
        #[column(primary_key)]
        pub id: String,
        #[column(unique)]
        pub email: String,
        pub image: Option<String>,
        #[column(default = now(), on_update = now())]
        pub updated_at: DateTime<Utc>,
    }"#,
    );
}

#[test]
fn a_private_table_with_a_foreign_key() {
    check_expansion(
        "session",
        r#"
    struct Session {
        #[column(primary_key, identity)]
        id: i64,
        #[column(references = User::id, on_delete = cascade, index = "session_userId_idx")]
        user_id: Option<String>,
    }"#,
    );
}

fn lines(input: &DeriveInput) -> usize {
    let file = syn::parse2(expand(input)).expect("items");
    prettyplease::unparse(&file).lines().count()
}

/// What one more column that an insert may leave out costs: no other column's code grows with it.
const LINES_FOR_A_COLUMN_MAX: usize = 26;

#[test]
fn a_column_adds_few_lines_however_many_there_are() {
    let table = |count: usize| {
        let fields: String = (0..count).map(|index| format!("c{index}: Option<i32>,")).collect();
        lines(&syn::parse_str(&format!("struct A {{ {fields} }}")).expect("a struct"))
    };
    for count in [1, 10, 100] {
        let added = table(count + 1) - table(count);
        assert!(added <= LINES_FOR_A_COLUMN_MAX, "column {count} adds {added} lines");
    }
}

/// The nine auth tables, as prettyplease writes their expansion. A measure, not a design: it was 5143 when this test
/// was written, of which some 48 for each table are the bits of its name, one to a line. It should fall. That rows are
/// read with what is known of types has made it 5220.
const LINES_OF_THE_AUTH_TABLES_MAX: usize = 5220;

#[test]
fn the_auth_tables_do_not_grow_unnoticed() {
    let auth = syn::parse_file(include_str!("../../examples/auth/src/lib.rs")).expect("a file");
    let tables = auth.items.into_iter().filter_map(|item| match item {
        Item::Struct(item) if item.attrs.iter().any(|found| found.path().is_ident("table")) => {
            Some(DeriveInput::from(item))
        }
        _ => None,
    });
    let lines: Vec<usize> = tables.map(|table| lines(&table)).collect();
    assert_eq!(lines.len(), 9, "the auth tables");
    let total: usize = lines.iter().sum();
    assert!(total <= LINES_OF_THE_AUTH_TABLES_MAX, "{total} lines: {lines:?}");
}

#[test]
fn every_mistake_is_reported_at_once() {
    assert_eq!(
        mistakes(
            "#[table(nmae = \"a\")] struct A { #[column(defualt = 1)] id: i64, #[column(identity)] b: String }"
        ),
        [
            "unknown key `defualt` for a column; did you mean `default`?",
            "unknown key `nmae` for a table; did you mean `name`?",
            "column `b` is an identity, which must be `i16`, `i32` or `i64`",
        ]
    );
}

#[test]
fn a_table_has_at_most_as_many_columns_as_postgresql_allows() {
    let table = |count: usize| {
        let fields: String = (0..count).map(|index| format!("c{index}: i32,")).collect();
        mistakes(&format!("struct Wide {{ {fields} }}"))
    };
    assert_eq!(table(1600), [""; 0]);
    assert_eq!(table(1601), ["table `Wide` has 1601 columns; PostgreSQL allows 1600"]);
}

#[test]
fn an_option_is_known_however_it_is_written() {
    for ty in ["Option<i64>", "std::option::Option<i64>", "::core::option::Option<i64>"] {
        let found = mistakes(&format!("struct A {{ #[column(primary_key)] id: {ty} }}"));
        assert_eq!(
            found,
            ["column `id` is the primary key, which cannot be NULL: remove the `Option`"]
        );
    }
}

#[test]
fn a_default_is_one_sql_literal_whatever_it_holds() {
    for (default, sql) in [
        ("false", "false"),
        ("-1", "-1"),
        ("1_000", "1000"),
        ("0x10", "16"),
        ("\"it's\"", "'it''s'"),
        (r#""a\\b""#, r"E'a\\b'"),
        ("'c'", "'c'"),
        ("now()", "now()"),
        ("sql(\"CURRENT_DATE + 1\")", "CURRENT_DATE + 1"),
    ] {
        let input = format!("struct A {{ id: i64, #[column(default = {default})] other: Custom }}");
        let input: DeriveInput = syn::parse_str(&input).expect("a struct");
        let mut errors = Errors::default();
        let table = parse::table(&input, &mut errors).expect("a table");
        assert!(errors.finish().is_none(), "{default}");
        let found = table.columns[1].default.as_ref().map(|default| default.sql.as_str());
        assert_eq!(found, Some(sql));
    }
}
