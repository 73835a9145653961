//! Rows that are inserted together with rows of their relations: one statement for each table, in one transaction.

use crate::fixture::tables;
use orm::prelude::*;
use orm::{ErrorKind, Insert, Isolation, TransactionOptions};
use orm_test_support::TestDatabase;

#[derive(Table, Debug, Clone, PartialEq)]
#[table(has_many(posts: Post::author_id, edited: Post::editor_id, notes: Note))]
pub(crate) struct Author {
    #[column(primary_key, identity)]
    id: i64,
    #[column(unique)]
    name: String,
    #[column(default = 7)]
    rank: i32,
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(has_many(comments: Comment))]
pub(crate) struct Post {
    #[column(primary_key, identity)]
    id: i64,
    title: String,
    #[column(references = Author::id)]
    author_id: i64,
    #[column(references = Author::id)]
    editor_id: Option<i64>,
    #[column(on_update = "changed".to_owned())]
    state: Option<String>,
}

fn made() -> String {
    static MADE: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
    format!("c{}", MADE.fetch_add(1, std::sync::atomic::Ordering::Relaxed))
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(has_many(replies: Comment::parent_id))]
pub(crate) struct Comment {
    #[column(primary_key, default_fn = made)]
    id: String,
    text: String,
    #[column(references = Post::id)]
    post_id: Option<i64>,
    #[column(references = Self::id)]
    parent_id: Option<String>,
}

/// A foreign key of two columns, one of them to a row that is not new.
#[derive(Table, Debug, Clone, PartialEq)]
#[table(primary_key(shelf, number), has_many(books: Book))]
pub(crate) struct Place {
    shelf: String,
    #[column(identity)]
    number: i32,
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(foreign_key(shelf, number => Place::shelf, Place::number, relation = place))]
pub(crate) struct Book {
    #[column(primary_key)]
    id: i32,
    shelf: String,
    number: i32,
}

#[derive(Table, Debug, Clone, PartialEq)]
pub(crate) struct Note {
    #[column(primary_key)]
    id: i32,
    #[column(references = Author::id)]
    author_id: Option<i64>,
}

/// The tables, and a count of the statements that insert into or update each.
async fn database() -> (TestDatabase, Db) {
    let all = [Author::TABLE, Post::TABLE, Comment::TABLE, Place::TABLE, Book::TABLE, Note::TABLE];
    let (database, db) = tables(&all).await;
    database
        .execute(
            "CREATE TABLE statements (id serial, what text);
             CREATE FUNCTION count_it() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN INSERT INTO statements (what) VALUES (TG_OP || ' ' || TG_TABLE_NAME); RETURN NULL; END $$;",
        )
        .await;
    for table in all {
        let name = &table.name;
        let trigger = format!(
            "CREATE TRIGGER count_it AFTER INSERT OR UPDATE OR DELETE ON \"{name}\" FOR EACH STATEMENT EXECUTE FUNCTION count_it()"
        );
        database.execute(&trigger).await;
    }
    (database, db)
}

async fn statements(db: &Db) -> Vec<String> {
    let all = db.query("SELECT what FROM statements ORDER BY id", &[]).await.unwrap();
    db.batch_execute("TRUNCATE statements").await.unwrap();
    all
}

fn titles(author: &AuthorWithPosts) -> Vec<&str> {
    author.posts.iter().map(|post| post.title.as_str()).collect()
}

#[tokio::test]
async fn a_parent_and_its_children_are_one_statement_each() {
    let (_database, db) = database().await;
    let insert = Author::insert()
        .name("Ada")
        .with(Author::posts.insert([Post::insert().title("One"), Post::insert().title("Two")]));
    let ada: AuthorWithPosts = insert.returning_all().one(&db).await.unwrap();
    assert_eq!((ada.name.as_str(), ada.rank), ("Ada", 7));
    assert_eq!(titles(&ada), ["One", "Two"]);
    assert!(ada.posts.iter().all(|post| post.author_id == ada.id));
    assert_eq!(statements(&db).await, ["INSERT author", "INSERT post"]);
    let stored =
        Author::query().with(Author::posts.order_by(Post::id.asc())).one(&db).await.unwrap();
    assert_eq!(stored, ada);

    let count = Author::insert()
        .name("Grace")
        .with(Author::posts.insert([Post::insert().title("Three")]))
        .execute(&db)
        .await
        .unwrap();
    assert_eq!(count, 2);
}

