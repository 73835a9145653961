//! ltree: operators and functions.

use crate::support::with_extension;
use orm::func::ltree;
use orm::prelude::*;
use orm::types::{Lquery, Ltree, Ltxtquery};
use orm_test_support::TestDatabase;

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "category", index(path, method = gist))]
struct Category {
    #[column(primary_key)]
    id: i64,
    path: Ltree,
    parent: Option<Ltree>,
    #[column(data_type = "ltree")]
    plain: String,
    pattern: Lquery,
}

fn path(text: &str) -> Ltree {
    text.parse().unwrap()
}

fn pattern(text: &str) -> Lquery {
    text.parse().unwrap()
}

async fn categories() -> Option<(TestDatabase, Db)> {
    let (database, db) = with_extension("ltree").await?;
    database.create(&[Category::TABLE]).await;
    for (id, text) in
        [(1, "Top"), (2, "Top.Science"), (3, "Top.Science.Astronomy"), (4, "Top.Hobbies")]
    {
        let category = Category::insert()
            .id(id)
            .path(path(text))
            .parent(path(text).parent().filter(|parent| !parent.as_str().is_empty()))
            .plain(text)
            .pattern(pattern("*.Science.*"));
        category.execute(&db).await.unwrap();
    }
    Some((database, db))
}

/// Each line: a condition, and the categories that it is true of.
macro_rules! finds {
    ($db:expr; $($condition:expr => $expected:expr;)*) => {$(
        let query = Category::query().filter($condition).order_by(Category::path.asc());
        let found: Vec<i64> = query.select(Category::id).all($db).await.unwrap();
        assert_eq!(found, $expected, "{}", stringify!($condition));
    )*};
}

/// Each line: an expression, and the value that the server gives for the third category.
macro_rules! gives {
    ($db:expr; $($expression:expr => $expected:expr;)*) => {$(
        let query = Category::query().filter(Category::id.eq(3)).select($expression);
        assert_eq!(query.one($db).await.unwrap(), $expected, "{}", stringify!($expression));
    )*};
}

#[tokio::test]
async fn conditions_of_paths() {
    let Some((_database, db)) = categories().await else { return };
    let labels: Ltxtquery = "Astro* & !Hobbies".parse().unwrap();
    finds! { &db;
        Category::path.is_descendant_of(path("Top.Science")) => [2, 3];
        Category::path.is_ancestor_of(path("Top.Science")) => [1, 2];
        Category::path.is_ancestor_of(Category::parent) => [0_i64; 0];
        Category::parent.is_ancestor_of(Category::path) => [4, 2, 3];
        Category::path.matches_lquery(pattern("Top.*{1}")) => [4, 2];
        Category::path.matches_lquery(Category::pattern) => [2, 3];
        Category::path.matches_any_lquery([pattern("*.Hobbies"), pattern("Top")]) => [1, 4];
        Category::path.matches_ltxtquery(labels) => [3];
        Category::path.eq(path("Top")) => [1];
        Category::path.gt(path("Top.Hobbies")) => [2, 3];
        Category::path.is_in([path("Top"), path("x")]) => [1];
        Category::plain.eq("Top.Science") => [2];
        Category::parent.is_not_distinct_from(None::<Ltree>) => [1];
    }
}

#[tokio::test]
async fn what_operators_and_functions_give() {
    let Some((_database, db)) = categories().await else { return };
    gives! { &db;
        Category::path.concat(path("Stars")) => path("Top.Science.Astronomy.Stars");
        ltree::index(Category::path, path("Science")) => 1;
        ltree::index(Category::path, path("x")) => -1;
        ltree::index_from(Category::path, path("Top"), 1) => -1;
        ltree::lca(Category::path, path("Top.Science.x")) => Some(path("Top.Science"));
        ltree::lca_of(vec![path("a.b.c"), path("a.b.d.e"), path("a.x")]) => Some(path("a"));
        ltree::lca_of(Vec::<Ltree>::new()) => None;
        ltree::ltree2text(Category::path) => "Top.Science.Astronomy";
        ltree::nlevel(Category::path) => 3;
        ltree::nlevel(Category::parent) => Some(2);
        ltree::subltree(Category::path, 1, 2) => path("Science");
        ltree::subpath(Category::path, 0, -1) => path("Top.Science");
        ltree::subpath_from(Category::path, 1) => path("Science.Astronomy");
        ltree::text2ltree("a.b") => path("a.b");
    }
}

#[test]
fn every_function_of_ltree_is_called_here() {
    let here = include_str!("ltree.rs");
    crate::support::each_function(include_str!("../../orm-core/src/query/func/ltree.rs"), |name| {
        assert!(here.contains(&format!("ltree::{name}(")), "`ltree::{name}` is not tested here");
    });
}

#[tokio::test]
async fn a_path_that_the_server_refuses_is_an_error_that_says_so() {
    let Some((_database, db)) = categories().await else { return };
    // The label is a letter for the program, and in no locale for the server.
    let query = Category::query().filter(Category::path.eq(path("\u{1f600}"))).count(&db).await;
    let error = query.unwrap_err().to_string();
    assert!(error.contains("ltree syntax error"), "{error}");
}
