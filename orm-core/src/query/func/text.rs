//! String functions: manual, section 9.4.

use crate::query::expr::Expr;
use crate::query::expression::{Expression, TextSubject};
use crate::query::node::{Call, Node};

/// `lower(text)`: in lower case.
pub fn lower<E: Expression>(text: E) -> Expr<E::Value, (E::Reads, ())>
where
    E::Subject: TextSubject,
{
    Expr::new(Node::Call(Box::new(Call::new("lower", vec![text.into_node()]))))
}
