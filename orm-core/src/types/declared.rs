//! [`DeclaredType`]: a type that is named by its text, `character varying(20)` or `citext[]`, as values of it are sent.

use super::custom::{base_type, custom_type};
use postgres_types::{Kind, Type};
use std::collections::HashMap;
use std::sync::{LazyLock, PoisonError, RwLock};

/// A type by its name: what a value of it, and an array of such values, is sent as.
///
/// Of a type of PostgreSQL's own the program knows the OID. Values of others are sent without one: the server finds the type where
/// the parameter stands, or is told its name.
#[derive(Debug)]
pub struct DeclaredType {
    ty: Type,
    array: Type,
}

impl DeclaredType {
    /// The type of that name, as `CREATE TABLE` takes it.
    ///
    /// ```
    /// use orm_core::types::{DeclaredType, Type};
    /// assert_eq!(DeclaredType::named("character varying(20)").ty(), Type::VARCHAR);
    /// assert_eq!(DeclaredType::named("char(2)[]").ty(), Type::BPCHAR_ARRAY);
    /// assert_eq!(DeclaredType::named("citext").ty().name(), "citext");
    /// ```
    pub fn named(text: &str) -> Self {
        let mut name = text.trim();
        let mut is_array = false;
        while let Some((before, after)) = name.rsplit_once('[')
            && after.trim_end().ends_with(']')
        {
            (name, is_array) = (before.trim_end(), true);
        }
        let (ty, array) = of_name(name).unwrap_or_else(|| {
            let ty = custom_type("", name, Kind::Simple);
            let array = custom_type("", &format!("{name}[]"), Kind::Array(ty.clone()));
            (ty, array)
        });
        if is_array {
            // An array of arrays is of the same type.
            return Self { ty: array.clone(), array };
        }
        Self { ty, array }
    }

    /// What a value is sent as.
    pub fn ty(&self) -> Type {
        self.ty.clone()
    }

    /// What an array of values is sent as.
    pub fn array(&self) -> Type {
        self.array.clone()
    }

    /// Whether the server's type is this one: the same OID, or where the program knows none the same name.
    pub(super) fn is(&self, found: &Type) -> bool {
        let found = base_type(found);
        match self.ty.oid() {
            0 => plain_name(found.name()) == plain_name(self.ty.name()),
            oid => found.oid() == oid,
        }
    }
}

/// The name of a type without its schema, its modifiers and quotes.
pub(super) fn plain_name(name: &str) -> &str {
    let name = name.split_once('(').map_or(name, |(name, _)| name.trim_end());
    let name = name.rsplit_once('.').map_or(name, |(_, name)| name);
    name.trim_matches('"')
}

/// What stands in parentheses behind the name of a type: `3` of `vector(3)`.
pub(super) fn modifiers(name: &str) -> Option<&str> {
    let (_, behind) = name.split_once('(')?;
    Some(behind.split_once(')')?.0.trim())
}

