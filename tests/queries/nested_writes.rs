//! Rows that are inserted together with rows of their relations: one statement for each table, in one transaction.

use crate::fixture::tables;
use orm::prelude::*;
use orm::{ErrorKind, Insert, Isolation, TransactionOptions};
use orm_test_support::TestDatabase;

#[derive(Table, Debug, Clone, PartialEq)]
#[table(
    has_many(
        posts: Article::author_id,
        edited: Article::editor_id,
        notes: Memo,
        old_notes: Memo filter(Memo::id.lt(3)),
    ),
    has_one(desk: Desk),
)]
pub(crate) struct Writer {
    #[column(primary_key, identity)]
    id: i64,
    #[column(unique)]
    name: String,
    #[column(default = 7)]
    rank: i32,
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(has_many(
    comments: Remark,
    tags: Tag through(Tagging),
    picks: Tag through(Tagging) filter(Tagging::kind.eq("pick")),
    leaflets: Leaflet through(Chapter),
))]
pub(crate) struct Article {
    #[column(primary_key, identity)]
    id: i64,
    title: String,
    #[column(references = Writer::id)]
    author_id: i64,
    #[column(references = Writer::id)]
    editor_id: Option<i64>,
    #[column(on_update = "changed".to_owned())]
    state: Option<String>,
}

fn made() -> String {
    static MADE: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
    format!("c{}", MADE.fetch_add(1, std::sync::atomic::Ordering::Relaxed))
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(has_many(replies: Remark::parent_id))]
pub(crate) struct Remark {
    #[column(primary_key, default_fn = made)]
    id: String,
    text: String,
    #[column(references = Article::id)]
    post_id: Option<i64>,
    #[column(references = Self::id)]
    parent_id: Option<String>,
}

/// A foreign key of two columns, one of them to a row that is not new.
#[derive(Table, Debug, Clone, PartialEq)]
#[table(primary_key(shelf, number), has_many(books: Tome))]
pub(crate) struct Spot {
    shelf: String,
    #[column(identity)]
    number: i32,
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(foreign_key(shelf, number => Spot::shelf, Spot::number, relation = place))]
pub(crate) struct Tome {
    #[column(primary_key)]
    id: i32,
    shelf: String,
    number: i32,
}

#[derive(Table, Debug, Clone, PartialEq)]
pub(crate) struct Desk {
    #[column(primary_key, references = Writer::id)]
    writer_id: i64,
    room: i32,
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(has_many(articles: Article through(Tagging)))]
pub(crate) struct Tag {
    #[column(primary_key, identity)]
    id: i64,
    word: String,
}

/// A join table with a key that the program makes, and a column of its own.
#[derive(Table, Debug, Clone, PartialEq)]
#[table(unique(article_id, tag_id))]
pub(crate) struct Tagging {
    #[column(primary_key, default_fn = made)]
    id: String,
    #[column(references = Tag::id)]
    tag_id: i64,
    #[column(references = Article::id)]
    article_id: i64,
    #[column(default = "plain")]
    kind: String,
}

/// What pages go through is no join table.
#[derive(Table, Debug, Clone, PartialEq)]
pub(crate) struct Chapter {
    #[column(primary_key, identity)]
    id: i64,
    #[column(references = Article::id)]
    article_id: i64,
}

#[derive(Table, Debug, Clone, PartialEq)]
pub(crate) struct Leaflet {
    #[column(primary_key, identity)]
    id: i64,
    #[column(references = Chapter::id)]
    chapter_id: i64,
}

#[derive(Table, Debug, Clone, PartialEq)]
pub(crate) struct Memo {
    #[column(primary_key)]
    id: i32,
    #[column(references = Writer::id)]
    author_id: Option<i64>,
}

