//! Rows that an exclusion constraint does not let stand beside each other.

use super::RowCheck;
use super::check::CheckedColumn;
use orm_core::schema::{Exclusion, IndexKey};
use orm_core::sql::ident::Ident;

/// How many pairs a query that shows them asks for.
const SHOWN: usize = 20;

/// The question whether there are such rows, if all that it names is there already.
pub(super) fn check(table: &CheckedColumn<'_>, it: &Exclusion) -> Option<RowCheck> {
    let keys: Vec<String> = (it.elements.iter())
        .map(|element| match &element.part.key {
            IndexKey::Column(name) => Ident(name).to_string(),
            IndexKey::Expression(text) => format!("({text})"),
        })
        .collect();
    let predicate = it.predicate.as_deref();
    let mut texts = keys.iter().map(String::as_str).chain(predicate);
    if texts.any(|text| table.mentions_what_changes(text)) {
        return None;
    }
    let named = keys.iter().enumerate().map(|(number, key)| format!("{key} AS key_{number}"));
    let rows = format!(
        "SELECT tableoid AS part, ctid AS place, {} FROM {}{}",
        named.collect::<Vec<_>>().join(", "),
        table.name.qualified(),
        predicate.map_or_else(String::new, |it| format!(" WHERE {it}")),
    );
    let both = it
        .elements
        .iter()
        .enumerate()
        .map(|(number, element)| format!("a.key_{number} {} b.key_{number}", element.operator));
    let pairs = format!(
        "FROM ({rows}) AS a JOIN ({rows}) AS b ON (a.part, a.place) < (b.part, b.place) AND {}",
        both.collect::<Vec<_>>().join(" AND ")
    );
    let name = Ident(it.name.as_deref().unwrap_or_default());
    let mut check = table.check(
        "",
        "",
        format!("SELECT count(*) {pairs}"),
        format!("SELECT a.*, b.* {pairs} LIMIT {SHOWN}"),
    );
    check.one = format!("pair of rows of table {} excludes each other by {name}", table.name);
    check.many = format!("pairs of rows of table {} exclude each other by {name}", table.name);
    Some(check)
}
