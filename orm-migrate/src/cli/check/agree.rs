//! Compares: the code with the database, the folder with its ledger, the folder with the code.

use crate::change::Change;
use crate::cli::diff::gather;
use crate::error::Failure;
use crate::history::{Conflict, DeclaredHash, Ledger, Migration, PlanFile, compare};
use crate::scratch::ScratchServer;
use crate::session;
use crate::source::{self, Filter, SchemaSource, Side};
use orm_core::exec::Config;
use orm_core::schema::Schema;
use std::collections::BTreeSet;

/// The code against the database.
pub(super) struct Compared {
    pub(super) changes: Vec<String>,
    /// What is in the database and not ours: its kind and its name.
    pub(super) others: Vec<(String, String)>,
    /// Of the tables that are ours, as a plan says it.
    pub(super) hash: Hash,
    pub(super) notes: Vec<String>,
}

/// A hash of a schema as a server writes it.
#[derive(Clone)]
pub(super) struct Hash {
    text: String,
    server_version: i32,
}

impl Hash {
    /// Whether another hash in a plan means another schema: not where another release has written it.
    fn is_comparable(&self, plan: &PlanFile) -> bool {
        plan.server_version == 0 || plan.server_version == self.server_version
    }
}

/// The folder against the ledger.
pub(super) struct History {
    pub(super) applied: usize,
    pub(super) pending: Vec<PendingNames>,
    pub(super) conflicts: Vec<Conflict>,
}

/// A migration that the database has not had.
pub(super) struct PendingNames {
    pub(super) name: String,
    /// How many statements of it are done, where it was applied in part.
    pub(super) done: Option<i32>,
    /// What its plan says that it may do.
    pub(super) hazards: Vec<String>,
}

/// Whether the migrations lead to the code.
pub(super) struct FolderAnswer {
    /// Not known where there is nothing to go by.
    pub(super) agrees: Option<bool>,
    /// What was compared: `hash`, `replay`, `declared` or `tables`.
    pub(super) by: Option<&'static str>,
    /// What the next migration would do, as far as it is known.
    pub(super) changes: Vec<String>,
    pub(super) notes: Vec<String>,
}

/// What the database has had of the folder.
pub(super) async fn history(
    config: &Config,
    ledger: &Ledger,
    migrations: &[Migration],
) -> Result<History, Failure> {
    let connection = session::open(config).await?;
    let entries = ledger.read(&connection).await?;
    connection.close().await;
    let standing = compare(migrations, &entries);
    let pending = standing.pending.iter().map(|migration| {
        let partial = standing.partial.filter(|entry| entry.name == migration.name);
        let steps = migration.plan.iter().flat_map(|plan| &plan.steps);
        PendingNames {
            name: migration.name.clone(),
            done: partial.map(|entry| entry.statements_done),
            hazards: steps.flat_map(|step| step.hazards.iter().cloned()).collect(),
        }
    });
    Ok(History {
        applied: standing.applied.len(),
        pending: pending.collect(),
        conflicts: standing.conflicts,
    })
}

/// What the database would have to change to be what the code says.
pub(super) async fn database(
    config: Config,
    declared: &Schema,
    migrations: &[Migration],
    filter: &Filter,
    server: Option<&ScratchServer>,
) -> Result<Compared, Failure> {
    let from = SchemaSource::Database(Box::new(config));
    let both =
        source::both(from, SchemaSource::Declared(declared.clone()).asked(filter), server).await?;
    let managed = gather::managed(&Side::Target, &Side::Crate, &both.before, migrations);
    let found = gather::find(both, managed, filter);
    Ok(Compared {
        changes: found.changes.iter().map(Change::to_string).collect(),
        others: found.others(),
        hash: Hash { text: found.declared.hash(), server_version: found.live.server_version },
        notes: found.notes,
    })
}