/// The tables, and a count of the statements that insert into or update each.
async fn database() -> (TestDatabase, Db) {
    let all = [
        Writer::TABLE,
        Article::TABLE,
        Remark::TABLE,
        Spot::TABLE,
        Tome::TABLE,
        Memo::TABLE,
        Desk::TABLE,
        Tag::TABLE,
        Tagging::TABLE,
        Chapter::TABLE,
        Leaflet::TABLE,
    ];
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

fn titles(author: &WriterWithPosts) -> Vec<&str> {
    author.posts.iter().map(|post| post.title.as_str()).collect()
}

#[tokio::test]
async fn a_parent_and_its_children_are_one_statement_each() {
    let (_database, db) = database().await;
    let insert = Writer::insert().name("Ada").with(
        Writer::posts.insert([Article::insert().title("One"), Article::insert().title("Two")]),
    );
    let ada: WriterWithPosts = insert.returning_all().one(&db).await.unwrap();
    assert_eq!((ada.name.as_str(), ada.rank), ("Ada", 7));
    assert_eq!(titles(&ada), ["One", "Two"]);
    assert!(ada.posts.iter().all(|post| post.author_id == ada.id));
    assert_eq!(statements(&db).await, ["INSERT writer", "INSERT article"]);
    let stored =
        Writer::query().with(Writer::posts.order_by(Article::id.asc())).one(&db).await.unwrap();
    assert_eq!(stored, ada);

    let count = Writer::insert()
        .name("Grace")
        .with(Writer::posts.insert([Article::insert().title("Three")]))
        .execute(&db)
        .await
        .unwrap();
    assert_eq!(count, 2);
}

#[tokio::test]
async fn keys_of_any_origin_are_carried_to_any_depth() {
    let (_database, db) = database().await;
    let comment = |text: &str, replies: &[&str]| {
        let replies: Vec<_> = replies.iter().map(|text| Remark::insert().text(*text)).collect();
        Remark::insert().text(text).with(Remark::replies.insert(replies))
    };
    let post = |title: &str, comments| {
        Article::insert().title(title).with(Article::comments.insert(comments))
    };
    let posts = vec![
        post("One", vec![comment("first", &["reply", "another"])]),
        post("Two", vec![]),
        post("Three", vec![comment("second", &[]), comment("third", &["last"])]),
    ];
    let ada = Writer::insert().name("Ada").with(Writer::posts.insert(posts));
    let ada = ada.returning_all().one(&db).await.unwrap();
    assert_eq!(
        statements(&db).await,
        ["INSERT writer", "INSERT article", "INSERT remark", "INSERT remark"]
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
    let replies = Remark::replies.order_by(Remark::text.desc());
    let comments = Article::comments.order_by(Remark::text.asc()).with(replies);
    let posts = Writer::posts.order_by(Article::id.asc()).with(comments);
    assert_eq!(Writer::query().with(posts).one(&db).await.unwrap(), ada);
}

#[tokio::test]
async fn many_parents_are_as_many_statements_as_one() {
    let (_database, db) = database().await;
    let authors = (0..300).map(|author| {
        let posts =
            (0..author % 3).map(move |post| Article::insert().title(format!("{author}.{post}")));
        Writer::insert().name(format!("author {author}")).with(Writer::posts.insert(posts))
    });
    let authors = Insert::trees(authors).returning_all().all(&db).await.unwrap();
    assert_eq!(statements(&db).await, ["INSERT writer", "INSERT article"]);
    assert_eq!(authors.len(), 300);
    for (index, author) in authors.iter().enumerate() {
        let expected: Vec<String> = (0..index % 3).map(|post| format!("{index}.{post}")).collect();
        assert_eq!(author.name, format!("author {index}"));
        assert_eq!(titles(author), expected);
        assert!(author.posts.iter().all(|post| post.author_id == author.id));
    }
    let none = Insert::trees(std::iter::empty::<orm::InsertTree<Writer, (), Writer>>());
    assert_eq!(none.execute(&db).await.unwrap(), 0);
    assert!(statements(&db).await.is_empty());
}

#[tokio::test]
async fn the_row_that_another_belongs_to_is_inserted_first() {
    let (_database, db) = database().await;
    let post = Article::insert()
        .title("One")
        .with(Article::author.insert(Writer::insert().name("Ada")))
        .with(Article::editor.insert(Writer::insert().name("Grace")))
        .with(Article::comments.insert([Remark::insert().text("first")]))
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
        ["INSERT writer", "INSERT writer", "INSERT article", "INSERT remark"]
    );

    // Among the children of another row, too: each gets its own.
    let post = |title: &str, editor: &str| {
        Article::insert().title(title).with(Article::editor.insert(Writer::insert().name(editor)))
    };
    let author = Writer::insert()
        .name("Alan")
        .with(Writer::posts.insert([post("Two", "Barbara"), post("Three", "Edsger")]))
        .returning_all()
        .one(&db)
        .await
        .unwrap();
    let editors: Vec<&str> =
        author.posts.iter().map(|post| post.editor.as_ref().unwrap().name.as_str()).collect();
    assert_eq!(editors, ["Barbara", "Edsger"]);
    assert_eq!(statements(&db).await, ["INSERT writer", "INSERT writer", "INSERT article"]);
}

#[tokio::test]
async fn a_key_of_several_columns_is_carried_whole() {
    let (_database, db) = database().await;
    let places = ["A", "B"].map(|shelf| {
        let books =
            [1, 2].map(|number| Tome::insert().id(i32::from(shelf.as_bytes()[0]) * 10 + number));
        Spot::insert().shelf(shelf).with(Spot::books.insert(books))
    });
    let places = Insert::trees(places).returning_all().all(&db).await.unwrap();
    for place in &places {
        assert!(place.books.iter().all(|it| it.shelf == place.shelf && it.number == place.number));
    }
    let book = Tome::insert().id(1).with(Tome::place.insert(Spot::insert().shelf("C")));
    let book = book.returning_all().one(&db).await.unwrap();
    assert_eq!((&book.row.shelf, book.row.number), (&book.place.shelf, book.place.number));
}

#[tokio::test]
async fn rows_that_exist_are_linked_and_unlinked() {
    let (_database, db) = database().await;
    for id in 1..=4 {
        Memo::insert().id(id).execute(&db).await.unwrap();
    }
    let linked = async |author: &Writer| -> Vec<i32> {
        let notes = Memo::query().filter(Memo::author_id.eq(author.id)).order_by(Memo::id.asc());
        notes.select(Memo::id).all(&db).await.unwrap()
    };
    statements(&db).await;
    let ada: Writer = Writer::insert()
        .name("Ada")
        .with(Writer::notes.connect([1, 2]))
        .with(Writer::posts.insert([Article::insert().title("One")]))
        .returning_all()
        .one(&db)
        .await
        .unwrap()
        .row;
    assert_eq!(linked(&ada).await, [1, 2]);
    assert_eq!(statements(&db).await, ["INSERT writer", "UPDATE memo", "INSERT article"]);

    assert_eq!(Writer::notes.of(&ada).connect([2, 3, 3]).execute(&db).await.unwrap(), 2);
    assert_eq!(linked(&ada).await, [1, 2, 3]);
    assert_eq!(Writer::notes.of(&ada).disconnect([1, 4]).execute(&db).await.unwrap(), 1);
    assert_eq!(linked(&ada).await, [2, 3]);
    assert_eq!(Writer::notes.of(&ada).set([3, 4]).execute(&db).await.unwrap(), 3);
    assert_eq!(linked(&ada).await, [3, 4]);
    assert_eq!(Writer::notes.of(&ada).set(Vec::<i32>::new()).execute(&db).await.unwrap(), 2);
    assert!(linked(&ada).await.is_empty());
    Writer::notes.of(&ada).set([1]).execute(&db).await.unwrap();
    assert_eq!(Writer::notes.of(&ada).disconnect_all().execute(&db).await.unwrap(), 1);
    assert!(linked(&ada).await.is_empty());
    let nothing = Writer::notes.of(&ada).connect(Vec::<i32>::new()).execute(&db).await.unwrap();
    assert_eq!(nothing, 0);

    let error = Writer::posts.of(&ada).disconnect_all().execute(&db).await.unwrap_err();
    assert_eq!((error.table(), error.column()), (Some("article"), Some("author_id")));
    assert!(error.to_string().contains("cannot be NULL"), "{error}");
}

#[tokio::test]
async fn rows_are_inserted_along_a_relation_of_a_row_that_exists() {
    let (_database, db) = database().await;
    let ada = Writer::insert().name("Ada").returning_all().one(&db).await.unwrap();
    let posts = ["One", "Two"].map(|title| Article::insert().title(title));
    assert_eq!(Writer::posts.of(&ada).insert(posts).execute(&db).await.unwrap(), 2);
    let post = Article::insert()
        .title("Three")
        .with(Article::comments.insert([Remark::insert().text("first")]));
    // A row with relations is a row, too.
    let loaded = orm::load_one(ada.clone()).with(Writer::posts).one(&db).await.unwrap();
    assert_eq!(loaded.posts.len(), 2);
    let post = Writer::edited
        .of(&loaded)
        .insert([post.with(Article::author.insert(Writer::insert().name("B")))]);
    let post: Vec<_> = post.returning_all().all(&db).await.unwrap();
    assert_eq!((post[0].editor_id, &*post[0].comments[0].text), (Some(ada.id), "first"));
}

#[tokio::test]
async fn a_failure_at_any_depth_undoes_everything() {
    let (_database, db) = database().await;
    let ada = || {
        let comments =
            [Remark::insert().id("same").text("a"), Remark::insert().id("same").text("b")];
        let post = Article::insert().title("One").with(Article::comments.insert(comments));
        Writer::insert().name("Ada").with(Writer::posts.insert([post]))
    };
    let nothing = async || {
        let posts = Article::query().count(&db).await.unwrap();
        assert_eq!((Writer::query().count(&db).await.unwrap(), posts), (0, 0));
    };
    let error = ada().execute(&db).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UniqueViolation);
    assert_eq!((error.table(), error.constraint()), (Some("remark"), Some("remark_pkey")));
    nothing().await;

    let error = Writer::insert().name("Ada").with(Writer::notes.connect([9])).execute(&db).await;
    let error = error.unwrap_err();
    assert_eq!((error.kind(), error.table()), (ErrorKind::NotFound, Some("memo")));
    assert!(
        error.to_string().contains("row 1 of those to be linked along relation `notes`"),
        "{error}"
    );
    nothing().await;

    // In a transaction only the insert is undone, and the transaction goes on.
    let mut tx = db.begin().await.unwrap();
    Writer::insert().name("Grace").execute(&tx).await.unwrap();
    assert!(ada().execute(&tx).await.is_err());
    let kept =
        Writer::insert().name("Alan").with(Writer::posts.insert([Article::insert().title("Two")]));
    kept.execute(&tx).await.unwrap();
    let inner = tx.begin().await.unwrap();
    assert!(ada().execute(&inner).await.is_err());
    inner.commit().await.unwrap();
    tx.commit().await.unwrap();
    let names = Writer::query().order_by(Writer::name.asc()).select(Writer::name);
    assert_eq!(names.all(&db).await.unwrap(), ["Alan", "Grace"]);
}

