//! [`Filter`]: some schemas and tables of a database; pure.

use crate::catalog::Canonical;
use crate::change::ObjectName;
use orm_core::schema::{DEFAULT_SCHEMA, Schema};

/// Which schemas and tables are compared; all of them by default.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    schemas: Vec<String>,
    tables: Vec<Pattern>,
    excluded: Vec<Pattern>,
}

#[derive(Debug, Clone)]
struct Pattern {
    schema: String,
    name: String,
}

impl Pattern {
    /// `name` is a table of `public`, `schema.name` one of that schema; `*` stands for any characters but not for the
    /// dot between them.
    fn parse(text: &str) -> Self {
        let (schema, name) = text.split_once('.').unwrap_or((DEFAULT_SCHEMA, text));
        Self { schema: schema.to_owned(), name: name.to_owned() }
    }

    fn matches(&self, schema: &str, name: &str) -> bool {
        matches(&self.schema, schema) && matches(&self.name, name)
    }
}

impl Filter {
    /// Only what is in one of the schemas, only these tables, and without the excluded ones. No schema and no table
    /// means all of them. In each, `*` stands for any characters.
    ///
    /// ```
    /// use orm_migrate::source::Filter;
    /// let filter = Filter::new(&["shop*".into()], &[], &["*.old_*".into()]);
    /// assert!(filter.has("shop_eu", "order") && !filter.has("shop_eu", "old_order"));
    /// assert!(!filter.has("public", "order"));
    /// ```
    pub fn new(schemas: &[String], tables: &[String], excluded: &[String]) -> Self {
        let patterns = |texts: &[String]| texts.iter().map(|text| Pattern::parse(text)).collect();
        Self { schemas: schemas.to_vec(), tables: patterns(tables), excluded: patterns(excluded) }
    }

    /// Whether it lets everything through.
    pub fn is_all(&self) -> bool {
        self.schemas.is_empty() && self.tables.is_empty() && self.excluded.is_empty()
    }

    /// Whether that table is compared.
    pub fn has(&self, schema: &str, name: &str) -> bool {
        self.has_schema(schema)
            && (self.tables.is_empty() || self.tables.iter().any(|it| it.matches(schema, name)))
            && !self.excluded.iter().any(|it| it.matches(schema, name))
    }

    /// Whether what is no table is compared: with a choice of tables nothing else is.
    pub fn has_object(&self, schema: &str) -> bool {
        self.tables.is_empty() && self.has_schema(schema)
    }

    /// Whether something is compared by its name for people: `schema.name`, or `name on schema.table`.
    pub(crate) fn has_named(&self, name: &str) -> bool {
        if let Some((_, table)) = on_table(name) {
            return self.has(&table.schema, &table.name);
        }
        match qualified(name) {
            Some((schema, _)) => self.has_object(&schema),
            None => self.is_all(),
        }
    }

    fn has_schema(&self, schema: &str) -> bool {
        self.schemas.is_empty() || self.schemas.iter().any(|pattern| matches(pattern, schema))
    }

    /// `to` without what is not compared. A foreign key to a table that is not compared stays if `from` has the table:
    /// else nobody makes it. Also what had to go, and what is missing.
    pub(crate) fn cut(&self, to: &Canonical, from: &Canonical) -> (Canonical, Vec<String>) {
        if self.is_all() {
            return (to.clone(), Vec::new());
        }
        let mut dropped = Vec::new();
        let mut schema = self.only(to.schema());
        for table in &mut schema.tables {
            let name = ObjectName::of(table);
            let target = |key: &orm_core::schema::ForeignKey| {
                let (schema, table) = (&key.references_schema, &key.references_table);
                self.has(schema, table) || from.schema().table(schema, table).is_some()
            };
            let all = table.foreign_keys.len();
            for key in table.foreign_keys.iter().filter(|key| !target(key)) {
                let other = ObjectName {
                    schema: key.references_schema.to_string(),
                    name: key.references_table.to_string(),
                };
                dropped.push(format!(
                    "a foreign key of {name} is left out: the table {other} is not compared and does not exist"
                ));
            }
            if all > 0 {
                table.foreign_keys.to_mut().retain(target);
            }
        }
        dropped.extend(super::missing_references::missing(&schema, to.schema(), from.schema()));
        (Canonical::of_catalog(schema), dropped)
    }

