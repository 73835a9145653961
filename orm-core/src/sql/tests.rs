//! Statements made by hand, and the SQL they become.

use super::render;
use crate::query::node::{
    Cardinality, Columns, Conflict, ConflictTarget, ConflictUpdate, Distinct, From, FromItem,
    InsertNode, InsertRows, List, NestedSelect, Node, Output, Param, Select, Statement, Target,
    UpdateNode,
};
use crate::schema::{Column, Table};
use proptest::prelude::*;

/// A table with a relation to itself; its name lives as long as the test.
fn source(table: &'static str, name: &'static str) -> FromItem {
    let mut table = Table::new("public", table);
    table.columns.to_mut().extend([Column::new("id", "integer"), Column::new("up", "integer")]);
    FromItem::table(Box::leak(Box::new(table)), name)
}

fn target() -> Target {
    let FromItem { from: From::Table(table), name, .. } = source("t", "t") else { unreachable!() };
    Target { table, name }
}

fn column(column: &'static str) -> Node {
    Node::Column { source: "t", column }
}

fn equal(name: &'static str, value: i32) -> Node {
    Node::Binary(Box::new((column(name), Node::Param(Param::of(value)))), "=")
}

fn not(node: Node) -> Node {
    Node::Prefix("NOT", Box::new(node))
}

fn id_where(filters: Vec<Node>) -> Select {
    let outputs = vec![Output::Node(column("id"))];
    Select { outputs: outputs.into(), filters: filters.into(), ..Select::of(source("t", "t")) }
}

fn insert(columns: Vec<usize>, rows: Vec<Vec<Node>>) -> InsertNode {
    InsertNode {
        with: Vec::new(),
        target: target(),
        columns: columns.into(),
        rows: InsertRows::Values(rows.into()),
        overriding: None,
        conflict: None,
        returning: Vec::new(),
        not_made: None,
    }
}

