//! A keyword can name a table, a column, a relation, an enum and its variants, a domain, a composite type and its fields.
#![deny(warnings)]
#![allow(non_camel_case_types)]

use orm::prelude::*;

#[derive(Table, Debug, Clone, PartialEq)]
#[table(has_many(r#where: r#match::r#type_id), index(r#type_id, r#fn), unique("r#type", r#fn), loaded(r#where = r#dyn))]
#[table(foreign_key(r#fn => Self::r#if, relation = r#loop), insert = r#impl)]
struct r#match {
    #[column(primary_key)]
    id: i64,
    #[column(references = Self::id, on_delete = set_null, index)]
    type_id: Option<i64>,
    #[column(references = r#match::id, relation = r#move, setter = r#become)]
    r#mod: Option<i64>,
    r#fn: Option<i64>,
    #[column(unique)]
    r#if: i64,
    größe: Option<r#enum>,
    #[column(default = r#enum::r#type)]
    r#enum: r#enum,
}

#[derive(Enum, Debug, Clone, Copy, PartialEq)]
enum r#enum {
    r#type,
    r#fn,
}

#[derive(Domain, Debug, Clone, PartialEq)]
struct r#domain(String);

#[derive(Composite, Debug, Clone, PartialEq)]
struct r#struct {
    r#type: i64,
    r#enum: r#enum,
}

orm::alias!(r#trait = r#match);

#[test]
fn holds() {
    let table = r#match::TABLE;
    let names: Vec<&str> = table.columns.iter().map(|column| &*column.name).collect();
    assert_eq!(names, ["id", "type_id", "mod", "fn", "if", "größe", "enum"]);
    assert_eq!((&*table.name, &*table.foreign_keys[0].references_table), ("match", "match"));
    assert_eq!(table.columns[6].default.as_deref(), Some("'type'"));
    assert_eq!(<r#enum as orm::types::Enumeration>::LABELS, ["type", "fn"]);
    let insert: r#impl = r#match::insert();
    let insert = insert.id(1).r#if(2).r#fn(3).r#become(None::<i64>);
    assert!(insert.to_sql().text.starts_with(r#"INSERT INTO "match" ("id", "mod", "fn", "if")"#));
    let _ = r#match::query().with(r#match::r#where).with(r#match::r#type).to_sql();
    let _ = r#match::query().with(r#match::r#move).with(r#match::r#loop).to_sql();
    let _ = |row: r#dyn| row.r#where;
    let _ = r#match::query().inner_join(r#trait, r#match::type_id.eq(r#trait.id)).to_sql();
}
