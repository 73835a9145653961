//! One annotated struct as plain data with spans. Knows no `quote`.

pub(crate) mod custom;
pub(crate) mod input;
pub(crate) mod newtype;
mod parts;
pub(crate) mod relation;
pub(crate) mod row;
pub(crate) mod shape;

use proc_macro2::{Ident, Span};
use syn::{Expr, Path, Type, Visibility};

pub(crate) use parts::{
    Check, Deferrable, Exclusion, Fields, ForeignKey, Index, Part, PartKey, Partition, PartitionBy,
    Policy, RowSecurity, Trigger, View,
};

/// A struct that derives `Table`.
pub(crate) struct Table {
    pub(crate) ident: Ident,
    pub(crate) visibility: Visibility,
    /// The lines of its doc comments.
    pub(crate) docs: Vec<String>,
    pub(crate) name: Name,
    pub(crate) schema: Option<Name>,
    /// The query of a view: then this is no table.
    pub(crate) view: Option<View>,
    pub(crate) comment: Option<String>,
    pub(crate) krate: Option<Path>,
    pub(crate) columns: Vec<Column>,
    /// What the fields are, in their order.
    pub(crate) fields: Vec<shape::Held>,
    /// `primary_key(a, b)` on the struct.
    pub(crate) primary_key: Option<Fields>,
    pub(crate) uniques: Vec<Fields>,
    pub(crate) foreign_keys: Vec<ForeignKey>,
    pub(crate) indexes: Vec<Index>,
    pub(crate) checks: Vec<Check>,
    pub(crate) exclusions: Vec<Exclusion>,
    pub(crate) triggers: Vec<Trigger>,
    pub(crate) policies: Vec<Policy>,
    pub(crate) row_security: Option<RowSecurity>,
    /// As SQL: `RANGE ("created_at")`.
    pub(crate) partition_by: Option<PartitionBy>,
    pub(crate) partitions: Vec<Partition>,
    pub(crate) unlogged: bool,
    /// Each as `name=value`.
    pub(crate) storage_parameters: Vec<String>,
    pub(crate) relations: Vec<relation::Relation>,
    /// The name of the builder of an insert, if it is not `UserInsert`.
    pub(crate) insert: Option<Ident>,
    /// The names of the structs that hold a row with a relation, where they are not `UserWithPosts`.
    pub(crate) loaded: Vec<(Ident, Ident)>,
    /// The type, where the struct has parameters: `Event<Login>`, which `ident` is an alias of.
    pub(crate) instance: Option<String>,
}

/// A name in the database.
pub(crate) struct Name {
    pub(crate) text: String,
    pub(crate) span: Span,
    /// Whether it stands in the code, and is not made of the field's or the struct's.
    pub(crate) is_given: bool,
    /// What it was before.
    pub(crate) renamed_from: Option<Box<Name>>,
}

impl Name {
    pub(crate) fn new(text: String, span: Span) -> Self {
        Self { text, span, is_given: false, renamed_from: None }
    }

    /// What stands in the code.
    pub(crate) fn of(text: &syn::LitStr) -> Self {
        Self { is_given: true, ..Self::new(text.value(), text.span()) }
    }

    /// What a table or type was: its PostgreSQL schema, where that was another, and its name.
    pub(crate) fn was(&self) -> Option<(Option<&str>, &str)> {
        let from = &self.renamed_from.as_ref()?.text;
        Some(match from.split_once('.') {
            Some((schema, name)) => (Some(schema), name),
            None => (None, from),
        })
    }

    /// Another name of what was before what this was.
    pub(crate) fn replace(&mut self, name: Self) {
        (self.text, self.span, self.is_given) = (name.text, name.span, name.is_given);
    }
}

/// A field.
pub(crate) struct Column {
    pub(crate) ident: Ident,
    pub(crate) docs: Vec<String>,
    pub(crate) ty: Type,
    /// Whether the type is written as an `Option`, which makes it one. Of any other type only the compiler knows whether
    /// it is (`type Maybe<T> = Option<T>`): what is emitted asks it.
    pub(crate) optional: bool,
    /// The type without that `Option`.
    pub(crate) inner: Type,
    pub(crate) name: Name,
    pub(crate) primary_key: Option<Span>,
    /// `unique`, perhaps with a name and options; its list of fields is this one.
    pub(crate) unique: Option<Fields>,
    /// `index`, perhaps with a name.
    pub(crate) index: Option<Option<Name>>,
    pub(crate) references: Option<Path>,
    pub(crate) on_delete: Option<Action>,
    pub(crate) on_update_action: Option<Action>,
    pub(crate) deferrable: Option<Deferrable>,
    pub(crate) not_valid: Option<Span>,
    pub(crate) on_update: Option<ClientValue>,
    pub(crate) relation: Option<Ident>,
    pub(crate) default: Option<Default>,
    /// A path, or a closure: what the client calls for each row that an insert leaves the column out of.
    pub(crate) default_fn: Option<Expr>,
    pub(crate) identity: Option<Identity>,
    pub(crate) generated: Option<Generated>,
    pub(crate) serial: Option<Span>,
    /// The name of the insert's method, if it is not the field's.
    pub(crate) setter: Option<Ident>,
    pub(crate) data_type: Option<String>,
    /// As SQL.
    pub(crate) collation: Option<String>,
    pub(crate) comment: Option<String>,
    /// The struct of columns that declares it, if this one does not.
    pub(crate) origin: Option<shape::Origin>,
}

/// A referential action.
pub(crate) struct Action {
    /// Its name in the attribute.
    pub(crate) word: String,
    pub(crate) span: Span,
}

