//! `serial`: no type, but an integer whose default is the next value of a sequence of its own (manual, section 8.1.4).

use crate::change::ObjectName;
use orm_core::schema::names::implied;
use orm_core::schema::{Column, Identity, SequenceOptions};
use orm_core::sql::ident::{Ident, Literal, Qualified};

/// The type that a serial column really has, and any other type itself.
pub fn stored_type(data_type: &str) -> &str {
    match data_type {
        "smallserial" => "smallint",
        "serial" => "integer",
        "bigserial" => "bigint",
        other => other,
    }
}

/// Whether it has a sequence.
pub fn is_serial(column: &Column) -> bool {
    stored_type(&column.data_type) != column.data_type
}

/// The sequence of a serial or identity column.
pub fn sequence_of(table: &ObjectName, column: &Column) -> Option<ObjectName> {
    (is_serial(column) || column.identity.is_some()).then(|| ObjectName {
        schema: table.schema.clone(),
        name: implied(&table.name, &[&column.name], "seq"),
    })
}

/// Whether the column is stored as another type, or sorted otherwise.
pub fn is_retyped(from: &Column, to: &Column) -> bool {
    stored_type(&from.data_type) != stored_type(&to.data_type) || from.collation != to.collation
}

/// The default of a column that becomes serial.
pub(super) fn default(table: &ObjectName, column: &Column) -> String {
    format!("nextval({})", Literal(&sequence(table, column)))
}

/// What is done for the sequence before the column is altered. One that an earlier default left behind is used again.
pub fn before(table: &ObjectName, from: &Column, to: &Column) -> Vec<String> {
    let (stored, sequence) = (stored_type(&to.data_type), sequence(table, to));
    let name = Ident(&to.name);
    match (is_serial(from), is_serial(to)) {
        (false, true) => {
            // Its sequence goes with it, and may have the name that the new one gets.
            let identity = from.identity.map(|_| {
                super::alter::table(table, &[format!("ALTER COLUMN {name} DROP IDENTITY")])
            });
            let create = format!(
                "CREATE SEQUENCE IF NOT EXISTS {sequence} AS {stored} OWNED BY {}.{name}",
                table.qualified(),
            );
            identity.into_iter().chain([create]).collect()
        }
        // The identity brings a sequence of its own, and only one can be found by the column. It may have any name.
        (true, false) if to.identity.is_some() => {
            vec![
                super::alter::table(table, &[format!("ALTER COLUMN {name} DROP DEFAULT")]),
                execute("DROP SEQUENCE ", table, to, ""),
            ]
        }
        // It would end where the old type ends.
        (true, true) if from.data_type != to.data_type => {
            vec![execute("ALTER SEQUENCE ", table, to, &format!(" AS {stored}"))]
        }
        _ => Vec::new(),
    }
}

/// What is done afterwards: a new sequence goes on behind the values that are there, one that nothing reads goes.
pub fn after(table: &ObjectName, from: &Column, to: &Column) -> Option<String> {
    let becomes_serial = !is_serial(from) && is_serial(to);
    let options = to.identity.map(|identity| identity.sequence).unwrap_or_default();
    let begins_again = match (from.identity, to.identity) {
        (None, Some(_)) => true,
        (Some(from), Some(to)) => is_narrowed(from.sequence, to.sequence),
        _ => false,
    };
    let found = if becomes_serial {
        Literal(&sequence(table, to)).to_string()
    } else if begins_again {
        find(table, to)
    } else if is_serial(from) && reads(to, &implied(&table.name, &[&from.name], "seq")) {
        // It is the same sequence, no longer as that of a serial.
        return None;
    } else if is_serial(from) && !is_serial(to) && to.identity.is_none() {
        return Some(execute("DROP SEQUENCE ", table, to, ""));
    } else {
        return None;
    };
    // `greatest` and `least` leave NULL out, which is the largest value of no rows.
    let (name, start) = (Ident(&to.name), start(options));
    let next = match options.increment.unwrap_or(1) {
        ..0 => format!("least(min({name}) - 1, {start})"),
        _ => format!("greatest(max({name}) + 1, {start})"),
    };
    Some(format!("SELECT setval({found}, {next}, false) FROM {}", table.qualified()))
}

