//! Expressions: manual, section 4.2.

use super::writer::Writer;
use crate::query::node::{Node, OrderKey};
use crate::schema::{NullsOrder, SortOrder};

impl<'a> Writer<'a> {
    /// Writes an expression where nothing binds tighter around it.
    pub(super) fn node(&mut self, node: &'a Node) {
        match node {
            Node::Column { source, column } => self.column(source, column),
            Node::Excluded(column) => self.column_of_excluded(column),
            Node::Param(param) => self.param(param),
            Node::Default => self.push("DEFAULT"),
            Node::Constant(sql) => self.push(sql),
            Node::Binary(left, op, right) => {
                self.operand(left);
                self.push(" ");
                self.push(op);
                self.push(" ");
                self.operand(right);
            }
            Node::Prefix(op, operand) => {
                self.push(op);
                self.push(" ");
                self.operand(operand);
            }
            Node::Postfix(operand, op) => {
                self.operand(operand);
                self.push(" ");
                self.push(op);
            }
            Node::And(all) if all.is_empty() => self.push("true"),
            Node::And(all) => self.separated(" AND ", all, Self::term),
            Node::Or(any) if any.is_empty() => self.push("false"),
            Node::Or(any) => self.separated(" OR ", any, Self::term),
            Node::Call(function, arguments) => {
                self.push(function);
                self.push("(");
                self.separated(", ", arguments, Self::node);
                self.push(")");
            }
            Node::Cast(operand, ty) => {
                self.push("CAST(");
                self.node(operand);
                self.push(" AS ");
                self.push(ty);
                self.push(")");
            }
            Node::Quantified(operand, op, array) => {
                self.operand(operand);
                self.push(" ");
                self.push(op);
                self.push("(");
                self.node(array);
                self.push(")");
            }
            Node::Exists(select) => {
                self.push("EXISTS (");
                self.select_nothing(select);
                self.push(")");
            }
        }
    }

    /// Writes an operand: in parentheses unless it stands by itself.
    fn operand(&mut self, node: &'a Node) {
        self.parenthesised(node, !stands_alone(node));
    }

    /// Writes one side of `AND` or `OR`: comparisons bind tighter, the other of the two is set apart.
    pub(super) fn term(&mut self, node: &'a Node) {
        self.parenthesised(node, matches!(node, Node::And(_) | Node::Or(_)));
    }

    fn parenthesised(&mut self, node: &'a Node, parentheses: bool) {
        if parentheses {
            self.push("(");
        }
        self.node(node);
        if parentheses {
            self.push(")");
        }
    }

    fn column_of_excluded(&mut self, column: &str) {
        // Not a name of ours to quote: the row proposed for insertion (manual, INSERT, ON CONFLICT).
        self.push("excluded.");
        self.ident(column);
    }

    /// Writes conditions that must all hold, after `keyword`; nothing if there are none.
    pub(super) fn conditions(&mut self, keyword: &'static str, conditions: &'a [Node]) {
        match conditions {
            [] => {}
            [only] => {
                self.push(keyword);
                self.node(only);
            }
            several => {
                self.push(keyword);
                self.separated(" AND ", several, Self::term);
            }
        }
    }

    /// Writes `ORDER BY`.
    pub(super) fn order(&mut self, keys: &'a [OrderKey]) {
        if keys.is_empty() {
            return;
        }
        self.push(" ORDER BY ");
        self.separated(", ", keys, |writer, key| {
            writer.operand(&key.node);
            match key.order {
                SortOrder::Ascending => {}
                SortOrder::Descending => writer.push(" DESC"),
            }
            match key.nulls {
                None => {}
                Some(NullsOrder::First) => writer.push(" NULLS FIRST"),
                Some(NullsOrder::Last) => writer.push(" NULLS LAST"),
            }
        });
    }
}

fn stands_alone(node: &Node) -> bool {
    match node {
        Node::Column { .. }
        | Node::Excluded(_)
        | Node::Param(_)
        | Node::Default
        | Node::Constant(_)
        | Node::Call(..)
        | Node::Cast(..)
        | Node::Exists(_) => true,
        Node::Binary(..)
        | Node::Prefix(..)
        | Node::Postfix(..)
        | Node::And(_)
        | Node::Or(_)
        | Node::Quantified(..) => false,
    }
}
