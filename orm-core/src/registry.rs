//! Every table and object of a program, found without a hand-kept list: derives and `declare!` submit each to
//! [`inventory`].

use crate::schema::{Object, Rename, Schema, Table, names::NameConflict};

/// One derived table.
pub struct Registered(pub &'static Table);

inventory::collect!(Registered);

/// One declared object that is no table, as it is made: not every way to say one is const.
pub struct RegisteredObject(pub fn() -> Object);

inventory::collect!(RegisteredObject);

/// What one table or type, or what is in it, was called before.
pub struct RegisteredRenames(pub &'static [Rename]);

inventory::collect!(RegisteredRenames);

/// The schema that all tables and objects of this program declare.
///
/// # Errors
/// Two tables, objects, constraints or indexes of one name.
pub fn declared() -> Result<Schema, NameConflict> {
    let renames = inventory::iter::<RegisteredRenames>().flat_map(|registered| registered.0);
    Schema::declared(inventory::iter::<Registered>().map(|registered| registered.0.clone()))?
        .with_objects(inventory::iter::<RegisteredObject>().map(|registered| (registered.0)()))
        .map(|schema| crate::schema::with_serials(schema.with_renames(renames.cloned())))
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
