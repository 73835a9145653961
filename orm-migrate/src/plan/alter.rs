//! The sub-commands of `ALTER TABLE` for a change. Their text is made by `ddl`.

use crate::change::{Change, Part, What};
use crate::ddl::alter;
use crate::ddl::cast::Domains;

/// Whether the change is an `ALTER TABLE` that others of the same table can join.
pub(super) fn is_subcommand(change: &Change) -> bool {
    !subcommands(change, &Domains::default()).is_empty()
}

/// The sub-commands, in the order PostgreSQL's manual gives them; empty if the change is no `ALTER TABLE`.
pub(super) fn subcommands(change: &Change, domains: &Domains) -> Vec<String> {
    match &change.what {
        What::AddColumn(column) => vec![alter::add_column(&change.name, column)],
        What::DropColumn(column) => vec![alter::drop_column(&column.name)],
        What::AlterColumn { from, to } => alter::column(&change.name, from, to, domains),
        What::Add(
            part @ (Part::PrimaryKey(_) | Part::Unique(_) | Part::Check(_) | Part::Exclusion(_)),
        ) => {
            vec![alter::add(part)]
        }
        What::Drop(
            part @ (Part::PrimaryKey(_) | Part::Unique(_) | Part::Check(_) | Part::Exclusion(_)),
        ) => {
            vec![alter::drop_constraint(part.name())]
        }
        _ => Vec::new(),
    }
}
