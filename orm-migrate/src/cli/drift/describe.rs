//! Says each difference in words, from the changes that would bring the database back; pure.

use crate::catalog::Unmanaged;
use crate::change::{Change, ObjectName, Part, RowSecurity, Storage, What};
use crate::ddl;
use orm_core::schema::{Column, Identity, IdentityKind, Object, PartitionOf, Schema, Table, Text};
use orm_core::sql::ident::Ident;
use serde_json::{Value, json};
use std::fmt;

/// One thing that is not as the migrations made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Difference {
    /// What it is in, such as `table`; and its name.
    kind: String,
    name: ObjectName,
    /// A column, constraint, index, trigger or policy of it.
    part: Option<(String, String)>,
    /// Which of its properties, where only one is another.
    aspect: Option<&'static str>,
    /// As the migrations made it; none where they made no such thing.
    old: Option<String>,
    /// As it is; none where it is gone.
    new: Option<String>,
}

/// What differs, each thing once.
pub(super) fn of(changes: &[Change], live: &Schema, made: &Schema) -> Vec<Difference> {
    let mut differences: Vec<Difference> = Vec::new();
    for difference in changes.iter().flat_map(|change| one(change, live, made)) {
        let same = |it: &&mut Difference| {
            it.kind == difference.kind
                && it.name == difference.name
                && it.part == difference.part
                && it.aspect == difference.aspect
        };
        // What goes and comes again was changed.
        match differences.iter_mut().find(same) {
            Some(known) => {
                known.old = known.old.take().or(difference.old);
                known.new = known.new.take().or(difference.new);
            }
            None => differences.push(difference),
        }
    }
    differences.retain(|it| it.aspect.is_none() || it.old != it.new);
    differences
}

/// Something on a table of ours that is in no model: a rule, a disabled trigger, an invalid index.
pub(super) fn beside(it: &Unmanaged, is_new: bool) -> Difference {
    let (what, table) = match crate::source::on_table(&it.name) {
        Some((what, table)) => (what.to_owned(), table),
        None => (it.name.clone(), ObjectName { schema: String::new(), name: String::new() }),
    };
    let said = Some(match it.kind.as_str() {
        "invalid index" => {
            "it serves no query and slows writes down: its CREATE INDEX CONCURRENTLY failed, or is still at work"
                .to_owned()
        }
        _ => it.kind.clone(),
    });
    let (old, new) = if is_new { (None, said) } else { (said, None) };
    let part = Some((it.kind.clone(), what));
    Difference { kind: "table".to_owned(), name: table, part, aspect: None, old, new }
}

