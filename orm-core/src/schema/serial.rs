//! Serial columns that are written out: an integer whose default is the next value of the column's own sequence.
//!
//! The catalog reads such a column as `serial` (manual, section 8.1.4), so that is its one form here too.

use super::names::implied;
use super::{Column, DEFAULT_SCHEMA, Schema};
use std::borrow::Cow;

/// Gives each column its serial type whose default is `nextval` of the sequence that a serial would have.
///
/// Not where that sequence is declared as an object of its own: then it is none that the column owns implicitly.
pub(crate) fn with_serials(mut schema: Schema) -> Schema {
    let declared: Vec<(String, String)> = schema
        .objects
        .iter()
        .filter(|object| object.kind() == "sequence")
        .map(|object| (object.schema().to_owned(), object.name().into_owned()))
        .collect();
    for table in &mut schema.tables {
        for column in table.columns.to_mut() {
            let sequence = implied(&table.name, &[&column.name], "seq");
            let is_declared = declared
                .iter()
                .any(|(schema, name)| (&**schema, name) == (&*table.schema, &sequence));
            if let Some(serial) = serial_type(column)
                && !is_declared
                && reads(column, &table.schema, &sequence)
            {
                column.data_type = Cow::Borrowed(serial);
                column.default = None;
            }
        }
    }
    schema
}

/// The serial type of a column that could be one.
fn serial_type(column: &Column) -> Option<&'static str> {
    if column.nullable || column.identity.is_some() || column.generated.is_some() {
        return None;
    }
    match &*column.data_type {
        "smallint" => Some("smallserial"),
        "integer" => Some("serial"),
        "bigint" => Some("bigserial"),
        _ => None,
    }
}

/// Whether the default is `nextval('sequence')`, in one of the forms that the server writes and people do.
fn reads(column: &Column, schema: &str, sequence: &str) -> bool {
    let Some(default) = &column.default else { return false };
    let Some(name) = argument(default) else { return false };
    match names(&name).as_deref() {
        // Without a schema it is found through `search_path`, which has no other schema by default.
        Some([name]) => schema == DEFAULT_SCHEMA && name == sequence,
        Some([in_schema, name]) => in_schema == schema && name == sequence,
        _ => false,
    }
}

/// The text within `nextval('..'::regclass)`.
fn argument(default: &str) -> Option<String> {
    let default = default.trim();
    let (function, rest) = default.split_at_checked("nextval".len())?;
    let inside = rest.trim_start().strip_prefix('(')?.strip_suffix(')')?.trim();
    let cast = inside.rsplit_once("::");
    let text = match cast {
        Some((text, ty)) if ty.trim().eq_ignore_ascii_case("regclass") => text.trim(),
        _ => inside,
    };
    let text = text.strip_prefix('\'')?.strip_suffix('\'')?;
    function.eq_ignore_ascii_case("nextval").then(|| text.replace("''", "'"))
}

/// The parts of a qualified name: what stands in double quotes is as it is, the rest in small letters.
fn names(text: &str) -> Option<Vec<String>> {
    let mut parts = vec![String::new()];
    let mut chars = text.trim().chars().peekable();
    let mut quoted = false;
    while let Some(char) = chars.next() {
        let part = parts.last_mut()?;
        match char {
            '"' if quoted && chars.peek() == Some(&'"') => part.extend(chars.next()),
            '"' => quoted = !quoted,
            '.' if !quoted => parts.push(String::new()),
            other if quoted => part.push(other),
            other => part.extend(other.to_lowercase()),
        }
    }
    (!quoted).then_some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Sequence, Table};

    fn read(schema: &'static str, data_type: &'static str, default: &str) -> (String, bool) {
        let column = Column {
            default: Some(Cow::Owned(default.to_owned())),
            ..Column::new("userId", data_type)
        };
        let table = Table { columns: vec![column].into(), ..Table::new(schema, "Order") };
        let schema = with_serials(Schema::declared([table]).expect("a schema"));
        let column = &schema.tables[0].columns[0];
        (column.data_type.to_string(), column.default.is_some())
    }

    #[test]
    fn the_next_value_of_a_columns_own_sequence_is_a_serial_in_every_spelling() {
        for default in [
            r#"nextval('"Order_userId_seq"')"#,
            r#"nextval('"Order_userId_seq"'::regclass)"#,
            r#" NEXTVAL ( 'public."Order_userId_seq"' :: regclass ) "#,
            r#"nextval('"public"."Order_userId_seq"')"#,
        ] {
            assert_eq!(read("public", "bigint", default), ("bigserial".to_owned(), false));
            assert_eq!(read("public", "smallint", default), ("smallserial".to_owned(), false));
        }
        let default = r#"nextval('app."Order_userId_seq"')"#;
        assert_eq!(read("app", "integer", default), ("serial".to_owned(), false));
    }

    #[test]
    fn another_default_stays_what_it_is() {
        for default in [
            "nextval('other')",
            "nextval('Order_userId_seq')",
            r#"nextval('other."Order_userId_seq"')"#,
            r#"nextval('"Order_userId_seq"') + 1"#,
            r#"currval('"Order_userId_seq"')"#,
            r#"nextval('"Order_userId_seq')"#,
            "nextval",
            "é",
            "",
        ] {
            assert_eq!(read("public", "bigint", default), ("bigint".to_owned(), true), "{default}");
        }
        let own = r#"nextval('"Order_userId_seq"')"#;
        assert_eq!(read("public", "text", own), ("text".to_owned(), true));
        // In another schema, the name alone does not tell which sequence it is.
        assert_eq!(read("app", "bigint", own), ("bigint".to_owned(), true));
    }

    #[test]
    fn a_sequence_that_is_declared_is_not_the_columns() {
        let column =
            Column { default: Some("nextval('t_id_seq')".into()), ..Column::new("id", "bigint") };
        let table = Table { columns: vec![column].into(), ..Table::new("public", "t") };
        let schema = Schema::declared([table]).expect("a schema");
        let schema = schema.with_objects([Sequence::new("public", "t_id_seq").into()]);
        let schema = with_serials(schema.expect("a schema"));
        assert_eq!(schema.tables[0].columns[0].data_type, "bigint");
    }
}
