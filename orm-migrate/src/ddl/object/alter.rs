//! `ALTER ..` of objects: what PostgreSQL can change in place, and what must be made again.

use super::{attribute, comment, create, keyword, name};
use crate::ddl::{check, serial};
use orm_core::schema::{
    Check, Composite, Domain, Enum, Extension, Function, Object, Sequence, Text, View,
};
use orm_core::sql::ident::{Ident, Literal, Qualified};

/// Whether PostgreSQL can make one object like the other in place.
pub fn can_be_altered(from: &Object, to: &Object) -> bool {
    match (from, to) {
        (Object::Namespace(_), Object::Namespace(_))
        | (Object::Extension(_), Object::Extension(_))
        | (Object::Sequence(_), Object::Sequence(_)) => true,
        (Object::Enum(from), Object::Enum(to)) => is_subsequence(&from.values, &to.values),
        (Object::Domain(from), Object::Domain(to)) => {
            from.data_type == to.data_type && from.collation == to.collation
        }
        (Object::Composite(from), Object::Composite(to)) => attributes(from, to).is_some(),
        (Object::Function(from), Object::Function(to)) => can_be_replaced(from, to),
        // Not the query: PostgreSQL demands the same columns, which the text does not tell.
        (Object::View(from), Object::View(to)) => {
            from.query == to.query && from.materialized == to.materialized
        }
        _ => false,
    }
}

/// The statements that make one object like the other; see [`can_be_altered`].
pub fn alter(from: &Object, to: &Object) -> Vec<String> {
    let mut statements = match (from, to) {
        (Object::Extension(from), Object::Extension(to)) => extension(from, to),
        (Object::Enum(from), Object::Enum(to)) => values(from, to),
        (Object::Domain(from), Object::Domain(to)) => domain(from, to),
        (Object::Composite(from), Object::Composite(to)) => {
            attributes(from, to).unwrap_or_default()
        }
        (Object::Sequence(from), Object::Sequence(to)) => sequence(from, to),
        (Object::Function(before), Object::Function(after))
            if (&before.arguments, &before.definition) != (&after.arguments, &after.definition) =>
        {
            vec![create(to)]
        }
        (Object::View(from), Object::View(to)) => {
            let mut statements = options(from, to);
            statements.extend(indexes(from, to));
            statements
        }
        _ => Vec::new(),
    };
    let on = format!("ALTER {} {}", keyword(to), name(to));
    for statement in &mut statements {
        let is_whole = ["CREATE ", "DROP INDEX ", "SELECT "];
        if !is_whole.iter().any(|it| statement.starts_with(it)) {
            *statement = format!("{on} {statement}");
        }
    }
    if from.comment() != to.comment() {
        statements.extend(comment(to));
    }
    statements
}

/// What is no longer said of a view is reset.
fn options(from: &View, to: &View) -> Vec<String> {
    let name = |option: &Text| option.split('=').next().unwrap_or_default().to_owned();
    let new: Vec<&str> =
        to.options.iter().filter(|it| !from.options.contains(it)).map(AsRef::as_ref).collect();
    let is_kept = |gone: &&Text| to.options.iter().any(|it| name(it) == name(gone));
    let gone: Vec<String> = from.options.iter().filter(|it| !is_kept(it)).map(name).collect();
    let set = (!new.is_empty()).then(|| format!("SET ({})", new.join(", ")));
    let reset = (!gone.is_empty()).then(|| format!("RESET ({})", gone.join(", ")));
    set.into_iter().chain(reset).collect()
}

/// Those of a materialised view.
fn indexes(from: &View, to: &View) -> Vec<String> {
    let name = Qualified(&to.schema, &to.name);
    let gone = from.indexes.iter().filter(|it| !to.indexes.contains(it)).map(|it| {
        let index = it.name.as_deref().unwrap_or_default();
        format!("DROP INDEX {}", Qualified(&from.schema, index))
    });
    let new = to.indexes.iter().filter(|it| !from.indexes.contains(it));
    gone.chain(new.map(|it| crate::ddl::index(&name, it))).collect()
}

fn extension(from: &Extension, to: &Extension) -> Vec<String> {
    let version = to.version.as_ref().filter(|it| from.version.as_ref() != Some(it));
    let schema = to.schema.as_ref().filter(|it| from.schema.as_ref() != Some(it));
    let version = version.map(|version| format!("UPDATE TO {}", Literal(version)));
    version
        .into_iter()
        .chain(schema.map(|schema| format!("SET SCHEMA {}", Ident(schema))))
        .collect()
}

fn is_subsequence(few: &[Text], many: &[Text]) -> bool {
    let mut many = many.iter();
    few.iter().all(|value| many.any(|it| it == value))
}

/// `ADD VALUE`, each at its place.
fn values(from: &Enum, to: &Enum) -> Vec<String> {
    let mut there: Vec<&Text> = from.values.iter().collect();
    let mut statements = Vec::new();
    for (index, value) in to.values.iter().enumerate() {
        if there.contains(&value) {
            continue;
        }
        let place = match index.checked_sub(1).and_then(|before| to.values.get(before)) {
            Some(before) => format!(" AFTER {}", Literal(before)),
            None => there.first().map_or_else(String::new, |it| format!(" BEFORE {}", Literal(it))),
        };
        there.insert(index.min(there.len()), value);
        statements.push(format!("ADD VALUE {}{place}", Literal(value)));
    }
    statements
}

