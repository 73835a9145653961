//! Partitions: what is done to a table is done to all below it.

use crate::change::ObjectName;
use orm_core::schema::Schema;

/// Whether `table` is a partition of `above`, or of a partition of it.
pub(crate) fn is_above(above: &ObjectName, table: &ObjectName, schema: &Schema) -> bool {
    let mut name = table.clone();
    // As many steps up as there are tables: a circle is no way up.
    for _ in 0..schema.tables.len() {
        let Some(of) =
            schema.table(&name.schema, &name.name).and_then(|it| it.partition_of.as_ref())
        else {
            return false;
        };
        name = ObjectName::parent(of);
        if name == *above {
            return true;
        }
    }
    false
}
