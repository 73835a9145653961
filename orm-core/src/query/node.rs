//! The erased tree: what a statement is once its types have been checked. Private to the crate; matched exhaustively by
//! `sql`, so that a new clause is a compile error there until it is rendered.

mod change;
mod held;
mod list;
mod written;

pub use change::Assigned;
pub(crate) use change::*;
pub(crate) use held::Held;
pub(crate) use list::List;

use crate::schema;
use crate::types::{ArrayOf, Parameter, Value};
use postgres_types::Type;
use std::borrow::Cow;
use std::sync::Arc;

/// The most parameters that one statement of the protocol can have (manual, section 53.7, `Bind`).
pub(crate) const PARAMS_MAX: usize = 65_535;

/// A value for the server, with its SQL type: never part of the text.
#[derive(Debug, Clone)]
pub struct Param {
    /// The value.
    pub value: Held,
    /// The type it is sent as.
    pub ty: Type,
    /// What made it, where `default_fn = ..` or `on_update = ..` did: a prepared statement makes another for each run.
    pub made_by: Option<MadeBy>,
}

/// How a value of the client is made for another run.
#[derive(Debug, Clone)]
pub struct MadeBy {
    /// Makes one.
    pub make: ClientValue,
    /// Where it is an array, the values of rows that give one; each of the others is made.
    pub rows: Option<Arc<[Option<AnyValue>]>>,
}

/// A value of a type that is not known.
pub(crate) type AnyValue = Arc<dyn Parameter>;

impl Param {
    /// A value that is sent as this type.
    pub(crate) fn new(value: Arc<dyn Parameter>, ty: Type) -> Self {
        Self { value: Held::Shared(value), ty, made_by: None }
    }

    /// Values as an array, which is sent as this type.
    pub(crate) fn array<V: Value>(values: Vec<V>, ty: Type) -> Self {
        Self::new(Arc::new(ArrayOf(values)), ty)
    }

    /// A number of rows.
    pub(crate) fn rows(count: u64) -> Self {
        // More rows than `bigint` can count are all of them.
        Self::of(i64::try_from(count).unwrap_or(i64::MAX))
    }

    /// Whether it is the same value, written at another place; an equal one is another.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.value.is_same(&other.value) && self.ty == other.ty
    }

    /// A value of a column's type.
    pub fn of<V: Value>(value: V) -> Self {
        Self { value: Held::of(value), ty: V::parameter_type(), made_by: None }
    }

    /// A value of a column's type that is borrowed.
    pub(crate) fn of_borrowed<V: Value + std::convert::From<B>, B: held::Borrowed>(
        value: B,
    ) -> Self {
        let value = Held::of_borrowed::<V, B>(value);
        Self { value, ty: V::parameter_type(), made_by: None }
    }
}

/// A name: of the program, or made at run time. The writer quotes it.
pub(crate) type Name = Cow<'static, str>;

/// The names of the columns of a source, in order.
#[derive(Debug, Clone, Copy)]
pub enum Columns {
    /// Those of a table.
    Table(&'static schema::Table),
    /// The same, where some of them are read as texts.
    WithTexts(&'static schema::Table, &'static [Field]),
    /// These.
    Names(&'static [&'static str]),
    /// The same, and what each is cast to where it is selected.
    NamesWithTexts(&'static [&'static str], &'static [Option<&'static str>]),
}

/// An element of `FROM`: what rows are read from, and its name in the query.
#[derive(Debug, Clone)]
pub struct FromItem {
    /// Where the rows come from.
    pub from: From,
    /// Its name in the query: the table's own, or an alias.
    pub name: &'static str,
    /// Its columns.
    pub columns: Columns,
    /// `LATERAL`: it reads the sources before it.
    pub lateral: bool,
}

