//! Object identifiers: manual, section 8.19.

use super::fixed::fixed;
use super::{CustomType, Failure, sql_type};
use bytes::{BufMut as _, BytesMut};
use postgres_types::Type;
use std::fmt;

/// An `oid`: the number of an object of the database, by which the catalogs name it.
///
/// ```
/// use orm_core::types::Oid;
/// assert_eq!(Oid(16384).to_string(), "16384");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Oid(pub u32);

/// What types have in common that are an OID on the wire.
macro_rules! of_oid {
    ($($name:ident, $sql:literal, $constant:ident, $array:ident, $number:expr, $make:expr;)*) => {$(
        sql_type!(for $name, $sql, $constant, $array);

        impl CustomType for $name {
            type Sql = Self;
            type Element = Self;
            const DATA_TYPE: &'static str = $sql;

            fn read(_: &Type, raw: &[u8]) -> Result<Self, Failure> {
                let number = u32::from_be_bytes(fixed(concat!("`", $sql, "`"), raw)?);
                Ok($make(number))
            }

            fn write(&self, _: &Type, out: &mut BytesMut) -> Result<(), Failure> {
                out.put_u32($number(self));
                Ok(())
            }
        }

        impl fmt::Display for $name {
            /// The number.
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&$number(self), f)
            }
        }
    )*};
}

of_oid! { Oid, "oid", OID, OID_ARRAY, |oid: &Oid| oid.0, Oid; }

/// Types whose text is a name, and whose value is an OID.
macro_rules! named_objects {
    ($($(#[$doc:meta])* $name:ident, $sql:literal, $constant:ident, $array:ident, $example:literal;)*) => {
        $(
            $(#[$doc])*
            ///
            /// What is sent and read is the OID. The server makes the name of it, as `search_path` needs it, and the OID of a name:
            /// by `.cast::<String>()`, and by a cast of a text.
            ///
            /// ```
            #[doc = concat!("use orm_core::types::{Oid, ", stringify!($name), "};")]
            #[doc = concat!("assert_eq!(", stringify!($name), "(Oid(", $example, ")).to_string(), \"", $example, "\");")]
            /// ```
            #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
            pub struct $name(pub Oid);

            impl From<$name> for Oid {
                fn from(object: $name) -> Self {
                    object.0
                }
            }

            impl From<Oid> for $name {
                fn from(oid: Oid) -> Self {
                    Self(oid)
                }
            }
        )*
        of_oid! { $($name, $sql, $constant, $array, |object: &$name| object.0.0, |number| $name(Oid(number));)* }
        /// Hands the list of these types to a macro.
        macro_rules! each_named_object {
            ($macro:ident) => { $macro! { $($name)* } };
        }
    };
}

named_objects! {
    /// `regclass`: a table, index, view or sequence, `pg_class`.
    RegClass, "regclass", REGCLASS, REGCLASS_ARRAY, "1259";
    /// `regcollation`: a collation, `pg_collation`.
    RegCollation, "regcollation", REGCOLLATION, REGCOLLATION_ARRAY, "100";
    /// `regconfig`: a text search configuration, `pg_ts_config`.
    RegConfig, "regconfig", REGCONFIG, REGCONFIG_ARRAY, "3748";
    /// `regdictionary`: a text search dictionary, `pg_ts_dict`.
    RegDictionary, "regdictionary", REGDICTIONARY, REGDICTIONARY_ARRAY, "3765";
    /// `regnamespace`: a schema, `pg_namespace`.
    RegNamespace, "regnamespace", REGNAMESPACE, REGNAMESPACE_ARRAY, "11";
    /// `regoper`: an operator by its name alone, `pg_operator`.
    RegOper, "regoper", REGOPER, REGOPER_ARRAY, "91";
    /// `regoperator`: an operator with the types of its operands, `pg_operator`.
    RegOperator, "regoperator", REGOPERATOR, REGOPERATOR_ARRAY, "91";
    /// `regproc`: a function by its name alone, `pg_proc`.
    RegProc, "regproc", REGPROC, REGPROC_ARRAY, "89";
    /// `regprocedure`: a function with the types of its arguments, `pg_proc`.
    RegProcedure, "regprocedure", REGPROCEDURE, REGPROCEDURE_ARRAY, "89";
    /// `regrole`: a role, `pg_authid`.
    RegRole, "regrole", REGROLE, REGROLE_ARRAY, "10";
    /// `regtype`: a type, `pg_type`.
    RegType, "regtype", REGTYPE, REGTYPE_ARRAY, "23";
}
pub(crate) use each_named_object;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_oid_has_four_bytes() {
        assert_eq!(<Oid as CustomType>::read(&Type::OID, &[0xff; 4]).unwrap(), Oid(u32::MAX));
        let error = <RegClass as CustomType>::read(&Type::REGCLASS, &[0; 5]).unwrap_err();
        assert_eq!(error.to_string(), "`regclass` has 4 bytes, not 5");
    }
}
