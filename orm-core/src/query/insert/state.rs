//! Which columns of one row are set, as a type: the proof that every required one is.

use super::super::Table;
use super::super::assignment::Assign;
use super::super::column::{Same, TableColumn};
use super::row::Values;
use crate::types::Value;
use std::fmt;
use std::marker::PhantomData;

/// The required column `C` is not set yet.
pub struct Missing<C>(PhantomData<C>);
/// The required column is set.
pub enum Set {}

/// `Self`, the state of an insert's required columns, has nothing missing.
#[diagnostic::on_unimplemented(
    message = "an insert must set a required column first: `{Self}`",
    label = "a required column is missing",
    note = "a column may be left out if it has a default, or if its field is an `Option`"
)]
pub trait Provided {}

impl Provided for Set {}
impl Provided for () {}
impl<A: Provided, B: Provided> Provided for (A, B) {}
/// A column that can be NULL is never missing. The derive cannot tell by the word it finds in front of it, `type
/// Maybe<T> = Option<T>`: only the type can.
#[diagnostic::do_not_recommend]
impl<C: TableColumn> Provided for Missing<C> where C::Value: Same<<C::Value as Value>::Nullable> {}

/// `Self`, the state of an insert, after the required column at `Place` is set.
///
/// The state is a balanced tree of pairs, so that the proof that all columns are set is as deep as the logarithm of
/// their number; a place is the list of turns that lead to a leaf.
pub trait SetAt<Place> {
    /// The state afterwards.
    type After;
}

impl<C> SetAt<()> for Missing<C> {
    type After = Set;
}

impl SetAt<()> for Set {
    type After = Self;
}

/// The server makes the value of the `identity` column `C`, which the insert does not set.
pub struct SystemValue<C>(PhantomData<C>);
/// The insert may set it.
pub enum Overriding {}

impl<C> Provided for SystemValue<C> {}
impl Provided for Overriding {}

impl<C> SetAt<()> for SystemValue<C> {
    type After = Overriding;
}

impl SetAt<()> for Overriding {
    type After = Self;
}

/// `Self`, the state of an insert, allows a value for an `identity` column.
pub trait OverridesAt<Place> {}

/// No column is: the bound is there for its message.
#[diagnostic::on_unimplemented(
    message = "the server makes the value of the `identity` column `{Self}`",
    label = "the `identity` column `{Self}` is set",
    note = "call `.overriding_system_value()` before; a column with `#[column(identity = by_default)]` is set without it"
)]
pub trait SetWithoutOverriding {}

impl<C: SetWithoutOverriding> OverridesAt<()> for SystemValue<C> {}
impl OverridesAt<()> for Overriding {}
impl<A: OverridesAt<Place>, B, Place> OverridesAt<(First, Place)> for (A, B) {}
impl<A, B: OverridesAt<Place>, Place> OverridesAt<(Second, Place)> for (A, B) {}

/// The left of two.
pub enum First {}
/// The right of two.
pub enum Second {}

impl<A: SetAt<Place>, B, Place> SetAt<(First, Place)> for (A, B) {
    type After = (A::After, B);
}

impl<A, B: SetAt<Place>, Place> SetAt<(Second, Place)> for (A, B) {
    type After = (A, B::After);
}

/// No column is: the bound is there for its message.
#[diagnostic::on_unimplemented(
    message = "an inserted value cannot read the column `{Self}`",
    label = "reads `{Self}`",
    note = "a row that is inserted is made of values, functions and subqueries; to insert from other rows, insert from a select: `Insert::into(..)`"
)]
pub trait ReadByAnInsert {}

/// `Self`, what a value reads, is nothing: a row that is inserted has no other row to read.
pub trait Constant {}
impl Constant for () {}
impl<C: ReadByAnInsert> Constant for super::super::reads::Of<C> {}
impl<A: Constant, B: Constant> Constant for (A, B) {}
impl<A: Constant, B: Constant> Constant for super::super::reads::LastOf<A, B> {}
impl<A: Constant> Constant for super::super::reads::NeverNull<A> {}

/// What the builder of a table holds: the values set so far, and as a type which required columns they are.
pub struct InsertState<State> {
    values: Values,
    state: PhantomData<fn() -> State>,
}

impl<State> InsertState<State> {
    /// No value yet.
    pub fn new() -> Self {
        Self { values: Values::new(), state: PhantomData }
    }

    /// The same with a value for the column `C`, which leads to the state `After`.
    #[must_use]
    pub fn set<C: TableColumn, After>(
        mut self,
        value: impl Assign<C, Reads: Constant>,
    ) -> InsertState<After> {
        value.put_into(&mut self.values);
        InsertState { values: self.values, state: PhantomData }
    }

    /// The same with a value of the column's own type.
    #[must_use]
    pub fn set_own<C: TableColumn, After>(mut self, value: C::Value) -> InsertState<After> {
        Assign::<C>::put_into(value, &mut self.values);
        InsertState { values: self.values, state: PhantomData }
    }

    /// The same where `identity` columns may be set.
    #[must_use]
    pub fn overriding_system_value<After>(mut self) -> InsertState<After> {
        self.values.overrides = true;
        InsertState { values: self.values, state: PhantomData }
    }

    /// The values.
    pub fn into_values(self) -> Values {
        self.values
    }
}

impl<State> Default for InsertState<State> {
    fn default() -> Self {
        Self::new()
    }
}

impl<State> Clone for InsertState<State> {
    fn clone(&self) -> Self {
        Self { values: self.values.clone(), state: PhantomData }
    }
}

impl<State> InsertState<State> {
    /// Shows the values that are set.
    ///
    /// # Errors
    /// As the formatter.
    pub fn fmt_of<T: Table>(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.values.fmt_of(T::FIELDS, f)
    }
}
