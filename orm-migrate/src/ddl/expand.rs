//! A column of another type beside the old one, kept in step with it until it takes its place.

use super::{alter, column, serial};
use crate::change::ObjectName;
use orm_core::schema::Column;
use orm_core::sql::ident::{Ident, Literal, Qualified};

/// The function that gives each row that is written the value of the new column, and the trigger that calls it.
///
/// `value` is SQL in which `NEW` is the row.
pub fn keep_in_step(
    table: &ObjectName,
    function: &str,
    trigger: &str,
    new: &str,
    value: &str,
) -> [String; 2] {
    let function = Qualified(&table.schema, function);
    let body = format!("BEGIN NEW.{} := {value}; RETURN NEW; END", Ident(new));
    [
        format!(
            "CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS {}",
            Literal(&body)
        ),
        format!(
            "CREATE TRIGGER {} BEFORE INSERT OR UPDATE ON {} FOR EACH ROW EXECUTE FUNCTION {function}()",
            Ident(trigger),
            table.qualified()
        ),
    ]
}

/// Takes both away.
pub fn no_longer_in_step(table: &ObjectName, function: &str, trigger: &str) -> [String; 2] {
    [
        format!("DROP TRIGGER {} ON {}", Ident(trigger), table.qualified()),
        format!("DROP FUNCTION {}()", Qualified(&table.schema, function)),
    ]
}

/// The sequence of a serial column becomes that of the new one, and its default.
pub fn take_over_serial(table: &ObjectName, old: &str, new: &str, stored: &str) -> String {
    let (place, new) = (table.qualified(), Ident(new));
    let body = format!(
        "DECLARE own text := {};
BEGIN
    EXECUTE 'ALTER SEQUENCE ' || own || {};
    EXECUTE format({}, own);
END",
        sequence_of(table, old),
        Literal(&format!(" AS {stored} OWNED BY {place}.{new}")),
        Literal(&format!(
            "ALTER TABLE {} ALTER COLUMN {} SET DEFAULT nextval(%L)",
            place.to_string().replace('%', "%%"),
            new.to_string().replace('%', "%%")
        )),
    );
    format!("DO {}", Literal(&body))
}

/// The new column becomes an identity that goes on where the old one stands; its sequence gets the old one's name when
/// that is gone, by the last statement.
pub fn take_over_identity(table: &ObjectName, old: &Column, new: &Column) -> [String; 2] {
    let generated = |identity| column::generated_as(identity, None);
    let identity = new.identity.map(generated).unwrap_or_default();
    let add = format!("ALTER COLUMN {} ADD {identity}", Ident(&new.name));
    [
        alter::table(table, &[add]),
        serial::carry(
            &sequence_of(table, &new.name),
            &sequence_of(table, &old.name),
            &serial::position(old, new),
        ),
    ]
}

/// The sequence of a column gets another name.
pub fn rename_sequence(table: &ObjectName, of: &str, name: &str) -> String {
    let body = format!(
        "BEGIN EXECUTE 'ALTER SEQUENCE ' || {} || {}; END",
        sequence_of(table, of),
        Literal(&format!(" RENAME TO {}", Ident(name)))
    );
    format!("DO {}", Literal(&body))
}

/// The name of a column's sequence, asked of the server (manual, section 9.26.7).
fn sequence_of(table: &ObjectName, column: &str) -> String {
    let place = Literal(&table.qualified().to_string()).to_string();
    format!("pg_get_serial_sequence({place}, {})", Literal(column))
}

/// `ANALYZE`: a new column has no statistics.
pub fn analyze(table: &ObjectName, column: &str) -> String {
    format!("ANALYZE {} ({})", table.qualified(), Ident(column))
}
