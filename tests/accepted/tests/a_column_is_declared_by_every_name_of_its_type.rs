//! A type has several names, modifiers, a schema and quotes; of a type that is not known only the server can judge.
use orm::prelude::*;
use orm::types::{CustomType, Failure, Own, Type};

#[derive(Domain, Debug)]
#[domain(name = "short_code", data_type = "varchar(5)")]
struct ShortCode(String);

/// A type of a program's own.
#[derive(Debug)]
struct Version(String);

impl CustomType for Version {
    type Sql = Own<Self>;
    type Element = Own<Self>;
    const DATA_TYPE: &'static str = "semver";
    const TRAVELS_AS_TEXT: bool = true;

    fn read(_: &Type, raw: &[u8]) -> Result<Self, Failure> {
        Ok(Self(String::from_utf8(raw.to_vec())?))
    }

    fn write(&self, _: &Type, out: &mut orm::types::BytesMut) -> Result<(), Failure> {
        out.extend_from_slice(self.0.as_bytes());
        Ok(())
    }
}

#[derive(Table, Debug)]
struct Everything {
    #[column(primary_key, data_type = "bigserial")]
    id: i64,
    #[column(data_type = "serial4")]
    number: i32,
    #[column(data_type = "varchar(20)")]
    short: String,
    #[column(data_type = "Character Varying (20)")]
    spelled: String,
    #[column(data_type = "national character(3)")]
    national: String,
    #[column(data_type = "char(2)")]
    country: Option<String>,
    #[column(data_type = "citext")]
    email: String,
    #[column(data_type = "extensions.citext[]")]
    emails: Vec<String>,
    #[column(data_type = "\"Extensions\".\"CiText\"")]
    quoted: String,
    #[column(data_type = "pg_catalog.int8")]
    catalog: i64,
    #[column(data_type = "timestamp(3) with time zone")]
    at: DateTime<Utc>,
    #[column(data_type = "float(24)")]
    real: f32,
    #[column(data_type = "float(53)")]
    double: f64,
    #[column(data_type = "int[3][3]")]
    board: Vec<i32>,
    #[column(data_type = "short_code")]
    by_name: String,
    code: ShortCode,
    #[column(data_type = "public.positive_int")]
    positive: i32,
    #[column(data_type = "mood")]
    mood: String,
    #[column(data_type = "aclitem[]")]
    rights: Option<Vec<String>>,
    version: Version,
    versions: Vec<Option<Version>>,
}

#[test]
fn holds() {
    let sql = Everything::query().select((Everything::mood, Everything::email)).to_sql();
    assert_eq!(
        sql,
        r#"SELECT CAST("everything"."mood" AS text), "everything"."email" FROM "everything""#
    );
}
