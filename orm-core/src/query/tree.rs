//! Trees: what fills the fields of a struct with `#[from_row(from = ..)]`, changed when the program runs.
//!
//! The struct has a handle for each field that a relation fills, `UserPage::sessions`. Its methods are the clauses of a relation: they
//! are added to those that the attribute of the field has.

use super::Table;
use super::condition::IntoCondition;
use super::from_row::{Pick, Picked, RowField};
use super::grouping::Ungrouped;
use super::node::{Distinct, Node, OrderKey, Output, Param, Select};
use super::order::OrderBy;
use super::placeholder::RowCount;
use super::scope::{Required, Scope};
use super::select::{AsStruct, Query, Selected};
use std::any::TypeId;
use std::marker::PhantomData;

/// The handle of a field that holds the rows of a relation: `UserPage::sessions`.
pub struct RowsField<F>(PhantomData<fn() -> F>);

/// The handle of a field that holds a struct of columns of the same table: `#[column(nested)]`.
pub struct PartField<F>(PhantomData<fn() -> F>);

macro_rules! handles {
    ($($handle:ident)*) => {$(
        impl<F> Clone for $handle<F> {
            fn clone(&self) -> Self {
                *self
            }
        }

        impl<F> Copy for $handle<F> {}

        impl<F: TreeField> std::fmt::Debug for $handle<F> {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}::{}", std::any::type_name::<F::Struct>(), F::NAME)
            }
        }

        impl<F> $handle<F> {
            #[doc(hidden)]
            pub const HANDLE: Self = Self(PhantomData);
        }
    )*};
}

handles! { RowsField PartField }

/// A field of a struct with `#[from_row(from = ..)]` that is not one column, as a type. Implemented by `#[derive(FromRow)]`.
pub trait TreeField: RowField {
    /// The struct that has the field.
    type Struct;
    /// The join table whose columns the clauses name as well, `through = ..` of the field; `()` without one.
    type Join;
}

/// What the clauses of a field name: the table `To` of its rows, and the join table `Self`.
pub trait FieldScope<To> {
    /// The sources.
    type Scope: Scope;
}

impl<To: Table> FieldScope<To> for () {
    type Scope = (Required<To>,);
}

impl<To: Table, J: Table> FieldScope<To> for J {
    type Scope = (Required<To>, Required<J>);
}

/// What the clauses of the field `F` name.
type ScopeOf<F> = <<F as TreeField>::Join as FieldScope<TableOf<<F as RowField>::Type>>>::Scope;

/// The type of a field that a relation fills: a `Vec` of rows, an `Option` of one, or a row.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not hold the rows of a relation",
    label = "neither a row, an `Option` of one, nor a `Vec`"
)]
pub trait HoldsRows {
    /// What one row is read as.
    type Row: Picked;
}

impl<E: Picked> HoldsRows for Vec<E> {
    type Row = E;
}

impl<E: Picked> HoldsRows for Option<E> {
    type Row = E;
}

#[diagnostic::do_not_recommend]
impl<E: Picked> HoldsRows for E {
    type Row = E;
}

/// The field can be without rows.
#[diagnostic::on_unimplemented(
    message = "field `{F}` holds one `{Self}`, which a filter or limit could leave out",
    label = "not an `Option`",
    note = "give the field the type `Option<{Self}>`"
)]
pub trait HoldsNone<F> {}
impl<E, F> HoldsNone<F> for Vec<E> {}
impl<E, F> HoldsNone<F> for Option<E> {}

/// The table that the rows of the field type `H` are of.
type TableOf<H> = <<H as HoldsRows>::Row as Picked>::From;

/// What is changed of a field, without types.
#[derive(Clone, Debug)]
pub struct Change {
    /// Which field: the type that `RowField` is implemented for.
    field: TypeId,
    filters: Vec<Node>,
    order: Vec<OrderKey>,
    limit: Option<Param>,
    offset: Option<Param>,
    is_distinct: bool,
    /// The changes of the fields of what it holds.
    within: Vec<Change>,
}

impl Change {
    fn of<F: TreeField>() -> Self {
        Self {
            field: TypeId::of::<F>(),
            filters: Vec::new(),
            order: Vec::new(),
            limit: None,
            offset: None,
            is_distinct: false,
            within: Vec::new(),
        }
    }

