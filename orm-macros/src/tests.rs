//! What the derive makes of a struct: its whole text, its length, and its mistakes without a compiler.
//!
//! `BLESS=1 cargo test -p orm-macros` writes `tests/*.rs` anew.

use crate::{
    check, errors::Errors, expand, expand_columns, expand_composite, expand_domain, expand_enum,
    expand_from_row, expand_newtype, fragments, parse,
};
use std::collections::BTreeSet;
use syn::{DeriveInput, Item, TraitItem};

fn expansion(input: &str) -> String {
    let input: DeriveInput = syn::parse_str(input).expect("a struct");
    let file = syn::parse2(expand(&input)).expect("items");
    prettyplease::unparse(&file)
}

#[track_caller]
fn check_expansion(name: &str, input: &str) {
    check_snapshot("Table", name, input, &expansion(input));
}

#[track_caller]
fn check_snapshot(derive: &str, name: &str, input: &str, expansion: &str) {
    let header = format!(
        "// Made by `BLESS=1 cargo test -p orm-macros`: what `#[derive({derive})]` adds to\n//\n"
    );
    let source: String = input
        .trim()
        .lines()
        .map(|line| format!("//{}\n", line.strip_prefix("    ").unwrap_or(line)))
        .collect();
    let found = format!("{header}{source}\n{expansion}");
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
    if let Some(table) = parse::table(&input, &Vec::new(), &mut errors) {
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

#[test]
fn a_row_of_a_select_list() {
    let source = r#"
    #[from_row(from = Team)]
    pub struct TeamSize {
        pub id: String,
        #[column(name = "memberCount")]
        pub member_count: Option<i64>,
    }"#;
    let input: DeriveInput = syn::parse_str(source).expect("a struct");
    let file = syn::parse2(expand_from_row(&input)).expect("items");
    check_snapshot("FromRow", "team_size", source, &prettyplease::unparse(&file));
}

#[test]
fn a_struct_of_columns() {
    let source = r#"
    pub struct Audit {
        #[column(default = now(), index)]
        pub created_at: DateTime<Utc>,
        #[column(references = User::id, default_fn = author)]
        pub author_id: Option<i64>,
        #[column(skip)]
        pub seen: bool,
    }"#;
    let input: DeriveInput = syn::parse_str(source).expect("a struct");
    let file = syn::parse2(expand_columns(&input)).expect("items");
    check_snapshot("Columns", "audit", source, &prettyplease::unparse(&file));
}

#[test]
fn a_table_asks_each_struct_of_columns_for_its_fields() {
    let input = "struct A { id: i64, #[column(flatten)] b: x::B, #[column(flatten)] c: C }";
    let found = expand(&syn::parse_str(input).expect("a struct")).to_string();
    assert!(found.starts_with("x :: B ! { (:: orm :: __flattened) Table { struct A {"), "{found}");
    let asked = found.split_once("Table").expect("the derive").1;
    let asked = asked.rsplit_once('}').expect("the call").0;
    let pending = |text: &str| syn::parse_str::<crate::flatten::Pending>(text).expect("a struct");
    let next = pending(&format!("Table {asked} {{ one: i32 }}")).expand().to_string();
    assert!(next.starts_with("C ! { (:: orm :: __flattened) Table { struct A {"), "{next}");
    assert!(next.ends_with("{ one : i32 } }"), "{next}");
    let all = pending(&format!("Table {asked} {{ one: i32 }} {{ two: i32 }}")).expand();
    let all = prettyplease::unparse(&syn::parse2(all).expect("items"));
    for name in ["id", "one", "two"] {
        assert!(
            all.contains(&format!("pub enum {name} {{}}"))
                || all.contains(&format!("enum {name} {{}}")),
            "{all}"
        );
    }
}

fn row_mistakes(input: &str) -> Vec<String> {
    let input: DeriveInput = syn::parse_str(input).expect("an item");
    let mut errors = Errors::default();
    if let Some(row) = parse::row::row(&input, &Vec::new(), &mut errors) {
        check::row::row(&row, &mut errors);
    }
    let found = errors.finish().into_iter().flatten();
    found.map(|error| error.to_string()).collect()
}

#[test]
fn mistakes_of_a_row_are_named() {
    for (input, expected) in [
        ("enum A { B }", "`A` needs named fields: each is a column of a select list"),
        ("struct A(i32);", "`A` needs named fields: each is a column of a select list"),
        ("struct A<T> { a: T }", "`A` has generic parameters: a row is one type"),
        ("struct A {}", "`A` has no fields: nothing would be selected into it"),
        (
            r#"struct A { a: i32, #[column(name = "a")] b: i32 }"#,
            "fields `a` and `b` of `A` are both the column \"a\"",
        ),
        (
            "#[from_row(from = User)] struct A { #[column(nested)] a: B }",
            "field `a` is nested, and no column of `User`: leave `from = User` out",
        ),
        (
            "struct A { #[column(nestd)] a: B }",
            "unknown key `nestd` for a field of a row; did you mean `nested`?",
        ),
    ] {
        assert_eq!(row_mistakes(input), [expected], "{input}");
    }
}

fn lines(input: &DeriveInput) -> usize {
    let file = syn::parse2(expand(input)).expect("items");
    prettyplease::unparse(&file).lines().count()
}

/// What one more column that an insert may leave out costs: no other column's code grows with it.
const LINES_FOR_A_COLUMN_MAX: usize = 29;

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
/// was written, of which some 48 for each table are the bits of its name, one to a line. It should fall; a struct that is a
/// row to insert and to save added 20 for each table, and one for each column; the docs of the fields, 480; one type for a row with any
/// of its relations, 150.
const LINES_OF_THE_AUTH_TABLES_MAX: usize = 6050;

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
            "column `b` is an identity, which must be of an integer type, such as `i32` or `i64`",
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
        let table = parse::table(&input, &Vec::new(), &mut errors).expect("a table");
        assert!(errors.finish().is_none(), "{default}");
        let found = table.columns[1].default.as_ref().map(|default| default.sql.as_str());
        assert_eq!(found, Some(sql));
    }
}

