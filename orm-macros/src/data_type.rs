//! The names of types in `data_type = ".."`: what they are called in full, and which Rust types hold their values.

/// A type by the name that PostgreSQL gives it.
pub(crate) struct DataType {
    /// The name without modifiers: `character varying` of `varchar(20)`.
    pub(crate) name: String,
    pub(crate) is_array: bool,
}

/// The other names of types (manual, table 8.1), the serial types with them.
const ALIASES: &[(&str, &str)] = &[
    ("bool", "boolean"),
    ("int2", "smallint"),
    ("int4", "integer"),
    ("int", "integer"),
    ("int8", "bigint"),
    ("smallserial", "smallint"),
    ("serial2", "smallint"),
    ("serial", "integer"),
    ("serial4", "integer"),
    ("bigserial", "bigint"),
    ("serial8", "bigint"),
    ("float4", "real"),
    ("float8", "double precision"),
    ("float", "double precision"),
    ("decimal", "numeric"),
    ("dec", "numeric"),
    ("varchar", "character varying"),
    ("char varying", "character varying"),
    ("char", "character"),
    ("bpchar", "character"),
    ("varbit", "bit varying"),
    ("timestamptz", "timestamp with time zone"),
    ("timestamp", "timestamp without time zone"),
    ("timetz", "time with time zone"),
    ("time", "time without time zone"),
    ("national character varying", "character varying"),
    ("national char varying", "character varying"),
    ("nchar varying", "character varying"),
    ("national character", "character"),
    ("national char", "character"),
    ("nchar", "character"),
];

/// The types whose values are known to fit or not to fit a Rust type, and which Rust types hold them. Of all others only the
/// server knows.
const HELD_BY: &[(&str, &str)] = &[
    ("boolean", "`bool`"),
    ("smallint", "`i16`, or with a check `u8`, `i8`"),
    ("integer", "`i32`, or with a check `u16`"),
    ("bigint", "`i64`, or with a check `u32`, `u64`"),
    ("real", "`f32`"),
    ("double precision", "`f64`"),
    (
        "numeric",
        "`orm::Numeric`, `u64`, or with the features of these names `rust_decimal::Decimal`, `bigdecimal::BigDecimal`",
    ),
    ("money", "`orm::types::Money`"),
    ("text", "`String`"),
    ("character varying", "`String`"),
    ("character", "`String`"),
    ("name", "`String`"),
    ("\"char\"", "`orm::types::Char`"),
    ("citext", "`String`"),
    ("bytea", "`Vec<u8>`, `bytes::Bytes` or `[u8; N]`"),
    ("uuid", "`uuid::Uuid`, with the feature `uuid`"),
    (
        "date",
        "`chrono::NaiveDate`, `jiff::civil::Date` or `time::Date`, with the feature of that name",
    ),
    (
        "time without time zone",
        "`orm::types::TimeOfDay`, or with the feature of that name `chrono::NaiveTime`, `jiff::civil::Time` or `time::Time`",
    ),
    ("time with time zone", "`orm::types::TimeTz`"),
    (
        "timestamp without time zone",
        "`chrono::NaiveDateTime`, `jiff::civil::DateTime` or `time::PrimitiveDateTime`, with the feature of that name",
    ),
    (
        "timestamp with time zone",
        "`std::time::SystemTime`, or with the feature of that name `chrono::DateTime<Utc>`, `jiff::Timestamp` or `time::OffsetDateTime`",
    ),
    ("interval", "`orm::Interval`"),
    ("json", "`orm::Json<T>` or `serde_json::Value`, with the feature `json`"),
    ("jsonb", "`orm::Json<T>` or `serde_json::Value`, with the feature `json`"),
    ("xml", "`orm::types::Xml` or `String`"),
    (
        "inet",
        "`orm::types::Inet` or `std::net::IpAddr`, or with the feature `ipnet` `ipnet::IpNet`",
    ),
    ("cidr", "`orm::types::Cidr`, or with the feature `ipnet` `ipnet::IpNet`"),
    ("macaddr", "`orm::types::MacAddr`"),
    ("macaddr8", "`orm::types::MacAddr8`"),
    ("bit", "`orm::types::Bits`"),
    ("bit varying", "`orm::types::Bits`"),
    ("point", "`orm::types::Point`"),
    ("line", "`orm::types::Line`"),
    ("lseg", "`orm::types::LineSegment`"),
    ("box", "`orm::types::BoundingBox`"),
    ("path", "`orm::types::Path`"),
    ("polygon", "`orm::types::Polygon`"),
    ("circle", "`orm::types::Circle`"),
    ("tsvector", "`orm::types::TsVector`"),
    ("tsquery", "`orm::types::TsQuery`"),
    ("oid", "`orm::types::Oid`"),
    ("regclass", "`orm::types::RegClass`"),
    ("regproc", "`orm::types::RegProc`"),
    ("regprocedure", "`orm::types::RegProcedure`"),
    ("regoper", "`orm::types::RegOper`"),
    ("regoperator", "`orm::types::RegOperator`"),
    ("regtype", "`orm::types::RegType`"),
    ("regrole", "`orm::types::RegRole`"),
    ("regnamespace", "`orm::types::RegNamespace`"),
    ("regconfig", "`orm::types::RegConfig`"),
    ("regdictionary", "`orm::types::RegDictionary`"),
    ("regcollation", "`orm::types::RegCollation`"),
    ("pg_lsn", "`orm::types::PgLsn`"),
    ("hstore", "`orm::types::Hstore`"),
    ("ltree", "`orm::types::Ltree` or `String`"),
    ("lquery", "`orm::types::Lquery` or `String`"),
    ("ltxtquery", "`orm::types::Ltxtquery` or `String`"),
    ("vector", "`orm::types::Vector`"),
    ("halfvec", "`orm::types::HalfVector`"),
    ("sparsevec", "`orm::types::SparseVector`"),
    (
        "geometry",
        "`orm::types::Geometry`, or with the feature `geo-types` `Geometry<geo_types::Point>` and its like",
    ),
    (
        "geography",
        "`orm::types::Geography`, or with the feature `geo-types` `Geography<geo_types::Point>` and its like",
    ),
    ("int4range", "`orm::Range<i32>`"),
    ("int8range", "`orm::Range<i64>`"),
    ("numrange", "`orm::Range<orm::Numeric>`"),
    ("tsrange", "`orm::Range<chrono::NaiveDateTime>`"),
    ("tstzrange", "`orm::Range<chrono::DateTime<Utc>>`"),
    ("daterange", "`orm::Range<chrono::NaiveDate>`"),
    ("int4multirange", "`orm::Multirange<i32>`"),
    ("int8multirange", "`orm::Multirange<i64>`"),
    ("nummultirange", "`orm::Multirange<orm::Numeric>`"),
    ("tsmultirange", "`orm::Multirange<chrono::NaiveDateTime>`"),
    ("tstzmultirange", "`orm::Multirange<chrono::DateTime<Utc>>`"),
    ("datemultirange", "`orm::Multirange<chrono::NaiveDate>`"),
    ("jsonpath", "`String`"),
];