/// What the client sets on update.
pub(crate) enum ClientValue {
    /// SQL text.
    Sql(String),
    /// A Rust expression.
    Rust(Box<Expr>),
}

/// A default.
pub(crate) struct Default {
    /// As SQL.
    pub(crate) sql: String,
    pub(crate) kind: DefaultKind,
    pub(crate) span: Span,
    /// The variant of an enum, which knows its SQL itself.
    pub(crate) variant: Option<Path>,
}

/// What a default was written as.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum DefaultKind {
    Bool,
    Integer,
    Float,
    Text,
    Sql,
    Variant,
}

/// `identity`.
pub(crate) struct Identity {
    pub(crate) always: bool,
    /// The options of its sequence, by the names of the schema model.
    pub(crate) options: Vec<(&'static str, i64)>,
    pub(crate) cycle: bool,
    pub(crate) span: Span,
}

/// `generated`.
pub(crate) struct Generated {
    pub(crate) sql: String,
    pub(crate) stored: bool,
    pub(crate) span: Span,
}

impl Column {
    /// Whether an insert may certainly leave the column out; also if its type turns out to have NULL.
    pub(crate) fn may_be_left_out(&self) -> bool {
        self.optional
            || self.default.is_some()
            || self.default_fn.is_some()
            || self.identity.is_some()
            || self.on_update.is_some()
            || self.generated.is_some()
            || self.is_serial()
    }

    /// Whether the server refuses any value but its own.
    pub(crate) fn is_always_identity(&self) -> bool {
        self.identity.as_ref().is_some_and(|identity| identity.always)
    }

    /// Whether a sequence of its own makes the value.
    pub(crate) fn is_serial(&self) -> bool {
        let data_type = self.data_type.as_deref().unwrap_or_default().trim().to_ascii_lowercase();
        let words = ["smallserial", "serial", "bigserial", "serial2", "serial4", "serial8"];
        self.serial.is_some() || words.contains(&data_type.as_str())
    }

    /// The name of the insert's method.
    pub(crate) fn setter(&self) -> &Ident {
        self.setter.as_ref().unwrap_or(&self.ident)
    }

    /// Whether the type is one of those that certainly have no NULL: of an alias or a type of the user's only the
    /// compiler knows.
    pub(crate) fn is_certainly_not_null(&self) -> bool {
        if let Some(origin) = &self.origin {
            return origin.certainly_not_null;
        }
        let words = ["bool", "i16", "i32", "i64", "f32", "f64", "String"];
        matches!(&self.ty, Type::Path(path) if words.iter().any(|word| path.path.is_ident(word)))
    }

    /// The name of the to-one relation, if the column references another.
    pub(crate) fn relation_name(&self) -> Option<Ident> {
        self.references.as_ref()?;
        if let Some(relation) = &self.relation {
            return Some(relation.clone());
        }
        let name = crate::names::plain(&self.ident);
        let name = name.strip_suffix("_id").filter(|name| !name.is_empty())?;
        crate::names::ident(name, self.ident.span())
    }
}

impl Table {
    /// The columns of the primary key, as positions.
    pub(crate) fn key(&self) -> Vec<usize> {
        match &self.primary_key {
            Some(key) => key.fields.iter().filter_map(|field| self.position(field)).collect(),
            None => (0..self.columns.len())
                .filter(|position| self.columns[*position].primary_key.is_some())
                .collect(),
        }
    }

    /// The names of all relations: those of foreign keys, then those that are declared.
    pub(crate) fn relation_names(&self) -> impl Iterator<Item = Ident> {
        let of_columns = self.columns.iter().filter_map(Column::relation_name);
        let of_keys = self.foreign_keys.iter().filter_map(|key| key.relation.clone());
        let declared = self.relations.iter().map(|relation| relation.name.clone());
        of_columns.chain(of_keys).chain(declared)
    }

    /// The name of the builder of an insert: `UserInsert`.
    pub(crate) fn insert_ident(&self) -> Ident {
        let made = || format!("{}Insert", crate::names::plain(&self.ident));
        self.insert.clone().unwrap_or_else(|| Ident::new(&made(), self.ident.span()))
    }

    /// The name of the struct that holds a row with what was loaded: `UserWith`.
    pub(crate) fn row_with(&self) -> Ident {
        Ident::new(&format!("{}With", crate::names::plain(&self.ident)), self.ident.span())
    }

    /// The name of a row with the rows of one relation: `UserWithSessions`.
    pub(crate) fn holder(&self, relation: &Ident) -> Ident {
        if let Some((_, name)) =
            self.loaded.iter().find(|(given, _)| crate::names::same(given, relation))
        {
            return name.clone();
        }
        let relation_name = crate::names::camel_case(&crate::names::plain(relation));
        let name = format!("{}With{relation_name}", crate::names::plain(&self.ident));
        Ident::new(&name, relation.span())
    }

    /// The fields that are structs of columns.
    pub(crate) fn flattened(&self) -> impl Iterator<Item = &shape::Flat> {
        self.fields.iter().filter_map(|field| match field {
            shape::Held::Columns(flat) => Some(flat),
            _ => None,
        })
    }

    /// The place of a field.
    pub(crate) fn position(&self, field: &Ident) -> Option<usize> {
        self.columns.iter().position(|column| crate::names::same(&column.ident, field))
    }
}

/// `User` of `User::id`.
pub(crate) fn table_of(column: &Path) -> Path {
    let mut path = column.clone();
    path.segments.pop();
    path.segments.pop_punct();
    path
}
