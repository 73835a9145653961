//! Plans, from literals.

use super::{Down, plan};
use crate::catalog::Canonical;
use crate::change::ObjectName;
use crate::diff::{diff, settled};
use orm_core::schema::{
    Action, Attribute, Column, Composite, Deferrable, Domain, Enum, ForeignKey, List, Object,
    PrimaryKey, Schema, Table, Text,
};
use std::collections::BTreeSet;

fn table(name: &'static str, columns: Vec<Column>) -> Table {
    let key =
        PrimaryKey { name: None, columns: vec![Text::from("id")].into(), ..PrimaryKey::default() };
    Table { columns: columns.into(), primary_key: Some(key), ..Table::new("public", name) }
}

fn referencing(table: Table, column: &'static str, target: &'static str) -> Table {
    let key = ForeignKey {
        name: None,
        columns: vec![Text::from(column)].into(),
        references_schema: "public".into(),
        references_table: target.into(),
        references_columns: vec![Text::from("id")].into(),
        on_delete: Action::Cascade,
        on_update: Action::NoAction,
        deferrable: Deferrable::No,
        ..Default::default()
    };
    Table { foreign_keys: vec![key].into(), ..table }
}

fn canonical(tables: Vec<Table>) -> Canonical {
    let mut schema = Schema::declared(tables).unwrap();
    schema.implied_names.clear();
    Canonical::of_catalog(schema)
}

/// The statements up, without the comments, and down.
#[track_caller]
fn check(from: Vec<Table>, to: Vec<Table>, up: &str, down: &str) {
    let managed: BTreeSet<ObjectName> = from.iter().map(ObjectName::of).collect();
    let (from, to) = (canonical(from), canonical(to));
    let changes = diff(&from, &to, &managed);
    let plain = |sql: &str| {
        let lines = sql.lines().filter(|line| !line.starts_with("--") && !line.is_empty());
        lines.collect::<Vec<_>>().join("\n")
    };
    assert_eq!(plain(&plan(changes.clone(), &from, &to).up_sql()), up);
    let down_sql = Down::of(&changes, &from, &settled(&from, &to)).sql;
    assert_eq!(down_sql.map_or_else(|| "none".to_owned(), |sql| plain(&sql)), down);
}

#[test]
fn tables_that_reference_each_other_come_and_go() {
    let a = referencing(
        table("a", vec![Column::new("id", "bigint"), Column::new("b_id", "bigint")]),
        "b_id",
        "b",
    );
    let b = referencing(
        table("b", vec![Column::new("id", "bigint"), Column::new("a_id", "bigint")]),
        "a_id",
        "a",
    );
    check(
        vec![],
        vec![a, b],
        r#"CREATE TABLE "public"."a" (
    "id" bigint NOT NULL,
    "b_id" bigint NOT NULL,
    CONSTRAINT "a_pkey" PRIMARY KEY ("id")
);
CREATE TABLE "public"."b" (
    "id" bigint NOT NULL,
    "a_id" bigint NOT NULL,
    CONSTRAINT "b_pkey" PRIMARY KEY ("id")
);
ALTER TABLE "public"."a" ADD CONSTRAINT "a_b_id_fkey" FOREIGN KEY ("b_id") REFERENCES "public"."b" ("id") ON DELETE CASCADE;
ALTER TABLE "public"."b" ADD CONSTRAINT "b_a_id_fkey" FOREIGN KEY ("a_id") REFERENCES "public"."a" ("id") ON DELETE CASCADE;"#,
        r#"ALTER TABLE "public"."a" DROP CONSTRAINT "a_b_id_fkey";
ALTER TABLE "public"."b" DROP CONSTRAINT "b_a_id_fkey";
DROP TABLE "public"."a";
DROP TABLE "public"."b";"#,
    );
}

#[test]
fn changes_of_one_table_are_one_statement() {
    let from = table("t", vec![Column::new("id", "bigint"), Column::new("a", "integer")]);
    let to = table(
        "t",
        vec![
            Column::new("id", "bigint"),
            Column { nullable: true, default: Some("0".into()), ..Column::new("a", "bigint") },
            Column { nullable: true, ..Column::new("b", "text") },
        ],
    );
    check(
        vec![from],
        vec![to],
        r#"ALTER TABLE "public"."t"
    ALTER COLUMN "a" TYPE bigint,
    ALTER COLUMN "a" SET DEFAULT 0,
    ALTER COLUMN "a" DROP NOT NULL,
    ADD COLUMN "b" text;"#,
        r#"ALTER TABLE "public"."t"
    DROP COLUMN "b",
    ALTER COLUMN "a" DROP DEFAULT,
    ALTER COLUMN "a" TYPE integer USING "a"::integer,
    ALTER COLUMN "a" SET NOT NULL;"#,
    );
}

