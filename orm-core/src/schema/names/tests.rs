//! Implied names: PostgreSQL's rule, never two alike, never too long, whatever the order of the tables.

use super::{MAX_BYTES, implied};
use crate::schema::{
    Action, Check, Deferrable, Extension, ForeignKey, Index, IndexKey, IndexPart, List, Object,
    PrimaryKey, Schema, Table, Text, Unique,
};
use proptest::prelude::*;
use std::collections::BTreeSet;

fn texts(names: &[&str]) -> List<Text> {
    names.iter().map(|name| Text::Owned((*name).to_owned())).collect()
}

fn given(name: &str) -> Option<Text> {
    Some(Text::Owned(name.to_owned()))
}

fn table(name: &str) -> Table {
    Table { name: Text::Owned(name.to_owned()), ..Table::new("public", "") }
}

impl Table {
    fn keyed(mut self, name: Option<Text>) -> Self {
        self.primary_key =
            Some(PrimaryKey { name, columns: texts(&["id"]), ..PrimaryKey::default() });
        self
    }

    fn unique(mut self, name: Option<Text>, columns: &[&str]) -> Self {
        self.uniques.to_mut().push(Unique {
            name,
            columns: texts(columns),
            nulls_not_distinct: false,
            deferrable: Deferrable::No,
            ..Default::default()
        });
        self
    }

    fn index(mut self, name: Option<Text>, columns: &[&str]) -> Self {
        let key = |column: &&str| IndexKey::Column(Text::Owned((*column).to_owned()));
        let part = |column| IndexPart { key: key(column), ..IndexPart::column("") };
        let parts = columns.iter().map(part).collect();
        self.indexes.to_mut().push(Index { name, parts, ..Index::btree(None, false, &[]) });
        self
    }

    fn check(mut self, name: Option<Text>) -> Self {
        self.checks.to_mut().push(Check {
            name,
            expression: Text::Borrowed("true"),
            ..Check::default()
        });
        self
    }

    fn references(mut self, name: Option<Text>, columns: &[&str]) -> Self {
        self.foreign_keys.to_mut().push(ForeignKey {
            name,
            columns: texts(columns),
            references_schema: Text::Borrowed("public"),
            references_table: self.name.clone(),
            references_columns: texts(columns),
            on_delete: Action::NoAction,
            on_update: Action::NoAction,
            deferrable: Deferrable::No,
            ..Default::default()
        });
        self
    }

    /// The names behind which an index stands, then those of the other constraints.
    fn names(&self) -> (Vec<String>, Vec<String>) {
        let keys = self.primary_key.iter().map(|key| &key.name);
        let uniques = self.uniques.iter().map(|unique| &unique.name);
        let indexes = self.indexes.iter().map(|index| &index.name);
        let foreign = self.foreign_keys.iter().map(|key| &key.name);
        let checks = self.checks.iter().map(|check| &check.name);
        let text =
            |name: &Option<Text>| name.as_ref().expect("every name is filled in").to_string();
        (
            keys.chain(uniques).chain(indexes).map(text).collect(),
            foreign.chain(checks).map(text).collect(),
        )
    }
}

/// All names of the schema, table by table: keys, uniques, indexes, foreign keys, checks.
#[track_caller]
fn check(tables: impl IntoIterator<Item = Table>, expected: &[&str]) {
    let schema = Schema::declared(tables).unwrap();
    let both = schema.tables.iter().map(Table::names);
    let names: Vec<String> =
        both.flat_map(|(relations, others)| [relations, others].concat()).collect();
    assert_eq!(names, expected);
}

#[track_caller]
fn refused(tables: impl IntoIterator<Item = Table>, expected: &str) {
    assert_eq!(Schema::declared(tables).unwrap_err().to_string(), expected);
}

