//! The tables, with and without an index on the columns that refer to others: what is declared may decide how a tree is
//! loaded, so it says what the database has.

use crate::digest;
use orm::prelude::*;

/// The three tables of trees.
macro_rules! tables {
    ($name:ident, $($index:ident)?) => {
        pub(super) mod $name {
            use super::*;

            #[derive(Table, Debug, Clone)]
            #[table(name = "users", has_many(posts: Post))]
            pub(in crate::ours) struct User {
                #[column(primary_key)]
                pub(in crate::ours) id: i64,
                pub(in crate::ours) name: String,
                pub(in crate::ours) hair_color: Option<String>,
                #[column(default = now())]
                pub(in crate::ours) created_at: DateTime<Utc>,
            }

            #[derive(Table, Debug, Clone)]
            #[table(name = "posts", has_many(comments: Comment))]
            pub(in crate::ours) struct Post {
                #[column(primary_key)]
                pub(in crate::ours) id: i64,
                #[column(references = User::id $(, $index)?)]
                pub(in crate::ours) user_id: i64,
                pub(in crate::ours) title: String,
                pub(in crate::ours) body: String,
            }

            #[derive(Table, Debug, Clone)]
            #[table(name = "comments")]
            pub(in crate::ours) struct Comment {
                #[column(primary_key)]
                pub(in crate::ours) id: i64,
                #[column(references = Post::id $(, $index)?)]
                pub(in crate::ours) post_id: i64,
                pub(in crate::ours) body: String,
            }

            // Handles for joins: not each of these tables is joined.
            const _: () = {
                let _ = (User, Post, Comment);
            };

            impl User {
                pub(in crate::ours) fn digest(&self) -> u64 {
                    let time = self.created_at.timestamp_micros();
                    digest::user(self.id, &self.name, self.hair_color.as_deref(), time)
                }
            }

            impl Post {
                pub(in crate::ours) fn digest(&self) -> u64 {
                    digest::post(self.id, self.user_id, &self.title, &self.body)
                }
            }

            impl Comment {
                pub(in crate::ours) fn digest(&self) -> u64 {
                    digest::comment(self.id, self.post_id, &self.body)
                }
            }
        }
    };
}

tables!(indexed, index);
tables!(plain,);

#[derive(Table, Debug, Clone)]
#[table(name = "entries")]
pub(super) struct Entry {
    #[column(primary_key, identity)]
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) hair_color: Option<String>,
}

/// What is inserted.
#[derive(Insertable)]
#[insert(into = Entry)]
pub(super) struct NewEntry<'a> {
    pub(super) name: &'a str,
    pub(super) hair_color: orm::Maybe<Option<&'a str>>,
}
