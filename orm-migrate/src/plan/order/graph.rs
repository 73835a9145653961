//! The dependencies between changes: what is made before it is used, and gone only when nothing uses it any more.
//!
//! The server qualifies every name that it writes, so that the texts of a canonical schema tell what stands on what. An
//! edge that only seems to be one costs nothing: where edges make a circle, the order of the stages decides.

use super::recreate_dependents::tables_above;
use super::sql_expressions::{
    in_schema, texts_of_column, texts_of_object, texts_of_part, texts_of_table,
};
use super::{schema_index, sequences};
use crate::change::{Change, ObjectName, Part, RowSecurity, What};
use crate::ddl::serial::is_retyped;
use crate::diff::{code, mentions};
use crate::plan::step::target;
use orm_core::schema::{Column, Object, Schema};
use orm_core::sql::ident::Ident;
use std::collections::{BTreeMap, BTreeSet};

/// The changes, which come in the order of their stages, in an order that runs.
pub(super) fn sorted(changes: Vec<Change>, from: &Schema) -> Vec<Change> {
    let before = edges(&changes, from);
    if before.iter().all(BTreeSet::is_empty) {
        return changes;
    }
    let places = places(&changes, &before);
    let mut waiting: Vec<(usize, Change)> = changes.into_iter().enumerate().collect();
    waiting.sort_by_key(|(index, _)| (places.get(*index).copied(), *index));
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

/// The place of each change: its own, and of an object that goes that of the first one that waits for it. What waits
/// would else come after all that follows it by its stage alone: a column whose type changes after the trigger that is
/// made again on it.
fn places(changes: &[Change], before: &[BTreeSet<usize>]) -> Vec<usize> {
    let goes = |index: &usize| {
        changes.get(*index).is_some_and(|it| matches!(it.what, What::DropObject(_)))
    };
    let mut places: Vec<usize> = (0..before.len()).collect();
    loop {
        let mut is_done = true;
        for (index, earlier) in before.iter().enumerate().rev() {
            let Some(place) = places.get(index).copied() else { continue };
            for first in earlier.iter().filter(|it| goes(it)) {
                if let Some(other) = places.get_mut(*first)
                    && *other > place
                {
                    *other = place;
                    is_done = false;
                }
            }
        }
        if is_done {
            return places;
        }
    }
}

/// Of each change those that come before it.
fn edges(changes: &[Change], from: &Schema) -> Vec<BTreeSet<usize>> {
    let rebuilt = schema_index::rebuilt(changes, from);
    let nodes: Vec<ChangeNode> =
        changes.iter().map(|change| ChangeNode::of(change, from, &rebuilt)).collect();
    let words = TextWords::of(&nodes);
    let mut before: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); changes.len()];
    let mut edge = |first: usize, second: usize| {
        let (Some(own), Some(other)) = (changes.get(first), changes.get(second)) else { return };
        let (Some(node), Some(later)) = (nodes.get(first), nodes.get(second)) else { return };
        if first != second && node.is_before(own, later, other) {
            before.get_mut(second).map(|set| set.insert(first));
        }
    };
    for (target, change) in changes.iter().enumerate().filter(|(_, change)| is_target(change)) {
        for other in words.that_may_name(change, changes) {
            edge(target, other);
            edge(other, target);
        }
    }
    for (first, second) in table_edges(changes) {
        before.get_mut(second).map(|set| set.insert(first));
    }
    for (first, second) in sequence_edges(changes, &nodes, &words) {
        before.get_mut(second).map(|set| set.insert(first));
    }
    for (first, second) in super::set_logged::edges(changes, from) {
        before.get_mut(second).map(|set| set.insert(first));
    }
    // Types that stand on each other are made again in one step: what comes before one comes before all.
    let is_member = |change: &Change| {
        matches!(change.what, What::AlterObject { .. }) && rebuilt.contains(&change.name)
    };
    let members: BTreeSet<usize> =
        (0..changes.len()).filter(|it| changes.get(*it).is_some_and(is_member)).collect();
    let all: BTreeSet<usize> = (members.iter())
        .filter_map(|member| before.get(*member))
        .flatten()
        .filter(|it| !members.contains(it))
        .copied()
        .collect();
    for member in &members {
        if let Some(set) = before.get_mut(*member) {
            set.extend(&all);
        }
    }
    before
}

