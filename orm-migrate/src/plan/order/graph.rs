//! The dependencies between changes: what is made before it is used, and gone only when nothing uses it any more.
//!
//! The server qualifies every name that it writes, so that the texts of a canonical schema tell what stands on what. An
//! edge that only seems to be one costs nothing: where edges make a circle, the order of the stages decides.

use crate::change::{Change, ObjectName, Part, What};
use crate::diff::mentions;
use orm_core::schema::{Column, Function, IndexKey, Object, Table, View};
use std::collections::BTreeSet;

/// The changes, which come in the order of their stages, in an order that runs.
pub(super) fn sorted(changes: Vec<Change>) -> Vec<Change> {
    let is_object = |change: &Change| {
        matches!(change.what, What::AddObject(_) | What::DropObject(_) | What::AlterObject { .. })
    };
    // Among tables alone the stages are enough.
    if !changes.iter().any(is_object) {
        return changes;
    }
    let nodes: Vec<Node> = changes.iter().map(Node::of).collect();
    let mut before: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); changes.len()];
    for (later, (change, node)) in changes.iter().zip(&nodes).enumerate() {
        for (earlier, (other, first)) in changes.iter().zip(&nodes).enumerate() {
            let concerns = is_object(change) || is_object(other);
            if earlier != later && concerns && first.is_before(other, node, change) {
                before.get_mut(later).map(|set| set.insert(earlier));
            }
        }
    }
    let mut waiting: Vec<(usize, Change)> = changes.into_iter().enumerate().collect();
    let mut done: BTreeSet<usize> = BTreeSet::new();
    let mut sorted = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let is_free = |(index, _): &(usize, Change)| {
            before.get(*index).is_none_or(|earlier| earlier.is_subset(&done))
        };
        let (index, change) = waiting.remove(waiting.iter().position(is_free).unwrap_or(0));
        done.insert(index);
        sorted.push(change);
    }
    sorted
}

/// The SQL that a change brings in.
pub(crate) fn texts_used(change: &Change) -> Vec<String> {
    Node::of(change).uses
}

/// The texts of one change.
#[derive(Default)]
struct Node {
    /// What it stands on when it is done.
    uses: Vec<String>,
    /// What it stood on before, and no longer does.
    releases: Vec<String>,
}

impl Node {
    fn of(change: &Change) -> Self {
        let mut node = Self::default();
        let in_schema = |name: &ObjectName| format!("schema {}", name.schema);
        match &change.what {
            What::AddTable(table) => {
                node.uses = texts_of_table(table);
                node.uses.push(in_schema(&change.name));
            }
            What::DropTable(table) => {
                node.releases = texts_of_table(table);
                node.releases.push(in_schema(&change.name));
            }
            What::AddColumn(column) => node.uses = texts_of_column(column),
            What::DropColumn(column) => node.releases = texts_of_column(column),
            What::AlterColumn { from, to } => {
                node.releases = texts_of_column(from);
                node.uses = texts_of_column(to);
            }
            What::Add(part) => node.uses = texts_of_part(part),
            What::Drop(part) => node.releases = texts_of_part(part),
            What::AlterPart { from, to } => {
                node.releases = texts_of_part(from);
                node.uses = texts_of_part(to);
            }
            What::AddObject(object) => {
                node.uses = texts_of_object(object);
                node.uses.push(in_schema(&change.name));
            }
            What::DropObject(object) => {
                node.releases = texts_of_object(object);
                node.releases.push(in_schema(&change.name));
            }
            What::AlterObject { from, to } => {
                node.releases = texts_of_object(from);
                node.uses = texts_of_object(to);
            }
            _ => {}
        }
        node
    }

    /// Whether the change `own` of this node comes before the change `other` of the node `later`.
    fn is_before(&self, own: &Change, later: &Self, other: &Change) -> bool {
        match (&own.what, &other.what) {
            // A name is free before it is given again.
            (What::DropObject(_) | What::DropTable(_), What::AddObject(_) | What::AddTable(_))
                if own.name == other.name =>
            {
                true
            }
            // Types and functions of an extension are not named one by one.
            (What::AddObject(it), _) if matches!(**it, Object::Extension(_)) => {
                !matches!(&other.what, What::AddObject(it)
                    if matches!(**it, Object::Namespace(_) | Object::Extension(_)))
                    && !matches!(other.what, What::DropObject(_) | What::DropTable(_))
            }
            (_, What::DropObject(it)) if matches!(**it, Object::Extension(_)) => {
                !matches!(own.what, What::DropObject(_))
            }
            // What it makes is used: a table also as what a view reads, when its columns are as they will be.
            (What::AddObject(_) | What::AlterObject { .. } | What::AddTable(_), _)
                if later.uses_object(own) =>
            {
                true
            }
            (What::AddColumn(_) | What::AlterColumn { .. }, What::AddObject(_)) => {
                later.uses_object(own)
            }
            // What goes is no longer used.
            (_, What::DropObject(_) | What::DropTable(_)) => self.releases_object(other),
            (
                What::DropObject(_),
                What::DropColumn(_) | What::AlterColumn { .. } | What::AlterObject { .. },
            ) => self.releases_object(other),
            _ => false,
        }
    }

