//! Sequences: manual, section 9.17.

use super::conditional::call;
use crate::query::expr::Expr;
use crate::query::node::{Name, Node, Piece};
use crate::query::operand::Operand;
use crate::schema;
use crate::types::{Int8, Value};

/// The name of a sequence, which is quoted. A declared [`schema::Sequence`] is one, too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SequenceName {
    schema: Option<Name>,
    name: Name,
}

impl SequenceName {
    /// One that is found through `search_path`.
    pub const fn new(name: &'static str) -> Self {
        Self { schema: None, name: Name::Borrowed(name) }
    }

    /// One of a schema.
    pub const fn of_schema(schema: &'static str, name: &'static str) -> Self {
        Self { schema: Some(Name::Borrowed(schema)), name: Name::Borrowed(name) }
    }

    /// One whose name is known only when the program runs.
    pub fn named(name: impl Into<String>) -> Self {
        Self { schema: None, name: Name::Owned(name.into()) }
    }

    fn node(self) -> Node {
        let name = Node::Enclosed(vec![Piece::NameConstant(self.schema, self.name)]);
        Node::Cast(Box::new(name), "regclass")
    }
}

impl From<&'static str> for SequenceName {
    fn from(name: &'static str) -> Self {
        Self::new(name)
    }
}

impl From<&schema::Sequence> for SequenceName {
    fn from(sequence: &schema::Sequence) -> Self {
        let owned = |name: &schema::Text| Name::Owned(name.clone().into_owned());
        Self { schema: Some(owned(&sequence.schema)), name: owned(&sequence.name) }
    }
}

/// `nextval(sequence)`: the next number. It is not given back where the transaction fails.
///
/// ```
/// use auth::User;
/// use orm::func;
/// use orm::prelude::*;
/// let query = User::query().limit(1).select(func::nextval("invoice_number"));
/// assert_eq!(
///     query.to_sql(),
///     r#"SELECT nextval(CAST('"invoice_number"' AS regclass)) FROM "user" LIMIT $1"#
/// );
/// ```
pub fn nextval(sequence: impl Into<SequenceName>) -> Expr<i64, ()> {
    call("nextval", vec![sequence.into().node()])
}

/// `currval(sequence)`: the number that `nextval` gave last in this session; an error where it gave none.
pub fn currval(sequence: impl Into<SequenceName>) -> Expr<i64, ()> {
    call("currval", vec![sequence.into().node()])
}

/// `setval(sequence, number)`: `nextval` gives the number after this one.
pub fn setval<O: Operand<Int8>>(
    sequence: impl Into<SequenceName>,
    number: O,
) -> Expr<<O::Value as Value>::Propagate<i64>, (O::Reads, ())> {
    call("setval", vec![sequence.into().node(), number.into_operand()])
}

/// `lastval()`: the number that `nextval` gave last in this session, of any sequence.
pub fn lastval() -> Expr<i64, ()> {
    call("lastval", Vec::new())
}