    /// Changes the relations among these outputs: `path` are the nested structs that the field is in.
    fn apply(self, outputs: &mut [Output], path: &mut Vec<TypeId>) {
        path.push(self.field);
        let mut within = self.within;
        for output in outputs.iter_mut() {
            let Output::Relation(nested) = output else { continue };
            if nested.field == *path {
                let select = &mut nested.select;
                for change in std::mem::take(&mut within) {
                    change.apply(&mut select.outputs, &mut Vec::new());
                }
                extend(select, self.filters, self.order);
                select.limit = self.limit.or(select.limit.take());
                select.offset = self.offset.or(select.offset.take());
                if self.is_distinct {
                    select.distinct = Distinct::Rows;
                }
                path.pop();
                return;
            }
        }
        // No relation: it is a nested struct, whose relations are among the same outputs.
        for change in within {
            change.apply(outputs, path);
        }
        path.pop();
    }
}

fn extend(select: &mut Select, filters: Vec<Node>, order: Vec<OrderKey>) {
    select.filters.extend(filters);
    select.order.extend(order);
}

/// The rows that fill the field `F`, filtered, sorted or limited.
#[must_use = "a change of a field does nothing until `.refine(..)` is given it"]
pub struct RefinedRows<F> {
    change: Change,
    field: PhantomData<fn() -> F>,
}

/// The nested struct of the field `F`, some of whose fields are filtered, sorted or limited.
#[must_use = "a change of a field does nothing until `.refine(..)` is given it"]
pub struct RefinedPart<F> {
    change: Change,
    field: PhantomData<fn() -> F>,
}

macro_rules! refined {
    ($($refined:ident $handle:ident;)*) => {$(
        impl<F> Clone for $refined<F> {
            fn clone(&self) -> Self {
                Self { change: self.change.clone(), field: PhantomData }
            }
        }

        impl<F> std::fmt::Debug for $refined<F> {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.change.fmt(f)
            }
        }

        impl<F: TreeField> From<$handle<F>> for $refined<F> {
            fn from(_: $handle<F>) -> Self {
                Self { change: Change::of::<F>(), field: PhantomData }
            }
        }

        impl<S, F: TreeField> Refines<S> for $refined<F>
        where
            F::Struct: HasField<S, F>,
        {
            fn into_change(self) -> Change {
                self.change
            }
        }
    )*};
}

refined! {
    RefinedRows RowsField;
    RefinedPart PartField;
}

/// `Self` changes what fills a field of the struct `S`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not change a field of `{S}`",
    label = "not a field of `{S}` that is filtered, sorted or limited",
    note = "name a field that a relation fills, and change it: `.refine({S}::field.limit(3))`"
)]
pub trait Refines<S> {
    #[doc(hidden)]
    fn into_change(self) -> Change;
}

/// `Self`, the struct that has the field `F`, is the struct `S`.
#[diagnostic::on_unimplemented(
    message = "`{F}` is not a field of `{S}`",
    label = "a field of `{Self}`, and not of `{S}`",
    note = "a field of a field is changed within it: `.refine({S}::outer.refine({Self}::{F}))`"
)]
pub trait HasField<S, F> {}
impl<S, F> HasField<S, F> for S {}

/// The clauses, as methods of the handle of a field and of what they make of it.
macro_rules! clauses {
    ($($of:ty;)*) => {$(
        impl<F: TreeField> $of
        where
            F::Type: HoldsRows,
            F::Join: FieldScope<TableOf<F::Type>>,
        {
            /// Gives only the related rows for which `condition` holds: in addition to the filters that the attribute of the field has.
            pub fn filter<C, Place>(self, condition: C) -> RefinedRows<F>
            where
                F::Type: HoldsNone<F>,
                C: IntoCondition<ScopeOf<F>, Place>,
            {
                let mut refined = RefinedRows::from(self);
                refined.change.filters.extend(condition.into_condition());
                refined
            }

            /// Sorts the related rows: those that the attribute of the field says to be equal.
            pub fn order_by<O, Place>(self, order: O) -> RefinedRows<F>
            where
                O: OrderBy<ScopeOf<F>, Ungrouped, Place>,
            {
                let mut refined = RefinedRows::from(self);
                order.append_to(&mut refined.change.order);
                refined
            }

            /// Gives at most this many related rows for each row, whatever the attribute of the field says.
            pub fn limit(self, rows: impl RowCount) -> RefinedRows<F>
            where
                F::Type: HoldsNone<F>,
            {
                let mut refined = RefinedRows::from(self);
                refined.change.limit = Some(rows.into_param());
                refined
            }

            /// Passes over this many related rows for each row, whatever the attribute of the field says.
            pub fn offset(self, rows: impl RowCount) -> RefinedRows<F>
            where
                F::Type: HoldsNone<F>,
            {
                let mut refined = RefinedRows::from(self);
                refined.change.offset = Some(rows.into_param());
                refined
            }

            /// Gives equal related rows once, for each row.
            pub fn distinct(self) -> RefinedRows<F> {
                let mut refined = RefinedRows::from(self);
                refined.change.is_distinct = true;
                refined
            }

            /// Changes a field of the related rows, too.
            pub fn refine<X>(self, field: X) -> RefinedRows<F>
            where
                X: Refines<<F::Type as HoldsRows>::Row>,
            {
                let mut refined = RefinedRows::from(self);
                refined.change.within.push(field.into_change());
                refined
            }
        }
    )*};
}

