//! A struct of columns is found by its path: from another module, before it is declared, in a function, made by a macro.
#![no_implicit_prelude]
#![deny(warnings, missing_docs, unreachable_pub)]

mod shared {
    /// Two of one name, in two modules: both are seen by other crates.
    #[derive(::orm::Columns, ::core::fmt::Debug, ::core::clone::Clone, ::core::cmp::PartialEq)]
    pub(crate) struct Stamp {
        #[column(default = now(), on_update = self::now())]
        made: ::chrono::DateTime<::chrono::Utc>,
    }

    fn now() -> ::chrono::DateTime<::chrono::Utc> {
        ::chrono::Utc::now()
    }

    pub(crate) mod deeper {
        #[derive(::orm::Columns, ::core::fmt::Debug, ::core::clone::Clone)]
        pub(crate) struct Hidden {
            pub(in crate::shared) note: ::core::option::Option<i32>,
        }
    }

    #[derive(::orm::Table)]
    pub(crate) struct Inner {
        #[column(primary_key)]
        id: i64,
        #[column(flatten)]
        hidden: deeper::Hidden,
        #[column(flatten)]
        stamp: Stamp,
    }

    pub(crate) fn inner() -> Inner {
        let stamp = Stamp { made: now() };
        Inner { id: 1, hidden: deeper::Hidden { note: ::core::option::Option::None }, stamp }
    }
}

mod other {
    #[derive(::orm::Columns, ::core::fmt::Debug, ::core::clone::Clone)]
    pub(crate) struct Stamp {
        pub(crate) text: ::std::string::String,
    }
}

#[allow(unreachable_pub)]
mod public {
    /// A row of columns.
    #[derive(
        ::orm::Columns, ::core::fmt::Debug, ::core::clone::Clone, ::core::default::Default,
    )]
    pub struct Place {
        /// The street.
        #[column(collation = "C", comment = "c", data_type = "varchar(3)", renamed_from = "q")]
        pub street: ::std::string::String,
        #[column(index, unique(nulls_not_distinct), setter = set_number)]
        pub(crate) number: ::core::option::Option<i32>,
        #[column(skip)]
        pub(crate) seen: bool,
    }

    pub mod again {
        #[derive(
            ::orm::Columns, ::core::fmt::Debug, ::core::clone::Clone, ::core::default::Default,
        )]
        pub struct Place {
            pub street: ::std::string::String,
        }
    }
}

use other::Stamp as Text;
use public::Place;

#[derive(::orm::Table)]
struct Before {
    #[column(flatten)]
    base: Base,
    #[column(flatten, prefix = "a_")]
    one: Place,
    #[column(flatten, prefix = "b_")]
    two: public::again::Place,
    #[column(flatten)]
    stamp: crate::shared::Stamp,
    #[column(flatten)]
    words: Text,
    #[column(skip = ::std::vec::Vec::new())]
    cache: ::std::vec::Vec<i32>,
}

#[derive(::orm::Columns)]
struct Base {
    #[column(primary_key, identity)]
    id: i64,
    #[column(references = Before::id, relation = parent)]
    parent_id: ::core::option::Option<i64>,
    #[column(generated = "id + 1")]
    next: i64,
}

macro_rules! group {
    ($(#[$attribute:meta])* $name:ident { $($field:ident: $type:ty = $default:expr),* }) => {
        #[derive(::orm::Columns)]
        struct $name {
            $(#[column(default = $default)] $field: $type,)*
        }
    };
}

group!(Made { count: i32 = -1, text: ::std::string::String = "x" });

#[derive(::orm::Table)]
struct OfMacro {
    #[column(primary_key)]
    id: i64,
    #[column(flatten)]
    made: Made,
}

#[::core::prelude::v1::test]
fn holds() {
    #[derive(::orm::Columns)]
    struct Local {
        r#type: i32,
    }

    #[derive(::orm::Table)]
    struct Here {
        #[column(primary_key)]
        id: i64,
        #[column(flatten)]
        local: Local,
        #[column(flatten, prefix = "x_")]
        more: Local,
    }

    let columns = |table: &'static ::orm::schema::Table| -> ::std::vec::Vec<&'static str> {
        let mut names = ::std::vec::Vec::new();
        for column in table.columns.iter() {
            names.push(&*column.name);
        }
        names
    };
    use ::orm::Table as _;
    ::core::assert_eq!(
        columns(Before::TABLE),
        ["id", "parent_id", "next", "a_street", "a_number", "b_street", "made", "text"]
    );
    ::core::assert_eq!(columns(Here::TABLE), ["id", "type", "x_type"]);
    let _ = (Here::r#type, Here::x_type, Before::parent, Before::a_street, Before::one);
    let here = Here { id: 1, local: Local { r#type: 1 }, more: Local { r#type: 2 } };
    let _ = (here.id, here.local.r#type, here.more.r#type);
    let inner = shared::inner();
    let _ = ::orm::Insert::values([inner]);
    let insert = Before::insert()
        .one(::core::default::Default::default())
        .a_set_number(3)
        .b_street("s")
        .text("t");
    let _ = ::orm::InsertBuilder::build(insert);
    let made = OfMacro { id: 1, made: Made { count: 1, text: ::std::string::String::new() } };
    let _ = (made.id, made.made.count, made.made.text);
    let base = Base { id: 1, parent_id: ::core::option::Option::None, next: 2 };
    let _ = |row: Before| {
        (
            row.base.id,
            row.base.parent_id,
            row.base.next,
            row.one,
            row.two,
            row.stamp,
            row.words,
            row.cache,
        )
    };
    let _ = base.id + base.next + base.parent_id.unwrap_or_default();
    ::core::assert_eq!(
        OfMacro::TABLE.columns[1].default.as_deref(),
        ::core::option::Option::Some("-1")
    );
}
