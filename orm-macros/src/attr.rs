//! THE attribute grammar: key, place, argument, meaning. `docs/table.md` explains each with an example.

/// Where a key may stand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Place {
    /// `#[table(..)]` on the struct.
    Table,
    /// `#[column(..)]` on a field.
    Column,
}

/// One key.
pub(crate) struct Key {
    pub(crate) place: Place,
    pub(crate) name: &'static str,
    /// How it is written.
    pub(crate) form: &'static str,
}

const fn table(name: &'static str, form: &'static str) -> Key {
    Key { place: Place::Table, name, form }
}

const fn column(name: &'static str, form: &'static str) -> Key {
    Key { place: Place::Column, name, form }
}

/// Every key there is.
pub(crate) const KEYS: &[Key] = &[
    table("name", "`name = \"table_name\"`"),
    table("schema", "`schema = \"schema_name\"`"),
    table("primary_key", "`primary_key(field, ..)`"),
    table("unique", "`unique(field, ..)` or `unique(\"name\", field, ..)`"),
    table("index", "`index(field, ..)` or `index(\"name\", field, ..)`"),
    table("unique_index", "`unique_index(field, ..)` or `unique_index(\"name\", field, ..)`"),
    table("check", "`check(\"sql\")` or `check(\"name\", \"sql\")`"),
    table("has_many", "`has_many(relation: Table, ..)` or `has_many(relation: Table::column, ..)`"),
    table("comment", "`comment = \"text\"`"),
    table("crate", "`crate = path::to::orm`"),
    column("name", "`name = \"column_name\"`"),
    column("primary_key", "`primary_key`"),
    column("unique", "`unique` or `unique = \"name\"`"),
    column("index", "`index` or `index = \"name\"`"),
    column("references", "`references = Table::column`"),
    column(
        "on_delete",
        "`on_delete = cascade`, `restrict`, `no_action`, `set_null` or `set_default`",
    ),
    column("on_update", "`on_update = cascade`, or `on_update = now()`"),
    column("relation", "`relation = name`"),
    column("default", "`default = false`, `default = now()` or `default = sql(\"..\")`"),
    column("identity", "`identity` or `identity = by_default`"),
    column("data_type", "`data_type = \"varchar(20)\"`"),
    column("comment", "`comment = \"text\"`"),
];

/// The referential actions and their names in the runtime.
pub(crate) const ACTIONS: [(&str, &str); 5] = [
    ("cascade", "Cascade"),
    ("restrict", "Restrict"),
    ("no_action", "NoAction"),
    ("set_null", "SetNull"),
    ("set_default", "SetDefault"),
];

/// The keys of a place.
pub(crate) fn keys(place: Place) -> impl Iterator<Item = &'static Key> {
    KEYS.iter().filter(move |key| key.place == place)
}

/// How a key is written.
pub(crate) fn form(place: Place, name: &str) -> &'static str {
    keys(place).find(|key| key.name == name).map_or("", |key| key.form)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_documented_and_nothing_else_is() {
        let docs = include_str!("../docs/table.md");
        for place in [Place::Table, Place::Column] {
            let heading =
                if place == Place::Table { "## `#[table(..)]`" } else { "## `#[column(..)]`" };
            let section = docs.split(heading).nth(1).expect(heading);
            let section = section.split("\n## ").next().unwrap_or(section);
            let documented: Vec<&str> = section
                .lines()
                .filter_map(|line| line.strip_prefix("### `"))
                .filter_map(|line| line.split('`').next())
                .collect();
            let keys: Vec<&str> = keys(place).map(|key| key.name).collect();
            assert_eq!(documented, keys, "docs/table.md, {heading}");
        }
    }
}
