//! A check on a column that is new: every row has the same value in it, which may be none that it lets in.

use super::RowCheck;
use crate::change::{Change, Part, What};
use crate::ddl::serial::is_serial;
use crate::diff::mentions;
use orm_core::schema::{Check, Column, Schema};
use orm_core::sql::ident::Ident;

/// How many rows a query that shows them asks for.
const SHOWN: usize = 20;

/// The questions about checks of new columns.
pub(super) fn checks(changes: &[Change], from: &Schema) -> Vec<RowCheck> {
    let new = changes.iter().filter_map(|change| match &change.what {
        What::Add(Part::Check(check)) if !check.not_valid => check_of(change, check, changes, from),
        _ => None,
    });
    new.collect()
}

fn check_of(change: &Change, check: &Check, changes: &[Change], from: &Schema) -> Option<RowCheck> {
    let table = &change.name;
    from.table(&table.schema, &table.name)?;
    let here = || changes.iter().filter(|it| it.name == *table);
    let is_another = |it: &Change| {
        matches!(&it.what, What::AlterColumn { from, to }
            if from.data_type != to.data_type && mentions(&check.expression, &to.name))
    };
    let added: Vec<&Column> = here()
        .filter_map(|it| match &it.what {
            What::AddColumn(column) if mentions(&check.expression, &column.name) => Some(column),
            _ => None,
        })
        .collect();
    if added.is_empty() || here().any(is_another) {
        return None;
    }
    let values: Vec<String> = added.iter().map(|it| value(it)).collect::<Option<_>>()?;
    let (name, expression) = (table.qualified(), &check.expression);
    let rows = format!(
        "FROM (SELECT old.*, {} FROM {name} AS old) AS {} WHERE NOT ({expression})",
        values.join(", "),
        Ident(&table.name)
    );
    let said = match check.name.as_deref() {
        Some(name) => format!("check {}", Ident(name)),
        None => "the check".to_owned(),
    };
    Some(RowCheck {
        table: table.clone(),
        one: format!("row of table {table} does not satisfy {said}: {expression}"),
        many: format!("rows of table {table} do not satisfy {said}: {expression}"),
        before: None,
        count: format!("SELECT count(*) {rows}"),
        show: format!("SELECT * {rows} LIMIT {SHOWN}"),
        values: None,
    })
}

/// What every row gets, if it can be asked for: no type or function that the migration may only make.
fn value(column: &Column) -> Option<String> {
    let default = column.default.as_deref().unwrap_or("NULL");
    let is_known = !column.data_type.contains('.') && !default.contains('.');
    let is_made = column.generated.is_some() || column.identity.is_some() || is_serial(column);
    let is_constant = !is_made && !default.contains('(');
    (is_known && is_constant)
        .then(|| format!("({default})::{} AS {}", column.data_type, Ident(&column.name)))
}
