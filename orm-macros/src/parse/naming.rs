//! Names that are made by a rule: `rename_all` and `prefix`.

use super::item::Item;
use crate::errors::Errors;
use crate::model::Name;
use crate::names;
use proc_macro2::Ident;

/// How names in the database are made of those in the code.
pub(super) fn rename_all(item: &mut Item, errors: &mut Errors) -> Option<fn(&str) -> String> {
    let text = item.string(errors)?;
    let value = text.value();
    let rule = names::CASES.iter().find(|(name, _)| *name == value);
    if rule.is_none() {
        let known = names::CASES.map(|(name, _)| name);
        let hint = match names::nearest(&value, known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("expected one of {}", known.map(|it| format!("`{it}`")).join(", ")),
        };
        errors.at(&text, format!("unknown case `{value}`; {hint}"));
    }
    rule.map(|(_, rule)| *rule)
}

/// Makes the names of fields that have none of their own.
pub(super) fn rename<'a>(
    fields: impl Iterator<Item = (&'a Ident, &'a mut Name)>,
    item: &mut Item,
    errors: &mut Errors,
) {
    let Some(rule) = rename_all(item, errors) else { return };
    for (ident, name) in fields.filter(|(_, name)| !name.is_given) {
        name.text = rule(&names::plain(ident));
    }
}

/// Puts the prefix before the name of a table.
pub(super) fn prefix(name: &mut Name, item: &mut Item, errors: &mut Errors) {
    if let Some(prefix) = item.string(errors) {
        name.text.insert_str(0, &prefix.value());
    }
}