fn one(change: &Change, live: &Schema, made: &Schema) -> Vec<Difference> {
    let name = &change.name;
    let whole = |kind: &str, old: Option<String>, new: Option<String>| {
        let (kind, name) = (kind.to_owned(), name.clone());
        vec![Difference { kind, name, part: None, aspect: None, old, new }]
    };
    let aspect = |aspect: &'static str, old: Option<String>, new: Option<String>| Difference {
        kind: "table".to_owned(),
        name: name.clone(),
        part: None,
        aspect: Some(aspect),
        old,
        new,
    };
    let of_part = |kind: &str, part: &str, old: Option<String>, new: Option<String>| {
        let part = Some((kind.to_owned(), part.to_owned()));
        Difference { part, aspect: None, ..aspect("", old, new) }
    };
    match &change.what {
        // The changes lead back: what they make is gone, what they drop is new.
        What::AddTable(it) => whole("table", Some(table(it)), None),
        What::DropTable(it) => whole("table", None, Some(table(it))),
        What::AddColumn(it) => {
            vec![of_part("column", &it.name, Some(ddl::column(&name.schema, it)), None)]
        }
        What::DropColumn(it) => {
            vec![of_part("column", &it.name, None, Some(ddl::column(&name.schema, it)))]
        }
        What::AlterColumn { from, to } => column(name, to, from)
            .into_iter()
            .map(|(what, old, new)| Difference {
                aspect: Some(what),
                ..of_part("column", &to.name, old, new)
            })
            .collect(),
        // A table that is gone says it all.
        What::Add(_) if live.table(&name.schema, &name.name).is_none() => Vec::new(),
        What::Drop(_) if made.table(&name.schema, &name.name).is_none() => Vec::new(),
        What::Add(it) => vec![of_part(it.kind(), it.name(), Some(part(name, it)), None)],
        What::Drop(it) => vec![of_part(it.kind(), it.name(), None, Some(part(name, it)))],
        What::AlterPart { from, to } => {
            vec![of_part(to.kind(), to.name(), Some(part(name, to)), Some(part(name, from)))]
        }
        What::Rename { part, to } => vec![Difference {
            aspect: Some("name"),
            ..of_part(part.kind(), to, Some(to.to_string()), Some(part.name().to_owned()))
        }],
        What::Storage { from, to } => {
            settings(to, from).into_iter().map(|(what, old, new)| aspect(what, old, new)).collect()
        }
        What::RowSecurity { .. } if live.table(&name.schema, &name.name).is_none() => Vec::new(),
        What::RowSecurity { from, to } => {
            vec![aspect("row security", Some(secured(*to)), Some(secured(*from)))]
        }
        What::Attach(it) => vec![aspect("partition of", Some(bound(it)), None)],
        What::Detach(it) => vec![aspect("partition of", None, Some(bound(it)))],
        What::Comment { from, to } => vec![aspect("comment", text(to), text(from))],
        // Migrations say nothing of names, so there is none.
        What::Renamed(_) => whole("table", Some(change.to_string()), None),
        What::AddObject(it) => whole(it.kind(), Some(object(it)), None),
        What::DropObject(it) => whole(it.kind(), None, Some(object(it))),
        What::AlterObject { from, to } => {
            let (old, new) = (object(to), object(from));
            if old == new {
                return vec![Difference {
                    kind: to.kind().to_owned(),
                    ..aspect(
                        "comment",
                        text(&to.comment().cloned()),
                        text(&from.comment().cloned()),
                    )
                }];
            }
            whole(to.kind(), Some(old), Some(new))
        }
    }
}

