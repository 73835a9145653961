//! Values that cannot become another type: tried one by one, without keeping any.

use super::RowCheck;
use crate::change::ObjectName;
use crate::ddl::alter::{always_fits, converted};
use crate::ddl::serial::stored_type;
use orm_core::schema::Column;
use orm_core::sql::ident::{Ident, Literal};

/// How many values are shown.
const SHOWN: usize = 5;

/// The question whether each value of a column can become another type, if there is one.
pub(super) fn check(table: &ObjectName, from: &Column, to: &Column) -> Option<RowCheck> {
    let (old, new) = (stored_type(&from.data_type), stored_type(&to.data_type));
    let is_safe = crate::plan::is_widened(old, new) || always_fits(old, new);
    if old == new || from.generated.is_some() || is_safe {
        return None;
    }
    let name = Ident(&from.name);
    // As the migration does it: with a cast that is written, or with an assignment, which refuses to cut a text.
    let value = converted("was", old, new).unwrap_or_else(|| "was".to_owned());
    // A block with a handler is a transaction within the transaction: one that fails leaves nothing behind.
    let body = format!(
        "DECLARE was {old}; becomes {new}; failing bigint := 0; shown text := '';
BEGIN
    FOR was IN SELECT {name} FROM {table} WHERE {name} IS NOT NULL LOOP
        BEGIN
            becomes := {value};
        EXCEPTION WHEN OTHERS THEN
            IF SQLSTATE = '57014' THEN RAISE; END IF;
            failing := failing + 1;
            IF failing <= {SHOWN} THEN shown := concat_ws(', ', nullif(shown, ''), quote_literal(was)); END IF;
        END;
    END LOOP;
    PERFORM set_config('orm.failing', failing::text, true), set_config('orm.shown', shown, true);
END",
        table = table.qualified(),
    );
    let said = format!("in column {name} that cannot become {new}");
    Some(RowCheck {
        table: table.clone(),
        one: format!("row of table {table} has a value {said}"),
        many: format!("rows of table {table} have values {said}"),
        before: Some(format!("DO {}", Literal(&body))),
        count: "SELECT current_setting('orm.failing')::bigint".to_owned(),
        show: format!("SELECT * FROM {} WHERE {name}::text IN ({{values}})", table.qualified()),
        values: Some("SELECT current_setting('orm.shown')".to_owned()),
    })
}
