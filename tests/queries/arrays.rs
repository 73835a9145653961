//! Operators of arrays on columns: text and rows.

use crate::custom::Mood;
use orm::func;
use orm::prelude::*;
use orm_test_support::TestDatabase;

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "post")]
struct Post {
    #[column(primary_key)]
    id: i64,
    tags: Vec<String>,
    scores: Option<Vec<i32>>,
    best: i32,
}

async fn posts() -> (TestDatabase, Db) {
    let database = orm_test_support::database().await;
    database.create(&[Post::TABLE]).await;
    let db = database.db();
    let strings = |all: &[&str]| all.iter().map(ToString::to_string).collect::<Vec<String>>();
    for (id, tags, scores) in [
        (1, strings(&["rust", "sql"]), Some(vec![1, 2])),
        (2, strings(&["sql"]), None),
        (3, vec![], Some(vec![])),
    ] {
        Post::insert().id(id).tags(tags).scores(scores).best(2).execute(&db).await.unwrap();
    }
    (database, db)
}

async fn ids(db: &Db, condition: impl Into<orm::Condition<Post>>) -> Vec<i64> {
    let condition: orm::Condition<Post> = condition.into();
    Post::query().filter(condition).order_by(Post::id.asc()).select(Post::id).all(db).await.unwrap()
}

fn list(all: &[&str]) -> Vec<String> {
    all.iter().map(ToString::to_string).collect()
}

#[tokio::test]
async fn arrays_contain_and_overlap() {
    let (_database, db) = posts().await;
    assert_eq!(ids(&db, Post::tags.contains(list(&["sql"]))).await, [1, 2]);
    assert_eq!(ids(&db, Post::tags.contained_in(list(&["sql", "go"]))).await, [2, 3]);
    assert_eq!(ids(&db, Post::tags.overlaps(list(&["rust", "go"]))).await, [1]);
    assert_eq!(ids(&db, Post::scores.contains(vec![2])).await, [1]);
    assert_eq!(ids(&db, Post::tags.eq(Vec::<String>::new())).await, [3]);
    let query = Post::query()
        .filter(Post::tags.contains(list(&["a"])).or(Post::tags.overlaps(Post::tags)))
        .select(Post::id);
    assert!(
        query
            .to_sql()
            .text
            .ends_with(r#"WHERE "post"."tags" @> $1 OR "post"."tags" && "post"."tags""#)
    );
}

#[tokio::test]
async fn a_value_is_looked_for_in_an_array_column() {
    let (_database, db) = posts().await;
    let query = Post::query().filter(func::value("rust").eq_any(Post::tags)).select(Post::id);
    assert!(query.to_sql().text.ends_with(r#"WHERE $1 = ANY("post"."tags")"#));
    assert_eq!(query.all(&db).await.unwrap(), [1]);
    assert_eq!(ids(&db, func::value("rust").ne_all(Post::tags)).await, [2, 3]);
    assert_eq!(ids(&db, Post::best.eq_any(Post::scores)).await, [1]);
    // A NULL array gives NULL, and not true.
    assert_eq!(ids(&db, Post::best.ne_all(Post::scores)).await, [3]);
    assert_eq!(ids(&db, Post::id.eq_any(vec![1_i64, 3])).await, [1, 3]);
}

#[tokio::test]
async fn elements_and_sizes_are_read() {
    let (_database, db) = posts().await;
    let query = Post::query().order_by(Post::id.asc()).select((
        Post::tags.at(1),
        Post::scores.at(Post::best),
        func::cardinality(Post::tags),
        func::array_append(Post::tags, "end").at(1),
    ));
    assert!(query.to_sql().text.starts_with(
        r#"SELECT ("post"."tags")[$1], ("post"."scores")["post"."best"], cardinality("post"."tags"), (array_append("post"."tags", $2))[$3] FROM"#
    ));
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(
        query.all(&db).await.unwrap(),
        [
            (text("rust"), Some(2), 2, text("rust")),
            (text("sql"), None, 1, text("sql")),
            (None, None, 0, text("end")),
        ]
    );
}

#[tokio::test]
async fn an_update_appends() {
    let (_database, db) = posts().await;
    Post::update()
        .set((
            Post::tags.set(Post::tags.concat(list(&["new"]))),
            Post::scores.set(func::array_append(Post::scores, 9)),
        ))
        .filter(Post::id.eq(1))
        .execute(&db)
        .await
        .unwrap();
    let post = Post::query().filter(Post::id.eq(1)).one(&db).await.unwrap();
    assert_eq!((post.tags, post.scores), (list(&["rust", "sql", "new"]), Some(vec![1, 2, 9])));
}

#[tokio::test]
async fn arrays_of_a_declared_type_have_the_same_operators() {
    use crate::custom::{Person, database, full, insert};
    let (_database, db) = database().await;
    insert(full()).execute(&db).await.unwrap();
    let query = Person::query()
        .filter(Person::moods.contains(vec![Mood::Sad]))
        .select((Person::moods.at(2), func::array_remove(Person::moods, Mood::Sad)));
    assert_eq!(query.one(&db).await.unwrap(), (Some(Mood::Happy), vec![Mood::Happy]));
    let query = Person::query().filter(Person::mood.eq_any(Person::moods));
    assert_eq!(query.count(&db).await.unwrap(), 1);
}
