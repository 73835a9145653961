//! [`FromRow`]: a struct of the user's own that a select list fills, by name and checked.

use super::grouping::{Kinds, Ungrouped};
use super::node::{Node, Output};
use super::reads::{RowOf, Within};
use super::related::RelationOf;
use super::relation::{RelationDefinition, ToMany, ToOne, ToOptional};
use super::scope::{Nullness, PartOf, Required, Source};
use super::select::{AsStruct, Joinable, Query, Selected};
use super::selection::Selection;
use super::tree::{Change, TreeField, apply};
use super::{Column, ColumnSet, Table, TableColumn};
use crate::error::Result;
use crate::types::Value;
use crate::types::cells::{Cells, Decode, DecodeOptional};
use std::any::TypeId;
use std::borrow::Cow;
use std::marker::PhantomData;

/// A struct that is read from the cells of a row: a table, or a struct with `#[derive(FromRow)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a struct that a row is read into",
    label = "not a table, and without `#[derive(FromRow)]`",
    note = "put `#[derive(FromRow)]` on the struct `{Self}`"
)]
pub trait FromRow: Decode {
    /// How many cells it is read from.
    const WIDTH: usize;

    /// Whether there is a row in the cells from `place` on: a join may have left it out, and a cell of it is not NULL then. A relation
    /// has no rows then, and a count is 0: they tell nothing.
    #[doc(hidden)]
    fn is_there(cells: &Cells<'_>, place: usize) -> Result<bool> {
        is_any_there(cells, (0..Self::WIDTH).map(|offset| place + offset))
    }
}

/// Whether one of these cells is not NULL: for generated code.
///
/// # Errors
/// There are fewer cells.
pub fn is_any_there(cells: &Cells<'_>, places: impl IntoIterator<Item = usize>) -> Result<bool> {
    for place in places {
        if !cells.is_null_at(place)? {
            return Ok(true);
        }
    }
    Ok(false)
}

impl<T: Table> FromRow for T {
    const WIDTH: usize = T::FIELDS.len();
}

impl<T: FromRow + DecodeOptional> FromRow for Option<T> {
    const WIDTH: usize = T::WIDTH;
}

/// A struct with `#[derive(FromRow)]` whose fields are columns: queries that give it can be read from, as a derived table
/// or a common table expression.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no columns that a query around this one could name",
    label = "not a struct with `#[derive(FromRow)]`",
    note = "select into a struct with `#[derive(FromRow)]` and no nested fields: `.select({Self}Select {{ .. }})`"
)]
pub trait RowSource: FromRow + NamedColumns + Source<Row = Self> {
    /// The types of its fields, as a tuple.
    type Values;
    /// The SQL types of its fields.
    const TYPES: &'static [&'static str];
    #[doc(hidden)]
    fn into_nodes(self) -> Vec<Node>;
}

/// A struct whose fields are columns that an alias has, too.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a table, and no row of a derived table",
    label = "cannot have an alias",
    note = "put `#[derive(Table)]` or `#[derive(FromRow)]` on the struct `{Self}`"
)]
pub trait NamedColumns: Source<Row = Self> + DecodeOptional {
    /// The columns, seen through the source `S`: the fields of an alias.
    type Columns<S: Source>: ColumnSet;
}

impl<T: Table> NamedColumns for T {
    type Columns<S: Source> = <T as Table>::Columns<S>;
}

/// A field of a struct with `#[derive(FromRow)]`, as a type.
pub trait RowField: 'static {
    /// The Rust type of the field.
    type Type;
    /// The name of the column.
    const NAME: &'static str;
}

/// A value of the type `Self` fills the field `F`.
#[diagnostic::on_unimplemented(
    message = "field `{F}` is not filled by a value of the type `{Self}`",
    label = "gives a `{Self}` for the field `{F}`, which has another type",
    note = "a column of a left-joined table, `min`, `max` and `sum` are an `Option`"
)]
pub trait Fills<F> {}

