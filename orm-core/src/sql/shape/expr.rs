//! The shapes of expressions.

use super::{Shape, Written};
use crate::query::node::{Bound, Call, Frame, Function, Node, Piece, Window};
use std::sync::Arc;

impl<'a> Shape<'a, '_> {
    pub(super) fn node(&mut self, node: &'a Node) -> Written {
        match node {
            Node::Column { source, column } => {
                self.tag(100, 0);
                self.name(source);
                self.name(column);
            }
            Node::ColumnOfRow(row, column) => {
                self.tag(101, 0);
                self.name(row);
                self.name(column);
            }
            Node::OutputColumn(column) => {
                self.tag(102, 0);
                self.name(column);
            }
            Node::Position(position) => self.tag(103, usize::from(*position)),
            Node::Param(param) => {
                self.tag(104, 0);
                self.param(param)?;
            }
            Node::Unnest(param) => {
                self.tag(105, 0);
                self.param(param)?;
            }
            Node::Typed(param) => {
                self.tag(106, 0);
                self.param(param)?;
            }
            Node::Default => self.tag(107, 0),
            Node::Constant(sql) => {
                self.tag(108, 0);
                self.name(sql);
            }
            Node::Binary(operands, operator) => {
                self.tag(109, 0);
                self.name(operator);
                self.node(&operands.0)?;
                self.node(&operands.1)?;
            }
            Node::Prefix(operator, operand) => {
                self.tag(110, 0);
                self.name(operator);
                self.node(operand)?;
            }
            Node::Postfix(operand, operator) => {
                self.tag(111, 0);
                self.name(operator);
                self.node(operand)?;
            }
            Node::And(terms) => {
                self.tag(112, 0);
                self.nodes(terms)?;
            }
            Node::Or(terms) => {
                self.tag(113, 0);
                self.nodes(terms)?;
            }
            Node::Call(call) => {
                self.tag(114, 0);
                self.call(call)?;
            }
            Node::Cast(operand, ty) => {
                self.tag(115, 0);
                self.name(ty);
                self.node(operand)?;
            }
            Node::Quantified(operands, operator) => {
                self.tag(116, 0);
                self.name(operator);
                self.node(&operands.0)?;
                self.node(&operands.1)?;
            }
            Node::Fragment(pieces) => {
                self.tag(117, 0);
                self.list(pieces, Self::piece)?;
            }
            Node::Enclosed(pieces) => {
                self.tag(118, 0);
                self.list(pieces, Self::piece)?;
            }
            Node::Row(nodes) => {
                self.tag(119, 0);
                self.nodes(nodes)?;
            }
            Node::Array(nodes) => {
                self.tag(120, 0);
                self.nodes(nodes)?;
            }
            Node::Case(cases, otherwise) => {
                self.tag(121, 0);
                self.list(cases, |shape, (condition, value)| {
                    shape.node(condition)?;
                    shape.node(value)
                })?;
                self.optional(otherwise.as_deref(), Self::node)?;
            }
            Node::Collate(operand, schema, name) => {
                self.tag(122, 0);
                self.optional_text(schema.as_deref());
                self.text(name);
                self.node(operand)?;
            }
            Node::Exists(select) => {
                self.tag(123, 0);
                self.select(select)?;
            }
            Node::Subquery(select) => {
                self.tag(124, 0);
                self.select(select)?;
            }
            Node::ArraySubquery(select) => {
                self.tag(125, 0);
                self.select(select)?;
            }
            Node::InSubquery(operand, operator, select) => {
                self.tag(126, 0);
                self.name(operator);
                self.node(operand)?;
                self.select(select)?;
            }
            Node::Related(nested, form) => {
                self.tag(128, *form as usize);
                self.nested(nested)?;
            }
            Node::Renamed { node, source, alias } => {
                self.tag(129, 0);
                self.name(source);
                self.name(alias);
                self.node(node)?;
            }
            Node::Shared(node) => {
                self.tag(127, 0);
                let before = self.params.len();
                self.node(Arc::as_ref(node))?;
                self.may_share |= self.params.len() > before;
            }
        }
        Some(())
    }

    fn piece(&mut self, piece: &'a Piece) -> Written {
        match piece {
            Piece::Sql(sql) => {
                self.tag(130, 0);
                self.name(sql);
            }
            Piece::Name(name) => {
                self.tag(131, 0);
                self.text(name);
            }
            Piece::NameConstant(schema, name) => {
                self.tag(132, 0);
                self.optional_text(schema.as_deref());
                self.text(name);
            }
            Piece::Node(node) => {
                self.tag(133, 0);
                self.node(node)?;
            }
        }
        Some(())
    }

    pub(super) fn call(&mut self, call: &'a Call) -> Written {
        let Call { function, arguments, distinct, order, within_group, filter, over, ordinality } =
            call;
        match function {
            Function::Known(name) => {
                self.tag(140, usize::from(*distinct) << 1 | usize::from(*ordinality));
                self.name(name);
            }
            Function::Named(schema, name) => {
                self.tag(141, usize::from(*distinct) << 1 | usize::from(*ordinality));
                self.optional_text(schema.as_deref());
                self.text(name);
            }
        }
        self.nodes(arguments)?;
        self.order(order)?;
        self.order(within_group)?;
        self.nodes(filter)?;
        self.optional(over.as_ref(), Self::window)
    }

    fn window(&mut self, window: &'a Window) -> Written {
        let Window { partition, order, frame } = window;
        self.nodes(partition)?;
        self.order(order)?;
        self.optional(frame.as_ref(), |shape, frame| {
            let Frame { unit, start, end, exclude } = frame;
            shape.name(unit);
            shape.optional_name(*exclude);
            shape.bound(start)?;
            shape.bound(end)
        })
    }

    fn bound(&mut self, bound: &'a Bound) -> Written {
        let Bound { distance, keyword } = bound;
        self.name(keyword);
        self.optional(distance.as_ref(), Self::node)
    }
}
