//! `instances(LoginEvent = Event<Login>, ..)`.

use super::item::items;
use crate::attr::Place;
use crate::errors::Errors;
use crate::model::Name;
use proc_macro2::Ident;
use syn::parse::ParseStream;
use syn::punctuated::Punctuated;
use syn::{DeriveInput, LitStr, Path, Token};

/// A type of a generic struct that is a table.
pub(crate) struct Instance {
    /// What the type is called.
    pub(crate) alias: Ident,
    pub(crate) ty: Path,
    /// The name of its table, if it is not that of all.
    name: Option<LitStr>,
}

impl Instance {
    /// The name of its table, if it is not that of all; the prefix stands before it too.
    pub(crate) fn name(&self, prefix: &str) -> Option<Name> {
        let mut name = Name::of(self.name.as_ref()?);
        name.text.insert_str(0, prefix);
        Some(name)
    }
}

/// The instances that the struct names; what is wrong with other keys is reported elsewhere. `None`: it names none.
pub(crate) fn instances(input: &DeriveInput, errors: &mut Errors) -> Option<Vec<Instance>> {
    let items = items(&input.attrs, Place::Table, &mut Errors::default());
    let mut item = items.into_iter().find(|item| item.key() == "instances")?;
    let parse =
        |input: ParseStream<'_>| Punctuated::<_, Token![,]>::parse_terminated_with(input, instance);
    Some(item.list(errors, parse).into_iter().flatten().collect())
}

/// A struct without parameters names none.
pub(crate) fn none(input: &DeriveInput, errors: &mut Errors) {
    let items = items(&input.attrs, Place::Table, &mut Errors::default());
    if let Some(item) = items.iter().find(|item| item.key() == "instances") {
        let message = format!("`{}` has no parameters: it is one table", input.ident);
        errors.at(&item.ident, message);
    }
}

/// `prefix = ".."` of the names of tables.
pub(crate) fn prefix(input: &DeriveInput) -> String {
    let mut ignored = Errors::default();
    let items = items(&input.attrs, Place::Table, &mut ignored);
    let item = items.into_iter().find(|item| item.key() == "prefix");
    let prefix = item.and_then(|mut item| item.string(&mut ignored));
    prefix.map(|prefix| prefix.value()).unwrap_or_default()
}

fn instance(input: ParseStream<'_>) -> syn::Result<Instance> {
    let alias = input.parse()?;
    input.parse::<Token![=]>()?;
    let ty = input.parse()?;
    let name = if input.peek(Token![as]) {
        input.parse::<Token![as]>()?;
        Some(input.parse()?)
    } else {
        None
    };
    Ok(Instance { alias, ty, name })
}
