//! Functions of the extension hstore: manual, appendix F, `hstore`. The schema that it is installed in must be in `search_path`.

use super::conditional::call;
use super::macros::functions;
use crate::query::expr::Expr;
use crate::query::operand::{Operand, OrNull};
use crate::types::{Array, Hstore, Text, Value};

functions! {
    /// `akeys(hstore)`: the keys.
    ///
    /// ```
    /// use orm::func::hstore;
    /// use orm::prelude::*;
    /// use orm::types::Hstore;
    /// #[derive(Table, Debug)]
    /// struct Product {
    ///     #[column(primary_key)]
    ///     id: i64,
    ///     attributes: Hstore,
    /// }
    /// let query = Product::query().select(hstore::akeys(Product::attributes));
    /// assert_eq!(query.to_sql(), r#"SELECT akeys("product"."attributes") FROM "product""#);
    /// ```
    akeys(A pairs: Hstore) -> Vec<String>;
    /// `avals(hstore)`: the values.
    avals(A pairs: Hstore) -> Vec<Option<String>>;
    /// `defined(hstore, key)`: it has a value that is not NULL for the key.
    defined(A pairs: Hstore, B key: Text) -> bool;
    /// `delete(hstore, key)`: without a key.
    delete(A pairs: Hstore, B key: Text) -> Hstore;
    /// `delete(hstore, keys)`: without these keys.
    delete_keys(A pairs: Hstore, B keys: Array<Text>) as "delete" -> Hstore;
    /// `delete(hstore, pairs)`: without the pairs that the other has as well.
    delete_pairs(A pairs: Hstore, B others: Hstore) as "delete" -> Hstore;
    /// `exist(hstore, key)`: it has the key.
    exist(A pairs: Hstore, B key: Text) -> bool;
    /// `hstore_to_array(hstore)`: keys and values by turns.
    hstore_to_array(A pairs: Hstore) -> Vec<Option<String>>;
    /// `slice(hstore, keys)`: with no other than these keys.
    slice(A pairs: Hstore, B keys: Array<Text>) -> Hstore;
}

/// `hstore(key, value)`: one pair, whose value may be NULL.
pub fn hstore<K: Operand<Text>, V: Operand<Text, OrNull>>(
    key: K,
    value: V,
) -> Expr<<K::Value as Value>::Propagate<Hstore>, (K::Reads, V::Reads)> {
    call("hstore", vec![key.into_operand(), value.into_operand()])
}

/// `hstore(keys, values)`: pairs of an array of keys and one of values, which may be NULL.
pub fn hstore_of<K: Operand<Array<Text>>, V: Operand<Array<Text>>>(
    keys: K,
    values: V,
) -> Expr<
    <K::Value as Value>::Propagate<<V::Value as Value>::Propagate<Hstore>>,
    (K::Reads, V::Reads),
> {
    call("hstore", vec![keys.into_operand(), values.into_operand()])
}
