//! THE attribute grammar: key, place, argument, meaning. `docs/table.md` and its neighbours explain each with an example.

/// Where a key may stand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Place {
    /// `#[table(..)]` on the struct.
    Table,
    /// `#[column(..)]` on a field.
    Column,
    /// `#[pg_enum(..)]` on the enum.
    Enum,
    /// `#[variant(..)]` on a variant.
    Variant,
    /// `#[domain(..)]` on the struct.
    Domain,
    /// `#[newtype(..)]` on the struct.
    Newtype,
    /// `#[composite(..)]` on the struct.
    Composite,
    /// `#[field(..)]` on a field of a composite.
    Field,
    /// `#[columns(..)]` on a struct of columns.
    Group,
    /// `#[from_row(..)]` on the struct.
    Row,
    /// `#[column(..)]` on a field of a row.
    RowField,
    /// `#[insert(..)]` on a struct that is inserted.
    Insert,
    /// `#[patch(..)]` on a struct that changes rows.
    Patch,
    /// `#[given(..)]` on a field of one of the two.
    Given,
}

impl Place {
    /// The attribute.
    pub(crate) fn attribute(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Column | Self::RowField => "column",
            Self::Group => "columns",
            Self::Row => "from_row",
            Self::Enum => "pg_enum",
            Self::Variant => "variant",
            Self::Domain => "domain",
            Self::Newtype => "newtype",
            Self::Composite => "composite",
            Self::Field => "field",
            Self::Insert => "insert",
            Self::Patch => "patch",
            Self::Given => "given",
        }
    }

    /// What the attribute is about.
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Self::Table => "a table",
            Self::Column => "a column",
            Self::Enum => "an enum",
            Self::Variant => "a variant",
            Self::Domain => "a domain",
            Self::Newtype => "a newtype",
            Self::Composite => "a composite type",
            Self::Field | Self::Given => "a field",
            Self::Group => "a struct of columns",
            Self::Row => "a row",
            Self::RowField => "a field of a row",
            Self::Insert => "an insertable row",
            Self::Patch => "a patch",
        }
    }

    /// The other place of the same item, and what is there.
    pub(crate) fn partner(self) -> Option<(Self, &'static str)> {
        match self {
            Self::Table => Some((Self::Column, "a field")),
            Self::Column => Some((Self::Table, "the struct")),
            Self::Enum => Some((Self::Variant, "a variant")),
            Self::Variant => Some((Self::Enum, "the enum")),
            Self::Domain | Self::Newtype | Self::Given => None,
            Self::Insert | Self::Patch => Some((Self::Given, "a field")),
            Self::Composite => Some((Self::Field, "a field")),
            Self::Field => Some((Self::Composite, "the struct")),
            Self::Group => Some((Self::Column, "a field")),
            Self::Row => Some((Self::RowField, "a field")),
            Self::RowField => Some((Self::Row, "the struct")),
        }
    }

    /// The keys that may be given more than once.
    pub(crate) fn repeatable(self) -> &'static [&'static str] {
        match self {
            Self::Table => &[
                "unique",
                "foreign_key",
                "index",
                "unique_index",
                "check",
                "exclude",
                "trigger",
                "policy",
                "partition",
                "has_many",
                "has_one",
                "belongs_to",
                "loaded",
            ],
            // Once as an action and once as a value: `parse` looks into that.
            Self::Column => &["on_update"],
            Self::Domain => &["check"],
            Self::Enum
            | Self::Variant
            | Self::Newtype
            | Self::Composite
            | Self::Field
            | Self::Group
            | Self::Row
            | Self::RowField
            | Self::Insert
            | Self::Patch
            | Self::Given => &[],
        }
    }
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

const fn key(place: Place, name: &'static str, form: &'static str) -> Key {
    Key { place, name, form }
}