impl DataType {
    /// The type of that name.
    pub(crate) fn of(text: &str) -> Self {
        let mut name = text.trim().to_ascii_lowercase();
        let mut is_array = false;
        while let Some((before, after)) = name.rsplit_once('[') {
            if !after.trim_end().ends_with(']') {
                break;
            }
            name = before.trim_end().to_owned();
            is_array = true;
        }
        // `float(24)` is a `real`, and `interval day to second(3)` an `interval`.
        if let Some((_, precision)) =
            name.split_once('(').filter(|(name, _)| name.trim() == "float")
            && precision.trim_end_matches(')').trim().parse().is_ok_and(|bits: u8| bits <= 24)
        {
            name = "real".to_owned();
        }
        if name.starts_with("interval ") || name.starts_with("interval(") {
            name = "interval".to_owned();
        }
        if let (Some((before, _)), Some((_, after))) = (name.split_once('('), name.rsplit_once(')'))
        {
            name = format!("{before} {after}");
        }
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        let name = name.strip_prefix("pg_catalog.").map_or(name.clone(), str::to_owned);
        let name = name.strip_prefix("public.").map_or(name.clone(), str::to_owned);
        let full = ALIASES.iter().find(|(alias, _)| *alias == name);
        Self { name: full.map_or(name, |(_, full)| (*full).to_owned()), is_array }
    }

    /// The Rust types that hold its values, where it is one that is known.
    pub(crate) fn held_by(&self) -> Option<&'static str> {
        HELD_BY.iter().find(|(name, _)| *name == self.name).map(|(_, held_by)| *held_by)
    }
}