#[diagnostic::do_not_recommend]
impl<V: StoredAs<F::Type>, F: RowField> Fills<F> for V {}

/// `T` holds a value of the type `Self`: they are one type, or `T` is an `Option` of it.
pub trait StoredAs<T> {}
impl<T> StoredAs<T> for T {}
impl<T> StoredAs<Option<T>> for T {}

/// What a field of a select list is given: something that can be selected, and has the type of the field `F`.
pub trait FieldSelection<Scope, Place, F> {
    /// What it reads.
    type Reads;
    #[doc(hidden)]
    fn append_field(self, outputs: &mut Vec<Output>);
}

impl<L, Scope, Place, F: RowField> FieldSelection<Scope, Place, F> for L
where
    L: Selection<Scope, Place>,
    L::Row: Fills<F>,
{
    type Reads = L::Reads;

    fn append_field(self, outputs: &mut Vec<Output>) {
        let before = outputs.len();
        self.append_to(outputs);
        // Nested fields are several outputs, and have no name in SQL.
        if outputs.len() != before + 1 {
            return;
        }
        match outputs.pop() {
            Some(Output::Node(node)) => outputs.push(named(node, F::NAME)),
            Some(Output::Text(node, None, text)) => {
                outputs.push(Output::Text(node, Some(Cow::Borrowed(F::NAME)), text));
            }
            other => outputs.extend(other),
        }
    }
}

/// An output with a name, which is written where it is not that of the column.
fn named(node: Node, name: &'static str) -> Output {
    match node {
        Node::Column { column, .. } if column == name => Output::Node(node),
        node => Output::Named(node, Cow::Borrowed(name)),
    }
}

/// A struct whose fields are named like columns of the table `T`: `#[from_row(from = T)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not name columns of `{T}`",
    label = "not a struct with `#[from_row(from = {T})]`",
    note = "put `#[derive(FromRow)] #[from_row(from = {T})]` on the struct `{Self}`"
)]
pub trait PickedFrom<T>: FromRow {
    #[doc(hidden)]
    fn append_columns(outputs: &mut Vec<Output>, source: &'static str);
}

/// The table that the columns of a struct are picked from: `#[from_row(from = User)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say which table its columns are of",
    label = "without `#[from_row(from = ..)]`",
    note = "put `#[from_row(from = User)]` on the struct `{Self}`, with the name of the table"
)]
pub trait Picked: PickedFrom<Self::From> + DecodeOptional {
    /// The table.
    type From: Table;
}

#[diagnostic::do_not_recommend]
impl<T: Table> Picked for T {
    type From = T;
}

/// Writes a column that fills a field: for generated code.
pub fn picked<F: RowField, C: TableColumn>(
    _: Column<C>,
    outputs: &mut Vec<Output>,
    source: &'static str,
) where
    C::Value: Fills<F>,
{
    let node = Node::Column { source, column: C::NAME };
    outputs.push(match C::AS_TEXT {
        None => named(node, F::NAME),
        Some(text) => Output::Text(node, Some(Cow::Borrowed(F::NAME)), text),
    });
}

/// A whole row is a struct of all its columns.
impl<T: Table> PickedFrom<T> for T {
    fn append_columns(outputs: &mut Vec<Output>, source: &'static str) {
        outputs.push(Output::Source(source, T::COLUMNS));
    }
}

