//! [`Branches`]: which migrations were written without knowledge of each other, and whether they go together; pure.
//!
//! Each migration says in `plan.json` which ones were the newest when it was written. Two of which neither is an
//! ancestor of the other come from different branches, and run in either order: the names, and so the times in them,
//! decide nothing. They go together unless both touch the same thing, or one drops what the other speaks of.

use super::touched_objects::{names, says};
use super::{Conflict, Migration, PlanFile, Script};
use std::collections::{BTreeMap, BTreeSet};

/// How the migrations of a folder descend from each other.
#[derive(Debug)]
pub struct Branches<'a> {
    migrations: &'a [Migration],
    /// For each migration, whether each of the others is its ancestor.
    ancestors: Vec<Vec<bool>>,
}

impl<'a> Branches<'a> {
    /// Reads who descends from whom; the migrations are in the order of their names.
    ///
    /// One without `plan.json`, or whose parents are not in the folder, counts as written after the one before it.
    pub fn of(migrations: &'a [Migration]) -> Self {
        let mut places = BTreeMap::new();
        for (place, migration) in migrations.iter().enumerate() {
            places.insert(migration.name.as_str(), place);
        }
        let parents: Vec<Vec<usize>> =
            (0..migrations.len()).map(|place| parents(migrations, place, &places)).collect();
        let ancestors = (0..migrations.len()).map(|place| ancestors(&parents, place)).collect();
        Self { migrations, ancestors }
    }

    /// The migrations that no other one was written after, oldest first: one for each branch.
    pub fn heads(&self) -> Vec<&'a Migration> {
        self.heads_of(|_| true)
    }

    /// The tables that are managed after all of them, each as its schema and name.
    pub fn tables(&self) -> BTreeSet<[String; 2]> {
        self.plans().flat_map(|plan| plan.tables.iter().cloned()).collect()
    }

    /// What else is managed after all of them.
    pub fn objects(&self) -> BTreeSet<[String; 2]> {
        self.plans().flat_map(|plan| plan.objects.iter().cloned()).collect()
    }

    /// The last `plan.json` of each branch.
    pub(crate) fn plans(&self) -> impl Iterator<Item = &'a PlanFile> {
        self.heads_of(|migration| migration.plan.is_some())
            .into_iter()
            .filter_map(|head| head.plan.as_ref())
    }

    /// The parents of a migration that is written now: the newest, and the heads of all other branches.
    pub fn parents(&self) -> (Option<String>, Vec<String>) {
        let mut heads: Vec<String> =
            self.heads().into_iter().map(|head| head.name.clone()).collect();
        let newest = heads.pop();
        (newest, heads)
    }

    /// The pairs that do not go together, of those that are asked for by at least one of the two.
    pub fn conflicts(&self, is_asked: impl Fn(&Migration) -> bool) -> Vec<Conflict> {
        let asked: Vec<bool> = self.migrations.iter().map(is_asked).collect();
        let is = |list: &[bool], place: usize| list.get(place).copied().unwrap_or(false);
        let mut conflicts = Vec::new();
        for (place, migration) in self.migrations.iter().enumerate() {
            for (before, other) in self.migrations.iter().enumerate().take(place) {
                let knows = |a: usize, b| self.ancestors.get(a).is_some_and(|it| is(it, b));
                if !(is(&asked, place) || is(&asked, before))
                    || knows(place, before)
                    || knows(before, place)
                {
                    continue;
                }
                let both = both(migration, other);
                if both.is_empty() {
                    continue;
                }
                // The one that can still be written anew.
                let (name, other) =
                    if is(&asked, place) { (migration, other) } else { (other, migration) };
                let (name, other) = (name.name.clone(), other.name.clone());
                conflicts.push(Conflict::Branches { name, other, both });
            }
        }
        conflicts
    }

    fn heads_of(&self, counts: impl Fn(&Migration) -> bool) -> Vec<&'a Migration> {
        let knows =
            |a: usize, b: usize| self.ancestors.get(a).and_then(|it| it.get(b)) == Some(&true);
        let all = || self.migrations.iter().enumerate().filter(|(_, it)| counts(it));
        // Two that each say to go together with the other: the later one counts as the later one.
        let is_after = |a: usize, b: usize| knows(a, b) && (a > b || !knows(b, a));
        all().filter(|(b, _)| !all().any(|(a, _)| is_after(a, *b))).map(|(_, it)| it).collect()
    }
}

