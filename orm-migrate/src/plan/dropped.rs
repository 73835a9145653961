//! Indexes that are dropped and not replaced: no row is lost, and queries that use one may take a service down.

use super::order::mentions;
use super::step::Step;
use super::{Hazard, HazardKind};
use crate::change::{Change, Part, What};
use orm_core::schema::{Index, IndexKey, Object};
use orm_core::sql::ident::Ident;

/// Says so at the steps that do it, once.
pub(super) fn say(steps: &mut [Step]) {
    let all: Vec<Change> = steps.iter().flat_map(|step| &step.changes).cloned().collect();
    for step in steps {
        let said = step.changes.iter().flat_map(|change| sentences(change, &all));
        for sentence in said.collect::<Vec<_>>() {
            let hazard = Hazard { kind: HazardKind::DropsIndex, sentence };
            if !step.hazards.contains(&hazard) {
                step.hazards.push(hazard);
            }
        }
    }
}

impl Change {
    /// The indexes that it drops, also those of constraints: what the index belongs to, and its name.
    pub fn dropped_indexes(&self) -> Vec<(String, String)> {
        match &self.what {
            What::Drop(part) if first_key(part).is_some() => {
                vec![(part.kind().to_owned(), part.name().to_owned())]
            }
            What::AlterObject { from, to } => match (&**from, &**to) {
                (Object::View(from), Object::View(to)) => {
                    let stays = |it: &Index| to.indexes.iter().any(|other| other.name == it.name);
                    let gone = from.indexes.iter().filter(|it| !stays(it));
                    gone.filter_map(|it| Some(("index".to_owned(), it.name.clone()?.into_owned())))
                        .collect()
                }
                _ => Vec::new(),
            },
            _ => Vec::new(),
        }
    }
}

fn sentences(change: &Change, all: &[Change]) -> Vec<String> {
    if let What::Drop(part) = &change.what
        && is_replaced(part, change, all)
    {
        return Vec::new();
    }
    let of = &change.name;
    let said = change.dropped_indexes().into_iter().map(|(kind, name)| {
        let goes = if kind.ends_with("index") { "is dropped" } else { "is dropped with its index" };
        let unique = match kind.as_str() {
            "index" => "",
            "exclusion constraint" => ", and rows that it refuses may be written",
            _ => ", and rows may have the same key",
        };
        format!(
            "{kind} {} of {of} {goes}: queries that use it read the whole table from then on{unique}",
            Ident(&name)
        )
    });
    said.collect()
}

/// Whether another index takes its place, or nothing is left that it is for.
fn is_replaced(old: &Part, change: &Change, all: &[Change]) -> bool {
    let first = first_key(old);
    all.iter().filter(|it| it.name == change.name).any(|it| match &it.what {
        What::Add(new) => {
            new.name() == old.name() && first_key(new).is_some()
                || first.is_some() && first_key(new) == first
        }
        What::DropColumn(column) => mentions(old, column),
        What::DropTable(_) => true,
        _ => false,
    })
}

/// How the index of a part is sorted first, where it has one.
fn first_key(part: &Part) -> Option<(String, IndexKey)> {
    let btree = |column: Option<&orm_core::schema::Text>| {
        Some(("btree".to_owned(), IndexKey::Column(column?.clone())))
    };
    let method = |method: &str| if method.is_empty() { "btree" } else { method }.to_owned();
    match part {
        Part::PrimaryKey(key) => btree(key.columns.first()),
        Part::Unique(unique) => btree(unique.columns.first()),
        Part::Index(it) => Some((method(&it.method), it.parts.first()?.key.clone())),
        Part::Exclusion(it) => Some((method(&it.method), it.elements.first()?.part.key.clone())),
        Part::ForeignKey(_) | Part::Check(_) | Part::Trigger(_) | Part::Policy(_) => None,
    }
}
