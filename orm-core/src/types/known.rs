//! [`KnownTypes`]: the types of the server that no program can know by OID, as far as they have been looked up.
//!
//! Knows no connection: `exec` asks the server for what [`Lookup`] finds missing.

use super::custom::base_type;
use postgres_types::{Kind, Oid, Type};
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::{PoisonError, RwLock, RwLockReadGuard};

/// How many types are kept. A server has fewer; one that names other OIDs in each row must not fill the memory.
const COUNT_MAX: usize = 10_000;

/// The types that the catalog of one database describes, by OID. Shared by the sessions of a pool.
#[derive(Debug, Default)]
pub(crate) struct KnownTypes {
    types: RwLock<HashMap<Oid, Type>>,
}

impl KnownTypes {
    /// The type with that OID: one of PostgreSQL's own, or one that was looked up.
    pub(crate) fn get(&self, oid: Oid) -> Option<Type> {
        Type::from_oid(oid).or_else(|| self.read().get(&oid).cloned())
    }

    /// Keeps types; what was known of their OIDs is replaced.
    pub(crate) fn keep(&self, types: &[Type]) {
        let mut kept = self.types.write().unwrap_or_else(PoisonError::into_inner);
        if kept.len() + types.len() > COUNT_MAX {
            kept.clear();
        }
        kept.extend(types.iter().map(|ty| (ty.oid(), ty.clone())));
    }

    /// Forgets everything: a type was dropped or recreated.
    pub(crate) fn clear(&self) {
        self.types.write().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// A panic while the lock was held leaves the map usable: nothing in here is half done.
    fn read(&self) -> RwLockReadGuard<'_, HashMap<Oid, Type>> {
        self.types.read().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is known of types while one row is read, and what was found missing.
pub struct Lookup<'a> {
    known: &'a KnownTypes,
    missing: RefCell<Vec<Oid>>,
    composites: RefCell<Vec<Oid>>,
}

/// What reading rows asked of the catalog.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Asked {
    /// OIDs that are not known: the row can be read once they are.
    pub(crate) missing: Vec<Oid>,
    /// Types that are read by position: what the catalog says of them must still be true after the rows were sent.
    pub(crate) composites: Vec<Oid>,
}

impl<'a> Lookup<'a> {
    pub(crate) fn new(known: &'a KnownTypes) -> Self {
        Self { known, missing: RefCell::default(), composites: RefCell::default() }
    }

    /// The type with that OID, below its domains; none, and noted, when it is not known.
    pub(crate) fn read_as(&self, oid: Oid) -> Option<Type> {
        let Some(ty) = self.known.get(oid) else {
            note(&self.missing, oid);
            return None;
        };
        let ty = base_type(&ty).clone();
        if has_composite(&ty) {
            note(&self.composites, oid);
        }
        Some(ty)
    }

    /// Whether nothing was asked of it that is to be seen to.
    pub(crate) fn is_untouched(&self) -> bool {
        self.missing.borrow().is_empty() && self.composites.borrow().is_empty()
    }

    /// What was asked of it.
    pub(crate) fn asked(self) -> Asked {
        Asked { missing: self.missing.into_inner(), composites: self.composites.into_inner() }
    }
}

impl std::fmt::Debug for Lookup<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lookup").finish_non_exhaustive()
    }
}

fn note(list: &RefCell<Vec<Oid>>, oid: Oid) {
    let mut list = list.borrow_mut();
    if !list.contains(&oid) {
        list.push(oid);
    }
}

/// Whether values of the type are, or hold, records that are read by position.
pub(crate) fn has_composite(ty: &Type) -> bool {
    match base_type(ty).kind() {
        Kind::Composite(_) => true,
        Kind::Array(element) => has_composite(element),
        _ => false,
    }
}
