//! Everything that generated code may name. Not part of the public API.

#[path = "private/parts.rs"]
mod parts;

pub use parts::{
    check_with, exclusion, foreign_key_with, index, partition, policy, primary_key_with,
    table_with, trigger, unique_with, view,
}; // emit/parts.rs, emit/table.rs

pub use crate::query::Expr; // function!
pub use crate::query::Loadable; // emit/in_hand.rs
pub use crate::query::Operand; // emit/custom.rs
pub use crate::query::column::{Declared, same_type}; // emit/columns.rs, emit/table.rs
pub use crate::query::custom_function::{
    OfType, aggregate_fragment, call_aggregate, call_function, fragment,
}; // function!, sql!
pub use crate::query::digits::{D0, D1, D2, D3, D4, D5, D6, D7, D8, D9, DA, DB, DC, DD, DE, DF}; // emit/table.rs, emit/columns.rs, alias!
pub use crate::query::digits::{Digits, PositionOf, digit_of}; // emit/written.rs
pub use crate::query::flatten::references_type; // emit/group.rs
pub use crate::query::from_row::{
    StructQuery, decode_optional, is_any_there, picked, picked_relation, picked_value, row_field,
    struct_query,
}; // emit/from_row.rs
pub use crate::query::func::Aggregate; // function!
pub use crate::query::insert::{
    Constant, First, Given, InsertState, Insertable, OverridesAt, Rows, Second, SetAt, SystemValue,
    Values, has_key, sets_required_columns,
}; // emit/insert.rs, emit/input.rs
pub use crate::query::node::{Assigned, Columns, Field, Node, Output, Param}; // emit/table.rs, emit/custom.rs, emit/from_row.rs
pub use crate::query::patch::{Keyed, OfPatch, Patch, append_patch}; // emit/input.rs, emit/insert.rs
pub use crate::query::reads::InAggregate; // function!
pub use crate::query::relation::{
    And, FixedValue, Keys, KindOf, RelatedOf, RowOf, ScopeOf, Through, ThroughScope,
}; // emit/relations.rs
pub use crate::query::relation_keys::{
    Leads, Rows as RowsOfRelation, condition_of, declared, end, fixed, fixed_column, keys_of,
    paired, picked_key,
}; // emit/related.rs
pub use crate::query::row_or_none; // emit/row.rs
pub use crate::query::scope::{Handle, NoKey, Source}; // emit/table.rs
pub use crate::query::tree::picked_part; // emit/from_row.rs
pub use crate::query::{
    Alias, AliasName, AliasOf, Aliased, Assign, Assignments, Column, ColumnSet, InsertBuilder,
    Materialized, Missing, NoInsert, Overridable, PrimaryKeyed, Provided, Relation,
    RelationDefinition, Settable, Table, TableColumn, ToMany, ToOne, ToOptional, Writable,
}; // emit/columns.rs, emit/insert.rs, emit/relations.rs, alias!
pub use crate::query::{Attach, Held, NoRelation, NotLoaded, with_or_none}; // emit/relations.rs
pub use crate::query::{
    Carries, GivesColumns, JoinTable, OwnKey, References, TheirColumns, TheirKey, WrittenRelation,
}; // emit/written.rs
pub use crate::query::{
    FieldSelection, FromRow, NamedColumns, Picked, PickedFrom, RowField, RowSource, Selection,
}; // emit/from_row.rs
pub use crate::query::{Flatten, FlattenColumn, FlattenReference, Flattened, FlattenedIn}; // emit/group.rs, emit/flattened.rs
pub use crate::query::{PartField, RowsField, TreeField}; // emit/from_row.rs
pub use crate::registry::declared_schema_json; // orm-migrate's probe
pub use crate::registry::{Registered, RegisteredInstance, RegisteredObject, RegisteredRenames}; // emit/table.rs, emit/custom.rs, emit/renames.rs
pub use crate::schema; // emit/table.rs
pub use crate::types::cells::{Cells, Decode, DecodeOptional}; // emit/row.rs, emit/custom.rs
pub use crate::types::nested::{ListElement, Nested, RecordElement, record_list, required}; // emit/row.rs
pub use crate::types::{
    CustomType, DeclaredType, ElementType, Enumeration, Failure, FieldReader, FieldWriter,
    HasEquality, Newtype, NewtypeOf, Parameter, Slot, SqlType, TEXTS, Value, base_type,
    custom_type, from_sql, read_slot, slot_accepts, slot_data_type, slot_declared_as, slot_type,
    to_sql, write_slot,
}; // emit/columns.rs, emit/custom.rs, emit/newtype.rs
pub use crate::{Error, Result}; // emit/row.rs
pub use bytes::BytesMut; // emit/custom.rs
pub use inventory; // emit/table.rs
pub use postgres_types::{Field as PgField, FromSql, IsNull, Kind, ToSql, Type}; // emit/custom.rs