#[test]
fn a_list_that_is_empty_is_refused_and_never_means_all() {
    for (attribute, expected) in [
        ("primary_key()", "`primary_key` is empty"),
        ("unique()", "`unique` is empty"),
        ("unique(id, include())", "option `include` of `unique` is empty"),
        ("index(method = gin)", "`index` names no field"),
        ("exclude(method = gist)", "`exclude` names no field"),
        ("with()", "`with` is empty"),
        ("has_many()", "`has_many` is empty"),
        ("partition_by = range()", "`partition_by = range()` names no field"),
        ("foreign_key(=> A::id)", "`foreign_key` names no field"),
        ("foreign_key(id => A::id, on_delete = set_null())", "the list of `set_null()` is empty"),
        ("row_security, policy(\"p\", to(), using = \"true\")", "option `to` of `policy` is empty"),
        (
            "row_security, policy(\"p\", to = \"\", using = \"true\")",
            "option `to` of `policy` holds an empty name",
        ),
    ] {
        let found = mistakes(&format!("#[table({attribute})] struct A {{ id: Option<i64> }}"));
        assert!(found.iter().any(|it| it.starts_with(expected)), "{attribute}: {found:?}");
    }
}

/// The names of what a trait of the runtime gives: all its items, or only its functions.
fn given_by(source: &str, name: &str) -> BTreeSet<String> {
    let file = syn::parse_file(source).expect("a file of orm-core");
    let found = file.items.into_iter().find_map(|item| match item {
        Item::Trait(item) if item.ident == name => Some(item),
        _ => None,
    });
    let items = found.expect(name).items.into_iter();
    items
        .filter_map(|item| match item {
            TraitItem::Fn(item) => Some(item.sig.ident.to_string()),
            TraitItem::Const(item) => Some(item.ident.to_string()),
            _ => None,
        })
        .collect()
}

#[test]
fn the_names_that_a_column_would_hide_are_those_that_there_are() {
    let table = given_by(include_str!("../../orm-core/src/query/table.rs"), "Table");
    let source = given_by(include_str!("../../orm-core/src/query/scope.rs"), "Source");
    let expected: BTreeSet<String> = table.into_iter().chain(source).collect();
    assert_eq!(BTreeSet::from(check::ENTRY_POINTS.map(str::to_owned)), expected);
    let build = given_by(include_str!("../../orm-core/src/query/insert.rs"), "InsertBuilder");
    let run = given_by(include_str!("../../orm-core/src/exec/run.rs"), "ExecuteInsert");
    // Of the standard library, and of a builder whose table has an identity.
    let of_std = ["clone".to_owned(), "overriding_system_value".to_owned()];
    let expected: BTreeSet<String> = build.into_iter().chain(run).chain(of_std).collect();
    assert_eq!(BTreeSet::from(check::BUILDER.map(str::to_owned)), expected);
}

