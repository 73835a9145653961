//! `#[derive(Table)]`, `#[derive(Enum)]`, `#[derive(Domain)]`, `#[derive(Newtype)]`, `#[derive(Composite)]`,
//! `#[derive(FromRow)]`, `alias!`, `sql!`, `function!` and `embed_migrations!`.
//!
//! attr -> parse -> model -> check -> emit; errors are gathered, not one by one. Knows no crate of ours, only
//! the paths `::orm::__private` and `::orm_migrate::Embedded`, in `runtime`.

mod alias;
mod attr;
mod check;
mod data_type;
mod embed;
mod emit;
mod errors;
mod flatten;
mod fragment;
mod fragments;
mod function;
mod instances;
mod model;
mod names;
mod parse;
mod runtime;
#[cfg(test)]
mod tests;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Makes a struct the row of a table: its columns, constraints, indexes and relations, and the queries on it.
///
#[doc = include_str!("../docs/table.md")]
#[proc_macro_derive(Table, attributes(table, column))]
pub fn derive_table(input: TokenStream) -> TokenStream {
    derived(input, expand)
}

/// Reads the item, also one that a `macro_rules!` of the user's has made.
fn derived(
    input: TokenStream,
    expand: impl FnOnce(&DeriveInput) -> proc_macro2::TokenStream,
) -> TokenStream {
    match syn::parse2(fragments::visible(input.into())) {
        Ok(input) => expand(&input),
        Err(error) => error.into_compile_error(),
    }
    .into()
}

/// Makes a struct one of columns: each table that has it as a field with `#[column(flatten)]` has them.
///
#[doc = include_str!("../docs/columns.md")]
#[proc_macro_derive(Columns, attributes(columns, column))]
pub fn derive_columns(input: TokenStream) -> TokenStream {
    derived(input, expand_columns)
}

/// Goes on with a derive that asked a struct of columns for its fields.
#[doc(hidden)]
#[proc_macro]
pub fn flattened(input: TokenStream) -> TokenStream {
    match syn::parse2::<flatten::Pending>(fragments::visible(input.into())) {
        Ok(pending) => pending.expand(),
        Err(error) => error.into_compile_error(),
    }
    .into()
}

fn expand_columns(input: &DeriveInput) -> proc_macro2::TokenStream {
    custom(input, parse::shape::group, check::group::group, emit::group::group)
}

fn expand(input: &DeriveInput) -> proc_macro2::TokenStream {
    flatten::expand("Table", input)
}

