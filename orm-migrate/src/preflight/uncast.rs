//! Changes of type for which the server has no cast: asked of the server, which knows those of extensions, too.

use crate::change::{Change, ObjectName, What};
use crate::ddl::cast::{Domains, converted, has_no_cast};
use crate::ddl::serial::stored_type;
use crate::plan::{Hazard, HazardKind};
use orm_core::exec::Connection;
use orm_core::schema::Schema;
use orm_core::sql::ident::Ident;

/// The SQLSTATE of a cast that does not exist.
const NO_CAST: &str = "42846";

/// The changes that cannot be made, each with its place in the list. `from` is the schema before them.
///
/// # Errors
/// The connection fails.
pub async fn uncast(
    connection: &Connection,
    changes: &[Change],
    from: &Schema,
) -> orm_core::Result<Vec<(usize, Hazard)>> {
    let domains = Domains::of(from);
    let mut found = Vec::new();
    for (place, change) in changes.iter().enumerate() {
        let What::AlterColumn { from, to } = &change.what else { continue };
        let (old, new) = (stored_type(&from.data_type), stored_type(&to.data_type));
        // What has no cast whatever the server is, is said without it.
        if old == new || from.generated.is_some() || to.generated.is_some() || has_no_cast(old, new)
        {
            continue;
        }
        // As the migration writes it; what PostgreSQL assigns by itself needs no cast.
        let Some(value) = converted(&format!("NULL::{old}"), old, new, &domains) else { continue };
        match connection.batch_execute(&format!("SELECT {value}")).await {
            Err(error) if error.sqlstate() == Some(NO_CAST) => {
                found.push((place, refused(&change.name, change, &to.name, old, new)));
            }
            // A type that the same migration creates is not there yet, and the value may not suit a domain.
            Err(error) if error.sqlstate().is_none() => return Err(error),
            _ => {}
        }
    }
    Ok(found)
}

fn refused(table: &ObjectName, change: &Change, column: &str, old: &str, new: &str) -> Hazard {
    let (table, column) = (table.qualified(), Ident(column));
    Hazard {
        kind: HazardKind::Refused,
        sentence: format!(
            "PostgreSQL refuses to {change}: it has no cast from {old} to {new}; write a migration of your own \
             (`orm-migrate new NAME`) with ALTER TABLE {table} ALTER COLUMN {column} TYPE {new} USING .. and an expression \
             that gives the new value, or add a column of another name, fill it, and drop this one"
        ),
    }
}
