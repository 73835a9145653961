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
    /// The type of what a value is next to: as a literal in SQL, which has none of its own. Values are sent as texts.
    pub(crate) fn of_place() -> &'static Self {
        static TYPE: LazyLock<DeclaredType> = LazyLock::new(|| {
            let array = custom_type("", "", Kind::Array(Type::UNKNOWN));
            DeclaredType { ty: Type::UNKNOWN, array }
        });
        &TYPE
    }

    /// The same of a type whose values are sent as texts.
    pub(crate) fn as_text(text: &str) -> Self {
        let (name, is_array) = element(text);
        let (schema, name) = names(name);
        let ty = custom_type(&schema, &name, Kind::Domain(Type::UNKNOWN));
        let array = custom_type(&schema, &format!("{name}[]"), Kind::Array(ty.clone()));
        if is_array { Self { ty: array.clone(), array } } else { Self { ty, array } }
    }

    /// The type of a column that is declared with a type of that name.
    pub fn of_column(text: &str, as_text: bool) -> Self {
        if as_text { Self::as_text(text) } else { Self::named(text) }
    }

    /// The type of a domain, which is over a type of that name.
    pub fn of_domain<T: super::CustomType>(text: &str) -> Self {
        if T::TRAVELS_AS_TEXT { Self::as_text(text) } else { Self::named(text) }
    }

    /// The type of that name, as `CREATE TABLE` takes it.
    ///
    /// ```
    /// use orm_core::types::{DeclaredType, Type};
    /// assert_eq!(DeclaredType::named("character varying(20)").ty(), Type::VARCHAR);
    /// assert_eq!(DeclaredType::named("char(2)[]").ty(), Type::BPCHAR_ARRAY);
    /// assert_eq!(DeclaredType::named("citext").ty().name(), "citext");
    /// let point = DeclaredType::named("Gis.geometry(Point, 4326)").ty();
    /// assert_eq!((point.schema(), point.name()), ("gis", "geometry"));
    /// assert_eq!(DeclaredType::named(r#""My type""#).ty().name(), "My type");
    /// ```
    pub fn named(text: &str) -> Self {
        let (name, is_array) = element(text);
        let (ty, array) = of_name(name).unwrap_or_else(|| {
            let (schema, name) = names(name);
            let ty = custom_type(&schema, &name, Kind::Simple);
            let array = custom_type(&schema, &format!("{name}[]"), Kind::Array(ty.clone()));
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

/// Whether values of that type are sent in the text format.
pub(crate) fn is_sent_as_text(ty: &Type) -> bool {
    match ty.kind() {
        Kind::Domain(base) => *base == Type::UNKNOWN,
        Kind::Array(element) => is_sent_as_text(element),
        _ => *ty == Type::UNKNOWN,
    }
}

/// The name of a type without what makes it one of arrays, and whether that was there.
fn element(text: &str) -> (&str, bool) {
    let mut name = text.trim();
    let mut is_array = false;
    while let Some((before, after)) = name.rsplit_once('[')
        && after.trim_end().ends_with(']')
    {
        (name, is_array) = (before.trim_end(), true);
    }
    (name, is_array)
}

/// The schema of a type, empty where `search_path` finds it, and its name: as the catalog has them, and with modifiers where there
/// is no schema.
fn names(text: &str) -> (String, String) {
    let (mut schema, mut name) = (String::new(), String::new());
    let mut is_quoted = false;
    let mut characters = text.trim().chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if is_quoted && characters.next_if_eq(&'"').is_some() => name.push('"'),
            '"' => is_quoted = !is_quoted,
            '.' if !is_quoted => schema = std::mem::take(&mut name),
            '(' if !is_quoted && !schema.is_empty() => break,
            _ if is_quoted || name.contains('(') => name.push(character),
            _ => name.push(character.to_ascii_lowercase()),
        }
    }
    let end = if text.trim_end().ends_with('"') { name.len() } else { name.trim_end().len() };
    name.truncate(end);
    (schema, name)
}

/// The name of a type without its schema, its modifiers and quotes.
pub(crate) fn plain_name(name: &str) -> &str {
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
    known_as(name, false)
}

/// The same; `as_text` says that its values are sent as texts.
pub(super) fn known_as(name: &'static str, as_text: bool) -> &'static DeclaredType {
    static KNOWN: LazyLock<RwLock<HashMap<(&'static str, bool), &'static DeclaredType>>> =
        LazyLock::new(RwLock::default);
    let found = KNOWN.read().unwrap_or_else(PoisonError::into_inner).get(&(name, as_text)).copied();
    if let Some(found) = found {
        return found;
    }
    let make = || if as_text { DeclaredType::as_text(name) } else { DeclaredType::named(name) };
    let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
    // As many as the program has types: they live as long as it does.
    known.entry((name, as_text)).or_insert_with(|| Box::leak(Box::new(make())))
}

/// Whether a `float` of so many bits is a `real`.
fn is_real(bits: &str) -> bool {
    bits.parse().is_ok_and(|bits: u8| bits <= 24)
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
    let words = if words.starts_with("interval ") { "interval" } else { words };
    if words == "float" && modifiers(name).is_some_and(is_real) {
        return Some((Type::FLOAT4, Type::FLOAT4_ARRAY));
    }
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
        "character varying" | "varchar" | "char varying" | "national character varying" | "national char varying"
        | "nchar varying" => VARCHAR VARCHAR_ARRAY,
        "character" | "char" | "bpchar" | "national character" | "national char" | "nchar" => BPCHAR BPCHAR_ARRAY,
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