/// Every key there is.
pub(crate) const KEYS: &[Key] = &[
    table("name", "`name = \"table_name\"`"),
    table(
        "renamed_from",
        "`renamed_from = \"old_name\"` or `renamed_from = \"old_schema.old_name\"`",
    ),
    table("prefix", "`prefix = \"auth_\"`"),
    table("rename_all", "`rename_all = \"camelCase\"`"),
    table("schema", "`schema = \"schema_name\"`"),
    table("primary_key", "`primary_key(field, ..)` or `primary_key(\"name\", field, ..)`"),
    table("unique", "`unique(field, ..)` or `unique(\"name\", field, ..)`"),
    table("foreign_key", "`foreign_key(field, .. => Table::column, ..)`"),
    table("index", "`index(field, ..)` or `index(\"name\", field, ..)`"),
    table("unique_index", "`unique_index(field, ..)` or `unique_index(\"name\", field, ..)`"),
    table("check", "`check(\"sql\")` or `check(\"name\", \"sql\")`"),
    table("exclude", "`exclude(field with \"=\", sql(\"..\") with \"&&\", ..)`"),
    table(
        "trigger",
        "`trigger(\"name\", \"BEFORE UPDATE\", \"FOR EACH ROW EXECUTE FUNCTION f()\")`",
    ),
    table("row_security", "`row_security` or `row_security = forced`"),
    table("policy", "`policy(\"name\", for = select, to = \"role\", using = \"sql\")`"),
    table("partition_by", "`partition_by = range(field, ..)`, `list(..)` or `hash(..)`"),
    table(
        "partition",
        "`partition(\"name\", values = \"FROM (..) TO (..)\")` or `partition(\"name\", default)`",
    ),
    table("view", "`view = \"sql\"`"),
    table("materialized_view", "`materialized_view = \"sql\"`"),
    table("unlogged", "`unlogged`"),
    table("with", "`with(fillfactor = 70, ..)`"),
    table("has_many", "`has_many(relation: Table, ..)` or `has_many(relation: Table::column, ..)`"),
    table("has_one", "`has_one(relation: Table, ..)` or `has_one(relation: Table::column, ..)`"),
    table("belongs_to", "`belongs_to(relation: Table on(field = Table::column), ..)`"),
    table("instances", "`instances(LoginEvent = Event<Login>, ..)`"),
    table("insert", "`insert = NewUser`"),
    table("loaded", "`loaded(relation = TypeName, ..)`"),
    table("comment", "`comment = \"text\"`"),
    table("crate", "`crate = path::to::orm`"),
    column("name", "`name = \"column_name\"`"),
    column("renamed_from", "`renamed_from = \"old_name\"`"),
    column("primary_key", "`primary_key`"),
    column("unique", "`unique`, `unique = \"name\"` or `unique(nulls_not_distinct, ..)`"),
    column("index", "`index` or `index = \"name\"`"),
    column("references", "`references = Table::column`"),
    column(
        "on_delete",
        "`on_delete = cascade`, `restrict`, `no_action`, `set_null` or `set_default`",
    ),
    column("on_update", "`on_update = cascade`, or `on_update = now()`"),
    column("deferrable", "`deferrable` or `deferrable = initially_deferred`"),
    column("not_valid", "`not_valid`"),
    column("relation", "`relation = name`"),
    column("default", "`default = false`, `default = now()` or `default = sql(\"..\")`"),
    column("default_fn", "`default_fn = path::to::function`"),
    column(
        "identity",
        "`identity`, `identity = by_default` or `identity(by_default, start = 100, ..)`",
    ),
    column("serial", "`serial`"),
    column("generated", "`generated = \"sql\"` or `generated = virtual(\"sql\")`"),
    column("setter", "`setter = set_name`"),
    column("data_type", "`data_type = \"varchar(20)\"`"),
    column("collation", "`collation = \"C\"`"),
    column("comment", "`comment = \"text\"`"),
    column("skip", "`skip` or `skip = expression`"),
    column("flatten", "`flatten`"),
    column("prefix", "`prefix = \"billing_\"`"),
    key(Place::Enum, "name", "`name = \"enum_name\"`"),
    key(
        Place::Enum,
        "renamed_from",
        "`renamed_from = \"old_name\"` or `renamed_from = \"old_schema.old_name\"`",
    ),
    key(Place::Enum, "schema", "`schema = \"schema_name\"`"),
    key(Place::Enum, "rename_all", "`rename_all = \"snake_case\"`"),
    key(Place::Enum, "comment", "`comment = \"text\"`"),
    key(Place::Enum, "crate", "`crate = path::to::orm`"),
    key(Place::Variant, "name", "`name = \"label\"`"),
    key(Place::Variant, "renamed_from", "`renamed_from = \"old_label\"`"),
    key(Place::Domain, "name", "`name = \"domain_name\"`"),
    key(
        Place::Domain,
        "renamed_from",
        "`renamed_from = \"old_name\"` or `renamed_from = \"old_schema.old_name\"`",
    ),
    key(Place::Domain, "schema", "`schema = \"schema_name\"`"),
    key(Place::Domain, "data_type", "`data_type = \"varchar(20)\"`"),
    key(Place::Domain, "not_null", "`not_null`"),
    key(
        Place::Domain,
        "default",
        "`default = false`, `default = now()` or `default = sql(\"..\")`",
    ),
    key(Place::Domain, "check", "`check = \"sql\"` or `check(\"name\", \"sql\")`"),
    key(Place::Domain, "collation", "`collation = \"C\"`"),
    key(Place::Domain, "comment", "`comment = \"text\"`"),
    key(Place::Domain, "crate", "`crate = path::to::orm`"),
    key(Place::Newtype, "crate", "`crate = path::to::orm`"),
    key(Place::Composite, "name", "`name = \"type_name\"`"),
    key(
        Place::Composite,
        "renamed_from",
        "`renamed_from = \"old_name\"` or `renamed_from = \"old_schema.old_name\"`",
    ),
    key(Place::Composite, "schema", "`schema = \"schema_name\"`"),
    key(Place::Composite, "rename_all", "`rename_all = \"camelCase\"`"),
    key(Place::Composite, "comment", "`comment = \"text\"`"),
    key(Place::Composite, "crate", "`crate = path::to::orm`"),
    key(Place::Field, "name", "`name = \"field_name\"`"),
    key(Place::Field, "renamed_from", "`renamed_from = \"old_name\"`"),
    key(Place::Field, "data_type", "`data_type = \"varchar(20)\"`"),
    key(Place::Field, "collation", "`collation = \"C\"`"),
    key(Place::Group, "rename_all", "`rename_all = \"camelCase\"`"),
    key(Place::Group, "crate", "`crate = path::to::orm`"),
    key(Place::Row, "name", "`name = \"source_name\"`"),
    key(Place::Row, "rename_all", "`rename_all = \"camelCase\"`"),
    key(Place::Row, "from", "`from = Table`"),
    key(Place::Row, "crate", "`crate = path::to::orm`"),
    key(Place::RowField, "name", "`name = \"column_name\"`"),
    key(Place::RowField, "nested", "`nested`"),
    key(Place::RowField, "relation", "`relation` or `relation = Table::relation`"),
    key(Place::RowField, "through", "`through = JoinTable`"),
    key(Place::RowField, "value", "`value = expression`"),
    key(Place::RowField, "skip", "`skip` or `skip = expression`"),
    key(Place::RowField, "flatten", "`flatten`"),
    key(Place::RowField, "prefix", "`prefix = \"billing_\"`"),
    key(Place::Insert, "into", "`into = User`"),
    key(Place::Insert, "overriding_system_value", "`overriding_system_value`"),
    key(Place::Insert, "crate", "`crate = path::to::orm`"),
    key(Place::Patch, "table", "`table = User`"),
    key(Place::Patch, "keyed", "`keyed`"),
    key(Place::Patch, "crate", "`crate = path::to::orm`"),
    key(Place::Given, "column", "`column = field_of_the_table`"),
    key(Place::Given, "skip", "`skip`"),
    key(Place::Given, "flatten", "`flatten`"),
    key(Place::Given, "prefix", "`prefix = \"billing_\"`"),
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
        let table = include_str!("../docs/table.md");
        let (an_enum, domain) =
            (include_str!("../docs/enum.md"), include_str!("../docs/domain.md"));
        let newtype = include_str!("../docs/newtype.md");
        let composite = include_str!("../docs/composite.md");
        let from_row = include_str!("../docs/from_row.md");
        let (insertable, patch) =
            (include_str!("../docs/insertable.md"), include_str!("../docs/patch.md"));
        for (place, docs) in [
            (Place::Table, table),
            (Place::Column, table),
            (Place::Enum, an_enum),
            (Place::Variant, an_enum),
            (Place::Domain, domain),
            (Place::Newtype, newtype),
            (Place::Composite, composite),
            (Place::Field, composite),
            (Place::Group, include_str!("../docs/columns.md")),
            (Place::Row, from_row),
            (Place::RowField, from_row),
            (Place::Insert, insertable),
            (Place::Given, insertable),
            (Place::Patch, patch),
        ] {
            let heading = format!("## `#[{}(..)]`", place.attribute());
            let section = docs.split(&heading).nth(1).expect(&heading);
            let section = section.split("\n## ").next().unwrap_or(section);
            let documented: Vec<&str> = section
                .lines()
                .filter_map(|line| line.strip_prefix("### `"))
                .filter_map(|line| line.split('`').next())
                .collect();
            let keys: Vec<&str> = keys(place).map(|key| key.name).collect();
            assert_eq!(documented, keys, "{heading}");
        }
    }
}
