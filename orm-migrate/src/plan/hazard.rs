//! [`Hazard`]: what a step may do to data, or to people who use the database meanwhile.
//!
//! The locks and rewrites are measured on PostgreSQL 14 to 18 (`.ci/servers`); the manual's page of `ALTER TABLE` says the same.

use super::step::Step;
use super::table_rewrite::{
    RewriteContext, default_of, domains, is_rewritten_by_type, is_written_by_default,
};
use crate::change::{Change, ObjectName, Part, What};
use crate::ddl::cast::always_fits;
use crate::ddl::object;
use crate::ddl::serial::{is_serial, stored_type};
use crate::ddl::time_zone;
use orm_core::schema::{Column, ForeignKey, Object};
use orm_core::sql::ident::Ident;

/// The kinds of hazard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HazardKind {
    /// PostgreSQL refuses it as the database is.
    Refused,
    /// Rows or values are gone for good.
    DataLoss,
    /// It fails if rows are there that do not fit.
    FailsOnExistingRows,
    /// The whole table is written anew.
    Rewrite,
    /// The whole table is read under a strong lock.
    LongScan,
    /// Nobody can write meanwhile.
    BlocksWrites,
    /// What values are taken to mean is decided by the migration, or what a function computed no longer agrees with it.
    Meaning,
    /// An index is dropped and not replaced.
    DropsIndex,
    /// What still uses the old name fails from then on.
    OldName,
    /// What running programs know of a type is no longer so: their prepared statements with it fail.
    ChangedType,
}

impl HazardKind {
    /// Its name, as `--allow` and `plan.json` say it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::DataLoss => "data_loss",
            Self::FailsOnExistingRows => "fails_on_existing_rows",
            Self::Rewrite => "rewrite",
            Self::LongScan => "long_scan",
            Self::BlocksWrites => "blocks_writes",
            Self::Meaning => "meaning",
            Self::DropsIndex => "drops_index",
            Self::OldName => "old_name",
            Self::ChangedType => "changed_type",
        }
    }
}

/// What a step may do, in words.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Hazard {
    /// Of which kind.
    pub kind: HazardKind,
    /// What happens, and to what.
    pub sentence: String,
}

/// The hazards of a change with what is `known` of types and functions.
pub(super) fn hazards(change: &Change, known: &RewriteContext) -> Vec<Hazard> {
    let table = &change.name;
    let mut found = Vec::new();
    let mut add = |kind, sentence: String| found.push(Hazard { kind, sentence });
    match &change.what {
        What::DropTable(_) => {
            add(HazardKind::DataLoss, format!("all rows of table {table} are lost"))
        }
        // The values of a generated column are made of others.
        What::DropColumn(column) if column.generated.is_some() => {}
        What::DropColumn(column) => {
            add(
                HazardKind::DataLoss,
                format!("the values of column {} of table {table} are lost", Ident(&column.name)),
            );
        }
        What::AddColumn(column) => added(column, table, known, &mut add),
        What::AlterColumn { from, to } => altered(from, to, table, known, &mut add),
        What::Add(Part::PrimaryKey(_) | Part::Unique(_)) => {
            add(
                HazardKind::FailsOnExistingRows,
                format!("it fails if rows of {table} have the same key"),
            );
            add(
                HazardKind::LongScan,
                format!("nobody can read or write {table} while its index is built"),
            );
        }
        What::Add(Part::ForeignKey(key)) if !key.not_valid => {
            let name = Ident(key.name.as_deref().unwrap_or_default());
            add(
                HazardKind::FailsOnExistingRows,
                format!("it fails if a row of {table} has no match by foreign key {name}"),
            );
            add(
                HazardKind::LongScan,
                format!(
                    "nobody can write {} while every row of {table} is checked",
                    both(table, key)
                ),
            );
        }
        What::Add(Part::Check(check)) if !check.not_valid => {
            let name = Ident(check.name.as_deref().unwrap_or_default());
            add(
                HazardKind::FailsOnExistingRows,
                format!("it fails if a row of {table} does not satisfy check {name}"),
            );
            add(
                HazardKind::LongScan,
                format!("nobody can read or write {table} while every row is checked"),
            );
        }
        What::Add(Part::Index(index)) => {
            if index.unique {
                add(
                    HazardKind::FailsOnExistingRows,
                    format!("it fails if rows of {table} have the same key"),
                );
            }
            add(
                HazardKind::BlocksWrites,
                format!("nobody can write {table} while the index is built"),
            );
        }
        What::DropObject(object) if holds_data(object) => add(
            HazardKind::DataLoss,
            format!("{} {} is lost with what it holds", object.kind(), object::name(object)),
        ),
        What::AlterObject { from, to } => {
            for name in lost_attributes(from, to) {
                let of = object::name(from);
                add(
                    HazardKind::DataLoss,
                    format!("the values of attribute {name} of composite type {of} are lost"),
                );
            }
        }
        What::Renamed(renaming) => {
            found.extend(super::rename::hazard(table, renaming));
        }
        What::Add(Part::Exclusion(_))
        | What::AlterPart { .. }
        | What::Storage { .. }
        | What::Attach(_) => super::part::hazards(change, &mut add),
        What::AddTable(_)
        | What::Add(_)
        | What::Drop(_)
        | What::RowSecurity { .. }
        | What::Detach(_)
        | What::Rename { .. }
        | What::Comment { .. }
        | What::AddObject(_)
        | What::DropObject(_) => {}
    }
    found
}

