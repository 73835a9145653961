//! [`dependents`]: what stands on that which goes, and is not ours to drop. PostgreSQL knows; we never say `CASCADE`.

use super::cell;
use crate::change::{Change, ObjectName, What};
use crate::ddl::serial::is_retyped;
use crate::plan::{Hazard, HazardKind, rebuilt};
use orm_core::exec::Connection;
use orm_core::schema::{Object, Schema};
use std::collections::BTreeSet;

/// Something that stands on what changes.
#[derive(Debug, Clone)]
struct Dependent {
    /// Of which change.
    change: usize,
    kind: String,
    /// Whether PostgreSQL drops it without being asked.
    goes_along: bool,
    /// In PostgreSQL's words.
    said: String,
    /// The table, view, function or type; of a part that of which it is one.
    name: ObjectName,
    /// The column, constraint, index, trigger or policy.
    part: String,
}

/// What is in the way of these changes, or goes along with them unasked: what the changes themselves do not drop. They
/// are all those of a plan, also of what steps aside. Each with the number of the change.
///
/// # Errors
/// The connection fails.
pub async fn dependents(
    connection: &Connection,
    changes: &[Change],
    from: &Schema,
) -> orm_core::Result<Vec<(usize, Hazard)>> {
    let again = rebuilt(changes, from);
    let questions: Vec<(usize, DependentsQuery)> = (changes.iter().enumerate())
        .filter_map(|(number, change)| Some((number, DependentsQuery::of(change, &again)?)))
        .collect();
    if questions.is_empty() {
        return Ok(Vec::new());
    }
    let kinds: Vec<&str> = questions.iter().map(|(_, it)| it.kind).collect();
    let names: Vec<&str> = questions.iter().map(|(_, it)| it.name.as_str()).collect();
    let columns: Vec<&str> = questions.iter().map(|(_, it)| it.column.as_str()).collect();
    // With an empty path the server says the schema of each.
    connection.batch_execute("BEGIN READ ONLY; SET LOCAL search_path = ''").await?;
    let rows = connection
        .query::<orm_core::exec::DriverRow>(
            include_str!("dependents.sql"),
            &[&kinds, &names, &columns],
        )
        .await;
    let ended = connection.batch_execute("ROLLBACK").await;
    let (rows, ()) = (rows?, ended?);
    let mut found = Vec::new();
    for row in &rows {
        let number: i64 = cell(row, 0)?;
        let place = usize::try_from(number - 1).unwrap_or_default();
        let Some((change, _)) = questions.get(place) else { continue };
        found.push(Dependent {
            change: *change,
            kind: cell(row, 1)?,
            goes_along: cell(row, 2)?,
            said: cell(row, 3)?,
            name: ObjectName { schema: cell(row, 4)?, name: cell(row, 5)? },
            part: cell(row, 6)?,
        });
    }
    let hazards = found.iter().filter_map(|it| {
        let change = changes.get(it.change)?;
        Some((it.change, it.hazard(change, changes, from)?))
    });
    Ok(hazards.collect())
}

/// What the server is asked for.
struct DependentsQuery {
    kind: &'static str,
    /// As SQL.
    name: String,
    /// Empty for all of it.
    column: String,
}

impl DependentsQuery {
    /// `again` are the types that are made again.
    fn of(change: &Change, again: &BTreeSet<ObjectName>) -> Option<Self> {
        let relation = |column: &str| Self {
            kind: "relation",
            name: change.name.qualified().to_string(),
            column: column.to_owned(),
        };
        match &change.what {
            What::DropTable(_) => Some(relation("")),
            What::DropColumn(column) => Some(relation(&column.name)),
            What::AlterColumn { from, to } if is_retyped(from, to) => Some(relation(&from.name)),
            What::DropObject(object) => match &**object {
                Object::View(_) | Object::Sequence(_) => Some(relation("")),
                Object::Function(_) => Some(Self {
                    kind: "routine",
                    name: crate::ddl::object::name(object),
                    column: String::new(),
                }),
                Object::Enum(_) | Object::Domain(_) | Object::Composite(_) => Some(Self {
                    kind: "type",
                    name: change.name.qualified().to_string(),
                    column: String::new(),
                }),
                Object::Namespace(_) | Object::Extension(_) => None,
            },
            What::AlterObject { .. } if again.contains(&change.name) => Some(Self {
                kind: "type",
                name: change.name.qualified().to_string(),
                column: String::new(),
            }),
            _ => None,
        }
    }
}