    fn uses_object(&self, change: &Change) -> bool {
        is_named(&self.uses, change)
    }

    fn releases_object(&self, change: &Change) -> bool {
        is_named(&self.releases, change)
    }
}

fn is_named(texts: &[String], change: &Change) -> bool {
    match &change.what {
        What::AddObject(it) | What::DropObject(it) if matches!(**it, Object::Namespace(_)) => {
            texts.contains(&format!("schema {}", change.name.schema))
        }
        _ => texts.iter().any(|text| names(text, &change.name)),
    }
}

/// Whether a text names an object: with its schema, or in `public` without.
pub(super) fn names(text: &str, object: &ObjectName) -> bool {
    // A function is called without the types of its arguments.
    let name = object.name.split_once('(').map_or(object.name.as_str(), |(name, _)| name);
    if name.is_empty() || !mentions(text, name) {
        return false;
    }
    object.schema == orm_core::schema::DEFAULT_SCHEMA || mentions(text, &object.schema)
}

fn texts_of_column(column: &Column) -> Vec<String> {
    let optional = |text: Option<&orm_core::schema::Text>| text.map(ToString::to_string);
    [column.data_type.to_string()]
        .into_iter()
        .chain(optional(column.default.as_ref()))
        .chain(optional(column.generated.as_ref().map(|it| &it.expression)))
        .chain(optional(column.collation.as_ref()))
        .collect()
}

fn texts_of_table(table: &Table) -> Vec<String> {
    let columns = table.columns.iter().flat_map(texts_of_column);
    columns.chain(Part::all(table).flat_map(|part| texts_of_part(&part))).collect()
}

/// The SQL in a part; the tables that a foreign key joins are a matter of stages.
pub(super) fn texts_of_part(part: &Part) -> Vec<String> {
    match part {
        Part::Check(check) => vec![check.expression.to_string()],
        Part::Index(index) => {
            let expressions = index.parts.iter().flat_map(|part| {
                let key = match &part.key {
                    IndexKey::Expression(text) => Some(text.to_string()),
                    IndexKey::Column(_) => None,
                };
                key.into_iter().chain(part.operator_class.as_ref().map(ToString::to_string))
            });
            expressions.chain(index.predicate.as_ref().map(ToString::to_string)).collect()
        }
        Part::Exclusion(it) => {
            let texts = it.elements.iter().flat_map(|element| {
                let key = match &element.part.key {
                    IndexKey::Expression(text) => Some(text),
                    IndexKey::Column(_) => None,
                };
                let class = element.part.operator_class.as_ref();
                key.into_iter().chain(class).chain([&element.operator])
            });
            texts.chain(it.predicate.as_ref()).map(ToString::to_string).collect()
        }
        Part::Trigger(it) => vec![it.action.to_string()],
        Part::Policy(it) => {
            it.using.iter().chain(it.with_check.iter()).map(ToString::to_string).collect()
        }
        Part::PrimaryKey(_) | Part::Unique(_) | Part::ForeignKey(_) => Vec::new(),
    }
}

pub(super) fn texts_of_object(object: &Object) -> Vec<String> {
    match object {
        Object::Domain(it) => [it.data_type.to_string()]
            .into_iter()
            .chain(it.default.as_ref().map(ToString::to_string))
            .chain(it.checks.iter().map(|check| check.expression.to_string()))
            .collect(),
        Object::Composite(it) => {
            it.attributes.iter().map(|attribute| attribute.data_type.to_string()).collect()
        }
        Object::Function(it) => texts_of_function(it),
        Object::View(View { query, .. }) => vec![query.to_string()],
        Object::Namespace(_) | Object::Extension(_) | Object::Enum(_) | Object::Sequence(_) => {
            Vec::new()
        }
    }
}

/// A body that is a string is read when it is called; one that is SQL (`BEGIN ATOMIC`, `RETURN`) when it is made.
fn texts_of_function(it: &Function) -> Vec<String> {
    let head = it.definition.lines().next().unwrap_or_default();
    let is_string = it.definition.lines().any(|line| line.trim_start().starts_with("AS "));
    let definition = if is_string { head } else { &it.definition };
    vec![it.arguments.to_string(), definition.to_owned()]
}
