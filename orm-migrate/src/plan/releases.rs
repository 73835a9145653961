//! Locks that differ between releases of PostgreSQL. A plan names the strongest that a supported release takes; this is
//! the table of the releases that take less.

use super::step::{Lock, LockMode, Step};
use crate::change::{Part, What};
use crate::ddl::online::is_only;

/// What older releases take instead of a lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Weaker {
    /// The first major release that takes what the plan names.
    since: i32,
    /// What those before it take.
    mode: LockMode,
}

impl Step {
    /// The locks that a release takes, by its `server_version_num` (150020 is 15.20). [`Step::locks`] are those of the
    /// release that takes most.
    ///
    /// ```
    /// # use orm_migrate::plan::Step;
    /// fn both(step: &Step) -> bool {
    ///     step.locks_on(180_006) == step.locks
    /// }
    /// ```
    pub fn locks_on(&self, version: i32) -> Vec<Lock> {
        let on = |lock: &Lock| match weaker(self, lock) {
            Some(weaker) if version < weaker.since * 10_000 => {
                Lock { mode: weaker.mode, ..lock.clone() }
            }
            _ => lock.clone(),
        };
        self.locks.iter().map(on).collect()
    }

    /// A lock in words: `ACCESS EXCLUSIVE on "part" (before PostgreSQL 18: SHARE)`.
    pub(crate) fn describe_lock(&self, lock: &Lock) -> String {
        let text = format!("{} on {}", lock.mode, lock.table);
        match weaker(self, lock) {
            Some(it) => format!("{text} (before PostgreSQL {}: {})", it.since, it.mode),
            None => text,
        }
    }
}

fn weaker(step: &Step, lock: &Lock) -> Option<Weaker> {
    // A unique constraint of a partitioned table: its partitions get their index by `CREATE INDEX`, and from 18 on by
    // `ALTER TABLE`. Not where only the partitioned table itself gets it.
    let is_unique = |what: &What| matches!(what, What::Add(Part::Unique(_)));
    let adds_a_unique = !step.changes.is_empty()
        && step.changes.iter().all(|it| is_unique(&it.what) && it.name != lock.table)
        && !step.statements.iter().any(|it| is_only(it));
    (adds_a_unique && lock.mode == LockMode::AccessExclusive)
        .then_some(Weaker { since: 18, mode: LockMode::Share })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::{Change, ObjectName};
    use orm_core::schema::Unique;

    #[test]
    fn a_lock_that_older_releases_take_weaker_says_so() {
        let name = |name: &str| ObjectName { schema: "public".to_owned(), name: name.to_owned() };
        let (table, part) = (name("t"), name("part"));
        let lock = |table: &ObjectName, mode| Lock { table: table.clone(), mode };
        let step = Step {
            changes: vec![Change {
                name: table.clone(),
                what: What::Add(Part::Unique(Unique::default())),
            }],
            title: None,
            statements: vec!["ALTER TABLE \"public\".\"t\" ADD UNIQUE (a)".to_owned()],
            locks: vec![
                lock(&table, LockMode::AccessExclusive),
                lock(&part, LockMode::AccessExclusive),
            ],
            hazards: Vec::new(),
            costs: Vec::new(),
            mode: super::super::TransactionMode::Transaction,
            repeats: false,
            reason: None,
        };
        let described: Vec<String> =
            step.locks.iter().map(|lock| step.describe_lock(lock)).collect();
        assert_eq!(
            described,
            [
                "ACCESS EXCLUSIVE on \"t\"",
                "ACCESS EXCLUSIVE on \"part\" (before PostgreSQL 18: SHARE)"
            ]
        );
        assert_eq!(step.locks_on(180_000), step.locks);
        let before = vec![lock(&table, LockMode::AccessExclusive), lock(&part, LockMode::Share)];
        assert_eq!(step.locks_on(170_010), before);
    }
}
