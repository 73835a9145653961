//! What only the session of a run has: the next run, after one that broke off, has another session.

use super::words::{StatementWords, Word};
use crate::history::{Script, ScriptError, ScriptMode, Statement};

/// # Errors
/// A temporary table or its like is made in one transaction of the script and named in another: a run that breaks off
/// between them could not go on.
pub(super) fn refuse(script: &Script) -> Result<(), ScriptError> {
    let statements = (script.segments.iter().enumerate())
        .flat_map(|(segment, of)| of.statements.iter().map(move |it| (segment, of.mode, it)));
    let made = statements.clone().filter_map(|(segment, mode, it)| {
        let (kind, name) = of_session(it)?;
        Some((segment, mode, it.number, it.line, kind, name))
    });
    for (segment, mode, number, line, kind, name) in made {
        let is_another = |(other, _, it): &(usize, ScriptMode, &Statement)| {
            it.number > number && (*other != segment || mode == ScriptMode::Autocommit)
        };
        let used = statements.clone().filter(is_another).find(|(.., it)| names(&it.text, &name));
        let Some((.., used)) = used else { continue };
        return Err(ScriptError {
            line,
            message: format!(
                "{kind} {name} is made in one transaction and used in another, on line {}: a run that breaks off \
                 between them goes on in a session that does not have it; put both into one segment \
                 `-- orm:segment transaction`, or use a table that is not temporary",
                used.line
            ),
        });
    }
    Ok(())
}

/// What the statement makes that only its session has, and its name.
fn of_session(statement: &Statement) -> Option<(&'static str, String)> {
    let mut words = StatementWords::of(&statement.text);
    let last = |name: String| name.rsplit("\".\"").next().unwrap_or_default().replace('"', "");
    if words.take(&["prepare"]) {
        return Some(("prepared statement", words.name()?));
    }
    if words.take(&["declare"]) {
        let name = words.name()?;
        return words.any(&["with", "hold"]).then_some(("cursor", name));
    }
    if words.take(&["create"]) {
        let _replace = words.take(&["or", "replace"]);
        let _scope = words.take(&["global"]) || words.take(&["local"]);
        let is_temporary = words.take(&["temp"]) || words.take(&["temporary"]);
        let _recursive = words.take(&["recursive"]);
        let kind = match () {
            () if words.take(&["table"]) => "temporary table",
            () if words.take(&["view"]) => "temporary view",
            () if words.take(&["sequence"]) => "temporary sequence",
            () => return None,
        };
        words.take(&["if", "not", "exists"]);
        let name = words.qualified()?;
        let is_meant = is_temporary || name.starts_with("\"pg_temp\".");
        return is_meant.then(|| (kind, last(name)));
    }
    if words.take(&["select"]) || words.take(&["with"]) {
        for temporary in ["temp", "temporary"] {
            let mut words = words.clone();
            if words.any(&["into", temporary]) || words.any(&["into", "local", temporary]) {
                words.take(&["table"]);
                return Some(("temporary table", last(words.qualified()?)));
            }
        }
    }
    None
}

fn names(text: &str, name: &str) -> bool {
    StatementWords::all(text).any(|word| match word {
        Word::Plain(word) | Word::Quoted(word) => word == name,
        Word::Sign(_) => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(sql: &str, refused: Option<(usize, &str)>) {
        let script = Script::parse(sql).expect("a script");
        match (refuse(&script), refused) {
            (Ok(()), None) => {}
            (Err(error), Some((line, part))) if error.line == line => {
                assert!(error.message.contains(part), "{error}");
            }
            (found, _) => panic!("{found:?}: {sql}"),
        }
    }

    #[test]
    fn what_only_the_session_has_may_not_be_used_in_another_transaction() {
        let auto = "-- orm:segment autocommit\n";
        let next = "-- orm:segment transaction\n";
        check("CREATE TEMP TABLE a (b int); INSERT INTO a VALUES (1)", None);
        check(&format!("CREATE TEMP TABLE a (b int);\n{next}SELECT 1"), None);
        check(
            &format!("CREATE TEMP TABLE a (b int);\n{next}INSERT INTO c SELECT b FROM A"),
            Some((
                1,
                "temporary table a is made in one transaction and used in another, on line 3",
            )),
        );
        check(
            &format!(
                "{auto}create local temporary table if not exists \"A\" (b int);\nTABLE \"A\""
            ),
            Some((2, "temporary table A")),
        );
        check(&format!("{auto}CREATE TEMP TABLE a (b int);\nTABLE \"A\""), None);
        check(
            &format!("{auto}SELECT 1 AS x INTO TEMP a;\nDROP TABLE a"),
            Some((2, "temporary table a")),
        );
        check(
            &format!("{auto}CREATE TABLE pg_temp.a (b int);\nTABLE pg_temp.a"),
            Some((2, "temporary table a")),
        );
        check(
            &format!("{auto}PREPARE p AS SELECT 1;\nEXECUTE p"),
            Some((2, "prepared statement p")),
        );
        check(&format!("{auto}CREATE TABLE a (b int);\nTABLE a"), None);
        check(&format!("{auto}CREATE TEMP TABLE a (b int);\nSELECT 'a'"), None);
    }
}