fn parents(migrations: &[Migration], place: usize, places: &BTreeMap<&str, usize>) -> Vec<usize> {
    let before: Vec<usize> = place.checked_sub(1).into_iter().collect();
    let Some(plan) = migrations.get(place).and_then(|it| it.plan.as_ref()) else { return before };
    let named: Vec<&String> = plan.parent.iter().chain(&plan.merges).collect();
    if named.is_empty() {
        // The first of its branch; where it does not say what it touches, nothing is known of it.
        return if plan.touches.is_empty() { before } else { Vec::new() };
    }
    let found: Vec<usize> =
        named.iter().filter_map(|name| places.get(name.as_str()).copied()).collect();
    if found.is_empty() { before } else { found }
}

fn ancestors(parents: &[Vec<usize>], place: usize) -> Vec<bool> {
    let mut ancestors = vec![false; parents.len()];
    let mut open = parents.get(place).cloned().unwrap_or_default();
    while let Some(next) = open.pop() {
        if let Some(known) = ancestors.get_mut(next)
            && !*known
        {
            *known = true;
            open.extend(parents.get(next).into_iter().flatten());
        }
    }
    ancestors
}

/// What two migrations cannot both have their way with.
fn both(one: &Migration, other: &Migration) -> Vec<String> {
    let touched =
        |it: &Migration| it.plan.as_ref().map(|plan| plan.touches.clone()).unwrap_or_default();
    let (touched_by_one, touched_by_other) = (touched(one), touched(other));
    let mut both: BTreeSet<String> =
        touched_by_one.iter().filter(|name| touched_by_other.contains(name)).cloned().collect();
    for (a, b, touched) in [(one, other, &touched_by_one), (other, one, &touched_by_other)] {
        let dropped = a.plan.as_ref().map(|plan| plan.drops.as_slice()).unwrap_or_default();
        let statements = statements(b);
        both.extend(dropped.iter().filter(|name| speaks_of(&statements, name)).cloned());
        // What was written by hand does not say what it drops.
        let is_by_hand = b.plan.as_ref().is_none_or(|plan| plan.touches.is_empty());
        if is_by_hand {
            let drops = |it: &&String| {
                ["drop", "rename"].iter().any(|word| says(it, &[(*word).to_owned()]))
            };
            let drops: Vec<String> = statements.iter().filter(drops).cloned().collect();
            both.extend(touched.iter().filter(|name| speaks_of(&drops, name)).cloned());
        }
    }
    both.into_iter().collect()
}

fn statements(migration: &Migration) -> Vec<String> {
    match Script::parse(&migration.up) {
        Ok(script) => script.statements().map(|it| it.text.clone()).collect(),
        // Whoever runs it says what is wrong with it.
        Err(_) => vec![migration.up.clone()],
    }
}