/// The type of that name, which is found once.
pub(super) fn known(name: &'static str) -> &'static DeclaredType {
    static KNOWN: LazyLock<RwLock<HashMap<&'static str, &'static DeclaredType>>> =
        LazyLock::new(RwLock::default);
    let found = KNOWN.read().unwrap_or_else(PoisonError::into_inner).get(name).copied();
    if let Some(found) = found {
        return found;
    }
    let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
    // As many as the program has types: they live as long as it does.
    known.entry(name).or_insert_with(|| Box::leak(Box::new(DeclaredType::named(name))))
}

/// A type of PostgreSQL's own and its array type, by the names that SQL has for it (manual, table 8.1).
fn of_name(name: &str) -> Option<(Type, Type)> {
    let lower = name.to_ascii_lowercase();
    // `timestamp(3) with time zone` has its modifiers in the middle.
    let words = match (lower.split_once('('), lower.rsplit_once(')')) {
        (Some((before, _)), Some((_, after))) => format!("{before} {after}"),
        _ => lower,
    };
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let words = words.strip_prefix("pg_catalog.").unwrap_or(&words);
    macro_rules! types {
        ($($($name:literal)|+ => $ty:ident $array:ident,)*) => {
            match words {
                $($($name)|+ => Some((Type::$ty, Type::$array)),)*
                _ => None,
            }
        };
    }
    types! {
        "boolean" | "bool" => BOOL BOOL_ARRAY,
        "smallint" | "int2" | "smallserial" | "serial2" => INT2 INT2_ARRAY,
        "integer" | "int" | "int4" | "serial" | "serial4" => INT4 INT4_ARRAY,
        "bigint" | "int8" | "bigserial" | "serial8" => INT8 INT8_ARRAY,
        "real" | "float4" => FLOAT4 FLOAT4_ARRAY,
        "double precision" | "float8" | "float" => FLOAT8 FLOAT8_ARRAY,
        "numeric" | "decimal" | "dec" => NUMERIC NUMERIC_ARRAY,
        "money" => MONEY MONEY_ARRAY,
        "text" => TEXT TEXT_ARRAY,
        "character varying" | "varchar" | "char varying" => VARCHAR VARCHAR_ARRAY,
        "character" | "char" | "bpchar" => BPCHAR BPCHAR_ARRAY,
        "name" => NAME NAME_ARRAY,
        "\"char\"" => CHAR CHAR_ARRAY,
        "bytea" => BYTEA BYTEA_ARRAY,
        "uuid" => UUID UUID_ARRAY,
        "date" => DATE DATE_ARRAY,
        "time" | "time without time zone" => TIME TIME_ARRAY,
        "timetz" | "time with time zone" => TIMETZ TIMETZ_ARRAY,
        "timestamp" | "timestamp without time zone" => TIMESTAMP TIMESTAMP_ARRAY,
        "timestamptz" | "timestamp with time zone" => TIMESTAMPTZ TIMESTAMPTZ_ARRAY,
        "interval" => INTERVAL INTERVAL_ARRAY,
        "json" => JSON JSON_ARRAY,
        "jsonb" => JSONB JSONB_ARRAY,
        "jsonpath" => JSONPATH JSONPATH_ARRAY,
        "xml" => XML XML_ARRAY,
        "inet" => INET INET_ARRAY,
        "cidr" => CIDR CIDR_ARRAY,
        "macaddr" => MACADDR MACADDR_ARRAY,
        "macaddr8" => MACADDR8 MACADDR8_ARRAY,
        "bit" => BIT BIT_ARRAY,
        "bit varying" | "varbit" => VARBIT VARBIT_ARRAY,
        "point" => POINT POINT_ARRAY,
        "line" => LINE LINE_ARRAY,
        "lseg" => LSEG LSEG_ARRAY,
        "box" => BOX BOX_ARRAY,
        "path" => PATH PATH_ARRAY,
        "polygon" => POLYGON POLYGON_ARRAY,
        "circle" => CIRCLE CIRCLE_ARRAY,
        "tsvector" => TS_VECTOR TS_VECTOR_ARRAY,
        "tsquery" => TSQUERY TSQUERY_ARRAY,
        "pg_lsn" => PG_LSN PG_LSN_ARRAY,
        "oid" => OID OID_ARRAY,
        "regclass" => REGCLASS REGCLASS_ARRAY,
        "regproc" => REGPROC REGPROC_ARRAY,
        "regprocedure" => REGPROCEDURE REGPROCEDURE_ARRAY,
        "regoper" => REGOPER REGOPER_ARRAY,
        "regoperator" => REGOPERATOR REGOPERATOR_ARRAY,
        "regtype" => REGTYPE REGTYPE_ARRAY,
        "regrole" => REGROLE REGROLE_ARRAY,
        "regnamespace" => REGNAMESPACE REGNAMESPACE_ARRAY,
        "regconfig" => REGCONFIG REGCONFIG_ARRAY,
        "regdictionary" => REGDICTIONARY REGDICTIONARY_ARRAY,
        "regcollation" => REGCOLLATION REGCOLLATION_ARRAY,
        "int4range" => INT4_RANGE INT4_RANGE_ARRAY,
        "int8range" => INT8_RANGE INT8_RANGE_ARRAY,
        "numrange" => NUM_RANGE NUM_RANGE_ARRAY,
        "tsrange" => TS_RANGE TS_RANGE_ARRAY,
        "tstzrange" => TSTZ_RANGE TSTZ_RANGE_ARRAY,
        "daterange" => DATE_RANGE DATE_RANGE_ARRAY,
        "int4multirange" => INT4MULTI_RANGE INT4MULTI_RANGE_ARRAY,
        "int8multirange" => INT8MULTI_RANGE INT8MULTI_RANGE_ARRAY,
        "nummultirange" => NUMMULTI_RANGE NUMMULTI_RANGE_ARRAY,
        "tsmultirange" => TSMULTI_RANGE TSMULTI_RANGE_ARRAY,
        "tstzmultirange" => TSTZMULTI_RANGE TSTZMULTI_RANGE_ARRAY,
        "datemultirange" => DATEMULTI_RANGE DATEMULTI_RANGE_ARRAY,
    }
}