#[test]
fn implied_names_are_those_that_postgresql_chooses() {
    let user = table("user").keyed(None).unique(None, &["a", "b"]).index(None, &["c"]);
    check(
        [user.references(None, &["d", "e"]).check(None)],
        &["user_pkey", "user_a_b_key", "user_c_idx", "user_d_e_fkey", "user_check"],
    );
}

#[test]
fn an_expression_is_called_expr_in_the_name_of_its_index() {
    let mut user = table("user").index(None, &["a"]);
    let parts = user.indexes.to_mut()[0].parts.to_mut();
    parts.push(IndexPart {
        key: IndexKey::Expression(Text::Borrowed("lower(b)")),
        ..IndexPart::column("")
    });
    check([user], &["user_a_expr_idx"]);
}

#[test]
fn a_name_of_63_bytes_is_whole_and_one_of_64_has_a_hash() {
    let whole = implied(&"x".repeat(57), &["y"], "idx");
    assert_eq!(whole, format!("{}_y_idx", "x".repeat(57)));
    let cut = implied(&"x".repeat(58), &["y"], "idx");
    assert_eq!(cut.len(), MAX_BYTES);
    assert!(
        cut.starts_with(&"x".repeat(50)) && cut.ends_with("_idx") && !cut.contains("_y_"),
        "{cut}"
    );
    assert_ne!(cut, implied(&"x".repeat(58), &["z"], "idx"), "the hash tells what is cut off");
}

#[test]
fn a_long_name_is_cut_between_characters() {
    for head in ["", "a", "ab", "abc"] {
        let name = implied(&format!("{head}{}", "€".repeat(40)), &["ü"], "key");
        assert!(name.len() <= MAX_BYTES && name.len() > MAX_BYTES - 3, "{name}");
        assert!(name.starts_with(&format!("{head}€")) && name.ends_with("_key"), "{name}");
    }
}

#[test]
fn any_suffix_gives_a_name() {
    assert!(implied("user", &["a"], &"€".repeat(40)).len() <= MAX_BYTES);
}

#[test]
fn two_tables_whose_indexes_would_have_one_name_get_two_in_any_order() {
    let tables = || [table("a").index(None, &["b_c"]), table("a_b").index(None, &["c"])];
    let schema = Schema::declared(tables()).unwrap();
    let [first, second] = [0, 1].map(|at| schema.tables[at].names().0.remove(0));
    assert_eq!(first, "a_b_c_idx");
    assert!(
        second.starts_with("a_b_c_") && second.ends_with("_idx") && second != first,
        "{second}"
    );
    let mut turned = tables();
    turned.reverse();
    assert_eq!(Schema::declared(turned).unwrap(), schema);
}

#[test]
fn an_implied_name_gives_way_to_a_given_one_and_to_a_table() {
    let later = table("z").index(given("a_b_idx"), &["x"]);
    let schema = Schema::declared([table("a").index(None, &["b"]), later]).unwrap();
    assert_ne!(schema.tables[0].names().0, ["a_b_idx"]);
    assert_eq!(schema.tables[1].names().0, ["a_b_idx"]);
    let schema = Schema::declared([table("a").index(None, &["b"]), table("a_b_idx")]).unwrap();
    assert_ne!(schema.tables[0].names().0, ["a_b_idx"]);
}

#[test]
fn a_key_and_a_check_of_one_table_share_a_namespace() {
    let user = table("user").keyed(None).check(given("user_pkey"));
    let (keys, checks) = Schema::declared([user]).unwrap().tables[0].names();
    assert_ne!(keys, checks);
    refused(
        [table("user").unique(given("u"), &["a"]).check(given("u"))],
        "check \"u\" of table \"public\".\"user\" has the name of the unique constraint \"u\" of table \
         \"public\".\"user\"; rename one of them",
    );
}

#[test]
fn tables_in_different_schemas_do_not_meet() {
    let other = Table { schema: Text::Borrowed("other"), ..table("a").index(None, &["b"]) };
    check([table("a").index(None, &["b"]), other], &["a_b_idx", "a_b_idx"]);
}

