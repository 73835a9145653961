//! Every table of a program, found without a hand-kept list: the derive submits each to [`inventory`].

use crate::schema::{Schema, Table, names::NameConflict};

/// One derived table.
pub struct Registered(pub &'static Table);

inventory::collect!(Registered);

/// The schema that all tables of this program declare.
///
/// # Errors
/// Two tables, constraints or indexes of one name.
pub fn declared() -> Result<Schema, NameConflict> {
    Schema::declared(inventory::iter::<Registered>().map(|registered| registered.0.clone()))
}

/// [`declared`] as JSON: what `orm-migrate` asks a program for.
///
/// # Errors
/// As [`declared`], as text.
#[cfg(feature = "schema-json")]
pub fn declared_schema_json() -> Result<String, String> {
    let schema = declared().map_err(|conflict| conflict.to_string())?;
    serde_json::to_string(&schema).map_err(|error| error.to_string())
}