#[tokio::test]
async fn an_insert_that_is_dropped_midway_leaves_nothing() {
    let (database, db) = database().await;
    database
        .execute(
            "CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN PERFORM pg_sleep(30); RETURN NEW; END $$;
             CREATE TRIGGER wait BEFORE INSERT ON article FOR EACH ROW EXECUTE FUNCTION wait();",
        )
        .await;
    let insert = Writer::insert()
        .name("Ada")
        .with(Writer::posts.insert([Article::insert().title("One")]))
        .execute(&db);
    let wait = std::time::Duration::from_millis(500);
    assert!(tokio::time::timeout(wait, insert).await.is_err());
    assert_eq!(Writer::query().count(&db).await.unwrap(), 0);
}

#[tokio::test]
async fn inserts_run_side_by_side() {
    let (_database, db) = database().await;
    let tasks = (0..16).map(|task| {
        let db = db.clone();
        tokio::spawn(async move {
            let posts = (0..5).map(|post| Article::insert().title(format!("{task}.{post}")));
            let author = Writer::insert().name(format!("{task}")).with(Writer::posts.insert(posts));
            author.returning_all().one(&db).await.unwrap()
        })
    });
    for author in futures_util::future::join_all(tasks).await {
        let author = author.unwrap();
        let expected: Vec<String> = (0..5).map(|post| format!("{}.{post}", author.name)).collect();
        assert_eq!(titles(&author), expected);
        let stored =
            orm::load_one(author.row.clone()).with(Writer::posts.order_by(Article::id.asc()));
        assert_eq!(stored.one(&db).await.unwrap(), author);
    }
}

