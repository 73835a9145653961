//! The migrations folder by itself: whether its files can be run, and whether they are what was planned. Pure.

use crate::apply;
use crate::history::{Conflict, EMPTY, Migration, STAMP, Script, compare, is_stamp};

/// What is wrong with a file.
#[derive(Debug, PartialEq, Eq, serde::Serialize)]
pub(super) struct Problem {
    pub(super) migration: String,
    pub(super) file: &'static str,
    pub(super) line: Option<usize>,
    pub(super) message: String,
}

/// What was seen.
#[derive(Debug, Default)]
pub(super) struct Inspected {
    pub(super) problems: Vec<Problem>,
    /// What is no fault, and good to know.
    pub(super) notes: Vec<String>,
}

pub(super) fn inspect(migrations: &[Migration]) -> Inspected {
    let mut seen = Inspected::default();
    let mut before: Option<&Migration> = None;
    for migration in migrations {
        files(migration, &mut seen);
        if let Some(parent) = migration.plan.as_ref().and_then(|plan| plan.parent.as_deref())
            && !migrations.iter().any(|it| it.name == parent)
        {
            seen.notes.push(format!(
                "{} was planned after {parent}, which is not in the folder",
                migration.name
            ));
        } else if let (Some(plan), Some(before)) = (&migration.plan, before)
            && plan.parent.as_deref() != Some(&before.name)
        {
            let parent = plan.parent.as_deref().unwrap_or("none");
            seen.notes.push(format!(
                "{} was planned after {parent}, not after {}: did two branches meet?",
                migration.name, before.name
            ));
        }
        before = Some(migration);
    }
    seen
}

/// Branches that do not go together: what an empty database would refuse. One that has had them may not care.
pub(super) fn contradictions(migrations: &[Migration]) -> Vec<Problem> {
    let conflicts = compare(migrations, &[]).conflicts.into_iter();
    let problem = |conflict: Conflict| Problem {
        migration: conflict.name().to_owned(),
        file: "plan.json",
        line: None,
        message: conflict.to_string(),
    };
    conflicts.map(problem).collect()
}

fn files(migration: &Migration, seen: &mut Inspected) {
    let name = || migration.name.clone();
    let read = |sql: &str| {
        let script = Script::parse(sql)?;
        apply::runnable(&script).map(|()| script)
    };
    match read(&migration.up) {
        Ok(up) => {
            if up.is_unwritten() {
                seen.problems.push(unwritten(name(), "up.sql"));
            }
            seen.notes.extend(edited(migration, &up));
            seen.notes.extend(stamped(migration, &up));
        }
        Err(error) => seen.problems.push(Problem {
            migration: name(),
            file: "up.sql",
            line: Some(error.line),
            message: error.message,
        }),
    }
    match migration.down.as_deref().map(read) {
        Some(Ok(down))
            if down.is_unwritten()
                && Script::parse(&migration.up).is_ok_and(|up| !up.segments.is_empty()) =>
        {
            seen.problems.push(unwritten(name(), "down.sql"));
        }
        None | Some(Ok(_)) => {}
        Some(Err(error)) => seen.problems.push(Problem {
            migration: name(),
            file: "down.sql",
            line: Some(error.line),
            message: error.message,
        }),
    }
}

fn unwritten(migration: String, file: &'static str) -> Problem {
    let message = format!(
        "it has no statement, and is refused when it is to run: write the SQL into it, or a line `-- {EMPTY}` where \
         nothing is to be done"
    );
    Problem { migration, file, line: None, message }
}

/// Where a statement sets a stamp that only some releases of the server know.
fn stamped(migration: &Migration, up: &Script) -> Option<String> {
    let statement = up.statements().find(|it| is_stamp(&it.text))?;
    Some(format!("{}/up.sql, line {}: {STAMP}", migration.name, statement.line))
}

/// Whether its `up.sql` has other statements than its plan, or cannot be read.
pub(super) fn is_edited(migration: &Migration) -> bool {
    Script::parse(&migration.up).map_or(true, |up| edited(migration, &up).is_some())
}