fn update(set: Vec<(&'static str, Node)>) -> UpdateNode {
    UpdateNode {
        with: Vec::new(),
        target: target(),
        set: set.into(),
        from: Vec::new(),
        joins: Vec::new(),
        filters: Vec::new().into(),
        returning: Vec::new(),
        is_empty: false,
    }
}

#[track_caller]
fn check(statement: Statement, expected: &str) {
    assert_eq!(render(&statement).unwrap().text, expected);
}

#[track_caller]
fn filtered(filters: Vec<Node>, expected: &str) {
    let text = format!(r#"SELECT "t"."id" FROM "t" WHERE {expected}"#);
    check(Statement::Select(id_where(filters)), &text);
}

#[track_caller]
fn refused(statement: Statement, expected: &str) {
    let error = render(&statement).unwrap_err();
    assert_eq!(format!("{error:#}"), expected);
    assert_eq!(error.kind(), crate::ErrorKind::Query);
}

#[test]
fn and_or_and_not_keep_the_shape_of_the_tree() {
    let [a, b] = [|| equal("id", 1), || equal("up", 2)];
    filtered(
        vec![Node::Or(vec![Node::And(vec![a(), b()]), not(Node::Or(vec![a(), b()]))])],
        r#"("t"."id" = $1 AND "t"."up" = $2) OR NOT ("t"."id" = $3 OR "t"."up" = $4)"#,
    );
    filtered(
        vec![Node::Or(vec![a(), b()]), not(a())],
        r#"("t"."id" = $1 OR "t"."up" = $2) AND NOT ("t"."id" = $3)"#,
    );
    filtered(
        vec![Node::Postfix(Box::new(Node::And(vec![a(), not(not(b()))])), "IS NULL")],
        r#"("t"."id" = $1 AND NOT (NOT ("t"."up" = $2))) IS NULL"#,
    );
}

#[test]
fn operators_within_operands_stand_in_parentheses() {
    let minus = |left, right| Node::Binary(Box::new((left, right)), "-");
    filtered(
        vec![minus(column("id"), minus(column("id"), column("up")))],
        r#""t"."id" - ("t"."id" - "t"."up")"#,
    );
}

#[test]
fn all_of_nothing_is_true_and_one_of_nothing_is_false() {
    filtered(vec![Node::And(Vec::new())], "true");
    filtered(vec![Node::Or(Vec::new())], "false");
    filtered(vec![not(Node::Or(Vec::new())), Node::And(Vec::new())], "NOT false AND true");
}

#[test]
fn quotes_within_names_are_doubled() {
    let select = Select {
        outputs: vec![Output::Node(Node::Column { source: r#"x"y"#, column: r#"c";--"# })].into(),
        ..Select::of(source(r#"a"b"#, r#"x"y"#))
    };
    check(Statement::Select(select), r#"SELECT "x""y"."c"";--" FROM "a""b" AS "x""y""#);
}

#[test]
fn a_relation_to_itself_has_a_name_of_its_own_at_every_depth() {
    let nested = |outputs: Vec<Output>| {
        let select = Select {
            outputs: outputs.into(),
            filters: vec![equal("id", 1)].into(),
            ..Select::of(source("t", "t"))
        };
        let keys = &[("id", "up")];
        Output::Relation(Box::new(NestedSelect {
            name: "children",
            position: 0,
            parent: "t",
            cardinality: Cardinality::Many,
            child: "t",
            keys,
            own_values: Vec::new(),
            fixed: Vec::new(),
            is_value: false,
            field: Vec::new(),
            select,
        }))
    };
    let id = || Output::Node(column("id"));
    let tree = nested(vec![id(), nested(vec![id(), nested(vec![id()])])]);
    let select = Select { outputs: vec![id(), tree].into(), ..Select::of(source("t", "t")) };
    check(
        Statement::Select(select),
        concat!(
            r#"SELECT "t"."id", ARRAY(SELECT ROW("t_1"."id", ARRAY(SELECT ROW("t_2"."id", "#,
            r#"ARRAY(SELECT ROW("t_3"."id") FROM "t" AS "t_3" WHERE "t_3"."up" = "t_2"."id" AND "t_3"."id" = $1)) "#,
            r#"FROM "t" AS "t_2" WHERE "t_2"."up" = "t_1"."id" AND "t_2"."id" = $2)) "#,
            r#"FROM "t" AS "t_1" WHERE "t_1"."up" = "t"."id" AND "t_1"."id" = $3) FROM "t""#,
        ),
    );
}

#[test]
fn a_count_is_of_the_rows_that_the_select_would_give() {
    let plain = || id_where(vec![equal("up", 1)]);
    check(Statement::Count(plain()), r#"SELECT count(*) FROM "t" WHERE "t"."up" = $1"#);
    check(
        Statement::Count(Select { distinct: Distinct::Rows, ..plain() }),
        r#"SELECT count(*) FROM (SELECT DISTINCT "t"."id" FROM "t" WHERE "t"."up" = $1) AS counted"#,
    );
    check(
        Statement::Count(Select {
            limit: Some(Param::rows(5)),
            offset: Some(Param::rows(2)),
            ..plain()
        }),
        r#"SELECT count(*) FROM (SELECT "t"."id" FROM "t" WHERE "t"."up" = $1 LIMIT $2 OFFSET $3) AS counted"#,
    );
}

#[test]
fn rows_without_values_take_the_defaults() {
    let rows = |count| Statement::Insert(insert(Vec::new(), vec![Vec::new(); count]));
    check(rows(1), r#"INSERT INTO "t" DEFAULT VALUES"#);
    check(rows(3), r#"INSERT INTO "t" ("id") VALUES (DEFAULT), (DEFAULT), (DEFAULT)"#);
}

#[test]
fn an_insert_of_no_rows_selects_none() {
    for columns in [vec![], vec![0], vec![1, 0]] {
        let none = Statement::Insert(insert(columns, Vec::new()));
        check(none, r#"INSERT INTO "t" SELECT WHERE false"#);
    }
}

#[test]
fn an_upsert_that_sets_nothing_is_refused() {
    let conflict = Some(Conflict {
        target: ConflictTarget::Columns(List::One(Node::OutputColumn("id")), Vec::new()),
        update: Some(ConflictUpdate { set: List::None, filters: Vec::new() }),
    });
    refused(
        Statement::Insert(InsertNode { conflict, ..insert(vec![0], vec![vec![Node::Default]]) }),
        "the upsert of table \"t\" sets no column\nhint: give `.do_update(..)` at least one assignment, or call `.do_nothing()`",
    );
}

#[test]
fn a_conflict_without_target_is_any_conflict() {
    let conflict = Some(Conflict { target: ConflictTarget::Any, update: None });
    let row = vec![Node::Param(Param::of(1)), Node::Default];
    let returning = vec![Output::Source("t", Columns::Table(target().table))];
    check(
        Statement::Insert(InsertNode { conflict, returning, ..insert(vec![1, 0], vec![row]) }),
        concat!(
            r#"INSERT INTO "t" ("up", "id") VALUES ($1, DEFAULT) ON CONFLICT DO NOTHING "#,
            r#"RETURNING "t"."id", "t"."up""#,
        ),
    );
    let conflict = Some(Conflict {
        target: ConflictTarget::Columns(List::One(Node::OutputColumn("id")), Vec::new()),
        update: Some(ConflictUpdate {
            set: List::One(("up", Node::ColumnOfRow("excluded", "up"))),
            filters: Vec::new(),
        }),
    });
    check(
        Statement::Insert(InsertNode { conflict, ..insert(vec![0], vec![vec![Node::Default]]) }),
        concat!(
            r#"INSERT INTO "t" ("id") VALUES (DEFAULT) ON CONFLICT ("id") "#,
            r#"DO UPDATE SET "up" = excluded."up""#,
        ),
    );
}

#[test]
fn an_update_that_sets_nothing_is_refused() {
    refused(
        Statement::Update(update(Vec::new())),
        "the update of table \"t\" sets no column\nhint: call `.set(..)` with at least one assignment",
    );
    let set = vec![("up", Node::Param(Param::of(1)))];
    check(
        Statement::Update(UpdateNode { filters: vec![equal("id", 2)].into(), ..update(set) }),
        r#"UPDATE "t" SET "up" = $1 WHERE "t"."id" = $2"#,
    );
}

#[test]
fn parameters_are_numbered_in_decimals() {
    let row = || vec![Node::Param(Param::of(1))];
    let rows = std::iter::repeat_with(row).take(101).collect();
    let text = render(&Statement::Insert(insert(vec![0], rows))).unwrap().text;
    assert!(
        text.contains("($9), ($10), ($11)") && text.ends_with("($99), ($100), ($101)"),
        "{text}"
    );
}

#[test]
fn more_parameters_than_the_protocol_carries_are_refused() {
    let rows = |count| {
        let row = || vec![Node::Param(Param::of(1))];
        Statement::Insert(insert(vec![0], std::iter::repeat_with(row).take(count).collect()))
    };
    assert_eq!(render(&rows(65_535)).unwrap().params.len(), 65_535);
    refused(
        rows(65_536),
        "the statement has 65536 parameters, and one statement can have 65535\nhint: run it in several parts",
    );
}

/// A condition of any shape, whose values are taken from `values` in turn.
fn condition(shape: &[u8], values: &mut impl Iterator<Item = String>) -> Node {
    let mut stack = Vec::new();
    for step in shape {
        let top = stack.pop();
        let node = match (step % 4, top) {
            (0, Some(node)) => not(node),
            (1, Some(node)) => Node::And(std::iter::once(node).chain(stack.pop()).collect()),
            (2, Some(node)) => Node::Or(std::iter::once(node).chain(stack.pop()).collect()),
            (_, top) => {
                stack.extend(top);
                let value = Node::Param(Param::of(values.next().unwrap_or_default()));
                Node::Binary(Box::new((column("id"), value)), "=")
            }
        };
        stack.push(node);
    }
    Node::And(stack)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_text_never_depends_on_the_values(
        shape in prop::collection::vec(any::<u8>(), 0..20),
        values in prop::collection::vec(any::<String>(), 20),
        limits in any::<[u64; 2]>(),
    ) {
        let limited = |node, limit| {
            Statement::Select(Select { limit: Some(Param::rows(limit)), ..id_where(vec![node]) })
        };
        let one = limited(condition(&shape, &mut values.into_iter()), limits[0]);
        let other = limited(condition(&shape, &mut std::iter::empty()), limits[1]);
        let (one, other) = (render(&one).unwrap(), render(&other).unwrap());
        prop_assert_eq!(one.text.matches('$').count(), one.params.len());
        prop_assert_eq!(one.text, other.text);
    }
}