/// Where rows come from.
#[derive(Debug, Clone)]
pub enum From {
    /// A table.
    Table(&'static schema::Table),
    /// A derived table.
    Query(Arc<Statement>),
    /// Values of columns of a table that the program has, as a derived table.
    Keys(Arc<Statement>, &'static schema::Table),
    /// A query that `WITH` names.
    Cte(Arc<Cte>),
    /// The recursive query that this is a part of.
    Recursion,
    /// A set-returning function.
    Function(Box<Call>),
    /// `VALUES`.
    Values(Arc<Vec<Vec<Node>>>),
    /// A sample of a table: method, percentage, seed.
    Sample(&'static schema::Table, &'static str, Param, Option<Param>),
}

impl FromItem {
    /// A table under its own name.
    pub fn of_table<T: super::Table>() -> Self {
        let name = <T as super::scope::Source>::SOURCE;
        Self { columns: T::COLUMNS, ..Self::table(T::TABLE, name) }
    }

    /// A table under a name.
    pub const fn table(table: &'static schema::Table, name: &'static str) -> Self {
        Self { from: From::Table(table), name, columns: Columns::Table(table), lateral: false }
    }
}

/// A common table expression. Two handles of one are one: `WITH` names it once.
#[derive(Debug, Clone)]
pub struct Cte {
    /// Its name.
    pub name: &'static str,
    /// The names of its columns.
    pub columns: Columns,
    /// What it reads or changes.
    pub statement: Statement,
    /// Whether it reads itself.
    pub recursive: bool,
    /// `MATERIALIZED` or `NOT MATERIALIZED`, if either is written.
    pub materialized: Option<bool>,
    /// `SEARCH ..` and `CYCLE ..` clauses.
    pub clauses: Vec<CteClause>,
}

/// A clause after a recursive common table expression (manual, section 7.8.2).
#[derive(Debug, Clone)]
pub enum CteClause {
    /// `SEARCH BREADTH FIRST BY .. SET ..`, or `DEPTH`.
    Search(&'static str, Vec<&'static str>, &'static str),
    /// `CYCLE .. SET .. USING ..`.
    Cycle(Vec<&'static str>, &'static str, &'static str),
}

/// A part of a fragment.
#[derive(Debug, Clone)]
pub enum Piece {
    /// Text of the program.
    Sql(&'static str),
    /// A name, which is quoted.
    Name(Name),
    /// A name, with its schema or without, in a string constant: how `regclass` and `regconfig` are written.
    NameConstant(Option<Name>, Name),
    /// An expression, in parentheses where it needs them.
    Node(Node),
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
    /// A column of a row that has a keyword for a name: `excluded`, `old`, `new`.
    ColumnOfRow(&'static str, &'static str),
    /// An output column, by name only: in the order of a set operation.
    OutputColumn(&'static str),
    /// An output column, by its position: in an order.
    Position(u16),
    /// An expression that reads a source by the name of another: the condition of a relation to an alias.
    Renamed {
        /// The expression.
        node: Box<Node>,
        /// The source whose columns it names.
        source: &'static str,
        /// The source that they are read from.
        alias: &'static str,
    },
    /// A parameter.
    Param(Param),
    /// `unnest` of an array: a value for each row.
    Unnest(Param),
    /// A parameter whose type the server does not see by what is around it.
    Typed(Param),
    /// `DEFAULT`, in the values of an insert or update.
    Default,
    /// Fixed SQL that needs no parentheses: `now()`, `true`, `*`.
    Constant(&'static str),
    /// Two operands around an operator.
    Binary(Box<(Node, Node)>, &'static str),
    /// An operator before its operand.
    Prefix(&'static str, Box<Node>),
    /// An operator after its operand.
    Postfix(Box<Node>, &'static str),
    /// All hold; empty is true.
    And(Vec<Node>),
    /// One holds; empty is false.
    Or(Vec<Node>),
    /// A function and its arguments.
    Call(Box<Call>),
    /// `CAST(.. AS ..)`; the type is written by the program.
    Cast(Box<Node>, &'static str),
    /// `operand operator ANY(array)`, or `ALL`.
    Quantified(Box<(Node, Node)>, &'static str),
    /// Text of the program around expressions; in parentheses where it is an operand.
    Fragment(Vec<Piece>),
    /// The same where the text encloses the expressions, and needs no parentheses: `EXTRACT(year FROM ..)`.
    Enclosed(Vec<Piece>),
    /// `ROW(..)`.
    Row(Vec<Node>),
    /// `ARRAY[..]`.
    Array(Vec<Node>),
    /// `CASE WHEN .. THEN .. ELSE .. END`.
    Case(Vec<(Node, Node)>, Option<Box<Node>>),
    /// `operand COLLATE name`; the schema, if it is not left to `search_path`.
    Collate(Box<Node>, Option<Name>, Name),
    /// `EXISTS (..)`.
    Exists(Arc<Select>),
    /// `(SELECT ..)`: one value, or NULL.
    Subquery(Arc<Select>),
    /// `ARRAY(SELECT ..)`.
    ArraySubquery(Arc<Select>),
    /// `operand operator (SELECT ..)`: `IN`, `= ANY`, ..
    InSubquery(Box<Node>, &'static str, Arc<Select>),
    /// What is asked of the rows of a relation.
    Related(Arc<NestedSelect>, RelatedForm),
    /// An expression that a grouped query repeats: its values are one parameter each, wherever it is written.
    Shared(Arc<Node>),
}

/// A call of a function, with what an aggregate or a window call adds (manual, section 4.2.7).
#[derive(Debug, Clone)]
pub struct Call {
    /// The function.
    pub function: Function,
    /// Its arguments.
    pub arguments: Vec<Node>,
    /// `DISTINCT` before the arguments.
    pub distinct: bool,
    /// `ORDER BY` after the arguments.
    pub order: Vec<OrderKey>,
    /// `WITHIN GROUP (ORDER BY ..)`.
    pub within_group: Vec<OrderKey>,
    /// `FILTER (WHERE ..)`.
    pub filter: Vec<Node>,
    /// `OVER (..)`.
    pub over: Option<Window>,
    /// `WITH ORDINALITY`, in `FROM`.
    pub ordinality: bool,
}

/// The name of a function.
#[derive(Debug, Clone)]
pub enum Function {
    /// One of PostgreSQL's: written as it stands.
    Known(&'static str),
    /// One of the user's: schema and name are quoted.
    Named(Option<Name>, Name),
}

/// The functions of text that the extension citext has as well: which of the two is called is decided by all arguments, and texts
/// of the program must not be what decides.
const AS_LITERALS: [&str; 9] = [
    "regexp_match",
    "regexp_matches",
    "regexp_replace",
    "regexp_split_to_array",
    "regexp_split_to_table",
    "replace",
    "split_part",
    "strpos",
    "translate",
];

impl Call {
    /// A plain call.
    pub fn new(function: &'static str, arguments: Vec<Node>) -> Self {
        let arguments = if AS_LITERALS.contains(&function) {
            arguments.into_iter().map(super::operand::untyped).collect()
        } else {
            arguments
        };
        Self::of(Function::Known(function), arguments)
    }

    /// A plain call of any function.
    pub fn of(function: Function, arguments: Vec<Node>) -> Self {
        Self {
            function,
            arguments,
            distinct: false,
            order: Vec::new(),
            within_group: Vec::new(),
            filter: Vec::new(),
            over: None,
            ordinality: false,
        }
    }
}

/// The window of a window call (manual, section 4.2.8).
#[derive(Debug, Clone, Default)]
pub struct Window {
    /// `PARTITION BY`.
    pub partition: Vec<Node>,
    /// `ORDER BY`.
    pub order: Vec<OrderKey>,
    /// The frame: unit, start, end, exclusion.
    pub frame: Option<Frame>,
}

/// The frame of a window.
#[derive(Debug, Clone)]
pub struct Frame {
    /// `ROWS`, `RANGE` or `GROUPS`.
    pub unit: &'static str,
    /// Where it starts.
    pub start: Bound,
    /// Where it ends.
    pub end: Bound,
    /// `EXCLUDE ..`.
    pub exclude: Option<&'static str>,
}

/// A bound of a frame.
#[derive(Debug, Clone)]
pub struct Bound {
    /// A distance, where the bound has one.
    pub distance: Option<Node>,
    /// `PRECEDING`, `CURRENT ROW`, ..
    pub keyword: &'static str,
}

/// One key of an `ORDER BY`.
#[derive(Debug, Clone)]
pub struct OrderKey {
    /// What is sorted by.
    pub node: Node,
    /// The direction.
    pub order: schema::SortOrder,
    /// Where NULLs are placed, if not where PostgreSQL puts them for the direction.
    pub nulls: Option<schema::NullsOrder>,
    /// What keyset pagination knows of its value.
    pub codec: Option<KeyCodec>,
}

/// What is known of the value of an order key, for cursors.
#[derive(Debug, Clone, Copy)]
pub struct KeyCodec {
    /// Its type.
    pub ty: fn() -> Type,
    /// Whether it can be NULL by itself.
    pub nullable: bool,
    /// Whether these bytes are a value of it, as far as the program knows.
    pub is_value: fn(&[u8]) -> bool,
    /// What it is cast to where it is selected.
    pub as_text: Option<&'static str>,
}

/// How a source is joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JoinKind {
    /// `INNER JOIN`.
    Inner,
    /// `LEFT JOIN`.
    Left,
    /// `RIGHT JOIN`.
    Right,
    /// `FULL JOIN`.
    Full,
    /// `CROSS JOIN`, which has no `ON`.
    Cross,
}

/// A join.
#[derive(Debug, Clone)]
pub struct Join {
    /// How.
    pub kind: JoinKind,
    /// What.
    pub source: FromItem,
    /// `ON`.
    pub on: Option<Node>,
}

/// What a select gives, in order.
#[derive(Debug, Clone)]
pub enum Output {
    /// Every column of a source.
    Source(&'static str, Columns),
    /// One expression.
    Node(Node),
    /// One expression with a name.
    Named(Node, Name),
    /// One that is read as text, and its name; within the statement it is of its own type.
    Text(Node, Option<Name>, &'static str),
    /// The rows of a relation, as one cell.
    Relation(Box<NestedSelect>),
}

/// `DISTINCT`.
#[derive(Debug, Clone)]
pub enum Distinct {
    /// Equal rows are given as often as they occur.
    No,
    /// `DISTINCT`.
    Rows,
    /// `DISTINCT ON (..)`.
    On(Vec<Node>),
}

/// `GROUP BY`: its elements, and how a list of them is written.
#[derive(Debug, Clone)]
pub enum Group {
    /// One key.
    Key(Node),
    /// `ROLLUP (..)`, `CUBE (..)`.
    Combined(&'static str, Vec<Vec<Node>>),
    /// `GROUPING SETS ((..), ..)`.
    Sets(Vec<Vec<Node>>),
}

/// `UNION`, `INTERSECT` or `EXCEPT`.
#[derive(Debug, Clone)]
pub struct SetOperation {
    /// The keyword, with `ALL` where it is.
    pub operator: &'static str,
    /// The one side.
    pub left: Select,
    /// The other.
    pub right: Select,
}

/// A locking clause (manual, SELECT).
#[derive(Debug, Clone)]
pub struct Lock {
    /// `FOR UPDATE`, ..
    pub strength: &'static str,
    /// `OF`: the names of the sources, or all.
    pub of: Vec<&'static str>,
    /// `NOWAIT` or `SKIP LOCKED`.
    pub wait: Option<&'static str>,
}

/// A select.
#[derive(Debug, Clone)]
pub struct Select {
    /// Common table expressions that are named although no source reads them.
    pub with: Vec<Arc<Cte>>,
    /// A set operation, in place of everything up to `HAVING`.
    pub set: Option<Box<SetOperation>>,
    /// The first source; none is a select of expressions.
    pub from: Option<FromItem>,
    /// The others.
    pub joins: Vec<Join>,
    /// What is given.
    pub outputs: List<Output>,
    /// `WHERE`: all must hold.
    pub filters: List<Node>,
    /// `GROUP BY`.
    pub group: Vec<Group>,
    /// `HAVING`: all must hold.
    pub having: List<Node>,
    /// `ORDER BY`.
    pub order: Vec<OrderKey>,
    /// `LIMIT`.
    pub limit: Option<Param>,
    /// `WITH TIES` in place of `ONLY`.
    pub with_ties: bool,
    /// `OFFSET`.
    pub offset: Option<Param>,
    /// `DISTINCT`.
    pub distinct: Distinct,
    /// `FOR UPDATE` and its like.
    pub locks: Vec<Lock>,
    /// A comment after the statement, where it is not within another.
    pub comment: Option<Name>,
    /// How relations are loaded.
    pub loading: super::Loading,
}

impl Select {
    /// Nothing of nothing.
    pub const fn empty() -> Self {
        Self {
            with: Vec::new(),
            set: None,
            from: None,
            joins: Vec::new(),
            outputs: List::None,
            filters: List::None,
            group: Vec::new(),
            having: List::None,
            order: Vec::new(),
            limit: None,
            with_ties: false,
            offset: None,
            distinct: Distinct::No,
            locks: Vec::new(),
            comment: None,
            loading: super::Loading::Automatic,
        }
    }

    /// Everything of one source.
    pub fn of(source: FromItem) -> Self {
        Self {
            outputs: List::One(Output::Source(source.name, source.columns)),
            from: Some(source),
            ..Self::empty()
        }
    }

    /// Whether `LIMIT`, `OFFSET`, `DISTINCT` or grouping decide how many rows there are.
    pub fn is_reduced(&self) -> bool {
        self.limit.is_some()
            || self.offset.is_some()
            || !matches!(self.distinct, Distinct::No)
            || !self.group.is_empty()
            || !self.having.is_empty()
            || self.set.is_some()
            // `count(*)` itself cannot lock rows.
            || !self.locks.is_empty()
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

/// Rows that are related to a row of an enclosing select.
#[derive(Debug, Clone)]
pub struct NestedSelect {
    /// The name of the relation.
    pub name: &'static str,
    /// Its place among the relations of its table: the order in which a row holds them.
    pub position: usize,
    /// The source of the enclosing select that has the relation.
    pub parent: &'static str,
    /// How many rows.
    pub cardinality: Cardinality,
    /// The source, within the select, that is joined with the parent: the related table, or a join table.
    pub child: &'static str,
    /// Pairs of columns that are equal: the parent's, the child's.
    pub keys: &'static [(&'static str, &'static str)],
    /// Columns of the parent, and the value that each has in a row with related rows.
    pub own_values: Vec<(&'static str, Node)>,
    /// Columns of the child that have one value: a filter says which.
    pub fixed: Vec<&'static str>,
    /// Whether a row is one value, and not a record.
    pub is_value: bool,
    /// The field of a struct with `#[derive(FromRow)]` that it fills, after the nested structs that the field is in; empty otherwise.
    pub field: Vec<std::any::TypeId>,
    /// The related rows.
    pub select: Select,
}

/// What an expression asks of related rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RelatedForm {
    /// `EXISTS (..)`.
    Exists,
    /// `NOT EXISTS (..)`.
    NotExists,
    /// `(SELECT ..)`: one value, or NULL.
    Value,
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
    /// `MERGE`.
    Merge(MergeNode),
    /// `TRUNCATE`.
    Truncate(super::utility::Truncate),
    /// `REFRESH MATERIALIZED VIEW`.
    Refresh(super::utility::Refresh),
}

/// What only Rust knows of a column.
#[derive(Debug)]
pub struct Field {
    /// The name of the struct's field.
    pub name: &'static str,
    /// The column's type, as it is sent.
    pub ty: fn() -> Type,
    /// The type of an array of its values, where there is one.
    pub array_ty: fn() -> Option<Type>,
    /// Shows a value of it that is written.
    pub show: crate::types::elements::Show,
    /// What it is cast to where it is selected.
    pub as_text: Option<&'static str>,
    /// Whether an insert sets it, unless it can be NULL.
    pub required: bool,
    /// The value of `on_update = ..`, made by the client.
    pub on_update: Option<ClientValue>,
    /// The value of `default_fn = ..`, made by the client.
    pub default_fn: Option<ClientValue>,
}

impl Field {
    /// The same, of a column with `default_fn = ..`.
    pub const fn with_default_fn(self, make: ClientValue) -> Self {
        Self { default_fn: Some(make), ..self }
    }
}

/// Makes a value when a statement is built.
pub(crate) type ClientValue = fn() -> Node;

/// A value of the client, which knows what made it.
pub(crate) fn made(make: ClientValue) -> Node {
    let mut node = make();
    if let Node::Param(param) = &mut node {
        param.made_by = Some(MadeBy { make, rows: None });
    }
    node
}