impl Dependent {
    fn hazard(&self, change: &Change, changes: &[Change], from: &Schema) -> Option<Hazard> {
        // A type that is made again takes its columns with it, and a function or view what stands on it.
        let comes_again = changes.iter().filter(|it| it.name == change.name).any(|it| {
            match (&it.what, &change.what) {
                (What::AddObject(_) | What::AddTable(_), _) => true,
                (What::AddColumn(new), What::DropColumn(gone)) => new.name == gone.name,
                _ => false,
            }
        });
        let is_moved = comes_again
            || matches!(change.what, What::AlterColumn { .. } | What::AlterObject { .. });
        let what = format!("PostgreSQL refuses to {change}");
        let hazard = |kind, sentence| Some(Hazard { kind, sentence });
        if self.is_done(changes) || self.is_of(change) {
            return None;
        }
        match self.kind.as_str() {
            // These are said with the keys that they join.
            "constraint" if from.table(&self.name.schema, &self.name.name).is_some() => None,
            "statistics" if matches!(change.what, What::AlterColumn { .. }) => None,
            "statistics" => hazard(
                HazardKind::DataLoss,
                format!("{} goes along when PostgreSQL is told to {change}", self.said),
            ),
            "publication" if self.goes_along && matches!(change.what, What::DropTable(_)) => {
                hazard(
                    HazardKind::DataLoss,
                    format!("{} goes along when PostgreSQL is told to {change}", self.said),
                )
            }
            "relation" if self.goes_along => hazard(
                HazardKind::DataLoss,
                format!(
                    "all rows of {}, which is a partition of it, are lost with {}",
                    self.said, change.name
                ),
            ),
            _ if self.goes_along => None,
            // What we know steps aside, and comes back.
            "view" | "routine" | "policy" | "trigger" | "default" | "column" | "type" | "index"
            | "constraint"
                if is_moved && self.is_known(from) =>
            {
                None
            }
            "rule" => hazard(
                HazardKind::Refused,
                format!(
                    "{what}: {} stands on it; drop the rule before, and create it again after",
                    self.said
                ),
            ),
            _ => hazard(
                HazardKind::Refused,
                format!(
                    "{what}: {} stands on it, and is not managed; drop or change that first",
                    self.said
                ),
            ),
        }
    }

    /// Whether it belongs to the table itself.
    fn is_of(&self, change: &Change) -> bool {
        let is_part = match self.kind.as_str() {
            "constraint" | "trigger" | "policy" | "default" | "index" | "sequence" => true,
            "rule" => matches!(change.what, What::DropTable(_) | What::DropObject(_)),
            _ => false,
        };
        is_part && self.name == change.name || self.kind == "sequence"
    }

    fn is_known(&self, from: &Schema) -> bool {
        let name = &self.name;
        from.table(&name.schema, &name.name).is_some()
            || from.object(&name.schema, &name.name).is_some()
    }

    /// Whether another change drops it, or lets go of what goes.
    fn is_done(&self, changes: &[Change]) -> bool {
        changes.iter().filter(|it| it.name == self.name).any(|it| match &it.what {
            What::DropTable(_) | What::DropObject(_) => true,
            What::AlterObject { to, .. } => match (self.kind.as_str(), &**to) {
                ("view" | "routine" | "type", _) => true,
                ("constraint", Object::Domain(to)) => {
                    to.checks.iter().all(|it| it.name.as_deref() != Some(self.part.as_str()))
                }
                ("index", Object::View(to)) => {
                    to.indexes.iter().all(|it| it.name.as_deref() != Some(self.part.as_str()))
                }
                _ => false,
            },
            What::Drop(part) | What::AlterPart { from: part, .. } => part.name() == self.part,
            What::DropColumn(column) => *column.name == self.part,
            What::AlterColumn { to, .. } => *to.name == self.part,
            // A partition that is no longer one.
            What::Detach(_) => self.kind == "relation",
            _ => false,
        })
    }
}