pub use crate::query::operand::of_place; // emit/from_row.rs

use crate::query::column::{sent_array_type, sent_type};
use crate::schema::Text;
use crate::types::elements::show;
use std::borrow::Cow;

/// A column whose SQL type is that of its Rust type.
pub const fn column<C: TableColumn>(default: Option<&'static str>) -> schema::Column {
    column_with::<C>(None, default, None, None, None, None)
}

/// A column with all that an attribute can say of it.
pub const fn column_with<C: TableColumn>(
    data_type: Option<&'static str>,
    default: Option<&'static str>,
    identity: Option<schema::Identity>,
    generated: Option<(&'static str, schema::GeneratedKind)>,
    collation: Option<&'static str>,
    comment: Option<&'static str>,
) -> schema::Column {
    let data_type = match data_type {
        Some(data_type) => data_type,
        None => <C::Value as Value>::DATA_TYPE,
    };
    schema::Column {
        name: Cow::Borrowed(C::NAME),
        data_type: Cow::Borrowed(data_type),
        nullable: <C::Value as Value>::NULLABLE,
        default: text(default),
        identity,
        generated: match generated {
            Some((expression, kind)) => {
                Some(schema::Generated { expression: Cow::Borrowed(expression), kind })
            }
            None => None,
        },
        collation: text(collation),
        comment: text(comment),
        sequence: schema::ColumnSequence::DEFAULT,
    }
}

/// A table of nothing but these parts; `name` is its schema and its name.
#[expect(
    clippy::too_many_arguments,
    reason = "a struct of them could not be taken apart in const code"
)]
pub const fn table(
    name: [&'static str; 2],
    columns: schema::List<schema::Column>,
    primary_key: Option<schema::PrimaryKey>,
    uniques: schema::List<schema::Unique>,
    foreign_keys: schema::List<schema::ForeignKey>,
    checks: schema::List<schema::Check>,
    indexes: schema::List<schema::Index>,
    comment: Option<Text>,
) -> schema::Table {
    schema::Table {
        schema: Cow::Borrowed(name[0]),
        name: Cow::Borrowed(name[1]),
        columns,
        primary_key,
        uniques,
        foreign_keys,
        checks,
        exclusions: Cow::Borrowed(&[]),
        indexes,
        triggers: Cow::Borrowed(&[]),
        row_security: false,
        force_row_security: false,
        policies: Cow::Borrowed(&[]),
        partition_by: None,
        partition_of: None,
        unlogged: false,
        storage_parameters: Cow::Borrowed(&[]),
        comment,
    }
}

/// A primary key without options.
pub const fn primary_key(columns: schema::List<Text>) -> schema::PrimaryKey {
    schema::PrimaryKey {
        name: None,
        columns,
        include: Cow::Borrowed(&[]),
        deferrable: schema::Deferrable::No,
    }
}

/// A unique constraint without options.
pub const fn unique(name: Option<Text>, columns: schema::List<Text>) -> schema::Unique {
    schema::Unique {
        name,
        columns,
        include: Cow::Borrowed(&[]),
        nulls_not_distinct: false,
        deferrable: schema::Deferrable::No,
    }
}

/// A check without options.
pub const fn check(name: Option<Text>, sql: &'static str) -> schema::Check {
    schema::Check { name, expression: Cow::Borrowed(sql), no_inherit: false, not_valid: false }
}

/// A foreign key without other options than its actions; `table` is the schema and name of its target.
pub const fn references(
    columns: schema::List<Text>,
    table: [&'static str; 2],
    references: &'static [Text],
    on_delete: schema::Action,
    on_update: schema::Action,
) -> schema::ForeignKey {
    schema::ForeignKey {
        name: None,
        columns,
        references_schema: Cow::Borrowed(table[0]),
        references_table: Cow::Borrowed(table[1]),
        references_columns: Cow::Borrowed(references),
        match_full: false,
        on_delete,
        on_delete_columns: Cow::Borrowed(&[]),
        on_update,
        deferrable: schema::Deferrable::No,
        not_valid: false,
        index: schema::ReferencedIndex::UNKNOWN,
    }
}

/// An optional text of const data.
pub const fn text(text: Option<&'static str>) -> Option<Text> {
    match text {
        Some(text) => Some(Cow::Borrowed(text)),
        None => None,
    }
}

/// Whether a column can be NULL: for the derive's assertions, which ask the type and not its spelling.
pub const fn is_nullable<C: TableColumn>() -> bool {
    <C::Value as Value>::NULLABLE
}

/// [`is_nullable`] of the type within a domain.
pub const fn is_nullable_slot<S: Slot>() -> bool {
    <S::Value as Value>::NULLABLE
}

/// Whether a column has one of the types of an identity or a serial: the integer types, and no domain over one.
pub const fn is_integer<C: TableColumn>() -> bool {
    serial::<C>().is_some() && !is_nullable::<C>()
}

/// Whether a column can be declared with the type of that name, in full and without modifiers, or with an array of it.
pub const fn is_stored_as<C: TableColumn>(name: &str, is_array: bool) -> bool {
    holds::<C::Value>(name, is_array)
}

const fn holds<V: Value>(name: &str, is_array: bool) -> bool {
    let data_type = V::DATA_TYPE.as_bytes();
    let (element, found_array) = match data_type {
        [element @ .., b'[', b']'] => (element, true),
        _ => (data_type, false),
    };
    if is_array != found_array {
        return false;
    }
    if same_bytes(element, name.as_bytes()) {
        return true;
    }
    let also = V::DECLARED_AS;
    let mut at = 0;
    while at < also.len() {
        if same_bytes(also[at].as_bytes(), name.as_bytes()) {
            return true;
        }
        at += 1;
    }
    false
}

/// Whether values of a domain over the type of that name travel as texts.
pub const fn slot_as_text<S: Slot>(name: &str, is_array: bool) -> bool {
    cast_to::<S::Value>(name, is_array).is_some()
}

/// What an array of a domain is sent as. Of a domain whose type only the server knows, nothing but an array of the domain is sure to
/// be assigned to it.
pub fn array_of_domain<T: CustomType + ElementType>() -> Option<Type> {
    if T::parameter_type().oid() == 0 {
        return Some(T::pg_array_type());
    }
    T::Sql::array_type()
}

/// What a domain is sent as in an array.
pub fn element_of_domain<T: CustomType + Slot>() -> Type {
    if T::TRAVELS_AS_TEXT { Type::UNKNOWN } else { slot_type::<T>() }
}

/// What a column of a value that is declared with the type of that name is cast to where it is selected. A text holds values of any
/// type.
pub const fn cast_to<V: Value>(name: &str, is_array: bool) -> Option<&'static str> {
    if V::AS_TEXT.is_some() || holds::<V>(name, is_array) {
        return V::AS_TEXT;
    }
    match (V::DATA_TYPE.as_bytes(), is_array) {
        (b"text", false) => Some("text"),
        (b"text[]", true) => Some("text[]"),
        _ => None,
    }
}

/// The same of a column that is known.
pub const fn as_text_of<C: TableColumn>(_: Column<C>) -> Option<&'static str> {
    C::AS_TEXT
}

