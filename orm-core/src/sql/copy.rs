//! `COPY`: manual, COPY.

use super::{render, writer::Writer};
use crate::error::{Error, ErrorKind, Result};
use crate::query::node::Statement;
use crate::schema::Table;

/// `COPY .. FROM STDIN`, of the columns at these positions of a table.
pub fn copy_in(table: &'static Table, columns: &[usize]) -> String {
    let mut writer = Writer::new();
    writer.push("COPY ");
    writer.table(table);
    writer.push(" (");
    let columns = columns.iter().filter_map(|position| table.columns.get(*position));
    writer.separated(", ", columns, |writer, column| writer.ident(&column.name));
    writer.push(") FROM STDIN (FORMAT binary)");
    writer.finish().text
}

/// The name of a table, as statements write it.
pub fn table_name(table: &'static Table) -> String {
    let mut writer = Writer::new();
    writer.table(table);
    writer.finish().text
}

/// The text of a select, and that of `COPY (SELECT ..) TO STDOUT`.
///
/// # Errors
/// The select has values: `COPY` takes no parameters.
pub fn copy_out(statement: &Statement) -> Result<(String, String)> {
    let rendered = render(statement)?;
    let count = rendered.params.len();
    let select = rendered.text;
    if count > 0 {
        let values = if count == 1 { "a value" } else { "values" };
        let message =
            format!("the query has {values} (`$1`), and COPY takes a query without parameters");
        return Err(Error::new(ErrorKind::Query, message)
            .with_hint("run it with `.stream(..)`, or copy from a view or a temporary table")
            .with_sql(&select));
    }
    let copy = format!("COPY ({select}) TO STDOUT (FORMAT binary)");
    Ok((select, copy))
}
