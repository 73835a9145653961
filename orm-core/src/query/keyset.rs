//! Keyset pagination: the order of a query made total, and the condition for the rows after a place in it.
//!
//! The condition for `(a, b)` after `(1, 2)` is `(a, b) > (1, 2)` where both sort the same way and neither is NULL: an index
//! over both serves it. Else it is `a >= 1 AND (a > 1 OR b > 2)`: an index still finds where to begin.

use super::cursor::{KeyValue, siphash};
use super::node::{
    Columns, Distinct, From, FromItem, Group, JoinKind, KeyCodec, Node, OrderKey, Output, Param,
    Select, Statement,
};
use super::select::shared;
use crate::error::{Error, ErrorKind, Result};
use crate::schema::{NullsOrder, SortOrder, Table};
use crate::types::custom_type;
use crate::types::{Failure, Parameter};
use bytes::BytesMut;
use postgres_types::{IsNull, Kind, Type};
use std::sync::Arc;

/// What gives a statement as bytes: its text, and the values of its parameters.
pub(crate) type Writes = fn(&Statement) -> Result<BytesMut>;

/// One key of a total order.
#[derive(Debug, Clone)]
pub(crate) struct Key {
    /// The key as the order has it.
    order: OrderKey,
    /// Whether it can be NULL in this query.
    nullable: bool,
}

impl Key {
    fn is_descending(&self) -> bool {
        self.order.order == SortOrder::Descending
    }

    /// NULL comes after all values; PostgreSQL takes it for the greatest.
    fn has_nulls_last(&self) -> bool {
        match self.order.nulls {
            Some(nulls) => nulls == NullsOrder::Last,
            None => !self.is_descending(),
        }
    }

    /// The operator between the key of a later row and that of an earlier one.
    fn after(&self, or_equal: bool) -> &'static str {
        match (self.is_descending(), or_equal) {
            (false, false) => ">",
            (false, true) => ">=",
            (true, false) => "<",
            (true, true) => "<=",
        }
    }

    /// What it is cast to where it is selected.
    fn as_text(&self) -> Option<&'static str> {
        self.order.codec.and_then(|codec| codec.as_text)
    }

    fn reversed(mut self) -> Self {
        self.order.order = match self.order.order {
            SortOrder::Ascending => SortOrder::Descending,
            SortOrder::Descending => SortOrder::Ascending,
        };
        self.order.nulls = self.order.nulls.map(|nulls| match nulls {
            NullsOrder::First => NullsOrder::Last,
            NullsOrder::Last => NullsOrder::First,
        });
        self
    }

    fn compared(&self, op: &'static str, value: &Node) -> Node {
        Node::Binary(Box::new((self.order.node.clone(), value.clone())), op)
    }

    fn is_null(&self, op: &'static str) -> Node {
        Node::Postfix(Box::new(self.order.node.clone()), op)
    }
}

/// The keys of a total order: no two rows are equal in it.
#[derive(Debug, Clone)]
pub(crate) struct Keys(Vec<Key>);

impl Keys {
    /// The keys that the select is sorted by, and after them what tells equal rows apart: the primary key of each table, the
    /// keys of a grouped query, the select list of `DISTINCT`.
    pub(crate) fn of(select: &Select, tie_break: bool) -> Result<Self> {
        let refused = |message: &str, hint: &str| {
            Err(Error::new(ErrorKind::Query, message.to_owned()).with_hint(hint))
        };
        if select.limit.is_some() || select.offset.is_some() {
            return refused(
                "a query with a limit or an offset cannot be read in pages",
                "leave out `.limit(..)` and `.offset(..)`: `.page(rows)` says how many rows there are",
            );
        }
        if select.set.is_some() || matches!(select.distinct, Distinct::On(_)) {
            return refused(
                "a set operation or a query with `distinct_on` cannot be read in pages",
                "put it into a derived table or a common table expression, and read that in pages",
            );
        }
        if select.order.iter().any(|key| key.node.has_window_call()) {
            return refused(
                "a query that is sorted by a window call cannot be read in pages",
                "compute the call in a derived table, sort by its column, and read that in pages",
            );
        }
        let nullable = nullable_sources(select);
        let has_outer_join = !nullable.is_empty();
        let mut keys: Vec<Key> = select
            .order
            .iter()
            .map(|order| {
                let by_itself = order.codec.is_none_or(|codec| codec.nullable);
                let by_join = match &order.node {
                    Node::Column { source, .. } => nullable.contains(source),
                    _ => has_outer_join,
                };
                Key { order: single(order.clone()), nullable: by_itself || by_join }
            })
            .collect();
        if tie_break {
            for (node, can_be_null) in ties(select, &keys, &nullable) {
                // In the direction of the last key: then one comparison of rows serves both.
                let order = keys.last().map_or(SortOrder::Ascending, |key| key.order.order);
                let codec = text_codec(select, &node);
                let order = single(OrderKey { node, order, nulls: None, codec });
                keys.push(Key { order, nullable: can_be_null });
            }
        }
        if keys.is_empty() {
            return refused(
                "a query without an order cannot be read in pages",
                "call `.order_by(..)`",
            );
        }
        Ok(Self(keys))
    }