#[test]
fn every_method_of_an_insert_is_kept_from_being_hidden() {
    for name in check::BUILDER {
        let found = mistakes(&format!("struct A {{ {name}: i64 }}"));
        let expected = format!(
            "the setter of column `{name}` would hide the method `{name}` of the insert; give it another name: `#[column(setter = set_{name})]`"
        );
        assert_eq!(found, [expected]);
        let ways_out = [
            format!("struct A {{ #[column(setter = set_{name})] {name}: i64 }}"),
            format!("struct A {{ #[column(generated = \"1\")] {name}: i64 }}"),
            format!("#[table(view = \"SELECT 1\")] struct A {{ {name}: i64 }}"),
        ];
        for way_out in ways_out {
            assert_eq!(mistakes(&way_out), [""; 0], "{way_out}");
        }
    }
    for name in check::ENTRY_POINTS {
        assert_eq!(mistakes(&format!("struct A {{ {name}: i64 }}")).len(), 1, "{name}");
    }
}

#[test]
fn a_wide_table_is_as_long_as_its_columns() {
    let table = |count: usize| {
        let fields: String = (0..count).map(|index| format!("c{index}: i32,")).collect();
        let input = syn::parse_str(&format!("struct A {{ {fields} }}")).expect("a struct");
        expand(&input).to_string().len()
    };
    let (narrow, wide) = (table(50), table(1600));
    // What grows with the logarithm is the place of a column in the state of an insert.
    assert!(wide < narrow * 32 * 5 / 4, "{narrow} for 50 columns, {wide} for 1600");
}

