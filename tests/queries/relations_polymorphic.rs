//! Rows that belong to a row of one of several tables: a column says of which, and another has its key.

use crate::fixture::empty;
use orm::Insert;
use orm::Loading::{self, Automatic, Correlated, Levels};
use orm::prelude::*;
use orm_test_support::TestDatabase;

#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[pg_enum(name = "poly_subject")]
pub(crate) enum Subject {
    Post,
    Photo,
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(
    name = "poly_post",
    has_many(
        comments: Comment on(id = Comment::subject_id, Comment::subject_kind = "post"),
        shouts: Comment
            on(id = Comment::subject_id, Comment::subject_kind = "post")
            filter(Comment::text.like("%!")),
    ),
    has_one(pin: Pin on(id = Pin::subject_id, Pin::subject_kind = Subject::Post)),
)]
pub(crate) struct Post {
    #[column(primary_key, identity)]
    id: i64,
    title: String,
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(
    name = "poly_photo",
    has_many(comments: Comment on(id = Comment::subject_id, Comment::subject_kind = Self::KIND)),
    has_one(pin: Pin on(id = Pin::subject_id, Pin::subject_kind = Subject::Photo)),
)]
pub(crate) struct Photo {
    #[column(primary_key, identity)]
    id: i64,
    url: String,
}

impl Photo {
    const KIND: &'static str = "photo";
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(
    name = "poly_comment",
    index(subject_kind, subject_id),
    has_many(replies: Comment on(id = Comment::subject_id, Comment::subject_kind = "comment")),
    belongs_to(
        post: Post on(subject_id = Post::id, subject_kind = "post"),
        photo: Photo on(subject_id = Photo::id, subject_kind = Photo::KIND),
        comment: Self on(subject_id = Self::id, subject_kind = "comment"),
    ),
)]
pub(crate) struct Comment {
    #[column(primary_key, identity)]
    id: i64,
    subject_kind: Option<String>,
    subject_id: Option<i64>,
    text: String,
}

/// At most one of each row; neither column can be NULL.
#[derive(Table, Debug, Clone, PartialEq)]
#[table(
    name = "poly_pin",
    unique(subject_kind, subject_id),
    belongs_to(
        post: Post on(subject_id = Post::id, subject_kind = Subject::Post),
        photo: Photo on(subject_id = Photo::id, subject_kind = Subject::Photo),
    ),
)]
pub(crate) struct Pin {
    #[column(primary_key)]
    color: String,
    subject_kind: Subject,
    subject_id: i64,
}

/// Posts 1 and 2, photos 1 and 2: their keys are equal.
async fn rows() -> (TestDatabase, Db) {
    let (database, db) = empty().await;
    database
        .execute(
            "INSERT INTO poly_post (title) VALUES ('First'), ('Second');
             INSERT INTO poly_photo (url) VALUES ('a.png'), ('b.png');
             INSERT INTO poly_comment (subject_kind, subject_id, text) VALUES
                 ('post', 1, 'p1'), ('post', 1, 'p1!'), ('photo', 1, 'f1'), ('photo', 2, 'f2'),
                 ('comment', 1, 'c1'), (NULL, NULL, 'none'), ('post', 9, 'gone'), (NULL, 1, 'odd');
             INSERT INTO poly_pin VALUES ('red', 'post', 2), ('blue', 'photo', 1);",
        )
        .await;
    (database, db)
}

fn texts(comments: &[Comment]) -> Vec<&str> {
    comments.iter().map(|it| it.text.as_str()).collect()
}

const FORMS: [Loading; 3] = [Automatic, Correlated, Levels];

