//! `schema.json`: a schema as a file, in the words of whoever wrote it.

use super::SideError;
use orm_core::schema::Schema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::path::Path;

/// The version of the format. A file of another version is refused: half of it would read as "the rest is gone".
pub const FORMAT: u32 = 1;

#[derive(Serialize, Deserialize)]
struct SchemaDocument {
    format: u32,
    #[serde(flatten)]
    schema: Schema,
}

/// The schema as the document that [`from_json`] reads.
pub fn to_json(schema: &Schema) -> Value {
    // Plain data with names for keys always has a JSON form.
    serde_json::to_value(SchemaDocument { format: FORMAT, schema: schema.clone() })
        .unwrap_or_default()
}

/// Reads what [`to_json`] has written. Nothing in it is believed to be in a server's words.
///
/// # Errors
/// The file cannot be read, or it is of another format.
pub fn from_json(path: &Path) -> Result<Schema, SideError> {
    let text = std::fs::read_to_string(path)
        .map_err(|source| SideError::File { path: path.to_owned(), source })?;
    let wrong = |message: String| SideError::Format { path: path.to_owned(), message };
    let document: Value =
        serde_json::from_str(&text).map_err(|error| wrong(format!("it is no JSON: {error}")))?;
    match document.get("format").and_then(Value::as_u64) {
        Some(format) if format == u64::from(FORMAT) => {}
        Some(format) => {
            return Err(wrong(format!(
                "it is of format {format}, and this version reads format {FORMAT}"
            )));
        }
        None => return Err(wrong("it has no \"format\", so it is no schema".to_owned())),
    }
    let schema =
        SchemaDocument::deserialize(&document).map_err(|error| wrong(error.to_string()))?.schema;
    if let Some(table) = schema.tables.iter().find(|it| it.name.is_empty() || it.schema.is_empty())
    {
        return Err(wrong(format!("a table without a \"schema\" or a \"name\": `{}`", table.name)));
    }
    // A misspelled key would read as "there is none".
    match unknown(&document, &to_json(&schema), "") {
        Some(key) => Err(wrong(format!("unknown key {key}"))),
        None => Ok(schema),
    }
}

/// The first key that says something and was not understood: what is understood is written again.
fn unknown(said: &Value, written: &Value, place: &str) -> Option<String> {
    let says_nothing = |value: &Value| match value {
        Value::Null | Value::Bool(false) => true,
        Value::Array(list) => list.is_empty(),
        _ => false,
    };
    match (said, written) {
        (Value::Object(said), Value::Object(written)) => said.iter().find_map(|(key, value)| {
            let place = if place.is_empty() { key.clone() } else { format!("{place}.{key}") };
            match written.get(key) {
                Some(written) => unknown(value, written, &place),
                None => (!says_nothing(value)).then_some(place),
            }
        }),
        (Value::Array(said), Value::Array(written)) => {
            let pairs = said.iter().zip(written).enumerate();
            pairs.into_iter().find_map(|(number, (said, written))| {
                unknown(said, written, &format!("{place}[{number}]"))
            })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use orm_core::schema::{Column, PrimaryKey, Table};

    fn read(text: &str) -> Result<Schema, String> {
        let place = tempfile::tempdir().expect("a folder");
        let path = place.path().join("schema.json");
        std::fs::write(&path, text).expect("a file");
        from_json(&path).map_err(|error| error.to_string())
    }

    #[test]
    fn what_is_written_is_read() {
        let mut table = Table::new("public", "t");
        table.columns.to_mut().push(Column::new("id", "bigint"));
        table.primary_key =
            Some(PrimaryKey { columns: vec!["id".into()].into(), ..PrimaryKey::default() });
        let schema = Schema::declared([table]).expect("a schema");
        assert!(!schema.implied_names.is_empty());
        assert_eq!(read(&to_json(&schema).to_string()), Ok(schema));
    }

    #[test]
    fn what_is_no_schema_says_why() {
        for (text, part) in [
            ("nonsense", "it is no JSON"),
            ("{}", "no \"format\""),
            ("[]", "no \"format\""),
            (r#"{"format": 2, "tables": []}"#, "format 2, and this version reads format 1"),
            (r#"{"format": 1}"#, "tables"),
            (r#"{"format": 1, "tables": [{}]}"#, "a table without"),
            (
                r#"{"format": 1, "tables": [{"schema": "public", "name": "t", "colums": [{"name": "a"}]}]}"#,
                "unknown key tables[0].colums",
            ),
        ] {
            let error = read(text).expect_err("refused");
            assert!(error.contains(part) && error.contains("schema.json"), "{error}");
        }
    }
}
