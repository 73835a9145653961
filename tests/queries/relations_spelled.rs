//! The keys of a relation are found however the tables are spelled: by paths, aliases, raw names, within structs of columns.

use orm::prelude::*;
use orm_test_support::TestDatabase;

pub(crate) mod people {
    use orm::prelude::*;

    #[derive(Table, Debug, Clone, PartialEq)]
    #[table(
        name = "spelled_user",
        has_many(
            posts: super::posts::Post::r#type,
            reviews: crate::relations_spelled::posts::Post::reviewer,
            r#loop: super::Note,
            tags: super::posts::Tag through(super::posts::Post::author, super::posts::Post::tag_id),
            same_name: Self on(name = Self::name) filter(Self::id.ne(0)),
        ),
        has_one(last_note: super::Remark)
    )]
    pub(crate) struct User {
        #[column(primary_key)]
        pub(crate) id: i64,
        pub(crate) name: String,
    }

    pub(crate) type Person = User;
}

pub(crate) mod posts {
    use super::people;
    use orm::prelude::*;

    #[derive(Table, Debug, Clone, PartialEq)]
    #[table(name = "spelled_post")]
    pub(crate) struct Post {
        #[column(primary_key)]
        pub(crate) id: i64,
        #[column(references = people::User::id, relation = author)]
        pub(crate) r#type: i64,
        #[column(references = crate::relations_spelled::people::Person::id)]
        pub(crate) reviewer_id: Option<i64>,
        #[column(references = Tag::id)]
        pub(crate) tag_id: i64,
    }

    #[derive(Table, Debug, Clone, PartialEq)]
    #[table(name = "spelled_tag", has_many(posts: Post, authors: people::Person through(Post::tag, Post::author)))]
    pub(crate) struct Tag {
        #[column(primary_key)]
        pub(crate) id: i64,
    }
}

#[derive(Columns, Debug, Clone, PartialEq)]
pub(crate) struct Owned {
    #[column(references = people::Person::id)]
    pub(crate) owner_id: i64,
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "spelled_note")]
pub(crate) struct Note {
    #[column(primary_key)]
    pub(crate) id: i64,
    #[column(flatten, prefix = "the_")]
    pub(crate) owned: Owned,
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "spelled_remark", unique_index(owner_id))]
pub(crate) struct Remark {
    #[column(primary_key)]
    pub(crate) id: i64,
    #[column(flatten)]
    pub(crate) owned: Owned,
}

async fn rows() -> (TestDatabase, Db) {
    let database = orm_test_support::database_with_declared_tables().await;
    database
        .execute(
            "INSERT INTO spelled_user VALUES (1, 'Ada'), (2, 'Bob'), (3, 'Ada');
             INSERT INTO spelled_tag VALUES (1), (2);
             INSERT INTO spelled_post VALUES (1, 1, 2, 1), (2, 1, NULL, 2), (3, 2, 1, 1);
             INSERT INTO spelled_note VALUES (1, 1), (2, 1);
             INSERT INTO spelled_remark VALUES (7, 1);",
        )
        .await;
    let db = database.db();
    (database, db)
}

#[tokio::test]
async fn a_relation_is_found_however_the_table_is_spelled() {
    use people::Person;
    let (_database, db) = rows().await;
    let people = Person::query()
        .with(Person::posts)
        .with(Person::reviews)
        .with(Person::r#loop)
        .with(Person::last_note)
        .with(Person::tags.order_by(posts::Tag::id.asc()))
        .with(Person::same_name.order_by(Person::id.asc()))
        .order_by(Person::id.asc())
        .all(&db)
        .await
        .unwrap();
    let ada = &people[0];
    assert_eq!((ada.posts.len(), ada.reviews.len(), ada.r#loop.len()), (2, 1, 2));
    assert_eq!(ada.last_note.as_ref().map(|it| it.id), Some(7));
    assert_eq!(ada.tags.iter().map(|it| it.id).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(ada.same_name.iter().map(|it| it.id).collect::<Vec<_>>(), [1, 3]);
    let tags = posts::Tag::query()
        .with(posts::Tag::authors.order_by(Person::id.asc()))
        .with(posts::Tag::posts.with(posts::Post::author))
        .order_by(posts::Tag::id.asc())
        .all(&db)
        .await
        .unwrap();
    assert_eq!(tags[0].authors.iter().map(|it| it.id).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(tags[1].posts[0].author.name, "Ada");
}
