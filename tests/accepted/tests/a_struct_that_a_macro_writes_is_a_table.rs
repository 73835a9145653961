//! A struct that a macro writes is a table as one that is written by hand: types and values may come from any fragment.
#![deny(warnings)]

use orm::prelude::*;
use orm::schema::Action;

macro_rules! table {
    (
        $(#[$meta:meta])*
        $vis:vis struct $name:ident, $sql:literal, $schema:expr, $id:ident: $id_ty:ty,
        $text:ident: $text_ident:ident = $default:literal, $negative:expr, $least:literal,
        $maybe:ident: $maybe_ty:ty, $parent:ident: $parent_ty:ty => $target:path,
        $relation:ident: $related:ty, $insert:ident, $loaded:ident,
        $client:expr, $now:expr, $sum:expr, $tt:tt, $check:expr, $flag:meta, $generated:literal
    ) => {
        #[derive(Table, Debug, Clone, PartialEq)]
        #[table(name = $sql, schema = $schema, comment = $sql, crate = ::orm)]
        #[table(has_many($relation: $related), insert = $insert, loaded($relation = $loaded))]
        #[table(index($sql, $text desc, $maybe, where = $check), unique($text, $maybe), check($sql, $check))]
        #[table(with(fillfactor = $tt))]
        $(#[$meta])*
        $vis struct $name {
            #[column($flag, identity(start = $tt, increment = $negative))]
            $vis $id: $id_ty,
            #[column(name = $sql, default = $default, data_type = $schema, collation = $sql, setter = $text)]
            $vis $text: $text_ident,
            #[column(default = $least, on_update = $sum)]
            $vis number: i32,
            #[column(default = $negative)]
            $vis other: i32,
            #[column(default = $now, on_update = $client)]
            $vis at: DateTime<Utc>,
            $vis $maybe: $maybe_ty,
            #[column(references = $target, on_delete = set_null, relation = up, comment = $default)]
            $vis $parent: $parent_ty,
            #[column(generated = $generated)]
            $vis made: i64,
        }
    };
}

table! {
    #[table(unlogged)]
    pub struct Node, "nodes", "public", id: i64,
    text: String = "it's", -7, -5,
    note: Option<String>, parent_id: std::option::Option<i64> => Node::id,
    children: Node, NewNode, NodeAndChildren,
    Utc::now(), now(), 1 + 2 * 3, 70, "number < 9", primary_key, "id * 2"
}

macro_rules! custom {
    ($vis:vis $mood:ident $email:ident $address:ident, $name:literal, $ty:ty, $ident:ident, $label:expr, $default:expr, $table:ty) => {
        #[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
        #[pg_enum(name = $name, comment = $label)]
        $vis enum $mood {
            #[variant(name = $label)]
            Good,
            Bad,
        }

        #[derive(Domain, Debug, Clone, PartialEq)]
        #[domain(data_type = $name, default = $default, check($label, $name))]
        $vis struct $email($ty);

        #[derive(Composite, Debug, Clone, PartialEq)]
        #[composite(name = $label)]
        $vis struct $address {
            #[field(name = $name)]
            $vis street: $ty,
            $vis zip: Option<$ident>,
        }

        orm::alias!($vis Other = $table);
    };
}

custom!(pub Mood Email Address, "VALUE", String, Named, "very good", "it's", Node);

#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    A,
}

macro_rules! with_types {
    ($struct:ident, $($field:ident: $ty:ident),*; $default:path) => {
        #[derive(Table, Debug, Clone, PartialEq)]
        struct $struct {
            #[column(primary_key)]
            id: i64,
            #[column(default = $default)]
            named: Named2,
            $($field: $ty,)*
        }
    };
}

type Named2 = Named;
with_types!(Idents, a: i64, b: String, mood: Mood, email: Email, address: Address; Named::A);

#[test]
fn holds() {
    let table = Node::TABLE;
    assert_eq!((&*table.name, table.unlogged), ("nodes", true));
    let column = |name: &str| table.columns.iter().find(|column| column.name == name).unwrap();
    assert_eq!(column("nodes").default.as_deref(), Some("'it''s'"));
    assert_eq!(column("number").default.as_deref(), Some("-5"));
    assert_eq!(column("other").default.as_deref(), Some("-7"));
    assert_eq!(column("at").default.as_deref(), Some("now()"));
    assert!(column("note").nullable && column("parent_id").nullable && !column("id").nullable);
    assert_eq!(column("id").identity.unwrap().sequence.increment, Some(-7));
    assert_eq!(table.foreign_keys[0].on_delete, Action::SetNull);
    assert_eq!(&*table.storage_parameters, ["fillfactor=70"]);
    let insert: NewNode = Node::insert().note("x").at(Utc::now());
    assert!(insert.to_sql().text.ends_with("VALUES ($1, $2)"), "{}", insert.to_sql());
    let update = Node::update().set(Node::number.set(1)).all_rows().to_sql();
    assert_eq!(update, r#"UPDATE "nodes" SET "number" = $1, "at" = $2"#);
    let update = Node::update().set(Node::other.set(1)).all_rows().to_sql();
    assert_eq!(format!("{:?}", update.params[1].value), "7");
    let _ = Node::query().with(Node::children).with(Node::up).to_sql();
    let _ = |row: NodeAndChildren| -> Vec<Node> { row.children };
    assert_eq!(<Mood as orm::types::Enumeration>::LABELS, ["very good", "bad"]);
    let idents = Idents::TABLE;
    assert_eq!(idents.columns[1].default.as_deref(), Some("'a'"));
    let row = (Mood::Good, Email("e".into()), Address { street: "s".into(), zip: Some(Named::A) });
    let insert = Idents::insert().id(1).a(2).b("x").mood(row.0).email(row.1).address(row.2);
    assert_eq!(insert.to_sql().params.len(), 6, "{}", insert.to_sql());
}
