//! [`Shape`]: what two statements of one text have in common, which is everything but their values. A statement whose shape is
//! known is not rendered again.
//!
//! A shape is compared word by word, never by a hash alone. What the program has fixed (names, operators, tables) is an address
//! and a length, for it lasts as long as the program; a name that has two addresses makes two shapes of one text.

mod expr;

use super::params::Params;
use crate::query::node::{
    Cardinality, Columns, Conflict, ConflictTarget, ConflictUpdate, DeleteNode, Distinct, From,
    FromItem, Group, InsertNode, InsertRows, Join, Lock, NestedSelect, Node, OrderKey, Output,
    Param, RowsOfColumn, Select, SetOperation, Statement, Target, UpdateNode,
};
use postgres_types::{Kind, Type};

/// The most parameters of a statement that has a shape: where two may be one, each is compared with the others.
const PARAMS_MAX: usize = 64;

/// Writes the shape of a statement to `words`, and gives its parameters in the order in which they were found; none where it has no
/// shape: it is a rare one, and is rendered each time.
pub(crate) fn shape<'a>(statement: &'a Statement, words: &mut Vec<u64>) -> Option<Params<'a>> {
    let mut shape = Shape { words, params: Params::new(), may_share: false };
    shape.statement(statement)?;
    let Shape { words, params, may_share } = shape;
    if params.len() > PARAMS_MAX {
        return None;
    }
    if may_share {
        // Which values are one parameter, wherever they are written.
        for param in &params {
            let first = params.iter().position(|other| other.is_same(param));
            words.push(first.unwrap_or_default() as u64);
        }
    }
    Some(params)
}

struct Shape<'a, 'w> {
    words: &'w mut Vec<u64>,
    params: Params<'a>,
    /// Whether one parameter may stand for two values.
    may_share: bool,
}

/// A part that was written. None: the statement has no shape.
type Written = Option<()>;

