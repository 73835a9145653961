//! The types that the derive adds give way to the user's items of the same name, and can be named otherwise.
#![deny(warnings, missing_docs, unreachable_pub)]

use orm::prelude::*;

/// Makes `UserInsert`, `UserWithPosts` and `UserWithFriends`, which are all taken.
#[derive(Table, Debug, Clone, PartialEq)]
#[table(has_many(posts: Post::author_id, friends: Post::friend_id), loaded(friends = Befriended))]
pub struct User {
    /// The key.
    #[column(primary_key)]
    pub id: i64,
    /// A column may have the name of a method, if its setter has another.
    #[column(setter = may_execute)]
    pub execute: bool,
    /// The same in the database only.
    #[column(name = "query", setter = with_query)]
    pub build: Option<String>,
    /// No method of an insert.
    pub filter: Option<String>,
    /// No method of an insert.
    pub set: Option<String>,
}

/// What a form sends.
#[derive(Debug)]
pub struct UserInsert {
    /// A field of the user's.
    pub form: String,
}
/// A trait of the user's.
pub trait UserWithPosts {}
/// A function of the user's.
#[allow(non_snake_case)]
pub fn UserWithFriends() -> u8 {
    1
}

/// A relation to its own table, whose name is one of the parameters' of the types that are made.
#[derive(Table, Debug, Clone, PartialEq)]
#[table(insert = NewPost, has_many(rows: Post::related, r#type: Self::state))]
pub struct Post {
    /// The key.
    #[column(primary_key, identity)]
    pub id: i64,
    /// Whose.
    #[column(references = User::id, relation = author)]
    pub author_id: Option<i64>,
    /// Whose.
    #[column(references = User::id, relation = friend)]
    pub friend_id: Option<i64>,
    /// Which.
    #[column(references = Self::id, relation = other)]
    pub related: Option<i64>,
    /// Which.
    #[column(references = Self::id, relation = another)]
    pub state: Option<i64>,
}

/// Names of type parameters in what is generated.
pub mod parameters {
    use orm::prelude::*;

    macro_rules! tables {
        ($($name:ident),*) => {$(
            /// A table.
            #[derive(Table, Debug, Clone, PartialEq)]
            #[table(has_many(children: Self), crate = orm)]
            pub struct $name {
                /// The key.
                #[column(primary_key)]
                pub id: i64,
                /// The parent.
                #[column(references = Self::id)]
                pub parent_id: Option<i64>,
            }

            impl $name {
                /// Uses what is generated.
                pub fn parts(row: <$name as Named>::Of) -> ($name, Vec<$name>) {
                    (row.row, row.children)
                }
            }
        )*};
    }
    /// The struct with the relation.
    pub trait Named {
        /// The type.
        type Of;
    }
    macro_rules! named {
        ($($name:ident $holder:ident),*) => {$( impl Named for $name { type Of = $holder; } )*};
    }
    tables!(State, Row, Related, T, Value, Place, After, _Orm, Columns, LIST);
    named!(State StateWithChildren, Row RowWithChildren, Related RelatedWithChildren, T TWithChildren);
    named!(Value ValueWithChildren, Place PlaceWithChildren, After AfterWithChildren, _Orm _OrmWithChildren);
    named!(Columns ColumnsWithChildren, LIST LISTWithChildren);

    /// Inserts of all of them.
    pub fn inserts() -> [String; 4] {
        [
            State::insert().id(1).to_sql().text,
            Row::insert().id(1).to_sql().text,
            Related::insert().parent_id(1).id(1).to_sql().text,
            T::insert().id(1).to_sql().text,
        ]
    }
}

#[test]
fn holds() {
    let insert = User::insert().id(1).may_execute(true).filter("f").set("s").with_query("b");
    assert_eq!(
        insert.to_sql(),
        r#"INSERT INTO "user" ("id", "execute", "query", "filter", "set") VALUES ($1, $2, $3, $4, $5)"#
    );
    let named: <User as Table>::Insert = User::insert();
    assert_eq!(format!("{named:?}"), "{}");
    let _ =
        User::query().filter(User::execute.eq(true)).with(User::posts).with(User::friends).to_sql();
    let _ = |row: Befriended| row.friends;
    let form = UserInsert { form: "x".to_owned() };
    assert_eq!((form.form.as_str(), UserWithFriends()), ("x", 1));
    let new: NewPost = Post::insert();
    assert_eq!(new.to_sql(), r#"INSERT INTO "post" DEFAULT VALUES"#);
    let _ = |row: PostWithRows| row.rows;
    let _ = |row: PostWithType| row.r#type;
    let _ = Post::query().with(Post::rows).with(Post::r#type.with(Post::other)).to_sql();
    assert!(parameters::inserts()[0].starts_with(r#"INSERT INTO "state""#));
    {
        // Also within a function, where no path leads to the struct.
        #[derive(Table, Debug)]
        #[table(has_many(rows: Local))]
        struct Local {
            #[column(primary_key)]
            id: i64,
            #[column(references = Local::id)]
            local_id: Option<i64>,
        }
        struct LocalInsert;
        let _ = LocalInsert;
        let _ = |row: LocalWithRows| (row.rows, Local::insert().id(1).build());
        let _ = |row: LocalWithLocal| row.local;
    }
}