/// The columns of a table.
pub const fn columns<T: Table>() -> Columns {
    let mut position = 0;
    while position < T::FIELDS.len() {
        if T::FIELDS[position].as_text.is_some() {
            return Columns::WithTexts(T::TABLE, T::FIELDS);
        }
        position += 1;
    }
    Columns::Table(T::TABLE)
}

/// The columns of a struct with `#[derive(FromRow)]`.
pub const fn named_columns(
    names: &'static [&'static str],
    texts: &'static [Option<&'static str>],
) -> Columns {
    let mut position = 0;
    while position < texts.len() {
        if texts[position].is_some() {
            return Columns::NamesWithTexts(names, texts);
        }
        position += 1;
    }
    Columns::Names(names)
}

const fn same_bytes(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    let mut at = 0;
    while at < one.len() {
        if one[at] != other[at] {
            return false;
        }
        at += 1;
    }
    true
}

/// The serial type of a column's integer type.
pub const fn serial<C: TableColumn>() -> Option<&'static str> {
    match <C::Value as Value>::DATA_TYPE.as_bytes() {
        b"smallint" => Some("smallserial"),
        b"integer" => Some("serial"),
        b"bigint" => Some("bigserial"),
        _ => None,
    }
}

/// The labels of an enum.
pub fn labels<E: Enumeration>() -> Vec<String> {
    E::LABELS.iter().map(ToString::to_string).collect()
}

