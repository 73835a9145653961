//! Values on their way to the server: each is written as a type that we name, whatever type the driver has found for it.

use crate::error::{Error, ErrorKind, Result};
use crate::exec::session::TypedParam;
use crate::query::node::Param;
use crate::sql::Rendered;
use crate::types::{self, Parameter};
use bytes::BytesMut;
use std::error::Error as StdError;
use tokio_postgres::types::{Format, IsNull, ToSql, Type};

type Failure = Box<dyn StdError + Sync + Send>;

/// A value of a query of ours, or of SQL that a user wrote.
#[derive(Debug, Clone, Copy)]
enum Given<'a> {
    Ours(&'a dyn Parameter),
    Theirs(&'a (dyn ToSql + Sync)),
}

/// A value, the type that it is written as, and the one that the server is told.
#[derive(Debug)]
pub(crate) struct Encoded<'a> {
    value: Given<'a>,
    /// None: as the type that the server names.
    written_as: Option<Type>,
    declared: Type,
    format: Option<Format>,
}

impl<'a> Encoded<'a> {
    /// A parameter of a query of ours; `written_as` is its type as the catalog has it.
    pub(crate) fn new((value, declared): &TypedParam<'a>, written_as: Type) -> Self {
        Self {
            value: Given::Ours(*value),
            written_as: Some(written_as),
            declared: declared.clone(),
            format: None,
        }
    }

    /// The type that the server is told; the OID 0 has it find the type.
    pub(crate) fn declared(&self) -> Type {
        self.declared.clone()
    }

    /// As the driver takes parameters with their types.
    pub(crate) fn with_type(&self) -> (&(dyn ToSql + Sync), Type) {
        (self, self.declared())
    }
}

impl ToSql for Encoded<'_> {
    fn to_sql(&self, named: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        let ty = self.written_as.as_ref().unwrap_or(named);
        match self.value {
            Given::Ours(value) => value.write_as(ty, out),
            Given::Theirs(value) => types::write(value, ty, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn to_sql_checked(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        self.to_sql(ty, out)
    }

    fn encode_format(&self, named: &Type) -> Format {
        let ty = self.written_as.as_ref().unwrap_or(named);
        self.format.unwrap_or_else(|| match self.value {
            // As a literal in SQL is read, whatever type it takes.
            Given::Ours(_) if types::is_sent_as_text(ty) => Format::Text,
            Given::Ours(_) => Format::Binary,
            Given::Theirs(value) => value.encode_format(ty),
        })
    }
}

/// A parameter of a query of ours, written as the type that it is declared with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sent<'a>(pub(crate) &'a Param);

impl ToSql for Sent<'_> {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        self.0.value.write_as(&self.0.ty, out)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn to_sql_checked(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        self.to_sql(ty, out)
    }

    fn encode_format(&self, _: &Type) -> Format {
        if types::is_sent_as_text(&self.0.ty) { Format::Text } else { Format::Binary }
    }
}

/// The parameters of a query that was rendered.
pub(crate) fn typed<'a>(rendered: &Rendered<'a>) -> Vec<TypedParam<'a>> {
    rendered.params.iter().map(|param| (&*param.value as _, param.ty.clone())).collect()
}

/// The parameters of SQL that a user wrote: each is written as the type that the server names for it.
pub(crate) fn as_asked<'a>(params: &[&'a (dyn ToSql + Sync)]) -> Vec<Encoded<'a>> {
    let asked = |value: &&'a (dyn ToSql + Sync)| Encoded {
        value: Given::Theirs(*value),
        written_as: None,
        declared: unspecified(),
        format: None,
    };
    params.iter().map(asked).collect()
}

/// Has the server find the type.
fn unspecified() -> Type {
    types::custom_type("", "", tokio_postgres::types::Kind::Simple)
}

/// The types that the value of a parameter is tried as, where the server cannot be asked for its type first. Texts come
/// last: a type that a program declares may be written as one.
const CANDIDATES: [Type; 40] = [
    Type::BOOL,
    Type::INT2,
    Type::INT4,
    Type::INT8,
    Type::FLOAT4,
    Type::FLOAT8,
    Type::NUMERIC,
    Type::BYTEA,
    Type::TIMESTAMPTZ,
    Type::TIMESTAMP,
    Type::DATE,
    Type::TIME,
    Type::INTERVAL,
    Type::UUID,
    Type::JSONB,
    Type::JSON,
    Type::INET,
    Type::CIDR,
    Type::MACADDR,
    Type::BIT,
    Type::VARBIT,
    Type::OID,
    Type::CHAR,
    Type::BOOL_ARRAY,
    Type::INT2_ARRAY,
    Type::INT4_ARRAY,
    Type::INT8_ARRAY,
    Type::FLOAT4_ARRAY,
    Type::FLOAT8_ARRAY,
    Type::NUMERIC_ARRAY,
    Type::BYTEA_ARRAY,
    Type::TIMESTAMPTZ_ARRAY,
    Type::TIMESTAMP_ARRAY,
    Type::DATE_ARRAY,
    Type::TIME_ARRAY,
    Type::UUID_ARRAY,
    Type::JSONB_ARRAY,
    Type::TEXT_ARRAY,
    Type::TEXT,
    Type::VARCHAR,
];

/// The parameters of SQL that this library has not made, with types that their values fit.
///
/// # Errors
/// A value of a type that only the server could name.
pub(crate) fn typed_by_value<'a>(params: &[&'a (dyn ToSql + Sync)]) -> Result<Vec<Encoded<'a>>> {
    params.iter().enumerate().map(|(index, value)| of_value(index, *value)).collect()
}

fn of_value<'a>(index: usize, value: &'a (dyn ToSql + Sync)) -> Result<Encoded<'a>> {
    let mut out = BytesMut::new();
    for candidate in CANDIDATES {
        out.clear();
        let (declared, format) = match value.to_sql_checked(&candidate, &mut out) {
            // NULL fits every type: the server finds the one that is needed.
            Ok(IsNull::Yes) => (unspecified(), None),
            // A text is sent as a literal in the statement would be: it becomes whatever type is needed there.
            Ok(IsNull::No) if candidate == Type::TEXT => (unspecified(), Some(Format::Text)),
            Ok(IsNull::No) => (candidate.clone(), None),
            Err(_) => continue,
        };
        return Ok(Encoded {
            value: Given::Theirs(value),
            written_as: Some(candidate),
            declared,
            format,
        });
    }
    Err(Error::new(
        ErrorKind::Conversion,
        format!(
            "parameter ${} has a type that the server would have to be asked for, which `pgbouncer=true` rules out",
            index + 1
        ),
    )
    .with_hint("pass it as text and cast it in the SQL: `$1::text::my_type`; or use a query of `orm`, which knows its types"))
}