#[tokio::test]
async fn each_table_has_the_rows_of_its_kind() {
    let (_database, db) = rows().await;
    let posts = |loading| {
        Post::query()
            .with(Post::comments.order_by(Comment::id.asc()).with(Comment::replies))
            .with(Post::shouts)
            .with(Post::pin)
            .order_by(Post::id.asc())
            .loading(loading)
    };
    let sql = posts(Correlated).to_sql();
    assert!(
        sql.text.contains(
            r#"FROM "poly_comment" WHERE "poly_comment"."subject_id" = "poly_post"."id" AND "poly_comment"."subject_kind" = $"#
        ),
        "{sql}"
    );
    let sql = posts(Levels).to_sql().text;
    // The index of both columns finds them.
    assert!(
        sql.contains(
            r#"FROM "poly_comment" WHERE "poly_comment"."subject_id" = ANY(ARRAY(SELECT "#
        ),
        "{sql}"
    );
    for loading in FORMS {
        let posts = posts(loading).all(&db).await.unwrap();
        let [first, second] = &posts[..] else { panic!("{posts:?}") };
        let found: Vec<(&str, Vec<&str>)> =
            first.comments.iter().map(|it| (it.text.as_str(), texts(&it.replies))).collect();
        assert_eq!(found, [("p1", vec!["c1"]), ("p1!", vec![])]);
        assert_eq!(texts(&first.shouts), ["p1!"]);
        assert!(second.comments.is_empty() && first.pin.is_none());
        assert_eq!(second.pin.as_ref().map(|pin| pin.color.as_str()), Some("red"));
        let photos = Photo::query().with(Photo::comments).with(Photo::pin);
        let photos = photos.order_by(Photo::id.asc()).loading(loading).all(&db).await.unwrap();
        let found: Vec<Vec<&str>> = photos.iter().map(|photo| texts(&photo.comments)).collect();
        assert_eq!(found, [["f1"], ["f2"]]);
        assert_eq!(photos[0].pin.as_ref().map(|pin| pin.color.as_str()), Some("blue"));
    }
}

#[tokio::test]
async fn a_row_belongs_to_a_row_of_the_table_that_its_kind_says() {
    let (_database, db) = rows().await;
    let comments = |loading| {
        Comment::query()
            .with(Comment::post)
            .with(Comment::photo)
            .with(Comment::comment.with(Comment::post))
            .order_by(Comment::id.asc())
            .loading(loading)
    };
    let sql = comments(Correlated).to_sql().text;
    assert!(
        sql.contains(
            r#"FROM "poly_post" WHERE "poly_post"."id" = "poly_comment"."subject_id" AND "poly_comment"."subject_kind" = $1"#
        ),
        "{sql}"
    );
    assert!(
        sql.contains(
            r#"WHERE "poly_comment_1"."id" = "poly_comment"."subject_id" AND "poly_comment"."subject_kind" = $"#
        ),
        "{sql}"
    );
    let sql = comments(Levels).to_sql().text;
    assert!(
        sql.contains(
            r#"CASE WHEN "poly_comment"."subject_kind" = $1 THEN "poly_comment"."subject_id" END"#
        ),
        "{sql}"
    );
    for loading in FORMS {
        let comments = comments(loading).all(&db).await.unwrap();
        let found: Vec<(Option<&str>, Option<&str>, Option<(&str, bool)>)> = comments
            .iter()
            .map(|it| {
                (
                    it.post.as_ref().map(|post| post.title.as_str()),
                    it.photo.as_ref().map(|photo| photo.url.as_str()),
                    it.comment.as_ref().map(|it| (it.text.as_str(), it.post.is_some())),
                )
            })
            .collect();
        assert_eq!(
            found,
            [
                (Some("First"), None, None),
                (Some("First"), None, None),
                (None, Some("a.png"), None),
                (None, Some("b.png"), None),
                (None, None, Some(("p1", true))),
                (None, None, None),
                (None, None, None),
                (None, None, None),
            ]
        );
        let pins = Pin::query().with(Pin::post).with(Pin::photo).order_by(Pin::color.asc());
        let pins = pins.loading(loading).all(&db).await.unwrap();
        let found: Vec<_> = pins.iter().map(|it| (it.post.is_some(), it.photo.is_some())).collect();
        assert_eq!(found, [(false, true), (true, false)]);
    }
}