fn table_with(input: &DeriveInput, written: &parse::shape::Written) -> proc_macro2::TokenStream {
    if !input.generics.params.is_empty() {
        return instances::expand(input, written);
    }
    let mut errors = errors::Errors::default();
    parse::instance::none(input, &mut errors);
    let table = parse::table(input, written, &mut errors);
    if let Some(table) = &table {
        check::table(table, &mut errors);
    }
    match (table, errors.finish()) {
        (Some(table), None) => emit::table(&table),
        (table, errors) => {
            let errors = errors.map(syn::Error::into_compile_error);
            let stub = table.map(emit::stub::table);
            quote::quote!(#errors #stub)
        }
    }
}

/// Makes an enum without fields a PostgreSQL enum: the type of columns, and of parameters.
///
#[doc = include_str!("../docs/enum.md")]
#[proc_macro_derive(Enum, attributes(pg_enum, variant))]
pub fn derive_enum(input: TokenStream) -> TokenStream {
    derived(input, expand_enum)
}

/// Makes a struct around one value a PostgreSQL domain: a type with checks of its own.
///
#[doc = include_str!("../docs/domain.md")]
#[proc_macro_derive(Domain, attributes(domain))]
pub fn derive_domain(input: TokenStream) -> TokenStream {
    derived(input, expand_domain)
}

/// Makes a struct around one value a type of columns that is not compared with others of the same SQL type.
///
#[doc = include_str!("../docs/newtype.md")]
#[proc_macro_derive(Newtype, attributes(newtype))]
pub fn derive_newtype(input: TokenStream) -> TokenStream {
    derived(input, expand_newtype)
}

/// Makes a struct with named fields a PostgreSQL composite type: a row in one column.
///
#[doc = include_str!("../docs/composite.md")]
#[proc_macro_derive(Composite, attributes(composite, field))]
pub fn derive_composite(input: TokenStream) -> TokenStream {
    derived(input, expand_composite)
}

/// Makes a struct of the user's own the row of a select list, checked by name and type.
///
#[doc = include_str!("../docs/from_row.md")]
#[proc_macro_derive(FromRow, attributes(from_row, column))]
pub fn derive_from_row(input: TokenStream) -> TokenStream {
    derived(input, expand_from_row)
}

fn expand_from_row(input: &DeriveInput) -> proc_macro2::TokenStream {
    flatten::expand("FromRow", input)
}

fn row_with(input: &DeriveInput, written: &parse::shape::Written) -> proc_macro2::TokenStream {
    let parse = |input: &DeriveInput, errors: &mut _| parse::row::row(input, written, errors);
    custom(input, parse, check::row::row, emit::from_row::row)
}

/// Makes a struct a row that can be inserted into a table, with fewer columns than the table has.
///
#[doc = include_str!("../docs/insertable.md")]
#[proc_macro_derive(Insertable, attributes(insert, given))]
pub fn derive_insertable(input: TokenStream) -> TokenStream {
    derived(input, |input| flatten::expand("Insertable", input))
}

fn insertable_with(
    input: &DeriveInput,
    written: &parse::shape::Written,
) -> proc_macro2::TokenStream {
    let parse =
        |input: &DeriveInput, errors: &mut _| parse::input::insertable(input, written, errors);
    custom(input, parse, |_, _| {}, emit::input::insertable)
}

/// Makes a struct a patch of rows of a table: what is absent stays as it is.
///
#[doc = include_str!("../docs/patch.md")]
#[proc_macro_derive(Patch, attributes(patch, given))]
pub fn derive_patch(input: TokenStream) -> TokenStream {
    derived(input, |input| flatten::expand("Patch", input))
}

fn patch_with(input: &DeriveInput, written: &parse::shape::Written) -> proc_macro2::TokenStream {
    let parse = |input: &DeriveInput, errors: &mut _| parse::input::patch(input, written, errors);
    custom(input, parse, |_, _| {}, emit::input::patch)
}

fn expand_enum(input: &DeriveInput) -> proc_macro2::TokenStream {
    custom(input, parse::custom::enumeration, check::custom::enumeration, emit::custom::enumeration)
}

fn expand_domain(input: &DeriveInput) -> proc_macro2::TokenStream {
    custom(input, parse::custom::domain, check::custom::domain, emit::custom::domain)
}

fn expand_newtype(input: &DeriveInput) -> proc_macro2::TokenStream {
    custom(input, parse::newtype::newtype, |_, _| {}, emit::newtype::newtype)
}

fn expand_composite(input: &DeriveInput) -> proc_macro2::TokenStream {
    custom(input, parse::custom::composite, check::custom::composite, emit::custom::composite)
}

/// A type that a program declares: with mistakes, it is emitted too, so that one mistake is one message.
fn custom<T>(
    input: &DeriveInput,
    parse: impl FnOnce(&DeriveInput, &mut errors::Errors) -> Option<T>,
    check: fn(&T, &mut errors::Errors),
    emit: fn(&T) -> proc_macro2::TokenStream,
) -> proc_macro2::TokenStream {
    let mut errors = errors::Errors::default();
    let found = parse(input, &mut errors);
    if let Some(found) = &found {
        check(found, &mut errors);
    }
    let errors = errors.finish().map(syn::Error::into_compile_error);
    let found = found.as_ref().map(emit);
    quote::quote!(#errors #found)
}

/// Gives a table a second name, so that one query can read it twice.
///
/// `alias!(pub Manager = Employee);` declares a type `Manager` that can be joined, and through which columns are
/// seen: `Employee::query().inner_join(Manager, Employee::manager_id.eq(Manager::of(Employee::id)))`.
#[proc_macro]
pub fn alias(input: TokenStream) -> TokenStream {
    match syn::parse2::<alias::Alias>(fragments::visible(input.into())) {
        Ok(alias) => alias.emit(),
        Err(error) => error.into_compile_error(),
    }
    .into()
}

/// A fragment of SQL as an expression: its Rust type, its text, and an operand for each `{}` in the text.
///
/// The text is a literal. An operand is a column, an expression, or a value, which becomes a parameter; in SQL it is set
/// apart by parentheses where it needs them. `{{` and `}}` are braces. What the type says is not checked by the compiler:
/// write `Option<..>` where the fragment can be NULL. `sql!(aggregate i64: "..", ..)` is an aggregate.
///
/// ```ignore
/// let similar = orm::sql!(f32: "similarity({}, {})", User::name, term);
/// let query = User::query().filter(similar.clone().gt(0.3)).order_by(similar.desc());
/// ```
///
/// A fragment that is a key of `group_by` and is selected is a [`group_key`](https://docs.rs/orm/latest/orm/fn.group_key.html).
#[proc_macro]
pub fn sql(input: TokenStream) -> TokenStream {
    match syn::parse2::<fragment::Fragment>(fragments::visible(input.into())) {
        Ok(fragment) => fragment.emit(),
        Err(error) => error.into_compile_error(),
    }
    .into()
}

/// Declares functions of the database, so that queries can call them.
///
/// An argument has a Rust type, or an SQL type of `orm::types`; a call takes values, columns and expressions of it. The
/// result is NULL where an argument is NULL; write `Option<..>` where it can be NULL otherwise, too. The name in the
/// database is that of the Rust function, or the one after `as`, with its schema before it if there is one; it is quoted.
///
/// ```ignore
/// orm::function! {
///     /// How similar two texts are, from 0 to 1 (extension `pg_trgm`).
///     pub fn similarity(left: String, right: String) -> f32;
///     /// The shop's own.
///     pub fn price_of(article: i64) -> Option<i32> as "shop"."priceOf";
///     /// An aggregate that gives NULL for no rows.
///     pub aggregate fn median(number: f64) -> Option<f64>;
/// }
/// let query = User::query().order_by(similarity(User::name, term).desc());
/// ```
#[proc_macro]
pub fn function(input: TokenStream) -> TokenStream {
    match syn::parse2::<function::Functions>(fragments::visible(input.into())) {
        Ok(functions) => functions.emit(),
        Err(error) => error.into_compile_error(),
    }
    .into()
}

/// Compiles the migrations of a folder into the program: `orm_migrate::apply(&db, embed_migrations!())`.
///
/// The folder is `migrations` beside `Cargo.toml`; `embed_migrations!("db/migrations")` names another one, from there.
/// It is read when the crate is compiled. A change of an `up.sql` makes Cargo compile the crate again. For a migration that
/// is added or removed while no Rust code changes, the crate needs a `build.rs` beside `Cargo.toml`:
///
/// ```text
/// fn main() {
///     println!("cargo::rerun-if-changed=migrations");
/// }
/// ```
///
/// Without it such a program applies nothing and says so, where the folder is on the machine that it runs on. The ledger is
/// the one that `orm.toml` or `[package.metadata.orm]` names: both files are compiled in, as far as they are there.
#[proc_macro]
pub fn embed_migrations(input: TokenStream) -> TokenStream {
    let embed = parse_macro_input!(input as embed::Embed);
    // Cargo sets it; without Cargo, the folder that the compiler runs in.
    let manifest_folder = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default();
    embed.emit(std::path::Path::new(&manifest_folder)).into()
}