    pub(crate) fn reversed(self) -> Self {
        Self(self.0.into_iter().map(Key::reversed).collect())
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn order(&self) -> Vec<OrderKey> {
        self.0.iter().map(|key| key.order.clone()).collect()
    }

    pub(crate) fn outputs(&self) -> impl Iterator<Item = Output> {
        self.0.iter().map(|key| match key.as_text() {
            None => Output::Node(key.order.node.clone()),
            Some(text) => Output::Text(key.order.node.clone(), None, text),
        })
    }

    /// Tells this order from others: by its text and the values in it, which `written` gives, and by the types.
    pub(crate) fn fingerprint(&self, written: Writes) -> Result<u64> {
        let outputs = self.outputs().collect();
        let select = Select { outputs, order: self.order(), ..Select::empty() };
        let mut bytes = written(&Statement::Select(select))?;
        for key in &self.0 {
            let ty = key.order.codec.map(|codec| (codec.ty)());
            let name = ty.as_ref().map_or(("", ""), |ty| (ty.schema(), ty.name()));
            bytes.extend_from_slice(format!("\0{}.{}", name.0, name.1).as_bytes());
        }
        Ok(siphash(&super::cursor::NO_KEY, &bytes))
    }

    /// Whether these can be values of the keys.
    pub(crate) fn fit(&self, values: &[KeyValue]) -> bool {
        self.len() == values.len()
            && self.0.iter().zip(values).all(|(key, value)| match (key.order.codec, value) {
                (Some(codec), Some(value)) => (codec.is_value)(value),
                _ => true,
            })
    }

    /// The condition for the rows after a place; with `inclusive`, also for those at it.
    pub(crate) fn after(&self, values: Vec<KeyValue>, inclusive: bool) -> Vec<Node> {
        let keys: Vec<_> =
            self.0.iter().zip(values).map(|(key, of_key)| (key, value(key, of_key))).collect();
        match after(&keys, inclusive) {
            Node::And(all) => all,
            one => vec![one],
        }
    }
}

/// A computed key is written several times: its values are one parameter each.
fn single(mut key: OrderKey) -> OrderKey {
    if !matches!(key.node, Node::Column { .. } | Node::Shared(_)) {
        key.node = shared(key.node);
    }
    key
}

/// The value of a key as a parameter of the type that the key turns out to have; `None` is NULL.
fn value(key: &Key, value: KeyValue) -> Option<Node> {
    let ty = match key.as_text() {
        None => custom_type("", "", Kind::Simple),
        Some(_) => Type::UNKNOWN,
    };
    let param = |bytes| Param::new(Arc::new(Written(bytes)), ty);
    value.map(|bytes| shared(Node::Param(param(bytes))))
}

/// A value that the server has written.
#[derive(Debug)]
struct Written(Vec<u8>);

impl Parameter for Written {
    fn write_as(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        out.extend_from_slice(&self.0);
        Ok(IsNull::No)
    }
}

fn after(keys: &[(&Key, Option<Node>)], inclusive: bool) -> Node {
    let Some(((key, value), rest)) = keys.split_first() else {
        return Node::Constant(if inclusive { "true" } else { "false" });
    };
    let Some(value) = value else { return after_null(key, rest, inclusive) };
    if let Some(condition) = rows_after(keys, inclusive) {
        return condition;
    }
    let is_last = rest.is_empty();
    let mut any = vec![key.compared(key.after(is_last && inclusive), value)];
    if key.nullable && key.has_nulls_last() {
        any.push(key.is_null("IS NULL"));
        if !is_last {
            any.push(Node::And(flat(key.compared("=", value), after(rest, inclusive))));
        }
        return Node::Or(any);
    }
    if is_last {
        return Node::Or(any);
    }
    // A key that is NULL comes before: no comparison holds for it.
    any.push(after(rest, inclusive));
    Node::And(vec![key.compared(key.after(true), value), Node::Or(any)])
}

/// The rows after one whose key is NULL.
fn after_null(key: &Key, rest: &[(&Key, Option<Node>)], inclusive: bool) -> Node {
    if key.has_nulls_last() {
        return Node::And(flat(key.is_null("IS NULL"), after(rest, inclusive)));
    }
    Node::Or(vec![key.is_null("IS NOT NULL"), after(rest, inclusive)])
}

fn flat(first: Node, second: Node) -> Vec<Node> {
    match second {
        Node::And(more) => std::iter::once(first).chain(more).collect(),
        second => vec![first, second],
    }
}

/// One comparison of rows, where the keys sort the same way and none is NULL.
fn rows_after(keys: &[(&Key, Option<Node>)], inclusive: bool) -> Option<Node> {
    let (first, _) = keys.first()?;
    let is_alike =
        keys.iter().all(|(key, _)| !key.nullable && key.is_descending() == first.is_descending());
    if keys.len() < 2 || !is_alike {
        return None;
    }
    let values: Option<Vec<Node>> = keys.iter().map(|(_, value)| value.clone()).collect();
    let keys = keys.iter().map(|(key, _)| key.order.node.clone()).collect();
    let rows = (Node::Row(keys), Node::Row(values?));
    Some(Node::Binary(Box::new(rows), first.after(inclusive)))
}

/// The sources whose row may be missing.
fn nullable_sources(select: &Select) -> Vec<&'static str> {
    let mut before: Vec<&'static str> = select.from.iter().map(|source| source.name).collect();
    let mut nullable = Vec::new();
    for join in &select.joins {
        if matches!(join.kind, JoinKind::Right | JoinKind::Full) {
            nullable.extend(before.iter().copied());
        }
        if matches!(join.kind, JoinKind::Left | JoinKind::Full) {
            nullable.push(join.source.name);
        }
        before.push(join.source.name);
    }
    nullable
}