#[tokio::test]
async fn expressions_ask_about_the_rows_of_one_kind() {
    let (_database, db) = rows().await;
    let counts = Post::query().order_by(Post::id.asc()).select((
        Post::comments.count(),
        Post::comments.any(Comment::text.eq("p1")),
        Post::comments.none(Comment::text.eq("f1")),
        Post::comments.all(Comment::text.eq("p1")),
        Post::pin.value(Pin::color),
        Post::comments.order_by(Comment::id.asc()).select(Comment::text),
    ));
    assert_eq!(
        counts.all(&db).await.unwrap(),
        [
            (2, true, true, false, None, vec!["p1".to_owned(), "p1!".to_owned()]),
            (0, false, true, true, Some("red".to_owned()), vec![]),
        ]
    );
    let of_posts = Comment::query()
        .filter(Comment::post.exists())
        .order_by(Comment::post.value(Post::title).asc())
        .order_by(Comment::id.asc())
        .select((Comment::text, Comment::post.value(Post::title)));
    let of_posts = of_posts.all(&db).await.unwrap();
    assert_eq!(of_posts.len(), 2);
    assert_eq!(of_posts[0], ("p1".to_owned(), Some("First".to_owned())));
    // Through an alias, whose columns are asked.
    let other = orm::alias!(Comment, "other");
    let pairs = Comment::query()
        .inner_join(other, other.id.eq(Comment::id))
        .filter(other.relation(Comment::photo).exists())
        .select((Comment::text, other.relation(Comment::comment).exists()))
        .order_by(Comment::id.asc());
    let sql = pairs.to_sql().text;
    assert!(sql.contains(r#""other"."subject_id" AND "other"."subject_kind" = $"#), "{sql}");
    let found = pairs.all(&db).await.unwrap();
    assert_eq!(found, [("f1".to_owned(), false), ("f2".to_owned(), false)]);
}

#[tokio::test]
async fn a_join_along_the_relation_compares_the_kind() {
    let (_database, db) = rows().await;
    let joined = Comment::query()
        .left_join(Post, Comment::post)
        .left_join(Photo, Comment::photo)
        .order_by(Comment::id.asc())
        .select((Comment::text, Post::title, Photo::url));
    let sql = joined.to_sql().text;
    assert!(
        sql.contains(
            r#"LEFT JOIN "poly_post" ON "poly_post"."id" = "poly_comment"."subject_id" AND "poly_comment"."subject_kind" = $1"#
        ),
        "{sql}"
    );
    let rows = joined.all(&db).await.unwrap();
    let of_first = rows.iter().filter(|(_, title, _)| title.as_deref() == Some("First")).count();
    let of_photos = rows.iter().filter(|(_, _, url)| url.is_some()).count();
    assert_eq!((rows.len(), of_first, of_photos), (8, 2, 2));
    let talk = orm::alias!(Comment, "talk");
    let joined = Photo::query()
        .inner_join(talk, Photo::comments)
        .order_by(Photo::id.asc())
        .select((Photo::url, talk.text));
    let sql = joined.to_sql().text;
    assert!(sql.contains(r#""talk"."subject_kind" = $1"#), "{sql}");
    let rows = joined.all(&db).await.unwrap();
    assert_eq!(
        rows,
        [("a.png".to_owned(), "f1".to_owned()), ("b.png".to_owned(), "f2".to_owned())]
    );
}

#[derive(FromRow, Debug, Clone, PartialEq)]
#[from_row(from = Comment)]
struct CommentLine {
    text: String,
    #[column(relation)]
    post: Option<Post>,
    #[column(relation = Comment::photo)]
    picture: Option<Photo>,
}

#[derive(FromRow, Debug, Clone, PartialEq)]
#[from_row(from = Post)]
struct PostPage {
    title: String,
    #[column(relation = Post::comments.order_by(Comment::id.desc()))]
    comments: Vec<CommentLine>,
    #[column(value = Post::comments.count())]
    count: i64,
}

#[tokio::test]
async fn a_struct_names_the_shape_of_rows_of_several_tables() {
    let (_database, db) = rows().await;
    let pages =
        PostPage::query().refine(PostPage::comments.limit(1)).order_by(Post::id.asc()).all(&db);
    let pages = pages.await.unwrap();
    assert_eq!((pages[0].count, pages[0].comments.len()), (2, 1));
    let line = &pages[0].comments[0];
    assert_eq!((line.text.as_str(), line.post.as_ref().map(|it| it.id)), ("p1!", Some(1)));
    assert!(line.picture.is_none() && pages[1].comments.is_empty());
    let lines = CommentLine::query().order_by(Comment::id.asc()).all(&db).await.unwrap();
    let pictures = lines.iter().filter_map(|line| line.picture.as_ref());
    assert_eq!(pictures.map(|it| it.url.as_str()).collect::<Vec<_>>(), ["a.png", "b.png"]);
}

#[tokio::test]
async fn relations_of_rows_in_hand_compare_the_kind() {
    let (_database, db) = rows().await;
    let comments = Comment::query().order_by(Comment::id.asc()).all(&db).await.unwrap();
    for loading in FORMS {
        let load = orm::load(comments.clone()).with(Comment::post).with(Comment::photo);
        let loaded = load.loading(loading).all(&db).await.unwrap();
        let found: Vec<_> =
            loaded.iter().map(|it| (it.post.is_some(), it.photo.is_some())).collect();
        let (post, photo, none) = ((true, false), (false, true), (false, false));
        assert_eq!(found, [post, post, photo, photo, none, none, none, none]);
    }
    let posts = Post::query().order_by(Post::id.asc()).all(&db).await.unwrap();
    let posts = orm::load(posts).with(Post::comments).with(Post::pin).all(&db).await.unwrap();
    let found: Vec<_> = posts.iter().map(|it| (it.comments.len(), it.pin.is_some())).collect();
    assert_eq!(found, [(2, false), (0, true)]);
}

async fn stored(db: &Db) -> Vec<(Option<String>, Option<i64>, String)> {
    let columns = (Comment::subject_kind, Comment::subject_id, Comment::text);
    Comment::query().order_by(Comment::id.asc()).select(columns).all(db).await.unwrap()
}

fn of(kind: &str, id: i64, text: &str) -> (Option<String>, Option<i64>, String) {
    (Some(kind.to_owned()), Some(id), text.to_owned())
}

#[tokio::test]
async fn rows_that_are_inserted_along_the_relation_get_its_kind() {
    let (_database, db) = empty().await;
    // A required column that the relation gives is left out.
    let post = Post::insert()
        .title("First")
        .with(Post::comments.insert([Comment::insert().text("a"), Comment::insert().text("b")]))
        .with(Post::pin.insert(Pin::insert().color("red")))
        .returning_all()
        .one(&db)
        .await
        .unwrap();
    assert_eq!(post.comments[0].subject_kind.as_deref(), Some("post"));
    let pin = post.pin.as_ref().unwrap();
    assert_eq!((pin.subject_kind, pin.subject_id), (Subject::Post, post.id));
    let photos = ["a.png", "b.png"].map(|url| {
        let reply = Comment::insert().text("reply");
        let comment = Comment::insert().text(url).with(Comment::replies.insert([reply]));
        Photo::insert()
            .url(url)
            .with(Photo::comments.insert([comment]))
            .with(Photo::pin.insert(Pin::insert().color(url)))
    });
    assert_eq!(Insert::trees(photos).execute(&db).await.unwrap(), 8);
    assert_eq!(
        stored(&db).await,
        [
            of("post", 1, "a"),
            of("post", 1, "b"),
            of("photo", 1, "a.png"),
            of("photo", 2, "b.png"),
            of("comment", 3, "reply"),
            of("comment", 4, "reply"),
        ]
    );

    // The row that another belongs to is inserted first, and says the kind.
    let comment = Comment::insert().text("c").with(Comment::photo.insert(Photo::insert().url("c")));
    let comment = comment.returning_all().one(&db).await.unwrap();
    assert_eq!(comment.photo.as_ref().map(|it| it.id), comment.subject_id);
    assert_eq!(comment.subject_kind.as_deref(), Some("photo"));
    let pin = Pin::insert().color("green").with(Pin::post.insert(Post::insert().title("Third")));
    let pin = pin.returning_all().one(&db).await.unwrap();
    assert_eq!((pin.subject_kind, pin.subject_id), (Subject::Post, 2));

    // Along the relation of a row that exists.
    let photo = Photo::query().find(2).one(&db).await.unwrap();
    let given = Photo::comments.of(&photo).insert([Comment::insert().text("d")]);
    let given = given.returning_all().one(&db).await.unwrap();
    assert_eq!((given.subject_kind.as_deref(), given.subject_id), (Some("photo"), Some(2)));

    let error = Photo::comments
        .of(&photo)
        .insert([Comment::insert().text("e").subject_kind("post")])
        .execute(&db)
        .await
        .unwrap_err();
    assert_eq!((error.table(), error.column()), (Some("poly_comment"), Some("subject_kind")));
    assert!(error.to_string().contains("where the relation `comments` of table"), "{error}");
    // A row belongs to one row.
    let error = Comment::insert()
        .text("f")
        .with(Comment::post.insert(Post::insert().title("Fourth")))
        .with(Comment::photo.insert(Photo::insert().url("f")))
        .execute(&db)
        .await
        .unwrap_err();
    assert_eq!(error.column(), Some("subject_id"));
    assert_eq!(Post::query().count(&db).await.unwrap(), 2);
}

#[tokio::test]
async fn links_are_of_one_kind() {
    let (_database, db) = rows().await;
    let post = Post::query().find(1).one(&db).await.unwrap();
    let photo = Photo::query().find(1).one(&db).await.unwrap();
    let comments = async |kind: &str| -> Vec<i64> {
        let comments = Comment::query().filter(Comment::subject_kind.eq(kind));
        comments.select(Comment::id).order_by(Comment::id.asc()).all(&db).await.unwrap()
    };
    // From photo 2, and from none.
    assert_eq!(Post::comments.of(&post).connect([4, 6]).execute(&db).await.unwrap(), 2);
    assert_eq!((comments("post").await, comments("photo").await), (vec![1, 2, 4, 6, 7], vec![3]));
    // What is linked to a row with the same key of another table is not unlinked.
    assert_eq!(Post::comments.of(&post).disconnect([1, 3]).execute(&db).await.unwrap(), 1);
    assert_eq!((comments("post").await, comments("photo").await), (vec![2, 4, 6, 7], vec![3]));
    assert_eq!(stored(&db).await[0], (None, None, "p1".to_owned()));
    assert_eq!(Photo::comments.of(&photo).set([1]).execute(&db).await.unwrap(), 2);
    assert_eq!((comments("post").await, comments("photo").await), (vec![2, 4, 6, 7], vec![1]));
    assert_eq!(Post::comments.of(&post).disconnect_all().execute(&db).await.unwrap(), 3);
    assert_eq!((comments("post").await, comments("photo").await), (vec![7], vec![1]));
    let error = Photo::pin.of(&photo).disconnect_all().execute(&db).await.unwrap_err();
    assert_eq!((error.table(), error.column()), (Some("poly_pin"), Some("subject_id")));
    let new = Post::insert().title("New").with(Post::comments.connect([1, 2]));
    let new = new.returning_all().one(&db).await.unwrap();
    let found = stored(&db).await;
    assert_eq!(found[..2], [of("post", new.id, "p1"), of("post", new.id, "p1!")]);
}
