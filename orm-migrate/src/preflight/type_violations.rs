//! Values that a type no longer has, or that a domain will not let in.

use super::RowCheck;
use crate::change::{Change, ObjectName, What};
use crate::ddl::cast::{Domains, is_too_long, length};
use crate::plan::{OfType, columns_of, lost_values};
use orm_core::schema::{Composite, Domain, Enum, Object, Schema};
use orm_core::sql::ident::{Ident, Literal};
use std::collections::BTreeSet;

/// How many rows a query that shows them asks for.
const SHOWN: usize = 20;

/// The questions about a change of a type, one for each column that is of it.
pub(super) fn checks(
    change: &Change,
    changes: &[Change],
    from: &Schema,
    domains: &Domains,
) -> Vec<RowCheck> {
    let known = DomainTypes { changes, from, live: Domains::of(from), domains };
    let (before, after) = match &change.what {
        What::AlterObject { from, to } => (Some(&**from), &**to),
        // Another type in the place of one with the same name.
        What::AddObject(it) => (from.object(it.schema(), &it.name()), &**it),
        _ => return Vec::new(),
    };
    match (before, after) {
        (Some(Object::Enum(before)), Object::Enum(after)) => {
            values(&change.name, before, after, changes, from)
        }
        (Some(Object::Domain(before)), Object::Domain(after)) => {
            domain(&change.name, Some(before), after, &known)
        }
        (Some(Object::Composite(before)), Object::Composite(after)) => {
            attributes(&change.name, before, after, &known)
        }
        (Some(_), Object::Domain(after)) => domain(&change.name, None, after, &known),
        _ => Vec::new(),
    }
}

/// The schema as it is, and as far as it changes.
struct DomainTypes<'a> {
    changes: &'a [Change],
    from: &'a Schema,
    /// The types under the domains, as they are.
    live: Domains,
    /// As they will be.
    domains: &'a Domains,
}

/// Values of attributes that are too long for what these become.
fn attributes(
    name: &ObjectName,
    before: &Composite,
    after: &Composite,
    known: &DomainTypes<'_>,
) -> Vec<RowCheck> {
    let names = BTreeSet::from([name.clone()]);
    let mut checks = Vec::new();
    for new in after.attributes.iter() {
        let Some(old) = before.attributes.iter().find(|it| it.name == new.name) else { continue };
        let (old, base) = (known.live.base(&old.data_type), known.domains.base(&new.data_type));
        for it in columns(&names, known.changes, known.from) {
            let (column, attribute) = (Ident(&it.column.name), Ident(&new.name));
            let of = if it.is_array { "orm".to_owned() } else { format!("({column})") };
            let Some(condition) = is_too_long(&format!("{of}.{attribute}"), &old, &base) else {
                continue;
            };
            let condition = match it.is_array {
                true => format!("EXISTS (SELECT FROM unnest({column}) AS orm WHERE {condition})"),
                false => condition,
            };
            let said = format!("in attribute {attribute} of column {column} that is no {base}");
            checks.push(check(
                &it.table,
                &format!("has a value {said}"),
                &format!("have values {said}"),
                &condition,
            ));
        }
    }
    checks
}

/// The columns of these types that stay.
fn columns<'a>(
    names: &'a BTreeSet<ObjectName>,
    changes: &'a [Change],
    from: &'a Schema,
) -> impl Iterator<Item = OfType<'a>> {
    let stays = |it: &OfType<'_>| {
        !changes.iter().any(|change| {
            change.name == it.table
                && match &change.what {
                    What::DropTable(_) => true,
                    What::DropColumn(column) => column.name == it.column.name,
                    _ => false,
                }
        })
    };
    columns_of(from, names).map(|(_, it)| it).filter(stays)
}

fn values(
    name: &ObjectName,
    before: &Enum,
    after: &Enum,
    changes: &[Change],
    from: &Schema,
) -> Vec<RowCheck> {
    let gone = lost_values(before, after);
    if gone.is_empty() {
        return Vec::new();
    }
    let list: Vec<String> = gone.iter().map(|it| Literal(it).to_string()).collect();
    let mut checks = Vec::new();
    let own = BTreeSet::from([name.clone()]);
    // The enum itself, and what is made of it.
    let mut kinds: Vec<(BTreeSet<ObjectName>, Option<String>)> = vec![(own.clone(), None)];
    for object in &from.objects {
        let place = BTreeSet::from([ObjectName::of_object(object)]);
        match object {
            Object::Domain(it) if crate::plan::is_of(&it.data_type, &own).is_some() => {
                kinds.push((place, None));
            }
            Object::Composite(it) => {
                let attributes = it.attributes.iter().filter(|attribute| {
                    crate::plan::is_of(&attribute.data_type, &own)
                        .is_some_and(|(_, is_array)| !is_array)
                });
                kinds.extend(attributes.map(|it| (place.clone(), Some(it.name.to_string()))));
            }
            _ => {}
        }
    }
    for (names, attribute) in &kinds {
        for it in columns(names, changes, from) {
            let column = Ident(&it.column.name);
            let condition = match (attribute, it.is_array) {
                (Some(_), true) => continue,
                (Some(attribute), false) => {
                    format!("({column}).{}::text IN ({})", Ident(attribute), list.join(", "))
                }
                (None, true) => format!("{column}::text[] && ARRAY[{}]", list.join(", ")),
                (None, false) => format!("{column}::text IN ({})", list.join(", ")),
            };
            let what = format!(
                "{} in column {column}, which {name} will not have any more",
                list.join(" or ")
            );
            checks.push(check(
                &it.table,
                &format!("has {what}"),
                &format!("have {what}"),
                &condition,
            ));
        }
    }
    checks
}

