//! Character and binary strings: manual, sections 8.3 and 8.4.

use super::cells::{Cells, Decode};
use super::{ArrayElement, OfSqlType, Value, sql_type, value};

sql_type!(/// `text`.
    Text, "text", TEXT);
sql_type!(/// `bytea`.
    Bytea, "bytea", BYTEA);

value!(String => Text);

// Not by `value!`: `Vec<u8>` is a value, but has its own place beside `Vec<T>`, the arrays.
impl Value for Vec<u8> {
    type Sql = Bytea;
    type NotNull = Self;
    type Nullable = Option<Self>;
    type Propagate<Other: Value> = Other;
    const NULLABLE: bool = false;
}

impl Value for Option<Vec<u8>> {
    type Sql = Bytea;
    type NotNull = Vec<u8>;
    type Nullable = Self;
    type Propagate<Other: Value> = Other::Nullable;
    const NULLABLE: bool = true;
}

impl OfSqlType<Bytea> for Vec<u8> {}
impl OfSqlType<Bytea> for Option<Vec<u8>> {}

impl ArrayElement for Vec<u8> {
    type Element = Bytea;
}

impl Decode for Vec<u8> {
    fn decode(cells: &mut Cells<'_>) -> crate::Result<Self> {
        cells.value()
    }
}

impl Decode for Option<Vec<u8>> {
    fn decode(cells: &mut Cells<'_>) -> crate::Result<Self> {
        cells.value()
    }
}