/// The first column that cannot be NULL.
pub const fn presence(table: &'static schema::Table) -> Option<usize> {
    let Cow::Borrowed(columns) = &table.columns else { return None };
    let mut position = 0;
    while position < columns.len() {
        if !columns[position].nullable {
            return Some(position);
        }
        position += 1;
    }
    None
}

/// What only Rust knows of a column.
pub const fn field<C: TableColumn>(
    name: &'static str,
    required: bool,
    on_update: Option<fn() -> Node>,
) -> Field {
    Field {
        name,
        // The functions of the Rust type alone are compiled once, and not for each column.
        ty: match C::DECLARED {
            None => <C::Value as Value>::parameter_type,
            Some(_) => sent_type::<C>,
        },
        array_ty: match C::DECLARED {
            None => <C::Value as Value>::array_type,
            Some(_) => sent_array_type::<C>,
        },
        show: show::<C::Value>,
        as_text: C::AS_TEXT,
        required,
        on_update,
        default_fn: None,
    }
}

/// The next cell as the value of a column.
///
/// Generated code names the column rather than its type: an unsuitable type is then one error, at the field.
///
/// # Errors
/// As [`Cells::value`].
#[inline]
pub fn value<C: TableColumn>(cells: &mut Cells<'_>) -> Result<C::Value> {
    // No closure: it would be compiled for each column, and what calls it again.
    match cells.value() {
        Ok(value) => Ok(value),
        Err(error) => Err(error.in_column(C::Source::SOURCE, C::NAME)),
    }
}

/// The next cell as the value of a column of a struct of columns.
///
/// # Errors
/// As [`Cells::value`].
pub fn flattened_value<F: FlattenColumn<AT>, const AT: usize>(
    cells: &mut Cells<'_>,
) -> Result<F::Value> {
    cells.value()
}

/// The value of a column, to be sent.
pub fn as_parameter<C: TableColumn>(value: &C::Value) -> &dyn crate::types::Parameter {
    value
}

/// The same of a column of a struct of columns.
pub fn as_parameter_of<F: FlattenColumn<AT>, const AT: usize>(
    value: &F::Value,
) -> &dyn crate::types::Parameter {
    value
}

/// A value of a column, of its own type.
pub fn assigned_own<C: TableColumn>(value: C::Value) -> Node {
    assigned::<C>(value)
}

/// The value of `on_update = ..` or `default_fn = ..`, made by a Rust expression.
pub fn assigned<C: TableColumn>(value: impl Assign<C>) -> Node {
    value.into_assigned()
}
