//! What a tree of nodes has within.

use super::node::{Call, Node, Piece};

impl Node {
    /// What a condition is for every row, where lists that are empty decide it: `all([])` holds, `any([])` does not.
    pub(crate) fn always(&self) -> Option<bool> {
        match self {
            Self::And(list) => {
                list.iter().all(|condition| condition.always() == Some(true)).then_some(true)
            }
            Self::Or(list) if list.is_empty() => Some(false),
            Self::Or(list) => {
                list.iter().any(|condition| condition.always() == Some(true)).then_some(true)
            }
            Self::Prefix("NOT", condition) => condition.always().map(|holds| !holds),
            Self::Shared(node) => node.always(),
            _ => None,
        }
    }

    /// Whether a window call is among its parts; those of a subquery are its own.
    pub(crate) fn has_window_call(&self) -> bool {
        match self {
            Self::Binary(both, _) | Self::Quantified(both, _) => {
                both.0.has_window_call() || both.1.has_window_call()
            }
            Self::Prefix(_, node)
            | Self::Postfix(node, _)
            | Self::Cast(node, _)
            | Self::Collate(node, ..)
            | Self::InSubquery(node, ..) => node.has_window_call(),
            Self::Shared(node) => node.has_window_call(),
            Self::And(nodes) | Self::Or(nodes) | Self::Row(nodes) | Self::Array(nodes) => {
                nodes.iter().any(Self::has_window_call)
            }
            Self::Fragment(pieces) | Self::Enclosed(pieces) => pieces
                .iter()
                .any(|piece| matches!(piece, Piece::Node(node) if node.has_window_call())),
            Self::Case(branches, otherwise) => {
                branches.iter().any(|(when, then)| when.has_window_call() || then.has_window_call())
                    || otherwise.as_ref().is_some_and(|node| node.has_window_call())
            }
            Self::Call(call) => call.is_window_call(),
            _ => false,
        }
    }
}

impl Call {
    fn is_window_call(&self) -> bool {
        self.over.is_some() || self.arguments.iter().any(Node::has_window_call)
    }
}