/// A table that waits for something is there before what is done to it, and before the foreign keys to it; and it goes
/// after these.
fn table_edges(changes: &[Change]) -> Vec<(usize, usize)> {
    let mut tables: BTreeMap<&ObjectName, Vec<(usize, bool)>> = BTreeMap::new();
    for (number, change) in changes.iter().enumerate() {
        match change.what {
            What::AddTable(_) => tables.entry(&change.name).or_default().push((number, true)),
            What::DropTable(_) => tables.entry(&change.name).or_default().push((number, false)),
            _ => {}
        }
    }
    let mut edges = Vec::new();
    for (number, change) in changes.iter().enumerate() {
        let goes = match &change.what {
            What::Drop(_) | What::DropColumn(_) | What::Detach(_) => true,
            What::AlterColumn { from, to } if from.default.is_some() && to.default.is_none() => {
                true
            }
            What::Add(_) | What::AddColumn(_) | What::AlterColumn { .. } => false,
            What::RowSecurity { to, .. } if *to != RowSecurity::NONE => false,
            _ => continue,
        };
        let target = match &change.what {
            What::Add(Part::ForeignKey(key)) | What::Drop(Part::ForeignKey(key)) => {
                Some(target(key))
            }
            _ => None,
        };
        for name in [Some(&change.name), target.as_ref()].into_iter().flatten() {
            for (table, comes) in tables.get(name).into_iter().flatten() {
                match (comes, goes) {
                    (true, false) => edges.push((*table, number)),
                    (false, true) => edges.push((number, *table)),
                    _ => {}
                }
            }
        }
    }
    edges
}

/// What others do with the sequence of a serial or identity column: it comes and goes with the column.
fn sequence_edges(
    changes: &[Change],
    nodes: &[ChangeNode],
    words: &TextWords<'_>,
) -> Vec<(usize, usize)> {
    let mut edges = Vec::new();
    for (number, change) in changes.iter().enumerate() {
        let of = sequences::of(change);
        let named = |name: &ObjectName| words.that_have(&name.name, nodes.len());
        let has = |texts: &[String], name: &ObjectName| texts.iter().any(|it| names(it, name));
        for name in &of.made {
            let uses = |it: &usize| nodes.get(*it).is_some_and(|node| has(&node.uses, name));
            edges.extend(named(name).into_iter().filter(uses).map(|other| (number, other)));
        }
        for name in &of.gone {
            let frees = |it: &usize| nodes.get(*it).is_some_and(|node| has(&node.releases, name));
            edges.extend(named(name).into_iter().filter(frees).map(|other| (other, number)));
        }
    }
    edges.retain(|(first, second)| first != second);
    edges
}

/// Whether others may stand on what changes.
fn is_target(change: &Change) -> bool {
    matches!(
        change.what,
        What::AddObject(_)
            | What::DropObject(_)
            | What::AlterObject { .. }
            | What::AddTable(_)
            | What::DropTable(_)
    )
}

/// Which changes have a word in their texts: without it each text would be searched for each name.
struct TextWords<'a>(BTreeMap<&'a str, BTreeSet<usize>>);

impl<'a> TextWords<'a> {
    fn of(nodes: &'a [ChangeNode]) -> Self {
        let mut words: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
        for (index, node) in nodes.iter().enumerate() {
            for text in node.uses.iter().chain(&node.releases) {
                for word in text.split(|c| !is_of_word(c)).filter(|word| !word.is_empty()) {
                    words.entry(word).or_default().insert(index);
                }
            }
        }
        Self(words)
    }

    /// The changes, of so many, in whose texts a name may be.
    fn that_have(&self, name: &str, all: usize) -> BTreeSet<usize> {
        match name.chars().all(is_of_word) {
            true => self.0.get(name).cloned().unwrap_or_default(),
            false => (0..all).collect(),
        }
    }

