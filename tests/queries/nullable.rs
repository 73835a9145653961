//! Whether a column can be NULL depends on its type: at run time too, where a row is told from none.

use orm::prelude::*;
use orm_test_support::TestDatabase;

type Maybe<T> = Option<T>;

/// No key, and a first column that is NULL more often than not.
#[derive(Table, Debug, Clone, PartialEq)]
pub(crate) struct Note {
    text: Maybe<String>,
    author: i64,
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(has_many(books: Book))]
pub(crate) struct Author {
    #[column(primary_key)]
    id: i64,
    nick: Maybe<String>,
}

#[derive(Table, Debug, Clone, PartialEq)]
pub(crate) struct Book {
    #[column(primary_key)]
    id: i64,
    #[column(references = Author::id, on_delete = set_null)]
    author_id: Maybe<i64>,
}

async fn database() -> (TestDatabase, Db) {
    let database = orm_test_support::database().await;
    database.create(&[Note::TABLE, Author::TABLE, Book::TABLE]).await;
    let db = database.db();
    for id in [1, 2] {
        Author::insert().id(id).execute(&db).await.unwrap();
    }
    Book::insert().id(1).author_id(1).execute(&db).await.unwrap();
    Book::insert().id(2).execute(&db).await.unwrap();
    Note::insert().author(1).execute(&db).await.unwrap();
    (database, db)
}

#[tokio::test]
async fn a_left_join_finds_the_row_whose_first_column_is_null() {
    let (_database, db) = database().await;
    let rows: Vec<(Author, Option<Note>)> = Author::query()
        .left_join(Note, Note::author.eq(Author::id))
        .order_by(Author::id.asc())
        .all(&db)
        .await
        .unwrap();
    let notes: Vec<Option<Note>> = rows.into_iter().map(|(_, note)| note).collect();
    assert_eq!(notes, [Some(Note { text: None, author: 1 }), None]);
}

#[tokio::test]
async fn a_relation_over_an_alias_of_an_option_may_be_missing() {
    let (_database, db) = database().await;
    let books: Vec<BookWithAuthor> =
        Book::query().with(Book::author).order_by(Book::id.asc()).all(&db).await.unwrap();
    let authors: Vec<Option<i64>> =
        books.iter().map(|book| book.author.as_ref().map(|author| author.id)).collect();
    assert_eq!(authors, [Some(1), None]);
    // `set_null` is what the server does.
    assert_eq!(Author::delete().filter(Author::id.eq(1)).execute(&db).await.unwrap(), 1);
    assert_eq!(Book::query().filter(Book::author_id.is_null()).count(&db).await.unwrap(), 2);
}

#[tokio::test]
async fn an_update_sets_an_alias_of_an_option_to_null() {
    let (_database, db) = database().await;
    let set = |nick: Option<&'static str>| Author::update().set(Author::nick.set(nick)).all_rows();
    assert_eq!(set(Some("x")).execute(&db).await.unwrap(), 2);
    assert_eq!(set(None).execute(&db).await.unwrap(), 2);
    assert_eq!(Author::query().filter(Author::nick.is_null()).count(&db).await.unwrap(), 2);
}
