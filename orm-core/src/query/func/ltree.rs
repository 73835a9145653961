//! Functions of the extension ltree: manual, appendix F, `ltree`. The schema that it is installed in must be in `search_path`.

use super::macros::functions;
use crate::types::{Array, Int4, Ltree, Text};

functions! {
    /// `index(path, part)`: where a path begins within another, from 0; -1 where it is no part of it.
    index(A path: Ltree, B part: Ltree) -> i32;
    /// `index(path, part, offset)`: the same from a label on; of a negative offset, counted from the end.
    index_from(A path: Ltree, B part: Ltree, C offset: Int4) as "index" -> i32;
    /// `lca(path, path)`: the nearest node above both; NULL where there is none.
    lca(A one: Ltree, B other: Ltree) -> Option<Ltree>;
    /// `lca(paths)`: the nearest node above all; NULL where there is none.
    lca_of(A paths: Array<Ltree>) as "lca" -> Option<Ltree>;
    /// `ltree2text(path)`: as text.
    ltree2text(A path: Ltree) -> String;
    /// `nlevel(path)`: how many labels.
    ///
    /// ```
    /// use orm::func::ltree;
    /// use orm::prelude::*;
    /// use orm::types::Ltree;
    /// #[derive(Table, Debug)]
    /// struct Category {
    ///     #[column(primary_key)]
    ///     id: i64,
    ///     path: Ltree,
    /// }
    /// let query = Category::query().select(ltree::subpath(Category::path, 0, ltree::nlevel(Category::path) - 1));
    /// assert_eq!(
    ///     query.to_sql(),
    ///     r#"SELECT subpath("category"."path", $1, nlevel("category"."path") - $2) FROM "category""#
    /// );
    /// ```
    nlevel(A path: Ltree) -> i32;
    /// `subltree(path, start, end)`: the labels from one position to before another, from 0.
    subltree(A path: Ltree, B start: Int4, C end: Int4) -> Ltree;
    /// `subpath(path, offset, length)`: so many labels from a position on, from 0; of a negative offset, counted from the end; of a
    /// negative length, without so many at the end.
    subpath(A path: Ltree, B offset: Int4, C length: Int4) -> Ltree;
    /// `subpath(path, offset)`: all labels from a position on.
    subpath_from(A path: Ltree, B offset: Int4) as "subpath" -> Ltree;
    /// `text2ltree(text)`: a path of a text; an error of the server where it is none.
    text2ltree(A text: Text) -> Ltree;
}