#[tokio::test]
async fn keys_of_any_origin_are_carried_to_any_depth() {
    let (_database, db) = database().await;
    let comment = |text: &str, replies: &[&str]| {
        let replies: Vec<_> = replies.iter().map(|text| Comment::insert().text(*text)).collect();
        Comment::insert().text(text).with(Comment::replies.insert(replies))
    };
    let post =
        |title: &str, comments| Post::insert().title(title).with(Post::comments.insert(comments));
    let posts = vec![
        post("One", vec![comment("first", &["reply", "another"])]),
        post("Two", vec![]),
        post("Three", vec![comment("second", &[]), comment("third", &["last"])]),
    ];
    let ada = Author::insert().name("Ada").with(Author::posts.insert(posts));
    let ada = ada.returning_all().one(&db).await.unwrap();
    assert_eq!(
        statements(&db).await,
        ["INSERT author", "INSERT post", "INSERT comment", "INSERT comment"]
    );
    let found: Vec<(&str, Vec<(&str, Vec<&str>)>)> = ada
        .posts
        .iter()
        .map(|post| {
            let comments = post.comments.iter().map(|comment| {
                let replies = comment.replies.iter().map(|reply| reply.text.as_str()).collect();
                (comment.text.as_str(), replies)
            });
            (post.title.as_str(), comments.collect())
        })
        .collect();
    assert_eq!(
        found,
        [
            ("One", vec![("first", vec!["reply", "another"])]),
            ("Two", vec![]),
            ("Three", vec![("second", vec![]), ("third", vec!["last"])]),
        ]
    );
    let replies = Comment::replies.order_by(Comment::text.desc());
    let comments = Post::comments.order_by(Comment::text.asc()).with(replies);
    let posts = Author::posts.order_by(Post::id.asc()).with(comments);
    assert_eq!(Author::query().with(posts).one(&db).await.unwrap(), ada);
}

#[tokio::test]
async fn many_parents_are_as_many_statements_as_one() {
    let (_database, db) = database().await;
    let authors = (0..300).map(|author| {
        let posts =
            (0..author % 3).map(move |post| Post::insert().title(format!("{author}.{post}")));
        Author::insert().name(format!("author {author}")).with(Author::posts.insert(posts))
    });
    let authors = Insert::trees(authors).returning_all().all(&db).await.unwrap();
    assert_eq!(statements(&db).await, ["INSERT author", "INSERT post"]);
    assert_eq!(authors.len(), 300);
    for (index, author) in authors.iter().enumerate() {
        let expected: Vec<String> = (0..index % 3).map(|post| format!("{index}.{post}")).collect();
        assert_eq!(author.name, format!("author {index}"));
        assert_eq!(titles(author), expected);
        assert!(author.posts.iter().all(|post| post.author_id == author.id));
    }
    let none = Insert::trees(std::iter::empty::<orm::InsertTree<Author, (), Author>>());
    assert_eq!(none.execute(&db).await.unwrap(), 0);
    assert!(statements(&db).await.is_empty());
}