    /// The changes with which this one may have to do: also its namesakes, and what is in it.
    fn that_may_name(&self, change: &Change, changes: &[Change]) -> BTreeSet<usize> {
        let name = &change.name;
        let is_extension = matches!(&change.what, What::AddObject(it) | What::DropObject(it) if matches!(**it, Object::Extension(_)));
        let plain = name.name.split_once('(').map_or(name.name.as_str(), |(plain, _)| plain);
        // A schema has no name in itself.
        let word = if plain.is_empty() { name.schema.as_str() } else { plain };
        if is_extension || !word.chars().all(is_of_word) {
            return (0..changes.len()).collect();
        }
        let mut found = self.0.get(word).cloned().unwrap_or_default();
        let namesakes = changes.iter().enumerate().filter(|(_, it)| it.name == *name);
        found.extend(namesakes.map(|(index, _)| index));
        if matches!(
            change.what,
            What::AddObject(_) | What::DropObject(_) | What::AlterObject { .. }
        ) {
            // A view reads a table whose columns are as they will be, and goes while they are as they were.
            let columns = changes.iter().enumerate().filter(|(_, it)| {
                matches!(
                    it.what,
                    What::AddColumn(_)
                        | What::DropColumn(_)
                        | What::AlterColumn { .. }
                        | What::Storage { .. }
                        | What::Drop(Part::PrimaryKey(_))
                )
            });
            found.extend(columns.map(|(index, _)| index));
        }
        found
    }
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

/// The SQL that a change brings in.
pub(crate) fn texts_used(change: &Change) -> Vec<String> {
    ChangeNode::of(change, &Schema::default(), &BTreeSet::new()).uses
}

/// The texts of one change.
#[derive(Default)]
struct ChangeNode {
    /// What it stands on when it is done.
    uses: Vec<String>,
    /// What it stood on before, and no longer does.
    releases: Vec<String>,
    /// Whether its texts are of a table, where the server has qualified every name.
    is_qualified: bool,
    /// Whether it is a type that is made again together with its columns.
    is_rebuilt: bool,
}

impl ChangeNode {
    fn of(change: &Change, from: &Schema, rebuilt: &BTreeSet<ObjectName>) -> Self {
        let mut node = Self {
            is_qualified: !matches!(
                change.what,
                What::AddObject(_) | What::DropObject(_) | What::AlterObject { .. }
            ),
            is_rebuilt: rebuilt.contains(&change.name)
                && matches!(change.what, What::AlterObject { .. }),
            ..Self::default()
        };
        // What a column is generated from it reads as it is.
        let read = |column: &Column| {
            let table = from.table(&change.name.schema, &change.name.name);
            let columns = table.filter(|_| column.generated.is_some()).into_iter();
            columns.flat_map(|it| it.columns.iter()).map(|it| it.data_type.to_string())
        };
        match &change.what {
            What::AddTable(table) => {
                node.uses = texts_of_table(table);
                node.uses.push(in_schema(&change.name.schema));
            }
            What::DropTable(table) => {
                node.releases = texts_of_table(table);
                node.releases.push(in_schema(&change.name.schema));
            }
            What::AddColumn(column) => {
                node.uses = texts_of_column(column);
                node.uses.extend(read(column));
            }
            What::DropColumn(column) => {
                node.releases = texts_of_column(column);
                node.releases.extend(read(column));
            }
            What::AlterColumn { from, to } => {
                let (old, new) = (texts_of_column(from), texts_of_column(to));
                node.releases = old.iter().filter(|it| !new.contains(it)).cloned().collect();
                node.uses = new.into_iter().filter(|it| !old.contains(it)).collect();
            }
            What::Add(part) => node.uses = texts_of_part(part),
            What::Drop(part) => node.releases = texts_of_part(part),
            What::Attach(it) => node.uses = vec![it.bound.to_string()],
            What::AlterPart { from, to } => {
                node.releases = texts_of_part(from);
                node.uses = texts_of_part(to);
            }
            What::AddObject(object) => {
                node.uses = texts_of_object(object);
                node.uses.extend(tables_above(object, from));
                node.uses.push(in_schema(&change.name.schema));
            }
            What::DropObject(object) => {
                node.releases = texts_of_object(object);
                node.releases.extend(tables_above(object, from));
                node.releases.push(in_schema(&change.name.schema));
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
            // A partition is detached, and what others hold on to is gone, before the table is.
            (What::Detach(_) | What::Drop(_) | What::DropColumn(_), What::DropTable(_))
                if own.name == other.name =>
            {
                true
            }
            (What::AlterColumn { from, to }, What::DropTable(_)) if own.name == other.name => {
                from.default.is_some() && to.default.is_none()
            }
            // Types and functions of an extension are not named one by one. What goes uses none that comes.
            (What::AddObject(it), _) if matches!(**it, Object::Extension(_)) => {
                !matches!(&other.what, What::AddObject(it)
                    if matches!(**it, Object::Namespace(_) | Object::Extension(_)))
                    && !matches!(
                        other.what,
                        What::DropObject(_)
                            | What::DropTable(_)
                            | What::DropColumn(_)
                            | What::Drop(_)
                            | What::Detach(_)
                    )
            }
            (_, What::DropObject(it)) if matches!(**it, Object::Extension(_)) => {
                !matches!(&own.what, What::DropObject(it)
                    if matches!(**it, Object::Namespace(_) | Object::Extension(_)))
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
            // A body that is SQL is read when it is replaced: what it reads from then on is there, and what it has read
            // still is.
            (What::AddColumn(column), What::AlterObject { to, .. })
                if is_function(to) && later.uses_object(own) =>
            {
                later.uses.iter().any(|text| mentions(text, &column.name))
            }
            (What::AlterObject { from, .. }, What::DropColumn(column))
                if is_function(from) && self.releases_object(other) =>
            {
                self.releases.iter().any(|text| mentions(text, &column.name))
            }
            // A type is made again when only columns of it are left, which go with it.
            (What::AlterColumn { from, to }, What::AlterObject { .. }) if later.is_rebuilt => {
                // The default of a column of the type itself goes with the type.
                !is_retyped(from, to)
                    && !is_named(&[to.data_type.to_string()], other)
                    && self.releases_object(other)
                    && !self.uses_object(other)
            }
            (What::DropColumn(_) | What::Drop(_), What::AlterObject { .. }) if later.is_rebuilt => {
                self.releases_object(other)
            }
            // As long as both are there, a call may mean a function that goes as well as the one that comes.
            (What::DropObject(it), _)
                if matches!(**it, Object::Function(_))
                    && !matches!(other.what, What::DropObject(_) | What::DropTable(_))
                    && later.calls(own)
                    && !later.releases_object(own) =>
            {
                true
            }
            // It takes a row of the table that gets the column.
            (What::DropObject(it), What::AddColumn(_) | What::Storage { .. })
                if is_function(it) && self.releases_object(other) =>
            {
                true
            }
            (What::Storage { .. }, What::AddObject(it)) if is_function(it) => {
                later.uses_object(own)
            }
            // What goes is no longer used.
            (_, What::DropObject(_) | What::DropTable(_)) => self.releases_object(other),
            (
                What::DropObject(_),
                What::DropColumn(_)
                | What::AlterColumn { .. }
                | What::AlterObject { .. }
                | What::Drop(Part::PrimaryKey(_)),
            ) => self.releases_object(other) && !later.releases_object(own),
            _ => false,
        }
    }

    fn uses_object(&self, change: &Change) -> bool {
        self.names(&self.uses, change)
    }

    fn calls(&self, function: &Change) -> bool {
        self.uses.iter().any(|text| calls(text, &function.name))
    }

    fn releases_object(&self, change: &Change) -> bool {
        self.names(&self.releases, change)
    }

    fn names(&self, texts: &[String], change: &Change) -> bool {
        let is_table = matches!(change.what, What::AddTable(_) | What::DropTable(_));
        if is_table && self.is_qualified {
            return texts.iter().any(|text| names_qualified(text, &change.name));
        }
        is_named(texts, change)
    }
}

fn is_function(object: &Object) -> bool {
    matches!(object, Object::Function(_))
}

/// Whether a text names a table with its schema.
fn names_qualified(text: &str, table: &ObjectName) -> bool {
    let quoted = |name: &str| Ident(name).to_string();
    let plain = |name: &str| name.to_owned();
    let is_named = |schema: String, name: String| mentions(text, &format!("{schema}.{name}"));
    let (schema, name) = (table.schema.as_str(), table.name.as_str());
    let code = code(text);
    is_named(plain(schema), plain(name))
        || text.contains('"')
            && [
                format!("{}.{}", quoted(schema), quoted(name)),
                format!("{}.{}", plain(schema), quoted(name)),
                format!("{}.{}", quoted(schema), plain(name)),
            ]
            .iter()
            .any(|it| code.contains(it.as_str()))
}

fn is_named(texts: &[String], change: &Change) -> bool {
    match &change.what {
        What::AddObject(it) | What::DropObject(it) if matches!(**it, Object::Namespace(_)) => {
            texts.contains(&in_schema(&change.name.schema))
        }
        _ => texts.iter().any(|text| names(text, &change.name)),
    }
}

/// Whether a text calls a function, of any arguments.
pub(super) fn calls(text: &str, function: &ObjectName) -> bool {
    let Some((name, _)) = function.name.split_once('(') else { return false };
    if !names(text, function) {
        return false;
    }
    let code = code(text);
    code.contains(&format!("{name}(")) || code.contains(&format!("{}(", Ident(name)))
}

/// Whether a text names an object: with its schema, or in `public` without.
pub(crate) fn names(text: &str, object: &ObjectName) -> bool {
    // A function is called without the types of its arguments.
    let name = object.name.split_once('(').map_or(object.name.as_str(), |(name, _)| name);
    if name.is_empty() || !mentions(text, name) {
        return false;
    }
    object.schema == orm_core::schema::DEFAULT_SCHEMA || mentions(text, &object.schema)
}