/// Where the statements of `up.sql` are not those of `plan.json`: somebody wrote them anew, which is allowed, and the
/// hazards that the plan names may be others now.
fn edited(migration: &Migration, up: &Script) -> Option<String> {
    let plan = migration.plan.as_ref().filter(|plan| !plan.steps.is_empty())?;
    // A statement of the plan may be several for the server.
    let planned = plan.steps.iter().flat_map(|step| &step.statements);
    let planned: String = planned.map(|statement| format!("{statement};\n")).collect();
    let planned = Script::parse(&planned).ok()?;
    let mut planned = planned.statements();
    let mut now = up.statements();
    loop {
        return match (planned.next(), now.next()) {
            (None, None) => None,
            (Some(planned), Some(now)) if planned.text == now.text => continue,
            (_, now) => {
                let at = now.map_or_else(|| "its end".to_owned(), |it| format!("line {}", it.line));
                Some(format!(
                    "{}/up.sql was edited after it was planned, from {at} on; its plan.json says other statements",
                    migration.name
                ))
            }
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::{PlanFile, PlannedStep};

    fn migration(name: &str, up: &str, planned: &[&str], parent: Option<&str>) -> Migration {
        let statements = planned.iter().map(|it| (*it).to_owned()).collect();
        let steps = vec![PlannedStep { statements, ..PlannedStep::default() }];
        let parent = parent.map(str::to_owned);
        let plan = (!planned.is_empty()).then(|| PlanFile { steps, parent, ..PlanFile::default() });
        let (name, up) = (name.to_owned(), up.to_owned());
        Migration { name, path: Default::default(), up, down: None, plan }
    }

    #[track_caller]
    fn check(migrations: &[Migration], problems: &[&str], notes: &[&str]) {
        let seen = inspect(migrations);
        let found: Vec<String> = seen
            .problems
            .iter()
            .map(|it| format!("{}/{} {:?} {}", it.migration, it.file, it.line, it.message))
            .collect();
        assert_eq!(found.len(), problems.len(), "{found:?}");
        assert_eq!(seen.notes.len(), notes.len(), "{:?}", seen.notes);
        for (text, part) in found.iter().zip(problems).chain(seen.notes.iter().zip(notes)) {
            assert!(text.contains(part), "{text}");
        }
    }

    #[test]
    fn a_stamp_of_the_server_in_a_migration_is_named() {
        let stamp = "CREATE TABLE t (a int);\nALTER TABLE ONLY t ALTER COLUMN a SET (pg_attver=26489688);\n";
        let note =
            "1/up.sql, line 2: `pg_attver` is a number that some releases of PostgreSQL write";
        check(&[migration("1", stamp, &[], None)], &[], &[note]);
        let other = "ALTER TABLE t ALTER a SET (n_distinct = 5); COMMENT ON TABLE t IS 'SET (pg_attver = 1)'";
        check(&[migration("1", other, &[], None)], &[], &[]);
    }

    #[test]
    fn what_was_planned_and_can_be_run_is_fine() {
        let one = migration("1", "-- a\nSELECT 1;\nSELECT 2;\n", &["SELECT 1", "SELECT 2"], None);
        let two = migration("2", "SELECT ';';", &["SELECT ';'"], Some("1"));
        check(&[one, two, migration("3", "SELECT 1", &[], None)], &[], &[]);
    }

    #[test]
    fn files_that_cannot_be_run_are_problems() {
        let bad = migration("1", "SELECT 1;\nSELECT 'a", &[], None);
        check(&[bad], &["1/up.sql Some(2)"], &[]);
        for unwritten in ["", " \n;", "-- nothing\n", "/* SELECT 1; */"] {
            check(&[migration("1", unwritten, &[], None)], &["no statement"], &[]);
            let down = Some(unwritten.to_owned());
            check(
                &[Migration { down, ..migration("1", "SELECT 1", &[], None) }],
                &["1/down.sql None it has no statement"],
                &[],
            );
        }
        check(&[migration("1", "-- orm:empty\n", &[], None)], &[], &[]);
        let up = "CREATE TEMP TABLE a ();\n-- orm:segment transaction\nTABLE a";
        check(&[migration("1", up, &[], None)], &["1/up.sql Some(1) temporary table a"], &[]);
        let down =
            Migration { down: Some("COMMIT".to_owned()), ..migration("1", "SELECT 1", &[], None) };
        check(&[down], &["1/down.sql Some(1)"], &[]);
    }

    #[test]
    fn what_was_edited_and_what_has_another_parent_is_noted() {
        let edited = migration("1", "SELECT 1;\n\nSELECT 3", &["SELECT 1", "SELECT 2"], None);
        check(&[edited], &[], &["line 3"]);
        let shorter = migration("1", "SELECT 1", &["SELECT 1", "SELECT 2"], None);
        check(&[shorter], &[], &["its end"]);
        let one = || migration("1", "SELECT 1", &["SELECT 1"], None);
        let two = || migration("2", "SELECT 1", &["SELECT 1"], Some("1"));
        check(
            &[one(), two(), migration("3", "SELECT 1", &["SELECT 1"], Some("1"))],
            &[],
            &["branches"],
        );
        check(&[two()], &[], &["not in the folder"]);
    }

    #[test]
    fn branches_that_contradict_each_other_are_a_problem_without_a_database() {
        let touching = |name: &str| {
            let mut it = migration(name, "SELECT 1", &["SELECT 1"], Some("1"));
            it.plan.as_mut().expect("a plan").touches = vec!["public.a.b".to_owned()];
            it
        };
        let one = migration("1", "SELECT 1", &["SELECT 1"], None);
        let found = contradictions(&[one, touching("2"), touching("3")]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found.iter().all(|it| it.migration == "3" && it.message.contains("public.a.b")));
    }
}