/// Odd items, each with all that the derives read.
fn odd_items() -> Vec<String> {
    let long = "x".repeat(100_000);
    let deep = format!("{}i64{}", "Option<".repeat(30), ">".repeat(30));
    let types = [
        "i64",
        "&'static str",
        "dyn Send",
        "[u8; 4]",
        "(i64, String)",
        "fn(i64) -> u8",
        "impl Send",
        "!",
        "_",
        "<A as B>::C<'a>",
        "Option",
        "Option<>",
        "Option<'a>",
        "Option<3>",
        "r#type::r#fn",
        "*const u8",
        "Vec<dyn for<'a> Fn(&'a u8)>",
        "concat!(a)",
        "Self",
        "Self::Id",
        &deep,
    ];
    let fields = types.map(|ty| format!("struct A {{ a: {ty} }}"));
    let shapes = [
        "struct A;",
        "struct A();",
        "struct A {}",
        "struct A(i64);",
        "struct A(i64, i64);",
        "struct A<T> { a: T }",
        "struct A<'a> { a: &'a str }",
        "struct A<const N: usize> { a: i64 }",
        "struct A where { a: i64 }",
        "struct A(Option<i64>) where i64: Copy;",
        "union A { a: i64 }",
        "enum A {}",
        "enum A { B }",
        "enum A { B(i64), C { d: i64 }, D = 7 }",
        "enum A<T> { B(T) }",
        "enum A { r#type, Ä, __, B }",
        "struct r#match { r#type: i64, r#fn: Option<i64> }",
        "struct Ünïcödé { größe: i64, 名前: String }",
        "struct __ { __: i64, ___: i64 }",
        "pub(in crate::a) struct A { pub(super) a: i64 }",
        "pub(self) struct State { State: i64 }",
        "struct Row { Row: i64, row: i64 }",
        "struct A { self_id: i64, _id: i64, super_id: i64 }",
        "struct A { a: i64, a: i64 }",
        "struct A { #[cfg(any())] a: i64, #[doc = \"x\"] b: i64 }",
    ];
    let values = [
        "",
        " = ",
        " = 1",
        " = -1",
        " = \"\"",
        " = \"a\\0b\"",
        " = 'c'",
        " = b\"x\"",
        " = 1.5e300",
        " = 99999999999999999999999999999999999999999",
        " = r#type",
        " = Self::id",
        " = self",
        " = Self",
        " = A::r#type",
        " = <A as B>::c",
        " = sql()",
        " = sql(\"\")",
        " = sql(1, 2)",
        " = r#fn()",
        " = virtual(\"1\")",
        " = virtual()",
        " = stored()",
        " = |x| x",
        " = { }",
        " = cascade",
        " = set_null",
        " = set_null()",
        " = range()",
        " = range(a)",
        " = range(1)",
        " = forced",
        "()",
        "(a)",
        "(a, a)",
        "(\"n\", a)",
        "(a: A)",
        "(a: A::b, a: A)",
        "(a: Self)",
        "(r#type: r#match)",
        "(_: A)",
        "(a => A::b)",
        "(=> A::b)",
        "(a => )",
        "(a =>)",
        "(a = B, a = B)",
        "(\"p\", to(), using = \"x\")",
        "(\"p\", to = \",\")",
        "(a desc ops)",
        "(a collate)",
        "(sql())",
        "(sql(\"\") with)",
        "(include(), a)",
        "(name = 7)",
        "(,)",
        "(((())))",
        "[]",
        "{}",
        "(start = 9999999999999999999999)",
        "(cycle = 1)",
        "(with(a = b.c))",
        "(default, values = \"é\")",
        "(\"é\", values = \"FOR VALUEé\")",
        "(renamed_from = \"a.b.c\")",
    ];
    let keys = crate::attr::KEYS.iter().flat_map(|key| {
        let (attribute, name) = (key.place.attribute(), key.name);
        values.iter().map(move |value| (attribute, format!("#[{attribute}({name}{value})]")))
    });
    let attributes = keys.flat_map(|(attribute, key)| match attribute {
        "pg_enum" => vec![format!("{key} enum A {{ B }}")],
        "variant" => vec![format!("enum A {{ {key} B }}")],
        "domain" | "newtype" => vec![format!("{key} struct A(String);")],
        "table" | "composite" => vec![format!("{key} struct A {{ a: i64, r#type: String }}")],
        // Every other key on a type that has NULL.
        _ => {
            let ty = if key.len() % 2 == 0 { "Option<i64>" } else { "Other" };
            vec![format!("struct A {{ {key} r#type: {ty}, a: i64 }}")]
        }
    });
    let places = [
        "#[table]",
        "#[table = 1]",
        "#[table()]",
        "#[table(,)]",
        "#[table(1)]",
        "#[column(name = \"x\")]",
    ];
    let places = places.map(|place| format!("{place} struct A {{ a: i64 }}"));
    let names = ["", "a\\0", &long, "\\u{202e}", "\\\"", "a.b", "$1", "{}", "{x}"].map(|name| {
        format!("#[table(name = \"{name}\", schema = \"{name}\", comment = \"{name}\", check(\"{name}\", \"{name}\"))] struct A {{ #[column(name = \"{name}\")] a: i64 }}")
    });
    fields
        .into_iter()
        .chain(shapes.map(str::to_owned))
        .chain(attributes)
        .chain(places)
        .chain(names)
        .collect()
}

#[test]
fn the_derives_answer_every_item_with_items_or_a_mistake() {
    let mut count = 0;
    for item in odd_items() {
        // What is no Rust at all never reaches a derive.
        let Ok(tokens) = item.parse() else { continue };
        let Ok(input) = syn::parse2::<DeriveInput>(fragments::visible(tokens)) else { continue };
        count += 1;
        // An attribute is read by one of them.
        let read_by: [(_, &[&str]); 5] = [
            (expand as fn(&DeriveInput) -> _, &["#[table", "#[column"]),
            (expand_enum, &["#[pg_enum", "#[variant"]),
            (expand_domain, &["#[domain"]),
            (expand_newtype, &["#[newtype"]),
            (expand_composite, &["#[composite", "#[field"]),
        ];
        let reads = |attributes: &[&str]| attributes.iter().any(|it| item.contains(it));
        let is_read = read_by.iter().any(|(_, attributes)| reads(attributes));
        for (expand, attributes) in read_by {
            if is_read && !reads(attributes) {
                continue;
            }
            let found = expand(&input);
            if let Err(error) = syn::parse2::<syn::File>(found.clone()) {
                panic!("{item:.300}: {error} in {found}");
            }
        }
    }
    assert!(count > 2000, "{count} items were read");
}