#[tokio::test]
async fn the_row_that_another_belongs_to_is_inserted_first() {
    let (_database, db) = database().await;
    let post = Post::insert()
        .title("One")
        .with(Post::author.insert(Author::insert().name("Ada")))
        .with(Post::editor.insert(Author::insert().name("Grace")))
        .with(Post::comments.insert([Comment::insert().text("first")]))
        .returning_all()
        .one(&db)
        .await
        .unwrap();
    assert_eq!(post.author.name, "Ada");
    assert_eq!(post.editor.as_ref().unwrap().name, "Grace");
    assert_eq!((post.author_id, post.editor_id), (post.author.id, Some(post.editor.unwrap().id)));
    assert_eq!(post.comments[0].post_id, Some(post.row.id));
    assert_eq!(
        statements(&db).await,
        ["INSERT author", "INSERT author", "INSERT post", "INSERT comment"]
    );

    // Among the children of another row, too: each gets its own.
    let post = |title: &str, editor: &str| {
        Post::insert().title(title).with(Post::editor.insert(Author::insert().name(editor)))
    };
    let author = Author::insert()
        .name("Alan")
        .with(Author::posts.insert([post("Two", "Barbara"), post("Three", "Edsger")]))
        .returning_all()
        .one(&db)
        .await
        .unwrap();
    let editors: Vec<&str> =
        author.posts.iter().map(|post| post.editor.as_ref().unwrap().name.as_str()).collect();
    assert_eq!(editors, ["Barbara", "Edsger"]);
    assert_eq!(statements(&db).await, ["INSERT author", "INSERT author", "INSERT post"]);
}

#[tokio::test]
async fn a_key_of_several_columns_is_carried_whole() {
    let (_database, db) = database().await;
    let places = ["A", "B"].map(|shelf| {
        let books =
            [1, 2].map(|number| Book::insert().id(i32::from(shelf.as_bytes()[0]) * 10 + number));
        Place::insert().shelf(shelf).with(Place::books.insert(books))
    });
    let places = Insert::trees(places).returning_all().all(&db).await.unwrap();
    for place in &places {
        assert!(place.books.iter().all(|it| it.shelf == place.shelf && it.number == place.number));
    }
    let book = Book::insert().id(1).with(Book::place.insert(Place::insert().shelf("C")));
    let book = book.returning_all().one(&db).await.unwrap();
    assert_eq!((&book.row.shelf, book.row.number), (&book.place.shelf, book.place.number));
}

#[tokio::test]
async fn rows_that_exist_are_linked_and_unlinked() {
    let (_database, db) = database().await;
    for id in 1..=4 {
        Note::insert().id(id).execute(&db).await.unwrap();
    }
    let linked = async |author: &Author| -> Vec<i32> {
        let notes = Note::query().filter(Note::author_id.eq(author.id)).order_by(Note::id.asc());
        notes.select(Note::id).all(&db).await.unwrap()
    };
    statements(&db).await;
    let ada: Author = Author::insert()
        .name("Ada")
        .with(Author::notes.connect([1, 2]))
        .with(Author::posts.insert([Post::insert().title("One")]))
        .returning_all()
        .one(&db)
        .await
        .unwrap()
        .row;
    assert_eq!(linked(&ada).await, [1, 2]);
    assert_eq!(statements(&db).await, ["INSERT author", "UPDATE note", "INSERT post"]);

    assert_eq!(Author::notes.of(&ada).connect([2, 3, 3]).execute(&db).await.unwrap(), 2);
    assert_eq!(linked(&ada).await, [1, 2, 3]);
    assert_eq!(Author::notes.of(&ada).disconnect([1, 4]).execute(&db).await.unwrap(), 1);
    assert_eq!(linked(&ada).await, [2, 3]);
    assert_eq!(Author::notes.of(&ada).set([3, 4]).execute(&db).await.unwrap(), 3);
    assert_eq!(linked(&ada).await, [3, 4]);
    assert_eq!(Author::notes.of(&ada).set(Vec::<i32>::new()).execute(&db).await.unwrap(), 2);
    assert!(linked(&ada).await.is_empty());
    Author::notes.of(&ada).set([1]).execute(&db).await.unwrap();
    assert_eq!(Author::notes.of(&ada).disconnect_all().execute(&db).await.unwrap(), 1);
    assert!(linked(&ada).await.is_empty());
    let nothing = Author::notes.of(&ada).connect(Vec::<i32>::new()).execute(&db).await.unwrap();
    assert_eq!(nothing, 0);

    let error = Author::posts.of(&ada).disconnect_all().execute(&db).await.unwrap_err();
    assert_eq!((error.table(), error.column()), (Some("post"), Some("author_id")));
    assert!(error.to_string().contains("cannot be NULL"), "{error}");
}

