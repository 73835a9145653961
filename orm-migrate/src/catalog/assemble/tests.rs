//! Rows as the catalog gives them, without a database.

use super::super::rows::{ColumnRow, ConstraintRow, IndexRow, TableRow};
use super::{Rows, tables};
use orm_core::schema::{
    Action, Check, Column, Deferrable, ForeignKey, Generated, GeneratedKind, Identity,
    IdentityKind, Index, IndexKey, IndexPart, NullsOrder, PrimaryKey, SortOrder, Table, Unique,
};

fn table_row(oid: u32, name: &str) -> TableRow {
    TableRow {
        oid,
        schema: "public".to_owned(),
        name: name.to_owned(),
        comment: None,
        unlogged: false,
        options: Vec::new(),
        row_security: false,
        force_row_security: false,
        partition_by: None,
        parent_schema: None,
        parent: None,
        bound: None,
    }
}

fn column_row(table: u32, name: &str) -> ColumnRow {
    ColumnRow {
        table,
        name: name.to_owned(),
        data_type: "integer".to_owned(),
        nullable: false,
        expression: None,
        identity: String::new(),
        generated: String::new(),
        collation: None,
        comment: None,
        start: None,
        increment: None,
        min: None,
        max: None,
        cache: None,
        cycle: false,
        sequence: None,
        sequence_type: None,
        sequence_logged: None,
    }
}

fn constraint_row(kind: &str) -> ConstraintRow {
    ConstraintRow {
        table: 1,
        name: "c".to_owned(),
        kind: kind.to_owned(),
        columns: Some(vec!["b".to_owned(), "a".to_owned()]),
        references_schema: None,
        references_table: None,
        references_columns: None,
        referenced_index: None,
        on_delete: " ".to_owned(),
        on_update: " ".to_owned(),
        deferrable: false,
        deferred: false,
        expression: None,
        nulls_not_distinct: false,
        include: None,
        match_full: false,
        on_delete_columns: None,
        not_valid: false,
        no_inherit: false,
    }
}

fn index_row(name: &str, column: &str) -> IndexRow {
    IndexRow {
        table: 1,
        name: name.to_owned(),
        unique: false,
        method: "btree".to_owned(),
        nulls_not_distinct: false,
        predicate: None,
        included: false,
        column: Some(column.to_owned()),
        expression: None,
        operator_class: None,
        collation: None,
        options: 0,
        storage: None,
        constraint: None,
        deferrable: false,
        deferred: false,
        operator: None,
    }
}

/// Rows of the table with oid 1, and that table.
#[track_caller]
fn check(rows: Rows, expected: Table) {
    let rows = Rows { tables: vec![table_row(1, "t")], ..rows };
    assert_eq!(tables(rows), [expected]);
}

fn of_columns(rows: Vec<ColumnRow>) -> Rows {
    Rows { columns: rows, ..Rows::default() }
}

fn of_constraint(row: ConstraintRow) -> Rows {
    Rows { constraints: vec![row], ..Rows::default() }
}

fn of_indexes(rows: Vec<IndexRow>) -> Rows {
    Rows { indexes: rows, ..Rows::default() }
}

fn t() -> Table {
    Table::new("public", "t")
}

#[test]
fn rows_go_to_their_own_table() {
    let rows = Rows {
        tables: vec![table_row(7, "x"), table_row(3, "y"), table_row(5, "z")],
        columns: vec![column_row(3, "of_y"), column_row(7, "of_x"), column_row(9, "of_none")],
        ..Rows::default()
    };
    let found = tables(rows);
    let names: Vec<Vec<&str>> =
        found.iter().map(|it| it.columns.iter().map(|it| &*it.name).collect()).collect();
    assert_eq!(names, [vec!["of_x"], vec!["of_y"], vec![]]);
}

#[test]
fn a_default_and_a_generated_value_are_told_apart() {
    let default = ColumnRow { expression: Some("1".to_owned()), ..column_row(1, "a") };
    let generated =
        ColumnRow { generated: "s".to_owned(), name: "b".to_owned(), ..default.clone() };
    let columns = vec![
        Column { default: Some("1".into()), ..Column::new("a", "integer") },
        Column {
            generated: Some(Generated { expression: "1".into(), kind: GeneratedKind::Stored }),
            ..Column::new("b", "integer")
        },
    ];
    check(of_columns(vec![default, generated]), Table { columns: columns.into(), ..t() });
}

