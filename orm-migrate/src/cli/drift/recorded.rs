//! What can be told where nothing can be built: whether the database is what the last migration recorded.

use super::answer::{By, Drift};
use crate::catalog::{self, Canonical};
use crate::error::Failure;
use crate::history::{Branches, Migration, PlanFile};
use crate::scratch::{self, ScratchError};
use crate::session;
use orm_core::exec::Config;
use orm_core::schema::Schema;

/// What is known.
pub(super) struct RecordedSchema {
    pub(super) drift: Drift,
    /// How it is known.
    pub(super) note: String,
}

/// The plan that says what is there after all of them: none where the last one was written by hand, or comes from
/// several branches.
pub(super) fn expected(applied: &[Migration]) -> Option<&PlanFile> {
    match Branches::of(applied).heads()[..] {
        [head] => head.plan.as_ref().filter(|plan| !plan.schema_after.is_empty()),
        _ => None,
    }
}

pub(super) async fn compared(
    config: &Config,
    plan: &PlanFile,
    missing: &ScratchError,
) -> Result<RecordedSchema, Failure> {
    let connection = session::open(config).await?;
    let live = catalog::read(&connection).await?;
    let ours = ours(live.canonical.schema(), plan);
    let is_same = |schema: &Canonical| schema.hash() == plan.schema_after;
    let mut same = is_same(&Canonical::of_catalog(ours.clone()));
    if !same {
        // The plan has the words that the server gives back when it is told its own.
        same = scratch::canonical(&connection, &ours).await.is_ok_and(|words| is_same(&words));
    }
    connection.close().await;
    let is_ours = |kind: &[[String; 2]], schema: &str, name: &str| {
        kind.iter().any(|[s, n]| s == schema && n == name)
    };
    let tables = live.canonical.schema().tables.iter();
    let tables = tables.filter(|it| !is_ours(&plan.tables, &it.schema, &it.name));
    let others = tables
        .map(|it| ("table".to_owned(), crate::change::ObjectName::of(it).to_string()))
        .chain(live.unmanaged.into_iter().map(|it| (it.kind, it.name)));
    let note = if same {
        "compared by the hash that the last migration recorded: nothing could be built to replay the migrations".to_owned()
    } else {
        let (recorded, here) = (plan.server_version, live.server_version);
        let other_words = match recorded != 0 && recorded != here {
            true => format!(
                "; the hash was recorded on PostgreSQL {}, and {}, which this server is, may write the same schema in other words",
                catalog::release(recorded),
                catalog::release(here)
            ),
            false => String::new(),
        };
        format!(
            "which difference that is can only be said where the migrations can be replayed: {missing}{other_words}"
        )
    };
    let drift = Drift {
        by: By::Hash(same),
        differences: Vec::new(),
        unmanaged: others.collect(),
        notes: Vec::new(),
        sql: None,
    };
    Ok(RecordedSchema { drift, note })
}

/// What of the database the plan speaks of.
fn ours(live: &Schema, plan: &PlanFile) -> Schema {
    let mut ours = live.clone();
    let has = |list: &[[String; 2]], schema: &str, name: &str| {
        list.iter().any(|[s, n]| s == schema && n == name)
    };
    ours.tables.retain(|it| has(&plan.tables, &it.schema, &it.name));
    ours.objects.retain(|it| has(&plan.objects, it.schema(), &it.name()));
    ours
}