#[tokio::test]
async fn a_savepoint_is_not_shared_with_another_statement() {
    let (_database, db) = database().await;
    let tx = db.begin().await.unwrap();
    let insert = |name: &str| {
        Writer::insert().name(name).with(Writer::posts.insert([Article::insert().title("One")]))
    };
    let (one, other) = tokio::join!(insert("Ada").execute(&tx), insert("Grace").execute(&tx));
    assert_eq!(one.unwrap(), 2);
    let error = other.unwrap_err();
    assert!(error.to_string().contains("another statement runs in this session"), "{error}");
    tx.commit().await.unwrap();
    assert_eq!(Writer::query().count(&db).await.unwrap(), 1);
}

#[tokio::test]
async fn a_serializable_transaction_stays_one() {
    let (_database, db) = database().await;
    let options = TransactionOptions::new().isolation(Isolation::Serializable);
    let level = db
        .transaction_with(options, async |tx| {
            use orm::RawSql as _;
            let posts = Writer::posts.insert([Article::insert().title("One")]);
            Writer::insert().name("Ada").with(posts).execute(&tx).await?;
            tx.query_one::<String>("SHOW transaction_isolation", &[]).await
        })
        .await
        .unwrap();
    assert_eq!(level, "serializable");
}

#[tokio::test]
async fn a_column_that_is_carried_over_is_not_set() {
    let (_database, db) = database().await;
    let posts = [Article::insert().title("One").author_id(9)];
    let error = Writer::insert().name("Ada").with(Writer::posts.insert(posts)).execute(&db).await;
    let error = error.unwrap_err();
    assert_eq!((error.table(), error.column()), (Some("article"), Some("author_id")));
    assert!(
        error.to_string().starts_with(r#"column "author_id" of row 1 of table "article" is set"#),
        "{error}"
    );
    // Of two foreign keys to one table the other one is not carried over.
    let error = Writer::insert()
        .name("Ada")
        .with(Writer::edited.insert([Article::insert().title("One")]))
        .execute(&db)
        .await
        .unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with(r#"column "author_id" of row 1 of table "article" is required"#),
        "{error}"
    );
    assert_eq!(Writer::query().count(&db).await.unwrap(), 0);
}

#[tokio::test]
async fn rows_that_a_trigger_leaves_out_are_noticed() {
    let (database, db) = database().await;
    database
        .execute(
            "CREATE FUNCTION skip() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN IF NEW.name = 'Ada' THEN RETURN NULL; END IF; RETURN NEW; END $$;
             CREATE TRIGGER skip BEFORE INSERT ON writer FOR EACH ROW EXECUTE FUNCTION skip();",
        )
        .await;
    let author = |name: &str| {
        Writer::insert().name(name).with(Writer::posts.insert([Article::insert().title(name)]))
    };
    let error = Insert::trees(["Grace", "Ada"].map(author)).execute(&db).await.unwrap_err();
    assert!(
        error.to_string().contains(r#"1 of 2 rows were inserted into table "writer""#),
        "{error}"
    );
    assert_eq!(Writer::query().count(&db).await.unwrap(), 0);
}

#[tokio::test]
async fn one_row_is_asked_for_where_there_is_one() {
    let (_database, db) = database().await;
    let author = |name: &str| {
        Writer::insert().name(name).with(Writer::posts.insert([Article::insert().title(name)]))
    };
    let error = Insert::trees(["Ada", "Grace"].map(author)).returning_all().one(&db).await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::TooManyRows);
    assert_eq!(Writer::query().count(&db).await.unwrap(), 0);
}

#[tokio::test]
async fn rows_are_linked_through_a_join_table() {
    let (_database, db) = database().await;
    let tags = ["a", "b", "c"].map(|word| Tag::insert().word(word));
    let tags = Insert::values(tags).returning_all().all(&db).await.unwrap();
    let ids: Vec<i64> = tags.iter().map(|tag| tag.id).collect();
    let linked = async |article: i64| -> Vec<String> {
        let tags = Article::tags.order_by(Tag::word.asc()).select(Tag::word);
        Article::query().find(article).select(tags).one(&db).await.unwrap()
    };
    statements(&db).await;
    let article = |title: &str, words: &[&str], ids: &[i64]| {
        let words: Vec<_> = words.iter().map(|word| Tag::insert().word(*word)).collect();
        Article::insert()
            .title(title)
            .with(Article::tags.insert(words))
            .with(Article::tags.connect(ids.to_vec()))
    };
    let articles = [article("One", &["x", "y"], &ids[..1]), article("Two", &["z"], &ids[..2])];
    let writer = Writer::insert().name("Ada").with(Writer::posts.insert(articles));
    let writer = writer.returning_all().one(&db).await.unwrap();
    assert_eq!(
        statements(&db).await,
        ["INSERT writer", "INSERT article", "INSERT tag", "INSERT tagging"]
    );
    let found: Vec<Vec<&str>> = writer
        .posts
        .iter()
        .map(|post| post.tags.iter().map(|tag| tag.word.as_str()).collect())
        .collect();
    assert_eq!(found, [vec!["x", "y"], vec!["z"]]);
    let (one, two) = (&writer.posts[0], &writer.posts[1]);
    assert_eq!(linked(one.row.id).await, ["a", "x", "y"]);
    assert_eq!(linked(two.row.id).await, ["a", "b", "z"]);
    let keys = Tagging::query().select(Tagging::id).all(&db).await.unwrap();
    assert!(keys.len() == 6 && keys.iter().all(|key| key.starts_with('c')), "{keys:?}");

    let of_one = || Article::tags.of(&one.row);
    assert_eq!(of_one().connect([ids[0], ids[1], ids[1]]).execute(&db).await.unwrap(), 1);
    assert_eq!(linked(one.row.id).await, ["a", "b", "x", "y"]);
    assert_eq!(of_one().disconnect([ids[0], ids[2]]).execute(&db).await.unwrap(), 1);
    assert_eq!(of_one().set([ids[1], ids[2]]).execute(&db).await.unwrap(), 3);
    assert_eq!(linked(one.row.id).await, ["b", "c"]);
    assert_eq!(of_one().insert([Tag::insert().word("new")]).execute(&db).await.unwrap(), 2);
    assert_eq!(linked(one.row.id).await, ["b", "c", "new"]);
    assert_eq!(linked(two.row.id).await, ["a", "b", "z"]);

    // A relation with a condition unlinks the rows that meet it.
    Tagging::update()
        .set(Tagging::kind.set("pick"))
        .filter((Tagging::article_id.eq(one.row.id)).and(Tagging::tag_id.eq(ids[1])))
        .execute(&db)
        .await
        .unwrap();
    let unlinked = Article::picks.of(&one.row).disconnect_all().execute(&db).await.unwrap();
    assert_eq!(unlinked, 1);
    assert_eq!(linked(one.row.id).await, ["c", "new"]);
    assert_eq!(of_one().disconnect_all().execute(&db).await.unwrap(), 2);

    let error = of_one().connect([999]).execute(&db).await.unwrap_err();
    assert_eq!((error.kind(), error.table()), (ErrorKind::ForeignKeyViolation, Some("tagging")));
    let page = Article::leaflets.of(&one.row).connect([1]).execute(&db).await.unwrap_err();
    assert!(page.to_string().contains(r#"table "chapter", which it goes through"#), "{page}");
}

#[tokio::test]
async fn links_made_at_the_same_time_are_one() {
    let (_database, db) = database().await;
    let writer =
        Writer::insert().name("Ada").with(Writer::posts.insert([Article::insert().title("One")]));
    let writer = writer.returning_all().one(&db).await.unwrap();
    let tag = Tag::insert().word("a").returning_all().one(&db).await.unwrap();
    let tasks = (0..8).map(|_| {
        let (db, article, tag) = (db.clone(), writer.posts[0].clone(), tag.id);
        tokio::spawn(async move {
            Article::tags.of(&article).connect([tag]).execute(&db).await.unwrap()
        })
    });
    let made = futures_util::future::join_all(tasks).await;
    assert_eq!(made.into_iter().map(Result::unwrap).sum::<u64>(), 1);
}

#[tokio::test]
async fn one_row_belongs_to_another() {
    let (_database, db) = database().await;
    let writer = Writer::insert().name("Ada").with(Writer::desk.insert(Desk::insert().room(3)));
    let writer = writer.returning_all().one(&db).await.unwrap();
    assert_eq!(writer.desk, Some(Desk { writer_id: writer.id, room: 3 }));
    let grace = Writer::insert().name("Grace").returning_all().one(&db).await.unwrap();
    let desk = Writer::desk.of(&grace).insert(Desk::insert().room(4)).returning_all();
    assert_eq!(desk.one(&db).await.unwrap(), Desk { writer_id: grace.id, room: 4 });
}

#[tokio::test]
async fn a_condition_of_a_relation_is_one_of_its_links() {
    let (_database, db) = database().await;
    let writer = Writer::insert()
        .name("Ada")
        .with(Writer::notes.insert([1, 2, 3].map(|id| Memo::insert().id(id))));
    let writer = writer.returning_all().one(&db).await.unwrap();
    assert_eq!(Writer::old_notes.of(&writer).set([2]).execute(&db).await.unwrap(), 2);
    let left = Memo::query().filter(Memo::author_id.eq(writer.id)).order_by(Memo::id.asc());
    assert_eq!(left.select(Memo::id).all(&db).await.unwrap(), [2, 3]);
}