#[tokio::test]
async fn rows_are_inserted_along_a_relation_of_a_row_that_exists() {
    let (_database, db) = database().await;
    let ada = Author::insert().name("Ada").returning_all().one(&db).await.unwrap();
    let posts = ["One", "Two"].map(|title| Post::insert().title(title));
    assert_eq!(Author::posts.of(&ada).insert(posts).execute(&db).await.unwrap(), 2);
    let post = Post::insert()
        .title("Three")
        .with(Post::comments.insert([Comment::insert().text("first")]));
    // A row with relations is a row, too.
    let loaded = orm::load_one(ada.clone()).with(Author::posts).one(&db).await.unwrap();
    assert_eq!(loaded.posts.len(), 2);
    let post = Author::edited
        .of(&loaded)
        .insert([post.with(Post::author.insert(Author::insert().name("B")))]);
    let post: Vec<_> = post.returning_all().all(&db).await.unwrap();
    assert_eq!((post[0].editor_id, &*post[0].comments[0].text), (Some(ada.id), "first"));
}

#[tokio::test]
async fn a_failure_at_any_depth_undoes_everything() {
    let (_database, db) = database().await;
    let ada = || {
        let comments =
            [Comment::insert().id("same").text("a"), Comment::insert().id("same").text("b")];
        let post = Post::insert().title("One").with(Post::comments.insert(comments));
        Author::insert().name("Ada").with(Author::posts.insert([post]))
    };
    let nothing = async || {
        let posts = Post::query().count(&db).await.unwrap();
        assert_eq!((Author::query().count(&db).await.unwrap(), posts), (0, 0));
    };
    let error = ada().execute(&db).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UniqueViolation);
    assert_eq!((error.table(), error.constraint()), (Some("comment"), Some("comment_pkey")));
    nothing().await;

    let error = Author::insert().name("Ada").with(Author::notes.connect([9])).execute(&db).await;
    let error = error.unwrap_err();
    assert_eq!((error.kind(), error.table()), (ErrorKind::NotFound, Some("note")));
    assert!(
        error.to_string().contains("row 1 of those to be linked along relation `notes`"),
        "{error}"
    );
    nothing().await;

    // In a transaction only the insert is undone, and the transaction goes on.
    let mut tx = db.begin().await.unwrap();
    Author::insert().name("Grace").execute(&tx).await.unwrap();
    assert!(ada().execute(&tx).await.is_err());
    let kept =
        Author::insert().name("Alan").with(Author::posts.insert([Post::insert().title("Two")]));
    kept.execute(&tx).await.unwrap();
    let inner = tx.begin().await.unwrap();
    assert!(ada().execute(&inner).await.is_err());
    inner.commit().await.unwrap();
    tx.commit().await.unwrap();
    let names = Author::query().order_by(Author::name.asc()).select(Author::name);
    assert_eq!(names.all(&db).await.unwrap(), ["Alan", "Grace"]);
}

#[tokio::test]
async fn an_insert_that_is_dropped_midway_leaves_nothing() {
    let (database, db) = database().await;
    database
        .execute(
            "CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN PERFORM pg_sleep(30); RETURN NEW; END $$;
             CREATE TRIGGER wait BEFORE INSERT ON post FOR EACH ROW EXECUTE FUNCTION wait();",
        )
        .await;
    let insert = Author::insert()
        .name("Ada")
        .with(Author::posts.insert([Post::insert().title("One")]))
        .execute(&db);
    let wait = std::time::Duration::from_millis(500);
    assert!(tokio::time::timeout(wait, insert).await.is_err());
    assert_eq!(Author::query().count(&db).await.unwrap(), 0);
}

