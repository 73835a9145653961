//! Whether a column can be NULL depends on its type, however the type is spelled.
#![deny(warnings)]

use orm::prelude::*;
use orm::query::{ToOne, ToOptional};

type Maybe<T> = Option<T>;
type Id = i64;
type MaybeId = Maybe<Id>;

trait Family {
    type Of<T>;
}
struct Plain;
struct Perhaps;
impl Family for Plain {
    type Of<T> = T;
}
impl Family for Perhaps {
    type Of<T> = Option<T>;
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(primary_key(id, kind))]
struct Parent {
    #[column(identity)]
    id: Id,
    kind: <Plain as Family>::Of<i64>,
    #[column(unique)]
    number: Id,
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(
    foreign_key(parent_id, parent_kind => Parent::id, Parent::kind, on_delete = set_null, relation = parent),
    foreign_key(sure_id, sure_kind => Parent::id, Parent::kind, relation = sure),
    foreign_key(sure_id, parent_kind => Parent::id, Parent::kind, on_delete = set_null(parent_kind), relation = half),
)]
struct Child {
    #[column(primary_key)]
    id: Id,
    parent_id: MaybeId,
    parent_kind: <Perhaps as Family>::Of<i64>,
    sure_id: Id,
    sure_kind: <Plain as Family>::Of<i64>,
    #[column(references = Parent::number, on_delete = set_null, on_update = set_null)]
    one_id: Maybe<Id>,
    #[column(references = Parent::number)]
    two_id: <Plain as Family>::Of<Id>,
    spelled: core::option::Option<String>,
    text: Maybe<String>,
}

/// Nothing but an alias is there to tell a row from none.
#[derive(Table, Debug, Clone, PartialEq)]
struct Keyless {
    note: Maybe<String>,
    size: Id,
    text: String,
}

fn nullable(table: &orm::schema::Table) -> Vec<bool> {
    table.columns.iter().map(|column| column.nullable).collect()
}

trait Is<T> {}
impl<T> Is<T> for T {}
fn kind<R: orm::RelationDefinition<Kind: Is<K>>, K>(_: orm::query::Relation<R>) {}

#[test]
fn holds() {
    assert_eq!(nullable(Parent::TABLE), [false; 3]);
    let expected = [false, true, true, false, false, true, false, true, true];
    assert_eq!(nullable(Child::TABLE), expected);
    assert_eq!((Child::PRESENCE, Parent::PRESENCE, Keyless::PRESENCE), (Some(0), Some(0), Some(1)));

    // An insert leaves out what can be NULL, and nothing else is asked for.
    let insert = Child::insert().id(1).sure_id(2).sure_kind(3).two_id(4);
    assert!(
        insert
            .to_sql()
            .text
            .ends_with(r#"("id", "sure_id", "sure_kind", "two_id") VALUES ($1, $2, $3, $4)"#)
    );
    let _ = Child::insert()
        .id(1)
        .parent_id(7)
        .text(None::<String>)
        .sure_id(2)
        .sure_kind(3)
        .two_id(4)
        .build();
    let _ = Keyless::insert().text("x").size(1).build();

    kind::<_, ToOptional>(Child::one);
    kind::<_, ToOne>(Child::two);
    kind::<_, ToOptional>(Child::parent);
    kind::<_, ToOne>(Child::sure);
    kind::<_, ToOptional>(Child::half);
    let _ = |row: ChildWithOne| -> Option<Parent> { row.one };
    let _ = |row: ChildWithTwo| -> Parent { row.two };
    let _ = |row: ChildWithHalf| -> Option<Parent> { row.half };
    let _ = |row: ChildWithSure| -> (Child, Parent) { (row.row, row.sure) };
}
