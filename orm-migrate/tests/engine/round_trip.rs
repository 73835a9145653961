//! There and back: the plan leads from the one schema to the other, its way back leads home, and rows survive.

use orm_migrate::catalog::Canonical;
use orm_migrate::change::ObjectName;
use orm_migrate::diff::{diff, settled};
use orm_migrate::history::Script;
use orm_migrate::plan::{Down, plan};
use orm_migrate::scratch::{self, Proof};
use orm_migrate_test_support::{Live, all, differences, lines, unnamed};
use orm_test_support::is_known_to;

/// Two schemas: what it is about, and the scripts that make them by hand.
pub(crate) struct Case<'a>(pub(crate) &'a str, pub(crate) &'a str, pub(crate) &'a str);

/// Leads a database through each case, there and back, with the names that the script gives and with none.
///
/// # Panics
/// When one fails; all that failed are told.
#[track_caller]
pub(crate) fn check(cases: &[Case<'_>]) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let failed = runtime.expect("a runtime").block_on(async {
        let (mut failed, places) = (Vec::new(), (Live::with("").await, Live::with("").await));
        let version = places.0.version().await;
        for case in cases {
            if !is_known_to(version, &format!("{};{}", case.1, case.2)) {
                continue;
            }
            for names in [Names::Given, Names::Implied] {
                if let Err(fault) = round_trip(case, names, &places).await {
                    failed.push(format!("## {} ({names:?})\n{fault}", case.0));
                }
            }
        }
        failed
    });
    assert!(failed.is_empty(), "\n{}", failed.join("\n\n"));
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Names {
    Given,
    Implied,
}

async fn round_trip(
    Case(_, before, after): &Case<'_>,
    names: Names,
    (live, goal): &(Live, Live),
) -> Result<(), String> {
    live.begin_again(before).await;
    goal.begin_again(after).await;
    let wanted = goal.read().await;
    let declared = match names {
        Names::Given => wanted.schema().clone(),
        Names::Implied => unnamed(wanted.schema()),
    };
    // On a database that has the types and functions already, and on one that has others.
    let mut to = None;
    for place in [live, goal] {
        let canonical = scratch::canonical(&place.connection, &declared).await;
        to = Some(canonical.map_err(|error| format!("scratch: {error:#}"))?);
    }
    let to = to.expect("a schema");
    let same = scratch::live(&goal.connection, &to).await.expect("a reading").canonical;
    nothing("what was declared is not what the scratch tables say", &differences(&same, &to))?;
    let from = scratch::live(&live.connection, &to).await.expect("a reading").canonical;

    let rows = counts(live, &from).await;
    let changes = diff(&from, &to, &all(&from));
    let up = plan(changes.clone(), &from, &to).up_sql();
    run(live, "up", &up).await?;
    let there = live.read().await;
    nothing(&format!("left after up:\n{up}"), &lines(&diff(&there, &to, &all(&there))))?;
    let end = settled(&from, &to);
    same_hash(&there, &end, "after up")?;
    // A database of its own for each proof takes time, and names make no difference to it.
    let is_proved = names == Names::Given;
    if is_proved {
        proved(live, &from, &up, &to, "up").await?;
    }

    let down = Down::of(&changes, &from, &end);
    let Some(sql) = down.sql else {
        return if before.contains("-- no way back") {
            Ok(())
        } else {
            Err("no way back".to_owned())
        };
    };
    run(live, "down", &sql).await?;
    let home = scratch::live(&live.connection, &from).await.expect("a reading").canonical;
    nothing(&format!("left after down:\n{up}\n{sql}"), &differences(&home, &from))?;
    nothing(&format!("too much after down:\n{up}\n{sql}"), &differences(&from, &home))?;
    same_hash(&home, &from, "after down")?;
    if is_proved {
        proved(live, &end, &sql, &from, "down").await?;
    }
    if down.lost.is_empty() && rows != counts(live, &from).await {
        return Err("rows were lost".to_owned());
    }
    Ok(())
}

fn nothing(what: &str, differences: &[String]) -> Result<(), String> {
    if differences.is_empty() {
        return Ok(());
    }
    Err(format!("{what}\n  {}", differences.join("\n  ")))
}

fn same_hash(found: &Canonical, wanted: &Canonical, when: &str) -> Result<(), String> {
    let has_same = found.hash() == wanted.hash();
    has_same.then_some(()).ok_or_else(|| {
        format!(
            "{when} the hash is another:\n found {:#?}\nwanted {:#?}",
            found.schema(),
            wanted.schema()
        )
    })
}

/// Runs a migration as `apply` does: each segment in one transaction.
async fn run(place: &Live, what: &str, sql: &str) -> Result<(), String> {
    for segment in Script::parse(sql).expect("a script").segments {
        let statements: Vec<_> = segment.statements.iter().map(|it| it.text.as_str()).collect();
        let result = place
            .connection
            .batch_execute(&format!("BEGIN;\n{};\nCOMMIT", statements.join(";\n")))
            .await;
        if let Err(error) = result {
            let _ended = place.connection.batch_execute("ROLLBACK").await;
            return Err(format!("{what} failed: {error:#}\n{sql}"));
        }
    }
    Ok(())
}

async fn proved(
    place: &Live,
    from: &Canonical,
    sql: &str,
    to: &Canonical,
    what: &str,
) -> Result<(), String> {
    match scratch::prove(place.server.clone(), from, sql, to).await {
        Ok(Proof::Holds | Proof::Skipped(_)) => Ok(()),
        Ok(Proof::Differs(left)) => nothing(&format!("the proof of {what}"), &left),
        Err(error) => Err(format!("the proof of {what} failed: {error:#}")),
    }
}

/// How many rows each table has.
async fn counts(place: &Live, schema: &Canonical) -> Vec<i64> {
    let mut counts = Vec::new();
    for table in &schema.schema().tables {
        let name = ObjectName::of(table);
        counts.push(place.number(&format!("SELECT count(*) FROM {}", name.qualified())).await);
    }
    counts
}