    /// The schema by itself, without what is not wanted; a foreign key goes with its target. Also what had to go.
    pub(crate) fn alone(&self, schema: &Schema) -> (Schema, Vec<String>) {
        let nothing = Canonical::of_catalog(Schema::default());
        let (schema, dropped) = self.cut(&Canonical::of_catalog(schema.clone()), &nothing);
        (schema.schema().clone(), dropped)
    }

    /// The schema without what is not compared.
    pub fn only(&self, schema: &Schema) -> Schema {
        let mut schema = schema.clone();
        schema.tables.retain(|table| self.has(&table.schema, &table.name));
        schema.objects.retain(|object| self.has_object(object.schema()));
        schema
    }
}

/// What stands on a table, by its name for people, `what on schema.table`; and the table.
pub(crate) fn on_table(name: &str) -> Option<(&str, ObjectName)> {
    // A name may have an ` on ` of its own, within quotes.
    name.match_indices(" on ").find_map(|(at, on)| {
        let (before, table) = (name.get(..at)?, name.get(at + on.len()..)?);
        let is_outside = before.matches('"').count() % 2 == 0;
        is_outside.then(|| Some((before, named(table)?))).flatten()
    })
}

/// What is called `schema.name`, each quoted where SQL needs it.
pub(crate) fn named(text: &str) -> Option<ObjectName> {
    let (schema, name) = qualified(text)?;
    Some(ObjectName { schema, name })
}

/// The parts of `schema.name`, each quoted where SQL needs it.
fn qualified(text: &str) -> Option<(String, String)> {
    let (schema, name) = match text.strip_prefix('"') {
        Some(quoted) => {
            let end = quoted.find("\".")?;
            (quoted.get(..end)?.replace("\"\"", "\""), quoted.get(end + 2..)?)
        }
        None => {
            let (schema, name) = text.split_once('.')?;
            (schema.to_owned(), name)
        }
    };
    let name = name.strip_prefix('"').and_then(|it| it.strip_suffix('"')).unwrap_or(name);
    Some((schema, name.replace("\"\"", "\"")))
}

/// Whether a name fits a pattern, in which `*` stands for any characters.
fn matches(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(rest) = name.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    let mut rest = rest;
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = rest.get(at + part.len()..).unwrap_or_default();
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_characters() {
        for (pattern, name, fits) in [
            ("a", "a", true),
            ("a", "ab", false),
            ("a*", "a", true),
            ("a*", "ab", true),
            ("*a", "ba", true),
            ("*a", "ab", false),
            ("a*a", "a", false),
            ("a*a", "aa", true),
            ("*b*", "abc", true),
            ("a*b*c", "axxbyyc", true),
            ("a*b*c", "axxcyyb", false),
            ("*", "", true),
            ("", "", true),
            ("ä*ß", "äöüß", true),
        ] {
            assert_eq!(matches(pattern, name), fits, "{pattern} {name}");
        }
    }

    #[test]
    fn a_table_without_a_schema_is_one_of_public() {
        let filter = Filter::new(&[], &["a".into(), "s.b".into()], &[]);
        assert!(filter.has("public", "a") && filter.has("s", "b"));
        assert!(
            !filter.has("s", "a") && !filter.has("public", "b") && !filter.has_object("public")
        );
        assert!(filter.has_named("g on s.b") && !filter.has_named("public.a_view"));
        let (what, table) = on_table("public.\"i on\" on s.\"A on b\"").expect("a table");
        assert_eq!(what, "public.\"i on\"");
        assert_eq!((table.schema.as_str(), table.name.as_str()), ("s", "A on b"));
        let odd = Filter::new(&["S.\"x".into()], &[], &[]);
        assert!(odd.has_named("\"S.\"\"x\".t") && odd.has_named("g on \"S.\"\"x\".\"T\""));
        assert!(Filter::default().is_all() && Filter::default().has("x", "y"));
    }
}
