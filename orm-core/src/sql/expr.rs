//! Expressions: manual, section 4.2.

use super::writer::Writer;
use crate::query::node::{Bound, Call, Function, Node, OrderKey, Piece, Select, Window};
use crate::schema::{NullsOrder, SortOrder};
use postgres_types::{Kind, Type};

/// Whether only the text of its name is known of a type, or of its elements: one of an extension.
fn is_named(ty: &Type) -> bool {
    let ty = match ty.kind() {
        Kind::Array(element) => element,
        _ => ty,
    };
    ty.oid() == 0 && ty.schema().is_empty()
}

impl<'a> Writer<'a> {
    /// Writes an expression where nothing binds tighter around it.
    pub(super) fn node(&mut self, node: &'a Node) {
        match node {
            Node::Column { source, column } => self.column(source, column),
            // Not a name of ours to quote: the row proposed for insertion (manual, INSERT, ON CONFLICT), and its like.
            Node::ColumnOfRow(row, column) => {
                self.push(row);
                self.push(".");
                self.ident(column);
            }
            Node::OutputColumn(column) => self.ident(column),
            Node::Renamed { node, source, alias } => {
                let depth = self.depth();
                self.enter_as(source, alias);
                self.node(node);
                self.leave(depth);
            }
            Node::Position(position) => self.position(*position),
            Node::Param(param) => self.param(param),
            Node::Unnest(array) => {
                self.push("unnest(");
                self.typed_param(array);
                self.push(")");
            }
            Node::Typed(param) => self.typed_param(param),
            Node::Default => self.push("DEFAULT"),
            Node::Constant(sql) => self.push(sql),
            Node::Binary(operands, op) => {
                self.operand(&operands.0);
                self.push(" ");
                self.push(op);
                self.push(" ");
                self.operand(&operands.1);
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
            Node::And(all) => self.terms(all, " AND ", "true"),
            Node::Or(any) => self.terms(any, " OR ", "false"),
            Node::Call(call) => self.call(call),
            Node::Cast(operand, ty) => {
                self.push("CAST(");
                self.node(operand);
                self.push(" AS ");
                self.push(ty);
                self.push(")");
            }
            Node::Quantified(operands, op) => {
                self.operand(&operands.0);
                self.push(" ");
                self.push(op);
                self.push("(");
                self.node(&operands.1);
                self.push(")");
            }
            Node::Fragment(pieces) | Node::Enclosed(pieces) => {
                for piece in pieces {
                    match piece {
                        Piece::Sql(sql) => self.push(sql),
                        Piece::Name(name) => self.ident(name),
                        Piece::NameConstant(schema, name) => {
                            self.name_constant(schema.as_deref(), name);
                        }
                        Piece::Node(node) => self.operand(node),
                    }
                }
            }
            Node::Row(nodes) => self.list("ROW(", nodes, ")"),
            Node::Array(nodes) => self.list("ARRAY[", nodes, "]"),
            Node::Case(cases, otherwise) => {
                self.push("CASE");
                for (condition, value) in cases {
                    self.push(" WHEN ");
                    self.node(condition);
                    self.push(" THEN ");
                    self.node(value);
                }
                if let Some(value) = otherwise {
                    self.push(" ELSE ");
                    self.node(value);
                }
                self.push(" END");
            }
            Node::Collate(operand, schema, name) => {
                self.operand(operand);
                self.push(" COLLATE ");
                self.qualified(schema.as_deref(), name);
            }
            Node::Exists(select) => {
                self.push("EXISTS (");
                self.select_nothing(select);
                self.push(")");
            }
            Node::Related(nested, form) => self.related(nested, *form),
            Node::Subquery(select) => self.subquery("(", select),
            Node::ArraySubquery(select) => self.subquery("ARRAY(", select),
            Node::InSubquery(operand, op, select) => {
                self.operand(operand);
                self.push(" ");
                self.push(op);
                self.subquery(" (", select);
            }
            Node::Shared(node) => {
                let outside = std::mem::replace(&mut self.shares_params, true);
                self.node(node);
                self.shares_params = outside;
            }
        }
    }

    /// `AND` or `OR`: one term is written as it is.
    fn terms(&mut self, terms: &'a [Node], operator: &'static str, none: &'static str) {
        match terms {
            [] => self.push(none),
            [only] => self.node(only),
            several => self.separated(operator, several, Self::term),
        }
    }

    fn list(&mut self, before: &'static str, nodes: &'a [Node], after: &'static str) {
        self.push(before);
        self.separated(", ", nodes, Self::node);
        self.push(after);
    }

    fn subquery(&mut self, before: &'static str, select: &'a Select) {
        self.push(before);
        self.select(select);
        self.push(")");
    }

    fn qualified(&mut self, schema: Option<&str>, name: &str) {
        if let Some(schema) = schema {
            self.ident(schema);
            self.push(".");
        }
        self.ident(name);
    }

    /// A call of a function: manual, sections 4.2.6 to 4.2.8.
    pub(super) fn call(&mut self, call: &'a Call) {
        match &call.function {
            Function::Known(name) => self.push(name),
            Function::Named(schema, name) => self.qualified(schema.as_deref(), name),
        }
        self.push(if call.distinct { "(DISTINCT " } else { "(" });
        self.separated(", ", &call.arguments, Self::argument);
        self.order(&call.order);
        self.push(")");
        if !call.within_group.is_empty() {
            self.push(" WITHIN GROUP (");
            self.keys("ORDER BY ", &call.within_group);
            self.push(")");
        }
        if !call.filter.is_empty() {
            self.conditions(" FILTER (WHERE ", &call.filter);
            self.push(")");
        }
        if let Some(window) = &call.over {
            self.push(" OVER (");
            self.window(window);
            self.push(")");
        }
        if call.ordinality {
            self.push(" WITH ORDINALITY");
        }
    }

    /// An argument. Of several functions of one name the server takes the one for the types of the arguments, so a value of a type
    /// whose OID is not known has the name of its type with it.
    fn argument(&mut self, node: &'a Node) {
        match node {
            Node::Param(param) if is_named(&param.ty) => self.typed_param(param),
            Node::Shared(shared) if matches!(**shared, Node::Param(_)) => {
                let outside = std::mem::replace(&mut self.shares_params, true);
                self.argument(shared);
                self.shares_params = outside;
            }
            node => self.node(node),
        }
    }

    fn window(&mut self, window: &'a Window) {
        let mut space = "";
        if !window.partition.is_empty() {
            self.push("PARTITION BY ");
            self.separated(", ", &window.partition, Self::node);
            space = " ";
        }
        if !window.order.is_empty() {
            self.push(space);
            self.keys("ORDER BY ", &window.order);
            space = " ";
        }
        if let Some(frame) = &window.frame {
            self.push(space);
            self.push(frame.unit);
            self.push(" BETWEEN ");
            self.bound(&frame.start);
            self.push(" AND ");
            self.bound(&frame.end);
            if let Some(exclude) = frame.exclude {
                self.push(" EXCLUDE ");
                self.push(exclude);
            }
        }
    }

    fn bound(&mut self, bound: &'a Bound) {
        if let Some(distance) = &bound.distance {
            self.operand(distance);
            self.push(" ");
        }
        self.push(bound.keyword);
    }

    /// Writes an operand: in parentheses unless it stands by itself.
    pub(super) fn operand(&mut self, node: &'a Node) {
        self.parenthesised(node, !stands_alone(node));
    }

    /// Writes one side of `AND` or `OR`: comparisons bind tighter, the other of the two is set apart.
    pub(super) fn term(&mut self, node: &'a Node) {
        self.parenthesised(node, is_open(node));
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
        if !keys.is_empty() {
            self.keys(" ORDER BY ", keys);
        }
    }

    fn keys(&mut self, keyword: &'static str, keys: &'a [OrderKey]) {
        self.push(keyword);
        // After DISTINCT a key is one of the list: a value that both have is one parameter.
        let outside = std::mem::replace(&mut self.shares_params, true);
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
        self.shares_params = outside;
    }
}

/// Whether a term of `AND` or `OR` is to be set apart: it is several terms itself, or a fragment of the user's own, which may have
/// an operator of any precedence.
fn is_open(node: &Node) -> bool {
    match node {
        Node::And(terms) | Node::Or(terms) => match terms.as_slice() {
            [] => false,
            // One term is written as it is.
            [only] => is_open(only),
            _ => true,
        },
        Node::Shared(node) => is_open(node),
        Node::Renamed { node, .. } => is_open(node),
        Node::Fragment(_) => true,
        _ => false,
    }
}

fn stands_alone(node: &Node) -> bool {
    match node {
        Node::Column { .. }
        | Node::ColumnOfRow(..)
        | Node::OutputColumn(_)
        | Node::Position(_)
        | Node::Param(_)
        | Node::Unnest(_)
        | Node::Typed(_)
        | Node::Default
        | Node::Constant(_)
        | Node::Call(_)
        | Node::Cast(..)
        | Node::Enclosed(_)
        | Node::Row(_)
        | Node::Array(_)
        | Node::Case(..)
        | Node::Exists(_)
        | Node::Related(..)
        | Node::Subquery(_)
        | Node::ArraySubquery(_) => true,
        Node::And(terms) | Node::Or(terms) => match terms.as_slice() {
            [] => true,
            [only] => stands_alone(only),
            _ => false,
        },
        Node::Shared(node) => stands_alone(node),
        Node::Renamed { node, .. } => stands_alone(node),
        Node::Binary(..)
        | Node::Prefix(..)
        | Node::Postfix(..)
        | Node::Fragment(_)
        | Node::Collate(..)
        | Node::InSubquery(..)
        | Node::Quantified(..) => false,
    }
}