type Aspect = (&'static str, Option<String>, Option<String>);

fn column(table: &ObjectName, old: &Column, new: &Column) -> Vec<Aspect> {
    let not_null = |it: &Column| Some(if it.nullable { "allowed" } else { "refused" }.to_owned());
    let identity = |it: &Option<Identity>| {
        it.map(|it| match it.kind {
            IdentityKind::Always => "always".to_owned(),
            IdentityKind::ByDefault => "by default".to_owned(),
        })
    };
    let generated = |it: &Column| it.generated.as_ref().map(|it| it.expression.to_string());
    let all = [
        ("type", Some(old.data_type.to_string()), Some(new.data_type.to_string())),
        ("collation", text(&old.collation), text(&new.collation)),
        ("default", text(&old.default), text(&new.default)),
        ("NULL", not_null(old), not_null(new)),
        ("identity", identity(&old.identity), identity(&new.identity)),
        ("generation expression", generated(old), generated(new)),
        ("comment", text(&old.comment), text(&new.comment)),
        ("sequence", sequence(old), sequence(new)),
    ];
    let found: Vec<Aspect> = all.into_iter().filter(|(_, old, new)| old != new).collect();
    if found.is_empty() {
        // What else there is, such as the options of an identity.
        let whole = |it: &Column| Some(ddl::column(&table.schema, it));
        return vec![("definition", whole(old), whole(new))];
    }
    found
}

/// What the sequence of a column is like, where it is not as PostgreSQL makes it.
fn sequence(column: &Column) -> Option<String> {
    let it = &column.sequence;
    let name = it.name.as_ref().map(|name| Ident(name).to_string());
    let data_type = it.data_type.as_ref().map(|data_type| format!("AS {data_type}"));
    let logged = it.logged.map(|logged| if logged { "LOGGED" } else { "UNLOGGED" }.to_owned());
    let options = ddl::object::sequence_options(&it.options).trim().to_owned();
    let options = (!options.is_empty()).then_some(options);
    let words: Vec<String> = [name, data_type, options, logged].into_iter().flatten().collect();
    (!words.is_empty()).then(|| words.join(" "))
}

fn settings(old: &Storage, new: &Storage) -> Vec<Aspect> {
    let stored = |it: &Storage| Some(if it.unlogged { "unlogged" } else { "logged" }.to_owned());
    let parameters = |it: &Storage| {
        let all = it.storage_parameters.iter().map(ToString::to_string).collect::<Vec<_>>();
        (!all.is_empty()).then(|| all.join(", "))
    };
    vec![
        ("storage", stored(old), stored(new)),
        ("storage parameters", parameters(old), parameters(new)),
    ]
}

fn secured(it: RowSecurity) -> String {
    match (it.enabled, it.forced) {
        (false, false) => "disabled",
        (true, false) => "enabled",
        (false, true) => "disabled, but forced on the owner",
        (true, true) => "enabled, also for the owner",
    }
    .to_owned()
}

fn bound(it: &PartitionOf) -> String {
    format!("{}, {}", ObjectName::parent(it), it.bound)
}

fn text(it: &Option<Text>) -> Option<String> {
    it.as_ref().map(ToString::to_string)
}

fn table(it: &Table) -> String {
    let columns: Vec<String> =
        it.columns.iter().map(|column| ddl::column(&it.schema, column)).collect();
    format!("({})", columns.join(", "))
}

fn part(table: &ObjectName, it: &Part) -> String {
    match it {
        Part::Index(_) | Part::Trigger(_) | Part::Policy(_) => ddl::part::create(table, it),
        constraint => ddl::alter::add(constraint).trim_start_matches("ADD ").to_owned(),
    }
}

fn object(it: &Object) -> String {
    ddl::object::create(it)
}

/// One line for people; definitions may add some.
impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self.name.name.as_str() {
            "" => Ident(&self.name.schema).to_string(),
            _ => self.name.to_string(),
        };
        write!(f, "{} {name}", self.kind)?;
        if let Some((kind, part)) = &self.part {
            match self.quotes() {
                true => write!(f, ", {kind} {}", Ident(part))?,
                false => write!(f, ", {kind} {part}")?,
            }
        }
        let none = || "none".to_owned();
        match (self.aspect, self.old.clone(), self.new.clone()) {
            (Some(aspect), old, new) => write!(
                f,
                ": {aspect} was {}, is {}",
                old.unwrap_or_else(none),
                new.unwrap_or_else(none)
            ),
            (None, Some(old), Some(new)) => write!(f, " was changed\n  was: {old}\n  is:  {new}"),
            (None, None, Some(new)) => write!(f, " was added: {new}"),
            (None, Some(old), None) => write!(f, " is gone; it was {old}"),
            (None, None, None) => Ok(()),
        }
    }
}

impl Difference {
    /// Whether the name of the part is no SQL yet.
    fn quotes(&self) -> bool {
        let known = [
            "column",
            "primary key",
            "unique constraint",
            "foreign key",
            "check",
            "exclusion constraint",
            "index",
            "unique index",
            "trigger",
            "policy",
        ];
        self.part.as_ref().is_some_and(|(kind, _)| known.contains(&kind.as_str()))
    }

    /// For machines.
    pub(super) fn as_json(&self) -> Value {
        let what = match (&self.old, &self.new, self.aspect) {
            (_, _, Some("name")) => "renamed",
            (_, _, Some(_)) | (Some(_), Some(_), None) => "changed",
            (None, Some(_), None) => "added",
            _ => "gone",
        };
        json!({
            "kind": self.kind,
            "schema": self.name.schema,
            "name": self.name.name,
            "part": self.part.as_ref().map(|(kind, name)| json!({ "kind": kind, "name": name })),
            "what": what,
            "aspect": self.aspect,
            "old": self.old,
            "new": self.new,
            "sentence": self.to_string(),
        })
    }
}