clauses! {
    RowsField<F>;
    RefinedRows<F>;
}

impl<F: TreeField> PartField<F>
where
    F::Type: Picked,
{
    /// Changes a field of the nested struct.
    pub fn refine<X: Refines<F::Type>>(self, field: X) -> RefinedPart<F> {
        RefinedPart::from(self).refine(field)
    }
}

impl<F: TreeField> RefinedPart<F>
where
    F::Type: Picked,
{
    /// Changes another field of the nested struct.
    pub fn refine<X: Refines<F::Type>>(mut self, field: X) -> Self {
        self.change.within.push(field.into_change());
        self
    }
}

impl<R: Picked> Pick<R> {
    /// Filters, sorts or limits the rows that fill a field: `UserPage::sessions.limit(3)`.
    ///
    /// ```
    /// use auth::{Member, Organization, Session, User};
    /// use orm::prelude::*;
    /// #[derive(FromRow)]
    /// #[from_row(from = User)]
    /// struct UserPage {
    ///     name: String,
    ///     #[column(relation)]
    ///     sessions: Vec<Session>,
    /// }
    /// async fn members(db: &Db, sessions: u64) -> orm::Result<Vec<(String, UserPage)>> {
    ///     let page = orm::pick::<UserPage>().refine(UserPage::sessions.limit(sessions));
    ///     Member::query().join(Member::user).select((Member::role, page)).all(db).await
    /// }
    /// ```
    pub fn refine<X: Refines<R>>(mut self, field: X) -> Self {
        self.changes.push(field.into_change());
        self
    }
}

impl<T: Table, R: Picked> Query<(Required<T>,), R, Selected<Ungrouped, AsStruct>> {
    /// Filters, sorts or limits the rows that fill a field of the struct. The clauses are added to those of the field's attribute.
    ///
    /// ```
    /// use auth::{Session, User};
    /// use orm::prelude::*;
    /// #[derive(FromRow)]
    /// #[from_row(from = User)]
    /// struct UserPage {
    ///     name: String,
    ///     #[column(relation = User::sessions.order_by(Session::created_at.desc()))]
    ///     sessions: Vec<Session>,
    /// }
    /// async fn page(db: &Db, at: DateTime<Utc>, sessions: u64) -> orm::Result<Vec<UserPage>> {
    ///     let valid = UserPage::sessions.filter(Session::expires_at.gt(at)).limit(sessions);
    ///     UserPage::query().refine(valid).order_by(User::name.asc()).all(db).await
    /// }
    /// ```
    pub fn refine<X: Refines<R>>(mut self, field: X) -> Self {
        apply(vec![field.into_change()], &mut self.select.outputs);
        self
    }
}

/// Changes fields of what these outputs give.
pub(super) fn apply(changes: Vec<Change>, outputs: &mut [Output]) {
    for change in changes {
        change.apply(outputs, &mut Vec::new());
    }
}

/// The relations among these outputs fill the field `F`, or fields of the struct that it holds.
pub(super) fn mark<F: RowField>(outputs: &mut [Output]) {
    for output in outputs {
        if let Output::Relation(nested) = output {
            nested.field.insert(0, TypeId::of::<F>());
        }
    }
}

/// Writes the columns of a nested struct: for generated code.
pub fn picked_part<F, P, T>(outputs: &mut Vec<Output>, source: &'static str)
where
    F: RowField,
    P: super::from_row::PickedFrom<T>,
{
    let before = outputs.len();
    P::append_columns(outputs, source);
    mark::<F>(outputs.get_mut(before..).unwrap_or_default());
}
