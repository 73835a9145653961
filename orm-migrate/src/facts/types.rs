//! Values that a type no longer has, or that a domain will not let in.

use super::RowCheck;
use crate::change::{Change, ObjectName, What};
use crate::plan::{OfType, columns_of, lost_values};
use orm_core::schema::{Domain, Enum, Object, Schema};
use orm_core::sql::ident::{Ident, Literal};
use std::collections::BTreeSet;

/// How many rows a query that shows them asks for.
const SHOWN: usize = 20;

/// The questions about a change of a type, one for each column that is of it.
pub(super) fn checks(change: &Change, changes: &[Change], from: &Schema) -> Vec<RowCheck> {
    match &change.what {
        What::AlterObject { from: before, to: after } => match (&**before, &**after) {
            (Object::Enum(before), Object::Enum(after)) => {
                values(&change.name, before, after, changes, from)
            }
            (Object::Domain(before), Object::Domain(after)) => {
                domain(&change.name, Some(before), after, changes, from)
            }
            _ => Vec::new(),
        },
        // Another domain in the place of one with the same name.
        What::AddObject(after) => match &**after {
            Object::Domain(after) => domain(&change.name, None, after, changes, from),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
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
    changes: &[Change],
    from: &Schema,
) -> Vec<RowCheck> {
    let names = BTreeSet::from([name.clone()]);
    let is_new = |check: &orm_core::schema::Check| {
        !check.not_valid
            && before.is_none_or(|before| {
                before.data_type != after.data_type
                    || !before.checks.iter().any(|it| it.expression == check.expression)
            })
    };
    let mut checks = Vec::new();
    for it in columns(&names, changes, from) {
        let column = Ident(&it.column.name);
        let cast = |value: &str| format!("{value}::{}", after.data_type);
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
fn with_value(expression: &str, value: &str) -> String {
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
