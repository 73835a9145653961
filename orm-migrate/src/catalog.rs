//! What a live database holds, in the words of the schema model. Start at [`Canonical`].

use orm_core::schema::Schema;

/// A schema as the server describes it: every expression and type in the server's own words.
///
/// Only a reader of the catalog makes one, so that comparing an author's `now()` with the server's text does not
/// compile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Canonical(Schema);

impl Canonical {
    /// What the catalog said.
    pub(crate) fn of_catalog(schema: Schema) -> Self {
        Self(schema)
    }

    /// The tables.
    pub fn schema(&self) -> &Schema {
        &self.0
    }
}