/// Says why the rows of a table are lost that is there afterwards.
pub(super) fn say_that_it_is_made_anew(step: &mut Step) {
    for hazard in step.hazards.iter_mut().filter(|it| it.kind == HazardKind::DataLoss) {
        hazard.sentence.push_str(
            ": PostgreSQL does not divide the rows of a table otherwise than before, so that the table is made anew, without rows",
        );
    }
}

/// Both tables of a foreign key, once where it is one.
fn both(table: &ObjectName, key: &ForeignKey) -> String {
    let other = ObjectName {
        schema: key.references_schema.to_string(),
        name: key.references_table.to_string(),
    };
    if other == *table { table.to_string() } else { format!("{table} or {other}") }
}

/// The attributes that a composite type loses, and every column of it.
pub(super) fn lost_attributes<'a>(from: &'a Object, to: &Object) -> Vec<Ident<'a>> {
    let (Object::Composite(from), Object::Composite(to)) = (from, to) else { return Vec::new() };
    let stays = |name: &str| to.attributes.iter().any(|it| it.name == name);
    let gone = from.attributes.iter().filter(|it| !stays(&it.name));
    gone.map(|it| Ident(&it.name)).collect()
}

/// A sequence knows where it stands; the columns of an extension's types go with it. All else is made again from text.
fn holds_data(object: &Object) -> bool {
    matches!(object, Object::Sequence(_) | Object::Extension(_))
}

fn added(
    column: &Column,
    table: &ObjectName,
    known: &RewriteContext,
    add: &mut impl FnMut(HazardKind, String),
) {
    let name = Ident(&column.name);
    let filled = is_serial(column)
        || column.default.is_some()
        || column.identity.is_some()
        || column.generated.is_some();
    if !column.nullable && !filled {
        add(
            HazardKind::FailsOnExistingRows,
            format!(
                "it fails if table {table} has rows: column {name} is NOT NULL and has no default"
            ),
        );
    }
    for domain in domains(&column.data_type, known) {
        let default = default_of(column, known);
        // A check that is neither true nor false lets a NULL pass.
        let looks_for_null = domain.checks.iter().any(|it| it.expression.contains("IS NOT NULL"));
        let refused = match default {
            None if domain.not_null || looks_for_null => "NULL",
            Some(default) if !domain.checks.is_empty() => default,
            _ => continue,
        };
        let of = ObjectName::of_object(&Object::Domain(domain.clone()));
        add(
            HazardKind::FailsOnExistingRows,
            format!("it fails if table {table} has rows and domain {} refuses {refused}", of),
        );
    }
    if is_written_by_default(column, known) {
        add(
            HazardKind::Rewrite,
            format!("table {table} is written anew, with a value for {name} in every row"),
        );
    }
}

fn altered(
    from: &Column,
    to: &Column,
    table: &ObjectName,
    known: &RewriteContext,
    add: &mut impl FnMut(HazardKind, String),
) {
    let name = Ident(&to.name);
    if time_zone::takes_one(from, to) {
        add(
            HazardKind::Meaning,
            format!("the values of column {name} of table {table} are read as UTC"),
        );
    }
    if is_rewritten_by_type(from, to, known) {
        let new_type = stored_type(&to.data_type);
        add(
            HazardKind::Rewrite,
            format!(
                "table {table} is written anew and its indexes are built again; nobody can read or write it meanwhile"
            ),
        );
        if !always_fits(stored_type(&from.data_type), new_type) {
            add(
                HazardKind::FailsOnExistingRows,
                format!("it fails if a value of {name} cannot become {new_type}"),
            );
        }
    }
    if from.nullable && !to.nullable {
        of_null(table, to).into_iter().for_each(|it| add(it.kind, it.sentence));
    }
}

/// The hazards of `SET NOT NULL`.
pub(super) fn of_null(table: &ObjectName, column: &Column) -> [Hazard; 2] {
    let fails = format!("it fails if a row of {table} has NULL in column {}", Ident(&column.name));
    let scans = format!("nobody can read or write {table} while every row is checked");
    [
        Hazard { kind: HazardKind::FailsOnExistingRows, sentence: fails },
        Hazard { kind: HazardKind::LongScan, sentence: scans },
    ]
}