/// Whether the migrations lead to the code. The hash that the newest plan has is quickest; where it is another one, or
/// there is none, they are replayed on an empty database; and without a server only the names of the tables are left.
pub(super) async fn folder(
    migrations: &[Migration],
    declared: &Schema,
    hash: Option<Hash>,
    filter: &Filter,
    server: Option<&ScratchServer>,
) -> Result<FolderAnswer, Failure> {
    let newest = migrations.last().and_then(|migration| migration.plan.as_ref());
    if let (Some(plan), Some(hash)) = (newest, &hash)
        && plan.schema_after == hash.text
    {
        return Ok(FolderAnswer {
            agrees: Some(true),
            by: Some("hash"),
            changes: Vec::new(),
            notes: Vec::new(),
        });
    }
    let mut notes = Vec::new();
    if let Some(server) = server {
        let from = SchemaSource::Replayed(migrations.to_vec());
        match source::both(
            from,
            SchemaSource::Declared(declared.clone()).asked(filter),
            Some(server),
        )
        .await
        {
            Ok(both) => {
                let managed = gather::managed(&Side::Migrations, &Side::Crate, &both.before, &[]);
                let found = gather::find(both, managed, filter);
                let changes: Vec<String> = found.changes.iter().map(Change::to_string).collect();
                let agrees = Some(changes.is_empty());
                return Ok(FolderAnswer { agrees, by: Some("replay"), changes, notes });
            }
            Err(error) => {
                notes.push(format!("the migrations could not be replayed: {error}"));
                // The hash alone still says that something is different.
                let is_comparable =
                    |plan: &PlanFile| hash.as_ref().is_some_and(|it| it.is_comparable(plan));
                if newest.is_some_and(is_comparable) && filter.is_all() {
                    return Ok(FolderAnswer {
                        agrees: Some(false),
                        by: Some("hash"),
                        changes: Vec::new(),
                        notes,
                    });
                }
            }
        }
    }
    if server.is_none()
        && let Some(edited) = migrations.iter().find(|it| super::folder::is_edited(it))
    {
        notes.push(format!(
            "{}/up.sql was edited: only a replay tells where the folder leads (--scratch-url names a server for it)",
            edited.name
        ));
        return Ok(FolderAnswer { agrees: None, by: None, changes: Vec::new(), notes });
    }
    by_tables(migrations, declared, filter, notes)
}

fn by_tables(
    migrations: &[Migration],
    declared: &Schema,
    filter: &Filter,
    mut notes: Vec<String>,
) -> Result<FolderAnswer, Failure> {
    let newest = migrations.last().map(|migration| migration.plan.as_ref());
    let made: BTreeSet<(&str, &str)> = match newest {
        // A migration that a person wrote may have made or dropped anything.
        Some(None) => {
            notes.push(
                "the newest migration has no plan.json: whether the folder leads to the code was not compared (--scratch-url names a server to replay it on)".to_owned(),
            );
            return Ok(FolderAnswer { agrees: None, by: None, changes: Vec::new(), notes });
        }
        Some(Some(plan)) => plan.tables.iter().map(|[schema, name]| (&**schema, &**name)).collect(),
        None => BTreeSet::new(),
    };
    let made: BTreeSet<_> =
        made.into_iter().filter(|(schema, name)| filter.has(schema, name)).collect();
    let now = declared.tables.iter().map(|table| (table.schema.as_ref(), table.name.as_ref()));
    let now: BTreeSet<_> = now.filter(|(schema, name)| filter.has(schema, name)).collect();
    let name = |(schema, name): &(&str, &str)| crate::change::ObjectName {
        schema: (*schema).to_owned(),
        name: (*name).to_owned(),
    };
    let created = now.difference(&made).map(|it| format!("create table {}", name(it)));
    let dropped = made.difference(&now).map(|it| format!("drop table {}", name(it)));
    let changes: Vec<String> = created.chain(dropped).collect();
    if !changes.is_empty() {
        notes
            .push(format!("only the names of the tables were compared with the folder ({REPLAY})"));
        return Ok(FolderAnswer { agrees: Some(false), by: Some("tables"), changes, notes });
    }
    let now_declared = DeclaredHash::of(declared);
    let planned = newest.flatten().and_then(|plan| plan.declared.as_ref());
    let agrees = match planned {
        Some(planned) if *planned == now_declared => Some(true),
        Some(planned) if planned.names != now_declared.names && filter.is_all() => {
            notes.push(format!(
                "the code declares other columns or objects than when the newest migration was written ({REPLAY})"
            ));
            Some(false)
        }
        Some(_) => {
            notes.push(format!(
                "the code declares something else than when the newest migration was written, which may mean the same: \
                 that was not compared ({REPLAY})"
            ));
            None
        }
        // Nothing is declared, and no migration was written.
        None if migrations.is_empty()
            && declared.tables.is_empty()
            && declared.objects.is_empty() =>
        {
            Some(true)
        }
        None => {
            notes.push(format!(
                "only the names of the tables were compared with the folder ({REPLAY})"
            ));
            None
        }
    };
    let by = Some(if planned.is_some() { "declared" } else { "tables" });
    Ok(FolderAnswer { agrees, by, changes, notes })
}

const REPLAY: &str = "--scratch-url names a server to replay it on";