/// The checks that only have another name, which nothing else has: no value is looked at again.
fn renamed_checks<'a>(from: &'a Domain, to: &'a Domain) -> Vec<(&'a Check, &'a Check)> {
    let is_kept = |it: &&Check| to.checks.contains(it);
    let mut gone: Vec<&Check> = from.checks.iter().filter(|it| !is_kept(it)).collect();
    let new = to.checks.iter().filter(|it| from.checks.iter().all(|old| old.name != it.name));
    new.filter_map(|new| {
        let like = |old: &&Check| Check { name: new.name.clone(), ..(*old).clone() } == *new;
        let place = gone.iter().position(like)?;
        Some((gone.remove(place), new))
    })
    .collect()
}

fn domain(from: &Domain, to: &Domain) -> Vec<String> {
    let mut statements = Vec::new();
    let name = |it: &Check| it.name.clone().unwrap_or_default();
    let renamed = renamed_checks(from, to);
    for (gone, new) in &renamed {
        statements.push(format!(
            "RENAME CONSTRAINT {} TO {}",
            Ident(&name(gone)),
            Ident(&name(new))
        ));
    }
    let validated = |it: &Check| Check { not_valid: false, ..it.clone() };
    let is_valid_now = |it: &Check| {
        !it.not_valid && from.checks.iter().any(|old| old.not_valid && validated(old) == *it)
    };
    let is_validated = |it: &Check| it.not_valid && to.checks.contains(&validated(it));
    let is_renamed = |it: &Check| renamed.iter().any(|(gone, new)| *gone == it || *new == it);
    for gone in from
        .checks
        .iter()
        .filter(|it| !to.checks.contains(it) && !is_renamed(it) && !is_validated(it))
    {
        statements.push(format!("DROP CONSTRAINT {}", Ident(&name(gone))));
    }
    match &to.default {
        default if *default == from.default => {}
        Some(default) => statements.push(format!("SET DEFAULT {default}")),
        None => statements.push("DROP DEFAULT".to_owned()),
    }
    match (from.not_null, to.not_null) {
        (false, true) => statements.push("SET NOT NULL".to_owned()),
        (true, false) => statements.push("DROP NOT NULL".to_owned()),
        _ => {}
    }
    for new in to.checks.iter().filter(|it| !from.checks.contains(it) && !is_renamed(it)) {
        statements.push(match is_valid_now(new) {
            true => format!("VALIDATE CONSTRAINT {}", Ident(&name(new))),
            false => format!("ADD {}", check(new)),
        });
    }
    statements
}

/// None where the attributes that stay would change places: new ones only come at the end.
fn attributes(from: &Composite, to: &Composite) -> Option<Vec<String>> {
    let is_in = |list: &Composite, name: &Text| list.attributes.iter().any(|it| it.name == *name);
    let stay: Vec<&Text> = from.attributes.iter().map(|it| &it.name).collect();
    let stay: Vec<&Text> = stay.into_iter().filter(|name| is_in(to, name)).collect();
    let first: Vec<&Text> = to.attributes.iter().map(|it| &it.name).take(stay.len()).collect();
    if stay != first {
        return None;
    }
    let mut statements = Vec::new();
    for gone in from.attributes.iter().filter(|it| !is_in(to, &it.name)) {
        statements.push(format!("DROP ATTRIBUTE {}", Ident(&gone.name)));
    }
    for new in to.attributes.iter() {
        match from.attributes.iter().find(|it| it.name == new.name) {
            None => statements.push(format!("ADD ATTRIBUTE {}", attribute(new))),
            Some(old) if old == new => {}
            Some(_) => {
                let definition = attribute(new);
                let name = Ident(&new.name).to_string();
                let rest = definition.strip_prefix(&name).unwrap_or_default();
                statements.push(format!("ALTER ATTRIBUTE {name} TYPE{rest}"));
            }
        }
    }
    Some(statements)
}

/// Every option is said, so that one that is no longer declared becomes the default again. `NO MINVALUE` would not make
/// it so: where the direction turns, the old bound stays.
fn sequence(from: &Sequence, to: &Sequence) -> Vec<String> {
    if (&from.data_type, from.options) == (&to.data_type, to.options) {
        return Vec::new();
    }
    let options = &to.options;
    let ends = |it: &Sequence| it.options.ends(&it.data_type);
    let ((least, most), (old_least, old_most)) = (ends(to), ends(from));
    let increment = options.increment.unwrap_or(1);
    let start = options.start.unwrap_or(if increment > 0 { least } else { most });
    let name = Qualified(&to.schema, &to.name);
    let begins_again = least > old_most || most < old_least;
    let moved = (!begins_again && (least > old_least || most < old_most)).then(|| {
        let position = serial::moved((from.options, &from.data_type), (to.options, &to.data_type));
        format!("SELECT setval({}, {position}) FROM {name}", Literal(&name.to_string()))
    });
    let altered = format!(
        "AS {} INCREMENT BY {increment} MINVALUE {least} MAXVALUE {most} START WITH {start} CACHE {}{}{}",
        to.data_type,
        options.cache.unwrap_or(1),
        if options.cycle { " CYCLE" } else { " NO CYCLE" },
        // No number of before is one of now.
        if begins_again { " RESTART" } else { "" },
    );
    moved.into_iter().chain([altered]).collect()
}

/// `CREATE OR REPLACE` may change neither the names of arguments nor what is returned.
fn can_be_replaced(from: &Function, to: &Function) -> bool {
    let returns = |it: &Function| {
        it.definition.trim_start().lines().next().unwrap_or_default().trim().to_owned()
    };
    from.procedure == to.procedure
        && from.arguments == to.arguments
        && (from.procedure || returns(from) == returns(to))
}
