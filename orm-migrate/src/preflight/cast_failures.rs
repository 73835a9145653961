//! Values that cannot become another type: tried one by one, without keeping any.

use super::RowCheck;
use super::type_violations::with_value;
use crate::change::{Change, ObjectName, What};
use crate::ddl::cast::{Domains, always_fits, converted, is_spelled};
use crate::ddl::serial::stored_type;
use orm_core::schema::{Column, Object};
use orm_core::sql::ident::{Ident, Literal};

/// How many values are shown.
const SHOWN: usize = 5;

/// The question whether each value of a column can become another type, if there is one.
pub(super) fn check(
    table: &ObjectName,
    from: &Column,
    to: &Column,
    changes: &[Change],
    domains: &Domains,
) -> Option<RowCheck> {
    let (old, new) = (stored_type(&from.data_type), stored_type(&to.data_type));
    let is_safe = crate::plan::is_widened(old, new) || always_fits(old, new);
    if old == new || from.generated.is_some() || is_safe {
        return None;
    }
    let name = Ident(&from.name);
    // As the migration does it: with a cast that is written, or with an assignment, which refuses to cut a text.
    let value = converted("was", old, new, domains).unwrap_or_else(|| "was".to_owned());
    let CastTarget { data_type, value, condition } = target(new, value, changes, domains);
    let refused = condition.map_or_else(String::new, |condition| {
        format!("\n            IF NOT ({condition}) THEN RAISE check_violation; END IF;")
    });
    // A block with a handler is a transaction within the transaction: one that fails leaves nothing behind.
    let body = format!(
        "DECLARE was {old}; becomes {data_type}; failing bigint := 0; shown text := '';
BEGIN
    FOR was IN SELECT {name} FROM {table} WHERE {name} IS NOT NULL LOOP
        BEGIN
            becomes := {value};{refused}
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

/// What stands for a type that is not there yet.
struct CastTarget {
    data_type: String,
    value: String,
    /// What its values must satisfy beside that, with `becomes` as the value.
    condition: Option<String>,
}

fn target(new: &str, value: String, changes: &[Change], domains: &Domains) -> CastTarget {
    let element = new.trim_end_matches("[]");
    let made = changes.iter().find_map(|change| match &change.what {
        What::AddObject(it) | What::AlterObject { to: it, .. }
            if is_spelled(&change.name, element) =>
        {
            Some(&**it)
        }
        _ => None,
    });
    let cast = format!("::{new}");
    let uncast = value.strip_suffix(&cast).unwrap_or(&value).to_owned();
    match made {
        Some(Object::Domain(it)) => {
            let checks = it.checks.iter().filter(|check| !check.not_valid && element == new);
            let conditions: Vec<String> = checks
                .map(|check| format!("({})", with_value(&check.expression, "becomes")))
                .collect();
            let data_type = domains.base(new);
            let value = if uncast == value { value } else { format!("{uncast}::{data_type}") };
            let condition = (!conditions.is_empty()).then(|| conditions.join(" AND "));
            CastTarget { data_type, value, condition }
        }
        Some(Object::Enum(it)) if element == new => {
            let values: Vec<String> = it.values.iter().map(|it| Literal(it).to_string()).collect();
            let condition = Some(format!("becomes IN ({})", values.join(", ")));
            CastTarget { data_type: "text".to_owned(), value: format!("{uncast}::text"), condition }
        }
        _ => CastTarget { data_type: new.to_owned(), value, condition: None },
    }
}