#[test]
fn a_name_given_twice_is_refused_naming_both() {
    refused(
        [table("b").unique(given("n"), &["x"]), table("a").index(given("n"), &["x"])],
        "unique constraint \"n\" of table \"public\".\"b\" has the name of the index \"n\" of table \
         \"public\".\"a\"; rename one of them",
    );
    refused(
        [table("a").check(given("n")).references(given("n"), &["x"])],
        "check \"n\" of table \"public\".\"a\" has the name of the foreign key \"n\" of table \
         \"public\".\"a\"; rename one of them",
    );
    refused(
        [table("a").index(given("b"), &["x"]), table("b")],
        "index \"b\" of table \"public\".\"a\" has the name of the table \"public\".\"b\"; rename one of them",
    );
}

#[test]
fn a_table_declared_twice_is_refused() {
    refused(
        [table("a"), table("b"), table("a")],
        "table \"public\".\"a\" is declared twice; give one of the structs another `#[table(name = ..)]`",
    );
}

/// Few and long names, so that they meet and are cut.
fn name() -> impl Strategy<Value = String> {
    prop_oneof!["[ab_]{1,4}", "[a€]{20,40}", "\\PC{1,30}"]
}

fn tables() -> impl Strategy<Value = Vec<Table>> {
    let columns = || prop::collection::vec(prop::collection::vec(name(), 1..4), 0..4);
    let one = (name(), columns(), columns(), columns(), 0..3).prop_map(
        |(of, unique, index, foreign, checks)| {
            let mut table = table(&of).keyed(None);
            for names in unique {
                table = table.unique(None, &names.iter().map(String::as_str).collect::<Vec<_>>());
            }
            for names in index {
                table = table.index(None, &names.iter().map(String::as_str).collect::<Vec<_>>());
            }
            for names in foreign {
                table =
                    table.references(None, &names.iter().map(String::as_str).collect::<Vec<_>>());
            }
            (0..checks).fold(table, |table, _| table.check(None))
        },
    );
    prop::collection::vec(one, 1..6).prop_map(|mut tables| {
        let mut seen = BTreeSet::new();
        tables.retain(|table| seen.insert(table.name.to_string()));
        tables
    })
}

#[test]
fn the_schema_of_an_extension_is_declared_with_it() {
    let extension = |schema: &'static str| Extension {
        schema: Some(schema.into()),
        ..Extension::new("citext")
    };
    let schemas_of = |extension: Extension| {
        let objects = [Object::from(extension)];
        let schema = Schema::default().with_objects(objects).unwrap();
        let schemas = schema.objects.iter().filter(|it| matches!(it, Object::Namespace(_)));
        schemas.map(|it| it.schema().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(schemas_of(extension("ext")), ["ext"]);
    assert_eq!(schemas_of(extension("public")), [""; 0]);
    assert_eq!(schemas_of(extension("pg_catalog")), [""; 0]);
    assert_eq!(schemas_of(Extension::new("citext")), [""; 0]);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn names_are_unique_short_and_the_same_in_any_order(
        (tables, shuffled) in tables().prop_flat_map(|tables| {
            (Just(tables.clone()), Just(tables).prop_shuffle())
        }),
    ) {
        let schema = Schema::declared(tables).unwrap();
        prop_assert_eq!(&Schema::declared(shuffled).unwrap(), &schema);
        let mut relations: BTreeSet<String> =
            schema.tables.iter().map(|table| table.name.to_string()).collect();
        for table in &schema.tables {
            let (indexed, others) = table.names();
            let mut constraints: BTreeSet<&String> =
                indexed.iter().take(1 + table.uniques.len()).collect();
            for name in &others {
                prop_assert!(name.len() <= MAX_BYTES && constraints.insert(name), "{}", name);
            }
            for name in &indexed {
                prop_assert!(name.len() <= MAX_BYTES && relations.insert(name.clone()), "{}", name);
            }
        }
    }
}
