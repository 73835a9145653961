//! Every table and object of a program, found without a hand-kept list: derives and `declare!` submit each to
//! [`inventory`].

use crate::schema::{Object, Rename, Schema, Table, names::NameConflict};
use std::collections::BTreeMap;

/// One derived table.
pub struct Registered(pub &'static Table);

inventory::collect!(Registered);

/// One table of a struct with parameters. Several may be one table: then they declare the same.
pub struct RegisteredInstance {
    /// The table.
    pub table: &'static Table,
    /// The type: `Event<Login>`.
    pub of: &'static str,
}

inventory::collect!(RegisteredInstance);

/// One declared object that is no table, as it is made: not every way to say one is const.
pub struct RegisteredObject(pub fn() -> Object);

inventory::collect!(RegisteredObject);

/// What one table or type, or what is in it, was called before.
pub struct RegisteredRenames(pub &'static [Rename]);

inventory::collect!(RegisteredRenames);

/// The schema that all tables and objects of this program declare.
///
/// # Errors
/// Two tables, objects, constraints or indexes of one name; two types of a struct with parameters that are one table, and do
/// not declare the same.
pub fn declared() -> Result<Schema, NameConflict> {
    let renames = inventory::iter::<RegisteredRenames>().flat_map(|registered| registered.0);
    let tables = inventory::iter::<Registered>().map(|registered| registered.0);
    let instances = of_instances(inventory::iter::<RegisteredInstance>().collect())?;
    Schema::declared(tables.chain(instances).cloned())?
        .with_objects(inventory::iter::<RegisteredObject>().map(|registered| (registered.0)()))
        .map(|schema| crate::schema::with_serials(schema.with_renames(renames.cloned())))
}

/// The tables of structs with parameters, each once.
fn of_instances(
    mut instances: Vec<&'static RegisteredInstance>,
) -> Result<Vec<&'static Table>, NameConflict> {
    // The linker orders them.
    instances.sort_by_key(|instance| instance.of);
    let mut tables: BTreeMap<(&str, &str), &'static RegisteredInstance> = BTreeMap::new();
    for instance in instances {
        let name = (&*instance.table.schema, &*instance.table.name);
        let first = tables.entry(name).or_insert(instance);
        if first.table != instance.table {
            return Err(NameConflict::of_instances(
                [first.of, instance.of],
                [first.table, instance.table],
            ));
        }
    }
    Ok(tables.into_values().map(|instance| instance.table).collect())
}

/// Declares what is no table of a struct: an extension, a sequence, a function, a view, or any other
/// [`Object`](crate::schema::Object). The types of [`schema`](crate::schema) are in reach.
///
/// ```standalone_crate
/// orm::declare!(Extension::new("citext"));
/// orm::declare!(Function::new("public", "one", "", "RETURNS integer LANGUAGE sql AS 'SELECT 1'"));
/// orm::declare! {
///     Sequence {
///         options: SequenceOptions { start: Some(1000), ..SequenceOptions::DEFAULT },
///         ..Sequence::new("public", "invoice_number")
///     };
///     View::new("public", "busy", "SELECT 1 AS id");
/// }
/// let declared = orm::registry::declared().unwrap();
/// assert_eq!(declared.object("public", "busy").unwrap().kind(), "view");
/// ```
#[macro_export]
macro_rules! declare {
    ($($object:expr);+ $(;)?) => {$(
        $crate::__private::inventory::submit! {
            $crate::__private::RegisteredObject(|| {
                #[allow(unused_imports, clippy::allow_attributes)]
                use $crate::schema::*;
                <$crate::schema::Object as ::core::convert::From<_>>::from($object)
            })
        }
    )+};
}

/// Says what something was called before that is not declared by a derive, such as a sequence of [`declare!`]: see
/// [`Rename`]. A derive says it by `renamed_from`.
///
/// ```standalone_crate
/// orm::declare!(Sequence::new("public", "invoice_number"));
/// orm::renamed!(Rename::object(["public", "invoice_number"], "invoice_seq"));
/// assert_eq!(orm::registry::declared().unwrap().renames.len(), 1);
/// ```
#[macro_export]
macro_rules! renamed {
    ($($rename:expr);+ $(;)?) => {
        $crate::__private::inventory::submit! {
            $crate::__private::RegisteredRenames({
                #[allow(unused_imports, clippy::allow_attributes)]
                use $crate::schema::*;
                const RENAMES: &[$crate::schema::Rename] = &[$($rename),+];
                RENAMES
            })
        }
    };
}

/// [`declared`] as JSON: what `orm-migrate` asks a program for.
///
/// # Errors
/// As [`declared`], as text.
pub fn declared_schema_json() -> Result<String, String> {
    declared().map(|schema| schema.to_json()).map_err(|conflict| conflict.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Column;

    fn registered(
        of: &'static str,
        columns: &[(&'static str, &'static str)],
    ) -> &'static RegisteredInstance {
        let mut table = Table::new("public", "event");
        let columns = columns.iter().map(|(name, data_type)| Column::new(name, data_type));
        table.columns = columns.collect::<Vec<_>>().into();
        Box::leak(Box::new(RegisteredInstance { table: Box::leak(Box::new(table)), of }))
    }

    #[test]
    fn equal_tables_of_one_struct_are_one() {
        let columns = [("id", "bigint"), ("payload", "jsonb")];
        let both = vec![registered("Event<A>", &columns), registered("Event<B>", &columns)];
        assert_eq!(of_instances(both).unwrap().len(), 1);
    }

    #[test]
    fn tables_of_one_name_that_differ_are_both_named() {
        let message = |columns: &[(&'static str, &'static str)]| {
            let other = registered("Event<A>", &[("id", "bigint"), ("payload", "jsonb")]);
            of_instances(vec![registered("Event<B>", columns), other]).unwrap_err().to_string()
        };
        assert_eq!(
            message(&[("id", "bigint"), ("payload", "text")]),
            "`Event<A>` and `Event<B>` are both table \"public\".\"event\", and differ in column \"payload\": give one a name of its own, `= Event<B> as \"name\"`"
        );
        assert!(message(&[("id", "bigint")]).contains("in column \"payload\""));
        let more = message(&[("id", "bigint"), ("payload", "jsonb"), ("more", "text")]);
        assert!(more.contains("in column \"more\""), "{more}");
    }
}
