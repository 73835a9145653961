//! Which change comes before which.

use crate::change::{Change, Part, TableName, What};
use orm_core::schema::{ForeignKey, Schema};

/// The stages of a migration. Within one, changes keep their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    /// Names first: later stages speak of parts by their new names.
    Rename,
    /// Foreign keys hold on to keys, columns and tables.
    DropForeignKey,
    DropIndex,
    DropTable,
    AddTable,
    /// One `ALTER TABLE` for each table.
    Alter,
    AddIndex,
    /// When all that they join is there.
    AddForeignKey,
    Comment,
}

fn stage(change: &Change) -> Stage {
    match &change.what {
        What::Rename { .. } => Stage::Rename,
        What::Drop(Part::ForeignKey(_)) => Stage::DropForeignKey,
        What::Drop(Part::Index(_)) => Stage::DropIndex,
        What::DropTable(_) => Stage::DropTable,
        What::AddTable(_) => Stage::AddTable,
        What::AddColumn(_)
        | What::DropColumn(_)
        | What::AlterColumn { .. }
        | What::Add(Part::PrimaryKey(_) | Part::Unique(_) | Part::Check(_))
        | What::Drop(Part::PrimaryKey(_) | Part::Unique(_) | Part::Check(_)) => Stage::Alter,
        What::Add(Part::Index(_)) => Stage::AddIndex,
        What::Add(Part::ForeignKey(_)) => Stage::AddForeignKey,
        What::Comment { .. } => Stage::Comment,
    }
}

/// The changes in an order that runs; those of one table together within a stage.
pub(super) fn sorted(mut changes: Vec<Change>) -> Vec<Change> {
    changes.sort_by(|a, b| (stage(a), &a.table).cmp(&(stage(b), &b.table)));
    changes
}

/// Adds what foreign keys need that stay, but whose columns change type or whose target key is made again: PostgreSQL
/// refuses both while they hold. They are dropped before and added after.
pub(super) fn with_detached_keys(
    mut changes: Vec<Change>,
    from: &Schema,
    to: &Schema,
) -> Vec<Change> {
    let mut detached = Vec::new();
    for table in &from.tables {
        let name = TableName::of(table);
        let stays = to.table(&table.schema, &table.name);
        for key in table.foreign_keys.iter() {
            let declared = stays.and_then(|table| {
                table.foreign_keys.iter().find(|it| {
                    ForeignKey { name: None, ..(*it).clone() }
                        == ForeignKey { name: None, ..key.clone() }
                })
            });
            let (Some(_), true) = (declared, is_shaken(&changes, &name, key)) else { continue };
            let part = Part::ForeignKey(key.clone());
            let is_listed = changes.iter().any(|change| {
                change.table == name && matches!(&change.what, What::Drop(it) | What::Rename { part: it, .. } if *it == part)
            });
            if !is_listed {
                detached.push(Change { table: name.clone(), what: What::Drop(part.clone()) });
                detached.push(Change { table: name.clone(), what: What::Add(part) });
            }
        }
    }
    changes.extend(detached);
    changes
}

fn is_shaken(changes: &[Change], table: &TableName, key: &ForeignKey) -> bool {
    let target = TableName {
        schema: key.references_schema.to_string(),
        name: key.references_table.to_string(),
    };
    changes.iter().any(|change| match &change.what {
        What::AlterColumn { from, to }
            if from.data_type != to.data_type || from.collation != to.collation =>
        {
            change.table == *table && key.columns.contains(&to.name)
                || change.table == target && key.references_columns.contains(&to.name)
        }
        What::Drop(Part::PrimaryKey(gone)) => {
            change.table == target && gone.columns == key.references_columns
        }
        What::Drop(Part::Unique(gone)) => {
            change.table == target && gone.columns == key.references_columns
        }
        What::Drop(Part::Index(gone)) => change.table == target && gone.unique,
        _ => false,
    })
}