fn domain(
    name: &ObjectName,
    before: Option<&Domain>,
    after: &Domain,
    known: &DomainTypes<'_>,
) -> Vec<RowCheck> {
    let base = known.domains.base(&after.data_type);
    let names = BTreeSet::from([name.clone()]);
    let is_new = |check: &orm_core::schema::Check| {
        !check.not_valid
            && before.is_none_or(|before| {
                before.data_type != after.data_type
                    || !before.checks.iter().any(|it| it.expression == check.expression)
            })
    };
    let mut checks = Vec::new();
    for it in columns(&names, known.changes, known.from) {
        let column = Ident(&it.column.name);
        // A cast would cut what is too long.
        let cast = |value: &str| match length(&base) {
            Some((plain, _)) => format!("{value}::{plain}"),
            None => format!("{value}::{base}"),
        };
        let mut add = |fails: &dyn Fn(&str) -> String, said: &str| {
            let condition = match it.is_array {
                false => fails(&cast(&column.to_string())),
                true => format!(
                    "EXISTS (SELECT FROM unnest({column}) AS orm (value) WHERE {})",
                    fails(&cast("orm.value"))
                ),
            };
            let (one, many) = (
                format!("has a value in column {column} {said}"),
                format!("have values in column {column} {said}"),
            );
            checks.push(check(&it.table, &one, &many, &condition));
        };
        let old = before.map(|before| known.live.base(&before.data_type));
        if old.as_ref().is_some_and(|old| is_too_long("", old, &base).is_some()) {
            let fails = |value: &str| {
                let condition = old.as_ref().and_then(|old| is_too_long(value, old, &base));
                condition.unwrap_or_default()
            };
            add(&fails, &format!("that is no {base}"));
        }
        for new in after.checks.iter().filter(|check| is_new(check)) {
            let said = format!("that {name} will refuse: {}", new.expression);
            add(&|value| format!("NOT ({})", with_value(&new.expression, value)), &said);
        }
        if after.not_null && !before.is_some_and(|it| it.not_null) {
            add(&|value| format!("{value} IS NULL"), &format!("that {name} will refuse: NULL"));
        }
    }
    checks
}

fn check(table: &ObjectName, one: &str, many: &str, condition: &str) -> RowCheck {
    let name = table.qualified();
    RowCheck {
        table: table.clone(),
        one: format!("row of table {table} {one}"),
        many: format!("rows of table {table} {many}"),
        before: None,
        count: format!("SELECT count(*) FROM {name} WHERE {condition}"),
        show: format!("SELECT * FROM {name} WHERE {condition} LIMIT {SHOWN}"),
        values: None,
    }
}

/// The check of a domain with a value in the place of `VALUE`, outside of quotes.
pub(super) fn with_value(expression: &str, value: &str) -> String {
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    let (mut out, mut quote, mut word) = (String::new(), None, String::new());
    let end = |out: &mut String, word: &mut String| {
        out.push_str(if word == "VALUE" { value } else { word });
        word.clear();
    };
    for c in expression.chars() {
        if quote.is_none() && is_word(c) {
            word.push(c);
            continue;
        }
        end(&mut out, &mut word);
        match quote {
            Some(open) if open == c => quote = None,
            None if c == '\'' || c == '"' => quote = Some(c),
            _ => {}
        }
        out.push(c);
    }
    end(&mut out, &mut word);
    out
}

#[cfg(test)]
mod tests {
    use super::with_value;

    #[test]
    fn a_value_stands_in_the_place_of_value_alone() {
        assert_eq!(
            with_value("((VALUE > 0) AND (VALUES_ <> 'VALUE'::text) AND \"VALUE\" = VALUE)", "a"),
            "((a > 0) AND (VALUES_ <> 'VALUE'::text) AND \"VALUE\" = a)"
        );
    }
}