#[test]
fn the_letters_of_identity_are_read() {
    let row =
        |name: &str, letter: &str| ColumnRow { identity: letter.to_owned(), ..column_row(1, name) };
    let column = |name, kind: IdentityKind| Column {
        identity: Some(Identity::new(kind)),
        ..Column::new(name, "integer")
    };
    check(
        of_columns(vec![row("a", "a"), row("b", "d"), row("c", "")]),
        Table {
            columns: vec![
                column("a", IdentityKind::Always),
                column("b", IdentityKind::ByDefault),
                Column::new("c", "integer"),
            ]
            .into(),
            ..t()
        },
    );
}

#[test]
fn a_primary_key_keeps_the_order_of_its_columns() {
    let key = PrimaryKey {
        name: Some("c".into()),
        columns: vec!["b".into(), "a".into()].into(),
        ..PrimaryKey::default()
    };
    check(of_constraint(constraint_row("p")), Table { primary_key: Some(key), ..t() });
}

#[test]
fn a_unique_says_when_it_is_checked() {
    for (deferrable, deferred, expected) in [
        (false, false, Deferrable::No),
        (true, false, Deferrable::InitiallyImmediate),
        (true, true, Deferrable::InitiallyDeferred),
    ] {
        let row =
            ConstraintRow { deferrable, deferred, nulls_not_distinct: true, ..constraint_row("u") };
        let unique = Unique {
            name: Some("c".into()),
            columns: vec!["b".into(), "a".into()].into(),
            nulls_not_distinct: true,
            deferrable: expected,
            ..Default::default()
        };
        check(of_constraint(row), Table { uniques: vec![unique].into(), ..t() });
    }
}

#[test]
fn the_letters_of_actions_are_read() {
    for (letter, action) in [
        ("a", Action::NoAction),
        ("r", Action::Restrict),
        ("c", Action::Cascade),
        ("n", Action::SetNull),
        ("d", Action::SetDefault),
    ] {
        let row = ConstraintRow {
            references_schema: Some("s".to_owned()),
            references_table: Some("u".to_owned()),
            references_columns: Some(vec!["x".to_owned(), "y".to_owned()]),
            on_delete: letter.to_owned(),
            on_update: "a".to_owned(),
            ..constraint_row("f")
        };
        let key = ForeignKey {
            name: Some("c".into()),
            columns: vec!["b".into(), "a".into()].into(),
            references_schema: "s".into(),
            references_table: "u".into(),
            references_columns: vec!["x".into(), "y".into()].into(),
            on_delete: action,
            on_update: Action::NoAction,
            deferrable: Deferrable::No,
            ..Default::default()
        };
        check(of_constraint(row), Table { foreign_keys: vec![key].into(), ..t() });
    }
}

#[test]
fn a_check_is_its_expression() {
    let row = ConstraintRow { expression: Some("(a > 0)".to_owned()), ..constraint_row("c") };
    let it = Check { name: Some("c".into()), expression: "(a > 0)".into(), ..Check::default() };
    check(of_constraint(row), Table { checks: vec![it].into(), ..t() });
}

#[test]
fn the_rows_of_an_index_become_its_parts_and_its_included_columns() {
    let mut rows = vec![index_row("i", "a"), index_row("i", "b"), index_row("i", "c")];
    rows[0].options = 3;
    rows[1] = IndexRow {
        column: None,
        expression: Some("lower(b)".to_owned()),
        operator_class: Some("o".to_owned()),
        options: 2,
        ..rows[1].clone()
    };
    rows[2].included = true;
    rows.push(index_row("j", "a"));
    let parts = vec![
        IndexPart {
            order: SortOrder::Descending,
            nulls: NullsOrder::First,
            ..IndexPart::column("a")
        },
        IndexPart {
            key: IndexKey::Expression("lower(b)".into()),
            operator_class: Some("o".into()),
            nulls: NullsOrder::First,
            ..IndexPart::column("")
        },
    ];
    let i = Index {
        parts: parts.into(),
        include: vec!["c".into()].into(),
        ..Index::btree(Some("i"), false, &[])
    };
    let j =
        Index { parts: vec![IndexPart::column("a")].into(), ..Index::btree(Some("j"), false, &[]) };
    check(of_indexes(rows), Table { indexes: vec![i, j].into(), ..t() });
}
