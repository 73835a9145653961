//! The erased tree: what a query is once it has been proved. Matched exhaustively by `sql`.

use crate::schema;
use crate::types::{SqlType, Value};
use postgres_types::{ToSql, Type};
use std::sync::Arc;

/// A value for the server, with its SQL type: never part of the text.
#[derive(Debug, Clone)]
pub struct Param {
    /// The value.
    pub value: Arc<dyn ToSql + Sync + Send>,
    /// The type it is sent as.
    pub ty: Type,
}

impl Param {
    /// A number of rows.
    pub(crate) fn rows(count: u64) -> Self {
        // More rows than `bigint` can count are all of them.
        Self::of(i64::try_from(count).unwrap_or(i64::MAX))
    }

    /// A value of a column's type.
    pub fn of<V: Value>(value: V) -> Self {
        Self { value: Arc::new(value), ty: V::Sql::pg_type() }
    }
}

/// A table in a query, under the name it has there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SourceRef {
    /// The table.
    pub table: &'static schema::Table,
    /// Its name in the query: the table's own, or an alias.
    pub name: &'static str,
}

/// An expression.
#[derive(Debug, Clone)]
pub enum Node {
    /// A column of a source.
    Column {
        /// The source's name in the query.
        source: &'static str,
        /// The column's name.
        column: &'static str,
    },
    /// A column of the row proposed for insertion, in `ON CONFLICT .. DO UPDATE`.
    Excluded(&'static str),
    /// A parameter.
    Param(Param),
    /// `DEFAULT`, in the values of an insert or update.
    Default,
    /// Fixed SQL that needs no parentheses: `now()`, `true`, `*`.
    Constant(&'static str),
    /// Two operands around an operator.
    Binary(Box<Node>, &'static str, Box<Node>),
    /// An operator before its operand.
    Prefix(&'static str, Box<Node>),
    /// An operator after its operand.
    Postfix(Box<Node>, &'static str),
    /// All hold; empty is true.
    And(Vec<Node>),
    /// One holds; empty is false.
    Or(Vec<Node>),
    /// A function and its arguments.
    Call(&'static str, Vec<Node>),
    /// `CAST(.. AS ..)`.
    Cast(Box<Node>, &'static str),
    /// `operand operator ANY(array)`, or `ALL`.
    Quantified(Box<Node>, &'static str, Box<Node>),
    /// `EXISTS (..)`.
    Exists(Box<Select>),
}

/// One key of an `ORDER BY`.
#[derive(Debug, Clone)]
pub struct OrderKey {
    /// What is sorted by.
    pub node: Node,
    /// The direction.
    pub order: schema::SortOrder,
    /// Where NULLs stand, if not where PostgreSQL puts them for the direction.
    pub nulls: Option<schema::NullsOrder>,
}

/// How a source is joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JoinKind {
    /// `INNER JOIN`.
    Inner,
    /// `LEFT JOIN`.
    Left,
}

/// A join.
#[derive(Debug, Clone)]
pub struct Join {
    /// How.
    pub kind: JoinKind,
    /// What.
    pub source: SourceRef,
    /// `ON`.
    pub on: Node,
}

/// What a select gives, in order.
#[derive(Debug, Clone)]
pub enum Output {
    /// Every column of a source.
    Source(SourceRef),
    /// One expression.
    Node(Node),
    /// The rows of a relation, as one cell.
    Relation(Box<NestedSelect>),
}

/// A select.
#[derive(Debug, Clone)]
pub struct Select {
    /// The first source.
    pub from: SourceRef,
    /// The others.
    pub joins: Vec<Join>,
    /// What is given.
    pub outputs: Vec<Output>,
    /// `WHERE`: all must hold.
    pub filters: Vec<Node>,
    /// `ORDER BY`.
    pub order: Vec<OrderKey>,
    /// `LIMIT`.
    pub limit: Option<Param>,
    /// `OFFSET`.
    pub offset: Option<Param>,
    /// `DISTINCT`.
    pub distinct: bool,
    /// `FOR UPDATE` and its like.
    pub lock: Option<&'static str>,
}

impl Select {
    /// Everything of one source.
    pub fn of(source: SourceRef) -> Self {
        Self {
            from: source,
            joins: Vec::new(),
            outputs: vec![Output::Source(source)],
            filters: Vec::new(),
            order: Vec::new(),
            limit: None,
            offset: None,
            distinct: false,
            lock: None,
        }
    }
}

/// How many rows a relation gives for each row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cardinality {
    /// Any number: `ARRAY(SELECT ROW(..))`.
    Many,
    /// One or none: `(SELECT ROW(..))`.
    One,
}

/// A relation that is loaded with its parent.
#[derive(Debug, Clone)]
pub struct NestedSelect {
    /// How many rows.
    pub cardinality: Cardinality,
    /// Pairs of columns that are equal: the parent's, the related table's.
    pub keys: &'static [(&'static str, &'static str)],
    /// The related rows.
    pub select: Select,
}

/// An insert.
#[derive(Debug, Clone)]
pub struct InsertNode {
    /// The table.
    pub source: SourceRef,
    /// The columns that get values, as positions in the table.
    pub columns: Vec<usize>,
    /// The rows, each with a value for each of `columns`; no row inserts nothing.
    pub rows: Vec<Vec<Node>>,
    /// `ON CONFLICT`.
    pub conflict: Option<Conflict>,
    /// `RETURNING`; empty is nothing.
    pub returning: Vec<Output>,
}

/// `ON CONFLICT`.
#[derive(Debug, Clone)]
pub struct Conflict {
    /// The columns of the unique index that decides; empty is any.
    pub target: Vec<&'static str>,
    /// `DO UPDATE SET`; none is `DO NOTHING`. A list without assignments cannot be run.
    pub set: Option<Vec<(&'static str, Node)>>,
}

/// An update.
#[derive(Debug, Clone)]
pub struct UpdateNode {
    /// The table.
    pub source: SourceRef,
    /// `SET`.
    pub set: Vec<(&'static str, Node)>,
    /// `WHERE`: all must hold.
    pub filters: Vec<Node>,
    /// `RETURNING`; empty is nothing.
    pub returning: Vec<Output>,
}

/// A delete.
#[derive(Debug, Clone)]
pub struct DeleteNode {
    /// The table.
    pub source: SourceRef,
    /// `WHERE`: all must hold.
    pub filters: Vec<Node>,
    /// `RETURNING`; empty is nothing.
    pub returning: Vec<Output>,
}

/// A statement.
#[derive(Debug, Clone)]
pub enum Statement {
    /// `SELECT`.
    Select(Select),
    /// `SELECT count(*)` over a select.
    Count(Select),
    /// `SELECT EXISTS (..)`.
    Exists(Select),
    /// `INSERT`.
    Insert(InsertNode),
    /// `UPDATE`.
    Update(UpdateNode),
    /// `DELETE`.
    Delete(DeleteNode),
}

/// What only Rust knows of a column.
#[derive(Debug)]
pub struct Field {
    /// The name of the struct's field.
    pub name: &'static str,
    /// The column's type, as it is sent.
    pub ty: fn() -> Type,
    /// The value of `on_update = ..`, made by the client.
    pub on_update: Option<ClientValue>,
}

/// Makes a value when a statement is built.
pub type ClientValue = fn() -> Node;
