//! Compares the tables a crate declares with a live database, writes migrations and applies them.
//!
//! `catalog` reads a live database, `scratch` has the server normalise what is declared and proves a migration;
//! `facts` asks how big tables are and which rows would make a migration fail;
//! `diff`, `plan` and `ddl` are pure and speak `change`; `lint` has rules about tables, pure too; `history` and `apply`
//! keep and run the folder; `rename` has which names change, pure; `project` asks a crate for its tables; `config` has the settings; `devdb` is a private PostgreSQL; `session` opens every session with the same settings; `cli`
//! has the verbs.
//! `embedded` applies what is compiled into a program: `orm_migrate::apply(&db, embed_migrations!())`.

#![cfg_attr(
    not(feature = "cli"),
    expect(
        dead_code,
        unused_imports,
        reason = "what only the verbs need is as small as the line that would leave it out"
    )
)]

pub mod apply;
pub mod catalog;
pub mod change;
#[cfg(feature = "cli")]
pub mod cli;
pub mod config;
pub mod ddl;
pub mod devdb;
pub mod diff;
mod edit_distance;
mod embedded;
pub mod error;
pub mod history;
pub mod lint;
mod locks;
pub mod plan;
pub mod preflight;
mod privileges;
pub mod project;
pub mod rename;
pub mod scratch;
mod server_message;
pub mod session;
pub mod source;

pub use embedded::{apply, apply_with};
pub use history::Embedded;
pub use locks::Exceeded;
pub use orm_macros::embed_migrations;
pub use server_message::Reported;