/// What tells rows apart that are equal in `keys`, and whether it can be NULL.
fn ties(select: &Select, keys: &[Key], nullable: &[&'static str]) -> Vec<(Node, bool)> {
    let mut ties = Vec::new();
    if !select.group.is_empty() {
        for group in &select.group {
            let nodes: Vec<&Node> = match group {
                Group::Key(node) => vec![node],
                Group::Combined(_, sets) | Group::Sets(sets) => sets.iter().flatten().collect(),
            };
            ties.extend(nodes.into_iter().map(|node| (node.clone(), true)));
        }
    } else if matches!(select.distinct, Distinct::Rows) {
        for output in &select.outputs {
            match output {
                Output::Node(node) | Output::Named(node, _) | Output::Text(node, ..) => {
                    ties.push((node.clone(), true));
                }
                Output::Source(source, Columns::Table(table) | Columns::WithTexts(table, _)) => {
                    let names = table.columns.iter().map(|column| &*column.name);
                    ties.extend(names.map(|name| (column(source, name), true)));
                }
                Output::Source(
                    source,
                    Columns::Names(names) | Columns::NamesWithTexts(names, _),
                ) => {
                    ties.extend(names.iter().map(|name| (column(source, name), true)));
                }
                Output::Relation(_) => {}
            }
        }
    } else {
        let sources = select.from.iter().chain(select.joins.iter().map(|join| &join.source));
        for source in sources {
            if let Some(table) = table(source)
                && !is_unique(table, source.name, keys)
                && let Some(key) = &table.primary_key
            {
                let is_nullable = nullable.contains(&source.name);
                let names = key.columns.iter();
                ties.extend(names.map(|name| (column(source.name, name), is_nullable)));
            }
        }
    }
    ties.retain(|(node, _)| !keys.iter().any(|key| is_same(&key.order.node, node)));
    ties
}

/// How the value of a key is read that only tells rows apart, where it is read as text.
fn text_codec(select: &Select, node: &Node) -> Option<KeyCodec> {
    let text = |as_text| KeyCodec {
        ty: || Type::TEXT,
        nullable: true,
        is_value: |_| true,
        as_text: Some(as_text),
    };
    let of_output = select.outputs.iter().find_map(|output| match output {
        Output::Text(of, _, as_text) if is_same(of, node) => Some(*as_text),
        _ => None,
    });
    let sources = select.from.iter().chain(select.joins.iter().map(|join| &join.source));
    let of_column = || {
        let Node::Column { source, column } = node else { return None };
        let item = sources.into_iter().find(|item| item.name == *source)?;
        let Columns::WithTexts(table, fields) = item.columns else { return None };
        let place = table.columns.iter().position(|it| it.name == *column)?;
        fields.get(place)?.as_text
    };
    of_output.or_else(of_column).map(text)
}

fn table(source: &FromItem) -> Option<&'static Table> {
    match source.from {
        From::Table(table) | From::Sample(table, ..) => Some(table),
        _ => None,
    }
}

fn column(source: &'static str, column: &'static str) -> Node {
    Node::Column { source, column }
}

/// Whether the order already has a key of the table: of two rows of it, none is equal.
fn is_unique(table: &'static Table, source: &str, keys: &[Key]) -> bool {
    let is_key = |name: &str| {
        keys.iter().any(|key| {
            matches!(&key.order.node, Node::Column { source: of, column } if *of == source && *column == name)
        })
    };
    let is_required =
        |name: &str| table.columns.iter().any(|column| column.name == name && !column.nullable);
    let is_primary = table
        .primary_key
        .as_ref()
        .is_some_and(|primary| primary.columns.iter().all(|name| is_key(name)));
    is_primary
        || table
            .uniques
            .iter()
            .any(|unique| unique.columns.iter().all(|name| is_key(name) && is_required(name)))
}

fn is_same(one: &Node, other: &Node) -> bool {
    match (one, other) {
        (Node::Column { source, column }, Node::Column { source: of, column: other }) => {
            source == of && column == other
        }
        (Node::Shared(one), Node::Shared(other)) => Arc::ptr_eq(one, other),
        _ => false,
    }
}
