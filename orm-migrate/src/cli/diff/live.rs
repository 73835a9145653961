//! What the live database says of a plan: how big its tables are, what is in the way, and what is stored or used.

use super::gather::Found;
use crate::change::{Change, ObjectName};
use crate::error::Failure;
use crate::plan::{Hazard, HazardKind, Plan, Sizes, Stored, StoredKind, Thresholds, columns_of};
use crate::preflight;
use crate::rename::OldNames;
use crate::session;
use orm_core::exec::{Config, Connection};
use orm_core::schema::Schema;
use orm_core::sql::ident::Ident;
use std::collections::BTreeSet;

/// What it says; of a step by its number.
#[derive(Debug, Default)]
pub(super) struct OfLive {
    /// The sizes of the tables that the plan locks or reads.
    pub(super) sizes: Sizes,
    pub(super) in_the_way: Vec<(usize, Hazard)>,
    /// What is stored of the results of functions that change.
    pub(super) stored: Vec<(usize, Hazard, Stored)>,
    pub(super) used: Vec<Used>,
}

impl OfLive {
    /// Asks the database; `tables` are those that are there and can be big.
    pub(super) async fn ask(
        config: &Config,
        plan: &Plan,
        found: &Found,
        tables: &BTreeSet<ObjectName>,
        thresholds: &Thresholds,
    ) -> Result<Self, Failure> {
        let names = OldNames::of(&found.renamings);
        // Also what is dropped and recreated: only then it is known what remains in the way.
        let now: Vec<(usize, Change)> = (plan.steps.iter().enumerate())
            .flat_map(|(place, step)| step.changes.iter().map(move |it| (place, it)))
            .map(|(place, change)| (place, names.in_place(std::slice::from_ref(change))))
            .flat_map(|(place, change)| change.into_iter().map(move |it| (place, it)))
            .collect();
        let (places, changes): (Vec<usize>, Vec<Change>) = now.into_iter().unzip();
        let at = |number: usize| places.get(number).copied().unwrap_or_default();
        let connection = session::open(config).await?;
        let before = found.before.schema();
        let mut asked = preflight::dependents(&connection, &changes, before).await?;
        asked.extend(preflight::uncast(&connection, &changes, before).await?);
        let in_the_way = asked.into_iter().map(|(number, it)| (at(number), it)).collect();
        let asked = preflight::computed(&connection, &changes, &found.renamings).await?;
        let of_change =
            |(number, it): (usize, Stored)| Some((at(number), it.hazard(changes.get(number)?), it));
        let stored: Vec<_> = asked.into_iter().filter_map(of_change).collect();
        let used = used(&connection, plan, &names).await?;
        let locked = plan.steps.iter().flat_map(|step| &step.locks).map(|lock| lock.table.clone());
        let live = found.live.canonical.schema();
        let read = stored.iter().flat_map(|(_, _, it)| tables_of(it, live));
        let locked: BTreeSet<ObjectName> =
            locked.chain(read).filter(|name| tables.contains(name)).collect();
        let now = locked.iter().map(|name| names.table(name)).collect();
        let mut sizes = preflight::sizes(&connection, &now, thresholds).await?;
        connection.close().await;
        // The steps call them by the names that they have then.
        let known = sizes.0.clone();
        for name in locked {
            if let Some(size) = known.get(&names.table(&name)) {
                sizes.0.insert(name, *size);
            }
        }
        Ok(Self { sizes, in_the_way, stored, used })
    }
}

/// The tables that are read or written where it is computed again.
fn tables_of(stored: &Stored, schema: &Schema) -> Vec<ObjectName> {
    match stored.kind {
        StoredKind::DomainCheck => {
            let names = BTreeSet::from([stored.of.clone()]);
            columns_of(schema, &names).map(|(_, of)| of.table).collect()
        }
        _ => vec![stored.of.clone()],
    }
}

/// An index that is dropped, of what, and how big it is and how often it was read.
#[derive(Debug)]
pub(super) struct Used {
    of: ObjectName,
    index: String,
    said: String,
}

/// What is known of the use of the indexes that a plan drops.
async fn used(
    connection: &Connection,
    plan: &Plan,
    names: &OldNames,
) -> Result<Vec<Used>, Failure> {
    let changes = plan.steps.iter().flat_map(|step| &step.changes);
    let dropped: Vec<(ObjectName, String)> = changes
        .flat_map(|it| it.dropped_indexes().into_iter().map(|(_, name)| (it.name.clone(), name)))
        .collect();
    let now: Vec<_> = dropped.iter().map(|(of, it)| (names.table(of), it.clone())).collect();
    let said = preflight::used(connection, &now).await?;
    let known = dropped.into_iter().zip(said);
    Ok(known.filter_map(|((of, index), said)| Some(Used { of, index, said: said? })).collect())
}

/// Says it of the hazards.
pub(super) fn say_use(plan: &mut Plan, used: &[Used]) {
    let hazards = plan.steps.iter_mut().flat_map(|step| &mut step.hazards);
    for hazard in hazards.filter(|it| it.kind == HazardKind::DropsIndex) {
        let is_of =
            |it: &&Used| hazard.sentence.contains(&format!(" {} of {} ", Ident(&it.index), it.of));
        if let Some(Used { said, .. }) = used.iter().find(is_of) {
            hazard.sentence += &format!(" ({said})");
        }
    }
}
