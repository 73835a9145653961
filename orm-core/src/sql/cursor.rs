//! Cursors: manual, DECLARE, FETCH, MOVE and CLOSE.

use super::ident::Ident;
use super::{Rendered, render};
use crate::error::Result;
use crate::query::node::Statement;

/// `DECLARE .. CURSOR FOR ..`, with the parameters of the select.
///
/// # Errors
/// As [`render`].
pub fn declare<'a>(name: &str, statement: &'a Statement) -> Result<Rendered<'a>> {
    let mut rendered = render(statement)?;
    rendered.text.insert_str(0, &format!("DECLARE {} NO SCROLL CURSOR FOR ", Ident(name)));
    Ok(rendered)
}

/// `FETCH FORWARD ..`: the next rows.
pub fn fetch(name: &str, rows: u32) -> String {
    format!("FETCH FORWARD {rows} FROM {}", Ident(name))
}

/// `MOVE FORWARD ..`: passes over the next rows.
pub fn skip(name: &str, rows: u32) -> String {
    format!("MOVE FORWARD {rows} FROM {}", Ident(name))
}

/// `CLOSE ..`.
pub fn close(name: &str) -> String {
    format!("CLOSE {}", Ident(name))
}
