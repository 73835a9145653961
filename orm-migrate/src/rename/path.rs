//! [`Path`]: a table, a type, or something in it, as a person writes it: `user`, `user.name`, `auth.user.name`.

use crate::change::ObjectName;
use orm_core::schema::{DEFAULT_SCHEMA, Object, Renamed, Schema};
use orm_core::sql::ident::Ident;
use std::fmt;

/// What has a name, and where.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Thing {
    /// What it is.
    pub of: Renamed,
    /// The table or object, or that which it is in.
    pub place: ObjectName,
    /// Its name in there; none for the table or object itself.
    pub member: Option<String>,
}

/// As a flag or a file says it: without `public`, and quoted only where it must be.
impl fmt::Display for Thing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { place: ObjectName { schema, name }, member, .. } = self;
        let schema = Some(schema.as_str()).filter(|it| *it != DEFAULT_SCHEMA);
        let names = schema.into_iter().chain([name.as_str()]).chain(member.as_deref());
        for (number, name) in names.enumerate() {
            let is_plain = !name.is_empty()
                && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | ' '));
            if number > 0 {
                f.write_str(".")?;
            }
            if is_plain { f.write_str(name)? } else { write!(f, "{}", Ident(name))? }
        }
        Ok(())
    }
}

/// The names that dots join; a name with a dot or an equals sign in it stands in double quotes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Path(pub Vec<String>);

impl Path {
    /// Reads `user.name`; nothing if a name is empty, a quote is open, or there are more than three.
    ///
    /// ```
    /// use orm_migrate::rename::Path;
    /// assert_eq!(Path::parse("auth.\"a.b\"").unwrap().0, ["auth", "a.b"]);
    /// assert!(Path::parse("a..b").is_none());
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        let (names, rest) = read(text)?;
        (rest.is_empty() && names.len() <= 3).then_some(Self(names))
    }

    /// Reads `user.name=user.full_name`.
    pub fn parse_pair(text: &str) -> Option<(Self, Self)> {
        let (old, rest) = read(text)?;
        let new = Self::parse(rest.strip_prefix('=')?)?;
        (old.len() <= 3).then_some((Self(old), new))
    }

    /// What in a schema has this name: a column of a table in `public`, or also a table in another schema.
    pub fn things(&self, schema: &Schema) -> Vec<Thing> {
        let public = || DEFAULT_SCHEMA.to_owned();
        let place = |schema: &String, name: &String| ObjectName {
            schema: schema.clone(),
            name: name.clone(),
        };
        let meant: Vec<(ObjectName, Option<&String>)> = match self.0.as_slice() {
            [a] => vec![(place(&public(), a), None)],
            [a, b] => vec![(place(&public(), a), Some(b)), (place(a, b), None)],
            [a, b, c] => vec![(place(a, b), Some(c))],
            _ => Vec::new(),
        };
        let things = meant.into_iter().flat_map(|(place, member)| match member {
            None => whole(schema, place).into_iter().collect::<Vec<_>>(),
            Some(member) => members(schema, &place)
                .filter(|it| it.1 == *member)
                .map(|(of, member)| Thing { of, place: place.clone(), member: Some(member) })
                .collect(),
        });
        things.collect()
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("."))
    }
}

/// The table or object of that name.
fn whole(schema: &Schema, place: ObjectName) -> Option<Thing> {
    let of = match schema.table(&place.schema, &place.name) {
        Some(_) => Renamed::Table,
        None => schema.object(&place.schema, &place.name).map(|_| Renamed::Object)?,
    };
    Some(Thing { of, place, member: None })
}

/// What has a name in a table or object.
pub(super) fn members<'a>(
    schema: &'a Schema,
    place: &ObjectName,
) -> impl Iterator<Item = (Renamed, String)> + 'a {
    let table = schema.table(&place.schema, &place.name);
    let columns = table.into_iter().flat_map(|table| table.columns.iter());
    let columns = columns.map(|column| (Renamed::Column, column.name.to_string()));
    let parts = table.into_iter().flat_map(crate::change::Part::all);
    let parts = parts.map(|part| (Renamed::Part, part.name().to_owned()));
    let object = schema.object(&place.schema, &place.name);
    let of_object: Vec<(Renamed, String)> = match object {
        Some(Object::Enum(it)) => {
            it.values.iter().map(|value| (Renamed::Value, value.to_string())).collect()
        }
        Some(Object::Composite(it)) => {
            it.attributes.iter().map(|it| (Renamed::Attribute, it.name.to_string())).collect()
        }
        _ => Vec::new(),
    };
    columns.chain(parts).chain(of_object)
}

/// The names up to an equals sign, and what is left.
fn read(text: &str) -> Option<(Vec<String>, &str)> {
    let mut names = vec![String::new()];
    let (mut is_quoted, mut chars) = (false, text.char_indices().peekable());
    let mut rest = "";
    while let Some((at, c)) = chars.next() {
        let last = names.last_mut()?;
        match c {
            '"' if is_quoted && chars.next_if(|(_, next)| *next == '"').is_some() => last.push('"'),
            '"' => is_quoted = !is_quoted,
            '.' if !is_quoted => names.push(String::new()),
            '=' if !is_quoted => {
                rest = text.get(at..)?;
                break;
            }
            c => last.push(c),
        }
    }
    (!is_quoted && names.iter().all(|name| !name.is_empty())).then_some((names, rest))
}