/// Whether one of the statements says the name, with its table but without its schema.
fn speaks_of(statements: &[String], name: &str) -> bool {
    let names = names(name);
    names.get(1..).is_some_and(|names| {
        !names.is_empty() && statements.iter().any(|statement| says(statement, names))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Name, parents, what it touches (`-` before what it drops), and its SQL.
    fn migration(name: &str, parents: &[&str], touches: &[&str], up: &str) -> Migration {
        let mut parents = parents.iter().map(|it| (*it).to_owned());
        let dropped = |it: &&&str| it.starts_with('-');
        let plain = |it: &&str| it.trim_start_matches('-').to_owned();
        let plan = PlanFile {
            parent: parents.next(),
            merges: parents.collect(),
            touches: touches.iter().map(plain).collect(),
            drops: touches.iter().filter(dropped).map(plain).collect(),
            tables: vec![["public".to_owned(), name.to_owned()]],
            ..PlanFile::default()
        };
        let (name, up) = (name.to_owned(), up.to_owned());
        Migration { name, path: Default::default(), up, down: None, plan: Some(plan) }
    }

    #[track_caller]
    fn check(migrations: &[Migration], expected: &[(&str, &str, &str)]) {
        let conflicts = Branches::of(migrations).conflicts(|_| true);
        let found: Vec<_> = conflicts
            .iter()
            .map(|conflict| match conflict {
                Conflict::Branches { name, other, both } => {
                    (name.as_str(), other.as_str(), both.join(" "))
                }
                other => panic!("{other}"),
            })
            .collect();
        let found: Vec<_> = found.iter().map(|(a, b, both)| (*a, *b, both.as_str())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn what_was_written_with_knowledge_of_the_other_goes_together() {
        check(
            &[migration("1", &[], &["public.a"], ""), migration("2", &["1"], &["public.a"], "")],
            &[],
        );
        check(
            &[migration("1", &[], &["public.a"], ""), migration("2", &[], &["public.a"], "")],
            &[("2", "1", "public.a")],
        );
    }

    #[test]
    fn different_columns_of_one_table_go_together_and_the_same_do_not() {
        let root = || migration("1", &[], &["public.a"], "");
        let two = |a: &str, b: &str| {
            [root(), migration("2", &["1"], &[a], ""), migration("3", &["1"], &[b], "")]
        };
        check(&two("public.a.x", "public.a.y"), &[]);
        check(&two("public.a.x", "public.a.x"), &[("3", "2", "public.a.x")]);
    }

    #[test]
    fn what_one_drops_the_other_may_not_speak_of() {
        let root = || migration("1", &[], &["public.a"], "");
        let index = "CREATE INDEX i ON public.a (x)";
        let drop = migration("2", &["1"], &["-public.a.x"], "ALTER TABLE a DROP x");
        let add = migration("3", &["1"], &["public.a.i"], index);
        check(&[root(), drop.clone(), add], &[("3", "2", "public.a.x")]);
        let by_hand = migration("3", &["1"], &[], "UPDATE a SET x = 1");
        check(&[root(), drop.clone(), by_hand], &[("3", "2", "public.a.x")]);
        let other = migration("3", &["1"], &[], "UPDATE a SET xy = 1; UPDATE b SET x = 1");
        check(&[root(), drop, other], &[]);
        let drop = migration("2", &["1"], &["-public.a"], "DROP TABLE a");
        let key = migration(
            "3",
            &["1"],
            &["public.b.k"],
            "ALTER TABLE b ADD FOREIGN KEY (x) REFERENCES a",
        );
        check(&[root(), drop, key], &[("3", "2", "public.a")]);
        let by_hand = migration("2", &["1"], &[], "ALTER TABLE a DROP COLUMN y");
        let alter = migration("3", &["1"], &["public.a.y"], "ALTER TABLE a ALTER y SET NOT NULL");
        check(&[root(), by_hand, alter], &[("3", "2", "public.a.y")]);
    }

    #[test]
    fn every_pair_of_heads_is_looked_at_not_only_the_last() {
        let all = [
            migration("1", &[], &["public.a"], ""),
            migration("2", &["1"], &["public.a.x"], ""),
            migration("3", &["1"], &["public.a.x"], ""),
            migration("4", &["1"], &["public.a.y"], ""),
            migration("5", &["4"], &["public.a.x"], ""),
            migration("6", &["1"], &["public.a.z"], ""),
        ];
        check(
            &all,
            &[("3", "2", "public.a.x"), ("5", "2", "public.a.x"), ("5", "3", "public.a.x")],
        );
        let branches = Branches::of(&all);
        let heads: Vec<_> = branches.heads().iter().map(|it| it.name.clone()).collect();
        assert_eq!(heads, ["2", "3", "5", "6"]);
        let expected = (Some("6".to_owned()), vec!["2".to_owned(), "3".to_owned(), "5".to_owned()]);
        assert_eq!(branches.parents(), expected);
        assert_eq!(branches.tables().len(), 4);
    }

    #[test]
    fn what_is_written_after_a_merge_knows_both_branches() {
        let all = [
            migration("1", &[], &["public.a"], ""),
            migration("2", &["1"], &["public.a.x"], ""),
            migration("3", &["1"], &["public.a.y"], ""),
            migration(
                "4",
                &["3", "2"],
                &["-public.a.x", "-public.a.y"],
                "ALTER TABLE a DROP x, DROP y",
            ),
        ];
        check(&all, &[]);
    }

    #[test]
    fn only_pairs_with_one_that_is_asked_for_are_said() {
        let all = [migration("1", &[], &["public.a"], ""), migration("2", &[], &["public.a"], "")];
        let branches = Branches::of(&all);
        assert!(branches.conflicts(|_| false).is_empty());
        let named = branches.conflicts(|it| it.name == "1");
        assert_eq!(named.first().map(Conflict::name), Some("1"));
    }

    #[test]
    fn what_was_written_by_hand_follows_the_one_before_it() {
        let mut by_hand = migration("2", &[], &[], "DROP TABLE a");
        by_hand.plan = None;
        check(&[migration("1", &[], &["public.a"], ""), by_hand], &[]);
        let lost = migration("2", &["0"], &["public.a"], "");
        check(&[migration("1", &[], &["public.a"], ""), lost], &[]);
    }
}
