//! Steps that give other names. They come before all others: what is compared afterwards has the new names already.

use super::step::{Lock, LockMode, Step, steps};
use super::{Hazard, HazardKind};
use crate::change::{BETWEEN, Change, ObjectName, Renaming};
use orm_core::schema::{Schema, Text};
use orm_core::sql::ident::{Ident, Literal};

/// The steps of these renamings, in their order.
///
/// The changes of the same migration that they make room for are planned by [`plan`](super::plan()).
pub fn renaming(renamings: &[Change]) -> Vec<Step> {
    steps(renamings.to_vec(), &Schema::default(), &Schema::default())
}

/// The locks of a renaming of what is called `of`, or of what is in it. Types have none that people wait for.
pub(super) fn locks(of: &ObjectName, renaming: &Renaming) -> Vec<Lock> {
    match renaming {
        Renaming::Table { .. } | Renaming::Column { .. } => {
            vec![Lock { table: of.clone(), mode: LockMode::AccessExclusive }]
        }
        Renaming::Object { .. } | Renaming::Value { .. } | Renaming::Attribute { .. } => Vec::new(),
    }
}

/// What a renaming does to programs that run already.
pub(super) fn hazard(of: &ObjectName, renaming: &Renaming) -> Option<Hazard> {
    let kind = renaming.kind();
    let what = match renaming {
        Renaming::Table { .. } => format!("table {of}"),
        // The types of columns are not said by those who read and write them.
        Renaming::Object { from, .. } if !is_called(from) => return None,
        Renaming::Object { .. } => format!("{kind} {of}"),
        Renaming::Column { from, .. } => format!("column {} of {of}", Ident(&from.name)),
        Renaming::Value { from, .. } => format!("value {} of {of}", Literal(from)),
        Renaming::Attribute { from, .. } => format!("attribute {} of {of}", Ident(from)),
    };
    is_said(renaming).then(|| Hazard {
        kind: HazardKind::OldName,
        sentence: format!("programs that run meanwhile and still say {what} fail from then on"),
    })
}

fn is_called(object: &orm_core::schema::Object) -> bool {
    use orm_core::schema::Object;
    matches!(object, Object::View(_) | Object::Function(_) | Object::Sequence(_))
}

/// A name that something only has in between is said by nobody.
fn is_said(renaming: &Renaming) -> bool {
    let is_between = |name: &str| name.starts_with(BETWEEN);
    match renaming {
        Renaming::Table { from, .. } => !is_between(&from.name),
        Renaming::Object { from, .. } => !is_between(&from.name()),
        Renaming::Column { from, .. } => !is_between(&from.name),
        Renaming::Value { from, .. } | Renaming::Attribute { from, .. } => {
            let name: &Text = from;
            !is_between(name)
        }
    }
}