/// The type `Self` of a field holds what a relation of the kind `K` to the table `To` gives.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not hold the rows of a relation to `{To}`",
    label = "the relation gives `{To}`",
    note = "of many rows it is a `Vec`, of one that may be missing an `Option`: of `{To}`, or of a struct with `#[from_row(from = {To})]`"
)]
pub trait Holds<K, To> {
    #[doc(hidden)]
    fn append_columns_of(outputs: &mut Vec<Output>, source: &'static str);
}

impl<E: PickedFrom<To>, To> Holds<ToMany, To> for Vec<E> {
    fn append_columns_of(outputs: &mut Vec<Output>, source: &'static str) {
        E::append_columns(outputs, source);
    }
}

impl<E: PickedFrom<To>, To> Holds<ToOptional, To> for Option<E> {
    fn append_columns_of(outputs: &mut Vec<Output>, source: &'static str) {
        E::append_columns(outputs, source);
    }
}

/// A filter when the program runs may leave the row out: `UserPage::user.filter(..)`.
impl<E: PickedFrom<To>, To> Holds<ToOne, To> for Option<E> {
    fn append_columns_of(outputs: &mut Vec<Output>, source: &'static str) {
        E::append_columns(outputs, source);
    }
}

// An `Option` is not `Picked`: so the two impls do not meet.
#[diagnostic::do_not_recommend]
impl<E: Picked + PickedFrom<To>, To> Holds<ToOne, To> for E {
    fn append_columns_of(outputs: &mut Vec<Output>, source: &'static str) {
        <E as PickedFrom<To>>::append_columns(outputs, source);
    }
}

/// The rows of a relation are not chosen yet: the struct that holds them says what is read.
#[diagnostic::on_unimplemented(
    message = "the relation says already what is read of `{To}`",
    label = "`.select(..)` and `.with(..)` are what the struct of the field says",
    note = "leave them out, and give the field a struct with `#[from_row(from = {To})]` that has those fields"
)]
pub trait Unchosen<To> {}
impl<To: Table> Unchosen<To> for To {}

/// The relation of a field leads through the join table that the field names.
#[diagnostic::on_unimplemented(
    message = "the relation of this field does not lead through the table `{Join}`",
    label = "not a relation `through({Join})`",
    note = "`through = ..` of a field names the join table of its relation, whose columns `refine` names then"
)]
pub trait LeadsThrough<Join> {}
impl<S> LeadsThrough<()> for S {}
impl<To, J: Table> LeadsThrough<J> for (Required<To>, Required<J>) {}

/// The relation that fills a field: for generated code. Its type is known before that of the field is compared with it.
pub fn picked_relation<Q>(relation: Q) -> PickedRelation<Q> {
    PickedRelation(relation)
}

/// The relation that fills a field.
#[derive(Debug)]
pub struct PickedRelation<Q>(Q);

impl<Q> PickedRelation<Q> {
    /// Writes the rows that fill the field `F` of the type `H`.
    pub fn fill<F, T, H>(self, outputs: &mut Vec<Output>)
    where
        F: TreeField,
        T: Table,
        Q: RelationOf<T>,
        <Q::Definition as RelationDefinition>::Scope: LeadsThrough<F::Join>,
        Q::Row: Unchosen<<Q::Definition as RelationDefinition>::To>,
        H: Holds<Q::Kind, <Q::Definition as RelationDefinition>::To>,
    {
        let mut nested = self.0.into_nested();
        nested.select.outputs.clear();
        let source = <<Q::Definition as RelationDefinition>::To as Source>::SOURCE;
        nested.select.outputs.with_vec(|outputs| H::append_columns_of(outputs, source));
        nested.field = vec![TypeId::of::<F>()];
        outputs.push(Output::Relation(Box::new(nested)));
    }
}

/// `Self`, what the expression of a field is, is a value of each row.
#[diagnostic::on_unimplemented(
    message = "the value of a field is computed for each row, and this is an aggregate of all rows",
    label = "an aggregate",
    note = "aggregate the rows of a relation: `User::sessions.aggregate(..)`; or fill the field in a select list"
)]
pub trait OfEachRow {}
impl OfEachRow for () {}
impl<C: TableColumn> OfEachRow for C {}
impl<S> OfEachRow for RowOf<S> {}
impl<T> OfEachRow for Within<T> {}

/// Writes an expression that fills a field: for generated code.
pub fn picked_value<F, T, L, Place>(list: L, outputs: &mut Vec<Output>)
where
    T: Table,
    L: FieldSelection<(Required<T>,), Place, F>,
    L::Reads: Kinds,
    <L::Reads as Kinds>::Kind: OfEachRow,
{
    list.append_field(outputs);
}