impl<'a> Shape<'a, '_> {
    /// What follows, and a number that belongs to it.
    fn tag(&mut self, tag: u8, number: usize) {
        self.words.push(u64::from(tag) | (number as u64) << 8);
    }

    /// What lasts as long as the program.
    fn fixed<T>(&mut self, slice: &'static [T]) {
        self.words.extend_from_slice(&[slice.as_ptr().addr() as u64, slice.len() as u64]);
    }

    fn name(&mut self, name: &'static str) {
        self.fixed(name.as_bytes());
    }

    fn optional_name(&mut self, name: Option<&'static str>) {
        match name {
            Some(name) => self.name(name),
            // No text is there.
            None => self.words.extend([0, u64::MAX]),
        }
    }

    /// A text that was made at run time.
    fn text(&mut self, text: &str) {
        self.words.push(text.len() as u64);
        for part in text.as_bytes().chunks(8) {
            let mut bytes = [0; 8];
            for (to, from) in bytes.iter_mut().zip(part) {
                *to = *from;
            }
            self.words.push(u64::from_le_bytes(bytes));
        }
    }

    fn optional_text(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.text(text),
            None => self.words.push(u64::MAX),
        }
    }

    fn list<T>(&mut self, list: &'a [T], write: impl Fn(&mut Self, &'a T) -> Written) -> Written {
        self.words.push(list.len() as u64);
        list.iter().try_for_each(|item| write(self, item))
    }

    fn optional<T>(
        &mut self,
        item: Option<&'a T>,
        write: impl Fn(&mut Self, &'a T) -> Written,
    ) -> Written {
        self.list(item.map(std::slice::from_ref).unwrap_or_default(), write)
    }

    fn nodes(&mut self, nodes: &'a [Node]) -> Written {
        self.list(nodes, Self::node)
    }

    fn param(&mut self, param: &'a Param) -> Written {
        self.params.push(param);
        self.ty(&param.ty);
        Some(())
    }

    /// As far as the text depends on it: the types themselves are compared too.
    fn ty(&mut self, ty: &Type) {
        self.words.push(u64::from(ty.oid()));
        if ty.oid() == 0 || Type::from_oid(ty.oid()).is_none() {
            let kind = match ty.kind() {
                Kind::Composite(_) => 1,
                Kind::Array(element) => {
                    self.ty(element);
                    2
                }
                _ => 0,
            };
            self.words.push(kind);
            self.text(ty.schema());
            self.text(ty.name());
        }
    }

    fn statement(&mut self, statement: &'a Statement) -> Written {
        match statement {
            Statement::Select(select) => {
                self.tag(1, 0);
                self.select(select)
            }
            Statement::Count(select) => {
                self.tag(2, 0);
                self.select(select)
            }
            Statement::Exists(select) => {
                self.tag(3, 0);
                self.select(select)
            }
            Statement::Insert(insert) => {
                self.tag(4, 0);
                self.insert(insert)
            }
            Statement::Update(update) => {
                self.tag(5, 0);
                self.update(update)
            }
            Statement::Delete(delete) => {
                self.tag(6, 0);
                self.delete(delete)
            }
            Statement::Merge(_) | Statement::Truncate(_) | Statement::Refresh(_) => None,
        }
    }

    fn select(&mut self, select: &'a Select) -> Written {
        let Select {
            with,
            set,
            from,
            joins,
            outputs,
            filters,
            group,
            having,
            order,
            limit,
            with_ties,
            offset,
            distinct,
            locks,
            comment,
            loading,
        } = select;
        if !with.is_empty() {
            return None;
        }
        // Which of the clauses there are.
        let clauses = [
            set.is_some(),
            !joins.is_empty(),
            !group.is_empty(),
            !having.is_empty(),
            !order.is_empty(),
            *with_ties,
            !matches!(distinct, Distinct::No),
            !locks.is_empty(),
            comment.is_some(),
        ];
        let clauses =
            clauses.into_iter().fold(0, |bits, is_there| bits << 1 | usize::from(is_there));
        self.tag(10, clauses << 8 | *loading as usize);
        self.optional(from.as_ref(), Self::item)?;
        self.list(outputs, Self::output)?;
        self.nodes(filters)?;
        self.optional(limit.as_ref(), Self::param)?;
        self.optional(offset.as_ref(), Self::param)?;
        if clauses == 0 {
            return Some(());
        }
        if let Some(set) = set {
            let SetOperation { operator, left, right } = &**set;
            self.name(operator);
            self.select(left)?;
            self.select(right)?;
        }
        self.list(joins, Self::join)?;
        self.list(group, Self::group)?;
        self.nodes(having)?;
        self.order(order)?;
        match distinct {
            Distinct::No | Distinct::Rows => {}
            Distinct::On(keys) => {
                self.tag(11, 0);
                self.nodes(keys)?;
            }
        }
        self.list(locks, |shape, lock| {
            let Lock { strength, of, wait } = lock;
            shape.name(strength);
            shape.optional_name(*wait);
            shape.list(of, |shape, name| {
                shape.name(name);
                Some(())
            })
        })?;
        self.optional_text(comment.as_deref());
        Some(())
    }

    fn order(&mut self, order: &'a [OrderKey]) -> Written {
        self.list(order, |shape, key| {
            // The codec is for cursors.
            let OrderKey { node, order, nulls, codec: _ } = key;
            shape.tag(12, (*order as usize) << 4 | nulls.map_or(0, |nulls| nulls as usize + 1));
            let before = shape.params.len();
            shape.node(node)?;
            shape.may_share |= shape.params.len() > before;
            Some(())
        })
    }

    fn columns(&mut self, columns: Columns) {
        match columns {
            Columns::Table(table) => {
                self.tag(20, 0);
                self.fixed(std::slice::from_ref(table));
            }
            Columns::WithTexts(table, fields) => {
                self.tag(21, 0);
                self.fixed(std::slice::from_ref(table));
                self.fixed(fields);
            }
            Columns::Names(names) => {
                self.tag(22, 0);
                self.fixed(names);
            }
            Columns::NamesWithTexts(names, texts) => {
                self.tag(23, 0);
                self.fixed(names);
                self.fixed(texts);
            }
        }
    }

    fn item(&mut self, item: &'a FromItem) -> Written {
        let FromItem { from, name, columns, lateral } = item;
        self.name(name);
        match from {
            From::Table(table) => {
                self.tag(30, usize::from(*lateral));
                self.fixed(std::slice::from_ref(*table));
                // Its columns are what is selected, and are written there.
                return Some(());
            }
            From::Query(statement) => {
                self.tag(31, usize::from(*lateral));
                self.statement(statement)?;
            }
            From::Keys(statement, table) => {
                self.tag(39, usize::from(*lateral));
                self.fixed(std::slice::from_ref(*table));
                self.statement(statement)?;
            }
            From::Function(call) => {
                self.tag(32, usize::from(*lateral));
                self.call(call)?;
            }
            From::Sample(table, method, percent, seed) => {
                self.tag(33, usize::from(*lateral));
                self.fixed(std::slice::from_ref(*table));
                self.name(method);
                self.param(percent)?;
                self.optional(seed.as_ref(), Self::param)?;
            }
            // Names of other expressions depend on all of them; the text of `VALUES` on the number of rows.
            From::Cte(_) | From::Recursion | From::Values(_) => return None,
        }
        self.columns(*columns);
        Some(())
    }

    fn join(&mut self, join: &'a Join) -> Written {
        let Join { kind, source, on } = join;
        self.tag(34, *kind as usize);
        self.item(source)?;
        self.optional(on.as_ref(), Self::node)
    }

    fn output(&mut self, output: &'a Output) -> Written {
        match output {
            Output::Source(source, columns) => {
                self.tag(40, 0);
                self.name(source);
                self.columns(*columns);
                Some(())
            }
            Output::Node(node) => {
                self.tag(41, 0);
                self.node(node)
            }
            Output::Named(node, name) => {
                self.tag(42, 0);
                self.text(name);
                self.node(node)
            }
            Output::Text(node, name, text) => {
                self.tag(43, 0);
                self.optional_text(name.as_deref());
                self.name(text);
                self.node(node)
            }
            Output::Relation(nested) => {
                self.tag(44, 0);
                self.nested(nested)
            }
        }
    }

    fn nested(&mut self, nested: &'a NestedSelect) -> Written {
        // The field that is filled is the struct's own matter.
        let NestedSelect {
            name,
            position,
            parent,
            cardinality,
            child,
            keys,
            own_values,
            fixed,
            is_value,
            field: _,
            select,
        } = nested;
        let is_many = matches!(cardinality, Cardinality::Many);
        self.tag(45, *position << 2 | usize::from(is_many) << 1 | usize::from(*is_value));
        self.name(name);
        self.name(parent);
        self.name(child);
        self.fixed(keys);
        self.words.push(fixed.len() as u64);
        fixed.iter().for_each(|column| self.name(column));
        self.list(own_values, |shape, (column, value)| {
            shape.name(column);
            shape.node(value)
        })?;
        self.select(select)
    }

    fn group(&mut self, group: &'a Group) -> Written {
        match group {
            Group::Key(key) => {
                self.tag(50, 0);
                self.node(key)
            }
            Group::Combined(keyword, keys) => {
                self.tag(51, 0);
                self.name(keyword);
                self.list(keys, |shape, keys| shape.nodes(keys))
            }
            Group::Sets(sets) => {
                self.tag(52, 0);
                self.list(sets, |shape, set| shape.nodes(set))
            }
        }
    }

    fn target(&mut self, target: &'a Target) {
        let Target { table, name } = target;
        self.fixed(std::slice::from_ref(*table));
        self.name(name);
    }

    fn insert(&mut self, insert: &'a InsertNode) -> Written {
        // What is not made is an error before.
        let InsertNode {
            with,
            target,
            columns,
            rows,
            overriding,
            conflict,
            returning,
            not_made: _,
        } = insert;
        if !with.is_empty() {
            return None;
        }
        self.target(target);
        self.optional_name(*overriding);
        self.words.push(columns.len() as u64);
        self.words.extend(columns.iter().map(|column| *column as u64));
        match rows {
            InsertRows::Values(rows) => {
                self.tag(60, 0);
                self.list(rows, |shape, row| shape.nodes(row))?;
            }
            InsertRows::Select(select) => {
                self.tag(61, 0);
                self.select(select)?;
            }
            InsertRows::Unnest(arrays, _) => {
                self.tag(62, 0);
                self.nodes(arrays)?;
            }
            InsertRows::Regrouped(columns, count, _) => {
                self.tag(63, 0);
                self.param(count)?;
                self.list(columns, |shape, column| match column {
                    RowsOfColumn::One(node) => shape.node(node),
                    RowsOfColumn::Arrays { elements, rows, given } => {
                        shape.tag(64, 0);
                        shape.param(elements)?;
                        shape.param(given)?;
                        shape.node(rows)
                    }
                })?;
            }
        }
        self.optional(conflict.as_ref(), Self::conflict)?;
        self.list(returning, Self::output)
    }

    fn conflict(&mut self, conflict: &'a Conflict) -> Written {
        let Conflict { target, update } = conflict;
        match target {
            ConflictTarget::Any => self.tag(65, 0),
            ConflictTarget::Columns(columns, filters) => {
                self.tag(66, 0);
                self.nodes(columns)?;
                self.nodes(filters)?;
            }
            ConflictTarget::Constraint(name) => {
                self.tag(67, 0);
                self.text(name);
            }
        }
        self.optional(update.as_ref(), |shape, update| {
            let ConflictUpdate { set, filters } = update;
            shape.assignments(set)?;
            shape.nodes(filters)
        })
    }

    fn assignments(&mut self, set: &'a [(&'static str, Node)]) -> Written {
        self.list(set, |shape, (column, node)| {
            shape.name(column);
            shape.node(node)
        })
    }

    fn update(&mut self, update: &'a UpdateNode) -> Written {
        let UpdateNode { with, target, set, from, joins, filters, returning, is_empty } = update;
        if !with.is_empty() || *is_empty {
            return None;
        }
        self.target(target);
        self.assignments(set)?;
        self.list(from, Self::item)?;
        self.list(joins, Self::join)?;
        self.nodes(filters)?;
        self.list(returning, Self::output)
    }

    fn delete(&mut self, delete: &'a DeleteNode) -> Written {
        let DeleteNode { with, target, using, joins, filters, returning } = delete;
        if !with.is_empty() {
            return None;
        }
        self.target(target);
        self.list(using, Self::item)?;
        self.list(joins, Self::join)?;
        self.nodes(filters)?;
        self.list(returning, Self::output)
    }
}