#[tokio::test]
async fn inserts_run_side_by_side() {
    let (_database, db) = database().await;
    let tasks = (0..16).map(|task| {
        let db = db.clone();
        tokio::spawn(async move {
            let posts = (0..5).map(|post| Post::insert().title(format!("{task}.{post}")));
            let author = Author::insert().name(format!("{task}")).with(Author::posts.insert(posts));
            author.returning_all().one(&db).await.unwrap()
        })
    });
    for author in futures_util::future::join_all(tasks).await {
        let author = author.unwrap();
        let expected: Vec<String> = (0..5).map(|post| format!("{}.{post}", author.name)).collect();
        assert_eq!(titles(&author), expected);
        let stored = orm::load_one(author.row.clone()).with(Author::posts.order_by(Post::id.asc()));
        assert_eq!(stored.one(&db).await.unwrap(), author);
    }
}

#[tokio::test]
async fn a_savepoint_is_not_shared_with_another_statement() {
    let (_database, db) = database().await;
    let tx = db.begin().await.unwrap();
    let insert = |name: &str| {
        Author::insert().name(name).with(Author::posts.insert([Post::insert().title("One")]))
    };
    let (one, other) = tokio::join!(insert("Ada").execute(&tx), insert("Grace").execute(&tx));
    assert_eq!(one.unwrap(), 2);
    let error = other.unwrap_err();
    assert!(error.to_string().contains("another statement runs in this transaction"), "{error}");
    tx.commit().await.unwrap();
    assert_eq!(Author::query().count(&db).await.unwrap(), 1);
}

#[tokio::test]
async fn a_serializable_transaction_stays_one() {
    let (_database, db) = database().await;
    let options = TransactionOptions::new().isolation(Isolation::Serializable);
    let level = db
        .transaction_with(options, async |tx| {
            use orm::RawSql as _;
            let posts = Author::posts.insert([Post::insert().title("One")]);
            Author::insert().name("Ada").with(posts).execute(&tx).await?;
            tx.query_one::<String>("SHOW transaction_isolation", &[]).await
        })
        .await
        .unwrap();
    assert_eq!(level, "serializable");
}

#[tokio::test]
async fn a_column_that_is_carried_over_is_not_set() {
    let (_database, db) = database().await;
    let posts = [Post::insert().title("One").author_id(9)];
    let error = Author::insert().name("Ada").with(Author::posts.insert(posts)).execute(&db).await;
    let error = error.unwrap_err();
    assert_eq!((error.table(), error.column()), (Some("post"), Some("author_id")));
    assert!(
        error.to_string().starts_with(r#"column "author_id" of row 1 of table "post" is set"#),
        "{error}"
    );
    // Of two foreign keys to one table the other one is not carried over.
    let error = Author::insert()
        .name("Ada")
        .with(Author::edited.insert([Post::insert().title("One")]))
        .execute(&db)
        .await
        .unwrap_err();
    assert!(
        error.to_string().starts_with(r#"column "author_id" of row 1 of table "post" is required"#),
        "{error}"
    );
    assert_eq!(Author::query().count(&db).await.unwrap(), 0);
}

#[tokio::test]
async fn rows_that_a_trigger_leaves_out_are_noticed() {
    let (database, db) = database().await;
    database
        .execute(
            "CREATE FUNCTION skip() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN IF NEW.name = 'Ada' THEN RETURN NULL; END IF; RETURN NEW; END $$;
             CREATE TRIGGER skip BEFORE INSERT ON author FOR EACH ROW EXECUTE FUNCTION skip();",
        )
        .await;
    let author = |name: &str| {
        Author::insert().name(name).with(Author::posts.insert([Post::insert().title(name)]))
    };
    let error = Insert::trees(["Grace", "Ada"].map(author)).execute(&db).await.unwrap_err();
    assert!(
        error.to_string().contains(r#"1 of 2 rows were inserted into table "author""#),
        "{error}"
    );
    assert_eq!(Author::query().count(&db).await.unwrap(), 0);
}

#[tokio::test]
async fn one_row_is_asked_for_where_there_is_one() {
    let (_database, db) = database().await;
    let author = |name: &str| {
        Author::insert().name(name).with(Author::posts.insert([Post::insert().title(name)]))
    };
    let error = Insert::trees(["Ada", "Grace"].map(author)).returning_all().one(&db).await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::TooManyRows);
    assert_eq!(Author::query().count(&db).await.unwrap(), 0);
}
