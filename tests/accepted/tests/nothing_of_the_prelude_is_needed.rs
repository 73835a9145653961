//! What the derives add names everything in full: no prelude is needed, and no item of the user's is taken for another.
#![no_implicit_prelude]
#![deny(warnings)]

mod shadowed {
    //! Every name of the prelude that the derives could lean on is something else here.
    #![allow(dead_code, unused_imports)]

    pub(crate) struct Option;
    pub(crate) struct Result;
    pub(crate) struct Vec;
    pub(crate) struct Box;
    pub(crate) fn drop() {}
    pub(crate) enum Other {
        Some,
        None,
        Ok,
        Err,
    }
    pub(crate) use Other::{Err, None, Ok, Some};
    pub(crate) trait Clone {
        fn clone(&self) {}
    }
    pub(crate) trait Default {
        fn default() {}
    }
    pub(crate) trait Into {
        fn into(&self) {}
    }
    pub(crate) trait From {
        fn from() {}
    }
    pub(crate) trait Iterator {
        fn map(&self) {}
        fn collect(&self) {}
    }
    pub(crate) trait ToString {
        fn to_string(&self) {}
    }
    pub(crate) trait Fn {}
    pub(crate) trait Send {}
    pub(crate) trait Debug {}
    impl<T> Clone for T {}
    impl<T> Default for T {}
    impl<T> Into for T {}
    impl<T> From for T {}
    impl<T> Iterator for T {}
    impl<T> ToString for T {}
}
#[allow(unused_imports)]
use shadowed::*;

type Text = ::std::string::String;

#[derive(
    ::orm::Enum,
    ::core::fmt::Debug,
    ::core::clone::Clone,
    ::core::marker::Copy,
    ::core::cmp::PartialEq,
)]
#[pg_enum(comment = "how")]
pub enum Mood {
    Good,
    #[variant(name = "so so", renamed_from = "x")]
    Bad,
}

#[derive(::orm::Domain, ::core::fmt::Debug, ::core::clone::Clone, ::core::cmp::PartialEq)]
#[domain(check("VALUE <> ''"), not_null, default = "x")]
pub struct Email(Text);

#[derive(::orm::Composite, ::core::fmt::Debug, ::core::clone::Clone, ::core::cmp::PartialEq)]
pub struct Address {
    street: Text,
    #[field(collation = "C")]
    zip: ::core::option::Option<i32>,
    mood: Mood,
}

#[derive(::orm::Table, ::core::fmt::Debug, ::core::clone::Clone, ::core::cmp::PartialEq)]
#[table(has_many(posts: Post::author_id), index("by_mail", email desc, where = "true"), check("true", not_valid))]
#[table(
    trigger("t", "BEFORE UPDATE", "EXECUTE FUNCTION f()"),
    with(fillfactor = 70),
    comment = "c",
    renamed_from = "p"
)]
#[table(row_security, policy("p", to("r"), using = "true"), exclude(email with "="), unique(email, mood, deferrable))]
#[table(primary_key("k", id, include(email)))]
pub struct Person {
    #[column(serial)]
    id: i64,
    #[column(unique(nulls_not_distinct), collation = "C", comment = "c", renamed_from = "q")]
    email: Email,
    #[column(default = Mood::Good)]
    mood: Mood,
    address: ::core::option::Option<Address>,
    #[column(on_update = sql("1"), default = 1)]
    changed: i32,
    #[column(generated = "id + 1")]
    next: i64,
}

#[derive(::orm::Table, ::core::fmt::Debug, ::core::clone::Clone, ::core::cmp::PartialEq)]
#[table(partition_by = list(id), partition("one", values = "IN (1)"), foreign_key(id => Person::id, relation = owner))]
pub struct Post {
    #[column(primary_key, identity(start = 3))]
    id: i64,
    #[column(references = Person::id, on_delete = set_null)]
    author_id: ::core::option::Option<i64>,
}

#[derive(::orm::Table, ::core::fmt::Debug)]
#[table(materialized_view = "SELECT 1 AS id", unique_index(id))]
pub struct View {
    id: i64,
}

::orm::alias!(pub Writer = Person);
::orm::declare!(Extension::new("citext"); Sequence::new("public", "numbers"));
::orm::renamed!(Rename::object(["public", "numbers"], "old_numbers"));

#[::core::prelude::v1::test]
fn holds() {
    use ::orm::{ExecuteInsert as _, Expression as _, InsertBuilder as _, Table as _};
    let insert = Person::insert().email(Email(::std::string::String::new())).build();
    ::core::assert!(insert.to_sql().text.starts_with("INSERT"));
    let _ = Person::query().with(Person::posts).to_sql();
    let _ = Post::query().inner_join(Writer, Post::author_id.eq(Writer.id)).to_sql();
    let _ = Post::insert().to_sql();
    let declared = ::orm::registry::declared();
    ::core::assert!(
        declared
            .is_ok_and(|it| it.tables.len() == 3 && it.objects.len() == 6 && it.renames.len() > 2)
    );
}