/// Whether the default is made of that sequence.
fn reads(column: &Column, sequence: &str) -> bool {
    let default = column.default.as_deref().unwrap_or_default();
    // Within quotes a quote of either kind is written twice.
    let name = sequence.replace('"', "\"\"").replace('\'', "''");
    default.contains("nextval(") && default.contains(&name)
}

/// Where a sequence with these options begins.
fn start(options: SequenceOptions) -> i64 {
    match options.increment.unwrap_or(1) {
        ..0 => options.start.or(options.max).unwrap_or(-1),
        _ => options.start.or(options.min).unwrap_or(1),
    }
}

/// Whether the sequence may stand where the new options do not let it be.
fn is_narrowed(from: SequenceOptions, to: SequenceOptions) -> bool {
    let descends = |options: SequenceOptions| options.increment.unwrap_or(1) < 0;
    // No bound is that of the type, which both have.
    let ends = |options: SequenceOptions| match descends(options) {
        true => (options.min.unwrap_or(i64::MIN), options.max.unwrap_or(-1)),
        false => (options.min.unwrap_or(1), options.max.unwrap_or(i64::MAX)),
    };
    let ((low, high), (new_low, new_high)) = (ends(from), ends(to));
    new_low > low || new_high < high
}

/// What stands behind `ALTER COLUMN ..` where the identity stays and says something else. What is no longer declared
/// becomes the default again.
pub(super) fn options(from: Identity, to: Identity) -> Option<String> {
    let mut words = Vec::new();
    if from.kind != to.kind {
        words.push(format!("SET GENERATED {}", super::column::kind(to.kind)));
    }
    let (old, new) = (from.sequence, to.sequence);
    if old.increment != new.increment {
        words.push(format!("SET INCREMENT BY {}", new.increment.unwrap_or(1)));
    }
    let direction = |options: SequenceOptions| options.increment.unwrap_or(1).signum();
    let turns = direction(old) != direction(new);
    for (word, before, now) in [("MINVALUE", old.min, new.min), ("MAXVALUE", old.max, new.max)] {
        if before != now || turns {
            words.push(match now {
                Some(now) => format!("SET {word} {now}"),
                None => format!("SET NO {word}"),
            });
        }
    }
    if start(old) != start(new) {
        words.push(format!("SET START WITH {}", start(new)));
    }
    if old.cache != new.cache {
        words.push(format!("SET CACHE {}", new.cache.unwrap_or(1)));
    }
    if old.cycle != new.cycle {
        words.push(if new.cycle { "SET CYCLE" } else { "SET NO CYCLE" }.to_owned());
    }
    if is_narrowed(old, new) {
        words.push("RESTART".to_owned());
    }
    (!words.is_empty()).then(|| words.join(" "))
}

/// A statement about a column's sequence, which may have any name.
fn execute(verb: &str, table: &ObjectName, column: &Column, rest: &str) -> String {
    let (verb, found) = (Literal(verb), find(table, column));
    let rest = if rest.is_empty() { String::new() } else { format!(" || {}", Literal(rest)) };
    let body = format!("BEGIN EXECUTE {verb} || {found}{rest}; END");
    format!("DO {}", Literal(&body))
}

/// The name of a column's sequence, asked of the server (manual, section 9.26.7).
fn find(table: &ObjectName, column: &Column) -> String {
    let table = table.qualified().to_string();
    format!("pg_get_serial_sequence({}, {})", Literal(&table), Literal(&column.name))
}

/// PostgreSQL's own name for it.
fn sequence(table: &ObjectName, column: &Column) -> String {
    let name = implied(&table.name, &[&column.name], "seq");
    Qualified(&table.schema, &name).to_string()
}
