//! What the derive adds is silent under the strictest lints, wherever the struct stands.
#![deny(
    warnings,
    missing_docs,
    unreachable_pub,
    unused,
    nonstandard_style,
    missing_debug_implementations
)]
#![forbid(unsafe_code)]

use orm::prelude::*;

/// Public, with everything.
#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "users", schema = "auth", has_many(posts: Post::author_id, edited: Post::editor_id))]
#[table(
    unique("one_handle", handle, r#type),
    index(handle),
    index("by_type", r#type),
    check("age >= 0")
)]
#[table(check("short", "length(handle) < 20"), unique_index(handle, age), comment = "who signs in", crate = ::orm)]
pub struct User {
    /// The key.
    #[column(primary_key, identity)]
    pub id: i64,
    /// A raw identifier.
    pub r#type: String,
    /// Named otherwise.
    #[column(
        name = "Handle",
        unique = "handle_once",
        comment = "shown",
        data_type = "varchar(20)"
    )]
    pub handle: String,
    /// A negative default.
    #[column(default = -1)]
    pub age: i32,
    /// Set by the client.
    #[column(default = now(), on_update = Utc::now())]
    pub updated_at: DateTime<Utc>,
    /// Refers to its own table.
    #[column(references = Self::id, on_delete = set_null, on_update = cascade, on_update = None::<i64>, index)]
    pub manager_id: Option<i64>,
}

pub mod inner {
    //! Tables of restricted visibility.
    use orm::prelude::*;

    /// Public in a private module.
    #[derive(Table, Debug, Clone, PartialEq)]
    pub struct Post {
        #[column(primary_key, identity = by_default)]
        /// The key.
        pub id: i64,
        #[column(references = super::User::id, on_delete = cascade)]
        /// Who wrote it.
        pub author_id: i64,
        #[column(references = super::User::id, on_delete = set_null)]
        /// Who changed it.
        pub editor_id: Option<i64>,
    }

    #[derive(Table, Debug, Clone, PartialEq)]
    #[table(primary_key(user_id, kind))]
    pub(super) struct Profile {
        #[column(references = super::User::id)]
        pub(super) user_id: i64,
        #[column(default = "it's a \\ \"text\"")]
        pub(super) kind: String,
        secret: Option<Vec<String>>,
    }

    #[derive(Table, Debug, Clone, PartialEq)]
    pub(in super::inner) struct Hidden {
        #[column(primary_key)]
        id: i64,
    }

    impl Profile {
        pub(super) fn new(user_id: i64) -> Self {
            let _ = Hidden::query().filter(Hidden::id.eq(Hidden { id: user_id }.id));
            Self { user_id, kind: String::new(), secret: None }
        }

        pub(super) fn told(&self) -> Option<&Vec<String>> {
            self.secret.as_ref()
        }
    }
}
pub use inner::Post;
use inner::Profile;

#[derive(Table, Debug, Clone, PartialEq)]
#[table(has_many(children: Private::parent_id))]
struct Private {
    #[column(primary_key)]
    id: i64,
    #[column(references = Private::id)]
    parent_id: Option<i64>,
}

orm::alias!(
    /// The manager of a user.
    pub Manager = User
);
orm::alias!(Parent = Private);

#[test]
fn holds() {
    #[derive(Table, Debug, Clone, PartialEq)]
    struct Local {
        #[column(primary_key)]
        id: String,
        value: std::option::Option<bool>,
    }

    let _ = Local::query().filter(Local::value.is_null()).to_sql();
    let _ = User::query().with(User::posts.with(Post::editor)).with(User::edited).to_sql();
    let _ = Post::query().with(Post::author).to_sql();
    let _ = User::query().inner_join(Manager, User::manager_id.eq(Manager.id)).to_sql();
    let _ = Private::query().inner_join(Parent, Private::parent_id.eq(Parent.id)).to_sql();
    let _ = Private::query().with(Private::children).with(Private::parent).to_sql();
    let _ = User::insert().r#type("x").handle("y").age(3).build();
    let profile = Profile::new(1);
    assert_eq!(profile.kind, "");
    assert_eq!(profile.told(), None);
    assert!(
        Profile::query()
            .filter(Profile::user_id.eq(profile.user_id))
            .to_sql()
            .text
            .contains("profile")
    );

    let table = <User as orm::Table>::TABLE;
    assert_eq!((&*table.schema, &*table.name), ("auth", "users"));
    assert_eq!(table.columns[1].name, "type");
    assert_eq!(table.columns[2].data_type, "varchar(20)");
    assert_eq!(table.columns[3].default.as_deref(), Some("-1"));
    assert_eq!(table.foreign_keys[0].on_update, orm::schema::Action::Cascade);
    let kind = &<Profile as orm::Table>::TABLE.columns[1];
    assert_eq!(kind.default.as_deref(), Some(r#"E'it''s a \\ "text"'"#));
}