/// The columns of a struct with `#[from_row(from = ..)]`, to be selected. Made by [`pick`].
#[must_use = "a selection does nothing until a query uses it"]
pub struct Pick<R> {
    pub(super) changes: Vec<Change>,
    row: PhantomData<fn() -> R>,
}

impl<R> Clone for Pick<R> {
    fn clone(&self) -> Self {
        Self { changes: self.changes.clone(), row: PhantomData }
    }
}

impl<R> std::fmt::Debug for Pick<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(std::any::type_name::<R>())
    }
}

/// The columns that a struct with `#[from_row(from = ..)]` names, in the select list of any query that reads the table:
/// `R`, or `Option<R>` where a join may leave the row out.
///
/// ```
/// use auth::{Session, User};
/// use orm::prelude::*;
/// #[derive(FromRow)]
/// #[from_row(from = User)]
/// struct UserName {
///     id: String,
///     name: String,
/// }
/// async fn owners(db: &Db) -> orm::Result<Vec<(String, UserName)>> {
///     Session::query().join(Session::user).select((Session::id, orm::pick::<UserName>())).all(db).await
/// }
/// ```
pub fn pick<R: Picked>() -> Pick<R> {
    Pick { changes: Vec::new(), row: PhantomData }
}

impl<R: Picked, Scope, Place> super::Selectable<Scope, (Place,)> for Pick<R>
where
    R::From: PartOf<Scope, Place>,
{
    type Output = <<R::From as PartOf<Scope, Place>>::Null as Nullness>::Row<R>;
    type Reads = RowOf<R::From>;

    fn append_output(self, outputs: &mut Vec<Output>) {
        let before = outputs.len();
        R::append_columns(outputs, <R::From as Source>::SOURCE);
        apply(self.changes, outputs.get_mut(before..).unwrap_or_default());
    }
}

impl<T: Table, H: Joinable> Query<(Required<T>,), T, H> {
    /// Gives only the columns that the fields of `R` are named like: `#[from_row(from = ..)]` checks them.
    ///
    /// ```
    /// use auth::User;
    /// use orm::prelude::*;
    /// #[derive(FromRow)]
    /// #[from_row(from = User)]
    /// struct UserName {
    ///     id: String,
    ///     name: String,
    /// }
    /// let query = User::query().select_as::<UserName>();
    /// assert_eq!(query.to_sql(), r#"SELECT "user"."id", "user"."name" FROM "user""#);
    /// ```
    pub fn select_as<R: PickedFrom<T>>(
        mut self,
    ) -> Query<(Required<T>,), R, Selected<Ungrouped, AsStruct>> {
        self.select.outputs.clear();
        let outputs = &mut self.select.outputs;
        outputs.with_vec(|outputs| R::append_columns(outputs, <T as Source>::SOURCE));
        Query::new(self.select)
    }
}

/// A query of the rows of the table `T` that gives structs of the user's own.
pub type StructQuery<T, R> = Query<(Required<T>,), R, Selected<Ungrouped, AsStruct>>;

/// `UserPage::query()`: for generated code.
pub fn struct_query<T: Table, R: PickedFrom<T>>() -> StructQuery<T, R> {
    T::query().select_as()
}

/// Reads a struct whose row may be missing: `None` where all its cells are NULL. For generated code.
///
/// # Errors
/// As [`Decode::decode`].
pub fn decode_optional<R: FromRow>(cells: &mut Cells<'_>) -> Result<Option<R>> {
    if R::is_there(cells, 0)? {
        return R::decode(cells).map(Some);
    }
    cells.skip(R::WIDTH)?;
    Ok(None)
}

/// The next cell as the value of a field. Generated code names the field rather than its type: an unsuitable type is
/// then one error, at the field.
///
/// # Errors
/// As [`Cells::value`].
pub fn row_field<F: RowField>(cells: &mut Cells<'_>) -> Result<F::Type>
where
    F::Type: Value,
{
    cells.value().map_err(|error| error.in_field(F::NAME))
}