#[test]
fn a_foreign_key_steps_aside_while_both_its_columns_change_type() {
    let of = |ty: &'static str| {
        vec![
            table("a", vec![Column::new("id", ty)]),
            referencing(
                table("b", vec![Column::new("id", "bigint"), Column::new("a_id", ty)]),
                "a_id",
                "a",
            ),
        ]
    };
    // Every type becomes text by assignment; the way back has to be asked for.
    let statements = |ty: &str, using: [&str; 2]| {
        let [id, a_id] = using;
        format!(
            r#"ALTER TABLE "public"."b" DROP CONSTRAINT "b_a_id_fkey";
ALTER TABLE "public"."a" ALTER COLUMN "id" TYPE {ty}{id};
ALTER TABLE "public"."b" ALTER COLUMN "a_id" TYPE {ty}{a_id};
ALTER TABLE "public"."b" ADD CONSTRAINT "b_a_id_fkey" FOREIGN KEY ("a_id") REFERENCES "public"."a" ("id") ON DELETE CASCADE;"#
        )
    };
    let back = [r#" USING "id"::bigint"#, r#" USING "a_id"::bigint"#];
    check(of("bigint"), of("text"), &statements("text", ["", ""]), &statements("bigint", back));
}

#[test]
fn what_cannot_be_known_again_has_no_way_back() {
    let from = table("t", vec![Column::new("id", "bigint"), Column::new("a", "integer")]);
    let to = table("t", vec![Column::new("id", "bigint")]);
    check(vec![from], vec![to], r#"ALTER TABLE "public"."t" DROP COLUMN "a";"#, "none");
}

#[test]
fn hazards_are_said_of_tables_that_exist_only() {
    let to = vec![table("t", vec![Column::new("id", "bigint"), Column::new("a", "integer")])];
    let (empty, full) = (canonical(vec![]), canonical(to));
    let new = plan(diff(&empty, &full, &BTreeSet::new()), &empty, &full);
    assert_eq!(new.hazards().count(), 0);
    let before = canonical(vec![table("t", vec![Column::new("id", "bigint")])]);
    let added = plan(diff(&before, &full, &BTreeSet::new()), &before, &full);
    let sentences: Vec<&str> = added.hazards().map(|hazard| hazard.sentence.as_str()).collect();
    assert_eq!(
        sentences,
        [r#"it fails if table "t" has rows: column "a" is NOT NULL and has no default"#]
    );
}

/// The change of type of a column, without the table.
#[track_caller]
fn check_type(from: &'static str, to: &'static str, expected: &str) {
    let of =
        |ty| canonical(vec![table("t", vec![Column::new("id", "bigint"), Column::new("a", ty)])]);
    let (from, to) = (of(from), of(to));
    let plan = plan(diff(&from, &to, &BTreeSet::new()), &from, &to);
    let statements: Vec<&str> =
        plan.steps.iter().flat_map(|step| &step.statements).map(String::as_str).collect();
    assert_eq!(
        statements,
        [format!(r#"ALTER TABLE "public"."t" ALTER COLUMN "a" TYPE {expected}"#)]
    );
}

#[test]
fn a_text_that_becomes_too_long_is_refused_and_not_cut() {
    check_type("text", "character varying(5)", "character varying(5)");
    check_type("character varying(9)[]", "character varying(5)[]", "character varying(5)[]");
    check_type("bit(9)", "bit(5)", "bit(5)");
    check_type("text", "uuid", r#"uuid USING "a"::uuid"#);
}

/// The hazards of adding a column, in the order they are said.
#[track_caller]
fn check_added(column: Column, expected: &[super::HazardKind]) {
    let id = Column::new("id", "bigint");
    let from = canonical(vec![table("t", vec![id.clone()])]);
    let to = canonical(vec![table("t", vec![id, column])]);
    let plan = plan(diff(&from, &to, &BTreeSet::new()), &from, &to);
    let kinds: Vec<_> = plan.hazards().map(|hazard| hazard.kind).collect();
    assert_eq!(kinds, expected);
}

#[test]
fn a_default_that_each_row_computes_writes_the_table_anew() {
    use super::HazardKind::{FailsOnExistingRows, Rewrite};
    let with = |default: &'static str| Column {
        default: Some(default.into()),
        ..Column::new("a", "text")
    };
    check_added(with("now()"), &[]);
    check_added(with("'x'::character varying(20)"), &[]);
    check_added(with("gen_random_uuid()"), &[Rewrite]);
    check_added(with("lower(public.next_word())"), &[Rewrite]);
    check_added(Column::new("a", "bigserial"), &[Rewrite]);
    check_added(Column::new("a", "text"), &[FailsOnExistingRows]);
}

#[test]
fn a_table_of_others_stays_out_of_the_way_there_and_back() {
    let a = |key: &'static str| {
        let key = PrimaryKey {
            name: Some(key.into()),
            columns: vec![Text::from("id")].into(),
            ..PrimaryKey::default()
        };
        Table { primary_key: Some(key), ..table("a", vec![Column::new("id", "bigint")]) }
    };
    let others = referencing(
        table("others", vec![Column::new("id", "bigint"), Column::new("a_id", "bigint")]),
        "a_id",
        "a",
    );
    let retyped = |mut table: Table| {
        table.columns.to_mut()[0].data_type = "integer".into();
        table
    };
    let from = canonical(vec![a("a_pkey"), others]);
    let to = canonical(vec![retyped(a("a_pkey"))]);
    let changes = diff(&from, &to, &BTreeSet::new());
    let plain = |sql: &str| {
        let lines = sql.lines().filter(|line| !line.starts_with("--") && !line.is_empty());
        lines.collect::<Vec<_>>().join("\n")
    };
    let both = |ty: &str| {
        format!(
            r#"ALTER TABLE "public"."others" DROP CONSTRAINT "others_a_id_fkey";
ALTER TABLE "public"."a" ALTER COLUMN "id" TYPE {ty};
ALTER TABLE "public"."others" ADD CONSTRAINT "others_a_id_fkey" FOREIGN KEY ("a_id") REFERENCES "public"."a" ("id") ON DELETE CASCADE;"#
        )
    };
    assert_eq!(
        plain(&plan(changes.clone(), &from, &to).up_sql()),
        both(r#"integer USING "id"::integer"#)
    );
    let down = Down::of(&changes, &from, &settled(&from, &to)).sql.unwrap();
    assert_eq!(plain(&down), both("bigint"));
}

#[test]
fn a_key_of_others_to_what_goes_is_said_before_it_fails() {
    let two = vec![Column::new("id", "bigint"), Column::new("a_id", "bigint")];
    let others = referencing(table("others", two.clone()), "a_id", "a");
    let a = table("a", vec![Column::new("id", "bigint")]);
    let from = canonical(vec![a.clone(), others.clone()]);
    let said = |to: Vec<Table>, managed: &[&str]| -> Vec<String> {
        let tables = from.schema().tables.iter().map(ObjectName::of);
        let names = tables.filter(|it| managed.contains(&it.name.as_str())).collect();
        let to = canonical(to);
        let plan = plan(diff(&from, &to, &names), &from, &to);
        let refused = plan.hazards().filter(|it| it.kind == super::HazardKind::Refused);
        refused.map(|it| it.sentence.clone()).collect()
    };
    let sentence = |what: &str| {
        format!(
            r#"PostgreSQL refuses to {what}: foreign key "others_a_id_fkey" of table "others" references it; drop that first"#
        )
    };
    assert_eq!(said(vec![], &["a"]), [sentence(r#"drop table "a""#)]);
    assert_eq!(said(vec![], &["a", "others"]), [""; 0]);
    let keyless = Table { primary_key: None, ..a.clone() };
    assert_eq!(said(vec![keyless], &["a"]), [sentence(r#"drop primary key "a_pkey" of "a""#)]);
    let unique = orm_core::schema::Unique {
        name: None,
        columns: vec![Text::from("id")].into(),
        nulls_not_distinct: false,
        deferrable: Deferrable::No,
        ..Default::default()
    };
    let other_key = Table { primary_key: None, uniques: vec![unique].into(), ..a };
    assert_eq!(said(vec![other_key], &["a"]), [""; 0]);
}

#[test]
fn no_name_ends_the_comment_it_stands_in() {
    let sql = plan_of_one("a\rDROP TABLE b;\n");
    let comments: Vec<&str> =
        sql.split(['\n', '\r']).filter(|line| line.starts_with("--")).collect();
    assert_eq!(
        comments,
        [
            r#"-- drop table "a DROP TABLE b; ""#,
            r#"-- lock: ACCESS EXCLUSIVE on "a DROP TABLE b; ""#,
            r#"-- hazard: all rows of table "a DROP TABLE b; " are lost"#,
        ]
    );
}

/// The SQL that drops a table of that name.
fn plan_of_one(name: &'static str) -> String {
    let from = canonical(vec![table(name, vec![Column::new("id", "bigint")])]);
    let to = canonical(vec![]);
    let managed = from.schema().tables.iter().map(ObjectName::of).collect();
    plan(diff(&from, &to, &managed), &from, &to).up_sql()
}

/// The `changed_type` hazards, up to the colon, of tables with these columns.
fn said_of_types(
    columns: &[(&'static str, &'static str)],
    from: Vec<Object>,
    to: Vec<Object>,
) -> Vec<String> {
    let of = |objects: Vec<Object>| {
        let columns = columns.iter().map(|(name, ty)| Column::new(name, ty)).collect();
        let mut schema = Schema::declared(vec![table("t", columns)]).unwrap();
        (schema.objects, schema.implied_names) = (objects, Default::default());
        Canonical::of_catalog(schema)
    };
    let (from, to) = (of(from), of(to));
    let managed = from.schema().tables.iter().map(ObjectName::of);
    let managed = managed.chain(from.schema().objects.iter().map(ObjectName::of_object)).collect();
    let plan = plan(diff(&from, &to, &managed), &from, &to);
    let said = plan.hazards().filter(|it| it.kind == super::HazardKind::ChangedType);
    said.filter_map(|it| it.sentence.split(": ").next()).map(str::to_owned).collect()
}

#[test]
fn a_recreated_type_is_named_with_its_columns_and_with_the_types_that_depend_on_it() {
    const OLD: &[Text] = &[Text::Borrowed("a"), Text::Borrowed("b")];
    const LESS: &[Text] = &[Text::Borrowed("a")];
    const MORE: &[Text] = &[Text::Borrowed("a"), Text::Borrowed("b"), Text::Borrowed("c")];
    let types = |values: &'static [Text]| -> Vec<Object> {
        vec![
            Enum::new("public", "e", values).into(),
            Domain::new("public", "d", "public.e").into(),
            Composite {
                attributes: vec![Attribute::new("x", "public.d")].into(),
                ..Composite::new("public", "c", &[])
            }
            .into(),
        ]
    };
    let columns =
        [("id", "bigint"), ("one", "public.e"), ("all", "public.e[]"), ("of", "public.c")];
    let said = said_of_types(&columns, types(OLD), types(LESS));
    assert_eq!(
        said,
        [
            r#"enum "e" (columns "one" of "t", "all" of "t") is recreated with a new OID"#,
            r#"domain "d" is recreated with a new OID"#,
            r#"composite type "c" (column "of" of "t") is recreated with a new OID"#,
        ]
    );
    assert_eq!(said_of_types(&columns, types(OLD), types(MORE)), [""; 0]);
}

#[test]
fn a_composite_type_with_other_attributes_is_named_with_all_columns_that_have_it_within_them() {
    let types = |attributes: Vec<Attribute>| -> Vec<Object> {
        let composite = |name: &'static str, attributes: List<Attribute>| Composite {
            attributes,
            ..Composite::new("public", name, &[])
        };
        let outer = vec![Attribute::new("c", "public.c[]")];
        vec![composite("c", attributes.into()).into(), composite("o", outer.into()).into()]
    };
    let columns = [("id", "bigint"), ("p", "public.c"), ("q", "public.o")];
    let x = || Attribute::new("x", "integer");
    let more = types(vec![x(), Attribute::new("y", "integer")]);
    let said = said_of_types(&columns, types(vec![x()]), more);
    let sentence = r#"composite type "c" (columns "p" of "t", "q" of "t") has other attributes"#;
    assert_eq!(said, [sentence]);
    let longer = types(vec![Attribute::new("x", "text")]);
    let short = types(vec![Attribute::new("x", "character varying(5)")]);
    let said = said_of_types(&columns, short, longer);
    assert!(said.iter().all(|it| it.ends_with("is recreated with a new OID")), "{said:?}");
    let wider = types(vec![Attribute::new("x", "bigint")]);
    let said = said_of_types(&columns, types(vec![x()]), wider);
    let recreated = |it: &str| format!("composite type {it} is recreated with a new OID");
    assert_eq!(
        said,
        [
            recreated(r#""c" (column "p" of "t")"#),
            sentence.to_owned(),
            recreated(r#""o" (column "q" of "t")"#),
        ]
    );
}
