//! `serial`: no type, but an integer whose default is the next value of a sequence of its own (manual, section 8.1.4);
//! and the sequences of identity columns. Where a sequence is recreated, its position is carried over.

use super::object::{self, sequence_options};
use crate::change::ObjectName;
use orm_core::schema::names;
use orm_core::schema::{
    Column, ColumnSequence, Identity, Object, OwnedBy, Sequence, SequenceOptions, Table,
};
use orm_core::sql::ident::{Ident, Literal, Qualified};
use std::collections::BTreeSet;

/// The sequences that a database has before and after, whatever they belong to: nothing creates or drops them.
pub type SequenceDefault = BTreeSet<ObjectName>;

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

/// Whether a statement of [`ddl`](crate::ddl) creates that sequence, or gives another one its name.
pub fn makes(sql: &str, sequence: &ObjectName) -> bool {
    let name = sequence.qualified();
    let is_created = |words: &str| sql.starts_with(&format!("CREATE SEQUENCE {words}{name} "));
    ["", "IF NOT EXISTS "].iter().any(|words| is_created(words))
        || sql.starts_with("ALTER SEQUENCE ")
            && sql.ends_with(&format!(" RENAME TO {}", Ident(&sequence.name)))
}

/// The sequence of a serial or identity column.
pub fn sequence_of(table: &ObjectName, column: &Column) -> Option<ObjectName> {
    (is_serial(column) || column.identity.is_some()).then(|| sequence(table, column))
}

/// The sequence of a serial column as an object of its own.
pub fn as_object(table: &Table, column: &Column) -> Option<Sequence> {
    if !is_serial(column) || table.partition_of.is_some() {
        return None;
    }
    let name = sequence(&ObjectName::of(table), column);
    let own = &column.sequence;
    let data_type =
        own.data_type.clone().unwrap_or(stored_type(&column.data_type).to_owned().into());
    let owner = OwnedBy {
        schema: table.schema.clone(),
        table: table.name.clone(),
        column: column.name.clone(),
    };
    Some(Sequence {
        schema: table.schema.clone(),
        name: name.name.into(),
        data_type,
        options: own.options,
        owned_by: Some(Box::new(owner)),
        unlogged: own.logged.map_or(table.unlogged, |logged| !logged),
        comment: None,
    })
}

/// Whether the column is stored as another type, or sorted otherwise.
pub fn is_retyped(from: &Column, to: &Column) -> bool {
    stored_type(&from.data_type) != stored_type(&to.data_type) || from.collation != to.collation
}

/// The default of a column that becomes serial.
pub(super) fn default(table: &ObjectName, column: &Column) -> String {
    format!("nextval({})", Literal(&quoted(table, column)))
}

/// A new column with its sequence written out: where `serial` would make another one, or where it is there already.
/// Second the statement that comes before, third the one that comes after.
pub fn written_out(
    table: &ObjectName,
    column: &Column,
    kept: &SequenceDefault,
) -> Option<(Column, Option<String>, Option<String>)> {
    let is_there = kept.contains(&sequence(table, column));
    let plain = ColumnSequence { logged: column.sequence.logged, ..ColumnSequence::DEFAULT };
    if !is_serial(column) || !is_there && column.sequence == plain {
        return None;
    }
    let bare = Column {
        data_type: stored_type(&column.data_type).to_owned().into(),
        default: Some(default(table, column).into()),
        sequence: ColumnSequence::DEFAULT,
        ..column.clone()
    };
    let make = (!is_there).then(|| create(&quoted(table, column), column));
    let own = (!is_there).then(|| own(table, column));
    Some((bare, make, own))
}

/// What is done for the sequence before the column is altered. One that an earlier default left behind is used again.
pub fn before(
    table: &ObjectName,
    from: &Column,
    to: &Column,
    kept: &SequenceDefault,
) -> Vec<String> {
    let stored = stored_type(&to.data_type);
    let name = Ident(&to.name);
    let alter =
        |command: &str| super::alter::table(table, &[format!("ALTER COLUMN {name} {command}")]);
    let is_kept = |column: &Column| kept.contains(&sequence(table, column));
    match (is_serial(from), is_serial(to)) {
        // It goes with the identity, and may have the name that the new one gets.
        (false, true) if from.identity.is_some() && is_kept(to) => vec![alter("DROP IDENTITY")],
        (false, true) if from.identity.is_some() => {
            let lender = lender(table, to);
            vec![
                create(&lender, to),
                carry(&Literal(&lender).to_string(), &find(table, from), &position(from, to)),
                alter("DROP IDENTITY"),
                format!("ALTER SEQUENCE {lender} RENAME TO {}", Ident(&sequence(table, to).name)),
                own(table, to),
            ]
        }
        (false, true) if is_kept(to) => Vec::new(),
        (false, true) => {
            let make = create(&quoted(table, to), to);
            let make = make.replacen("CREATE SEQUENCE ", "CREATE SEQUENCE IF NOT EXISTS ", 1);
            vec![format!("{make} OWNED BY {}.{name}", table.qualified())]
        }
        // The identity brings a sequence of its own, and only one can be found by the column. It may have any name.
        (true, false) if to.identity.is_some() && is_kept(from) => vec![alter("DROP DEFAULT")],
        (true, false) if to.identity.is_some() => {
            let body = format!(
                "DECLARE own text := {};
BEGIN
    EXECUTE format('ALTER SEQUENCE %s OWNED BY NONE', own);
    EXECUTE format('ALTER SEQUENCE %s RENAME TO %I', own, {});
END",
                find(table, from),
                Literal(&lender_name(table, to)),
            );
            vec![alter("DROP DEFAULT"), format!("DO {}", Literal(&body))]
        }
        (true, true) => {
            let (old, new) = (&from.sequence, &to.sequence);
            if (&old.options, &old.data_type) == (&SequenceOptions::DEFAULT, &None)
                && (&new.options, &new.data_type) == (&SequenceOptions::DEFAULT, &None)
            {
                // It would end where the old type ends.
                let is_other = from.data_type != to.data_type;
                let alter = || execute("ALTER SEQUENCE ", table, to, &format!(" AS {stored}"));
                return is_other.then(alter).into_iter().collect();
            }
            let of = |column: &Column| {
                let place = Table {
                    schema: table.schema.clone().into(),
                    name: table.name.clone().into(),
                    ..Table::default()
                };
                // Its name is changed by a step of its own.
                let sequence = ColumnSequence { name: new.name.clone(), ..column.sequence.clone() };
                as_object(&place, &Column { sequence, name: to.name.clone(), ..column.clone() })
            };
            match (of(from), of(to)) {
                (Some(from), Some(to)) => {
                    object::alter(&Object::Sequence(from), &Object::Sequence(to))
                }
                _ => Vec::new(),
            }
        }
        (false, false) => match (from.identity, to.identity) {
            (Some(old), Some(new)) => {
                let position = position(from, to);
                let own = find(table, from);
                let is_moved = position != AS_IT_IS && !begins_again(from, old, to, new);
                let moved = is_moved.then(|| carry(&own, &own, &position));
                let narrowed = ends_before_type(from, to).then(|| options(from, to)).flatten();
                moved.into_iter().chain(narrowed.map(|it| alter(&it))).collect()
            }
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// What is done afterwards: a new sequence goes on where the old one stands, or behind the values that are there; one
/// that nothing reads goes.
pub fn after(
    table: &ObjectName,
    from: &Column,
    to: &Column,
    kept: &SequenceDefault,
) -> Vec<String> {
    let own = sequence(table, from);
    match (from.identity, to.identity) {
        (None, Some(_)) if is_serial(from) && kept.contains(&own) => {
            vec![goes_on(&find(table, to), &own.qualified().to_string(), &position(from, to))]
        }
        (None, Some(_)) if is_serial(from) => {
            let lender = lender(table, to);
            vec![
                goes_on(&find(table, to), &lender, &position(from, to)),
                format!("DROP SEQUENCE {lender}"),
            ]
        }
        (None, Some(new)) => vec![behind_rows(table, to, &find(table, to), new.sequence)],
        (Some(old), Some(new)) if begins_again(from, old, to, new) => {
            vec![behind_rows(table, to, &find(table, to), new.sequence)]
        }
        (None, None) if !is_serial(from) && is_serial(to) => {
            let (name, options) = (quoted(table, to), to.sequence.options);
            let found = Literal(&name).to_string();
            if reads(from, &sequence(table, to).name) {
                Vec::new()
            } else if kept.contains(&sequence(table, to)) {
                // It goes on, but for numbers that others have given meanwhile.
                let (column, beyond) = (Ident(&to.name), options.increment.unwrap_or(1) < 0);
                let rows = if beyond { "min" } else { "max" };
                let (order, step) = if beyond { ("<=", "- 1") } else { (">=", "+ 1") };
                vec![format!(
                    "SELECT setval({found}, {rows}({column}) {step}, false) FROM {} HAVING {rows}({column}) {order} (SELECT last_value FROM {name})",
                    table.qualified()
                )]
            } else {
                vec![behind_rows(table, to, &found, options)]
            }
        }
        // It is the same sequence, no longer as that of a serial.
        (None, None) if is_serial(from) && !is_serial(to) => {
            let stays = kept.contains(&own) || reads(to, &own.name);
            let drop = || execute("DROP SEQUENCE ", table, to, "");
            (!stays).then(drop).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// Behind the values that are there. `greatest` and `least` leave NULL out, which is the largest value of no rows.
fn behind_rows(
    table: &ObjectName,
    column: &Column,
    found: &str,
    options: SequenceOptions,
) -> String {
    let (name, start) = (Ident(&column.name), start(options));
    let next = match options.increment.unwrap_or(1) {
        ..0 => format!("least(min({name}) - 1, {start})"),
        _ => format!("greatest(max({name}) + 1, {start})"),
    };
    format!("SELECT setval({found}, {next}, false) FROM {}", table.qualified())
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

/// The options of the sequence of a column, and the type of its numbers.
fn options_of(column: &Column) -> (SequenceOptions, &str) {
    match column.identity {
        Some(identity) => (identity.sequence, &*column.data_type),
        None => {
            let own = column.sequence.data_type.as_deref();
            (column.sequence.options, own.unwrap_or(stored_type(&column.data_type)))
        }
    }
}

/// The columns of a sequence's own row that say where it stands.
const AS_IT_IS: &str = "last_value, is_called";

/// Where the sequence of `to` goes on that takes the place of the one of `from`: where that stands, within its own ends.
pub(super) fn position(from: &Column, to: &Column) -> String {
    let ((old, old_type), (new, new_type)) = (options_of(from), options_of(to));
    moved((old, old_type), (new, new_type))
}

/// The position within other ends. A number beyond them is refused: before the first one it goes on with that, behind
/// the last one it is used up.
pub(super) fn moved(
    (old, old_type): (SequenceOptions, &str),
    (new, new_type): (SequenceOptions, &str),
) -> String {
    let ((least, most), (old_least, old_most)) = (new.ends(new_type), old.ends(old_type));
    if least > old_most || most < old_least {
        // No number of before is one of now.
        return format!("{}, false", start_of(new, new_type));
    }
    let ascends = new.increment.is_none_or(|increment| increment > 0);
    let (mut value, mut called) = ("last_value".to_owned(), "is_called".to_owned());
    let (is_low, is_high) = (least > old_least, most < old_most);
    if is_low {
        value = format!("greatest({value}, {least})");
    }
    if is_high {
        value = format!("least({value}, {most})");
    }
    // First what is before the beginning, then what is behind the end.
    if ascends && is_low {
        called = format!("{called} AND last_value >= {least}");
    }
    if !ascends && is_high {
        called = format!("{called} AND last_value <= {most}");
    }
    if ascends && is_high {
        called = format!("{called} OR last_value > {most}");
    }
    if !ascends && is_low {
        called = format!("{called} OR last_value < {least}");
    }
    format!("{value}, {called}")
}

/// Where a sequence of that type begins.
fn start_of(options: SequenceOptions, data_type: &str) -> i64 {
    let (least, most) = options.ends(data_type);
    let ascends = options.increment.is_none_or(|increment| increment > 0);
    options.start.unwrap_or(if ascends { least } else { most })
}

/// Whether no number that the identity could give before is one that it gives from now on.
fn begins_again(from: &Column, old: Identity, to: &Column, new: Identity) -> bool {
    let (least, most) = new.sequence.ends(&to.data_type);
    let (old_least, old_most) = old.sequence.ends(&from.data_type);
    least > old_most || most < old_least
}

/// Whether the new ends must be there before the new type: the server gives the sequence that first, and the old ends
/// are beyond it.
pub(super) fn ends_before_type(from: &Column, to: &Column) -> bool {
    let (Some(old), Some(_)) = (from.identity, to.identity) else { return false };
    let descending = SequenceOptions { increment: Some(-1), ..SequenceOptions::DEFAULT };
    let (least, most) =
        (descending.ends(&to.data_type).0, SequenceOptions::DEFAULT.ends(&to.data_type).1);
    let ends = [old.sequence.min, old.sequence.max];
    ends.into_iter().flatten().any(|end| end < least || end > most)
}

/// Sets the sequence whose name is the SQL `own` to a position in the row of the sequence `other`.
fn goes_on(own: &str, other: &str, position: &str) -> String {
    format!("SELECT setval({own}, {position}) FROM {other}")
}

/// The same where the other's name is only known when it runs: `other` is SQL for it.
pub(super) fn carry(own: &str, other: &str, position: &str) -> String {
    let body = format!(
        "BEGIN EXECUTE format({}, {own}, {other}); END",
        Literal(&format!("SELECT setval(%L, {position}) FROM %s")),
    );
    format!("DO {}", Literal(&body))
}

/// `CREATE SEQUENCE` as the column says, under that name.
fn create(name: &str, column: &Column) -> String {
    let (options, data_type) = options_of(column);
    format!("CREATE SEQUENCE {name} AS {data_type}{}", sequence_options(&options))
}

fn own(table: &ObjectName, column: &Column) -> String {
    let name = sequence(table, column);
    let by = OwnedBy {
        schema: table.schema.clone().into(),
        table: table.name.clone().into(),
        column: column.name.clone(),
    };
    object::own(&name.schema, &name.name, Some(&by))
}

/// A sequence that keeps a position while another one is made.
fn lender(table: &ObjectName, column: &Column) -> String {
    Qualified(&table.schema, &lender_name(table, column)).to_string()
}

fn lender_name(table: &ObjectName, column: &Column) -> String {
    names::implied(&table.name, &[&column.name], "orm_position")
}

/// `ALTER SEQUENCE .. SET UNLOGGED` (PostgreSQL 15).
pub fn set_logged(name: &ObjectName, logged: bool) -> String {
    let word = if logged { "LOGGED" } else { "UNLOGGED" };
    format!("ALTER SEQUENCE {} SET {word}", name.qualified())
}

/// The same, for a server that may be older: there every sequence is logged.
pub fn set_logged_from_15(name: &ObjectName, logged: bool) -> String {
    let alter = set_logged(name, logged);
    let body = format!(
        "BEGIN IF current_setting('server_version_num')::int >= 150000 THEN EXECUTE {}; END IF; END",
        Literal(&alter)
    );
    format!("DO {}", Literal(&body))
}

/// `ALTER SEQUENCE .. RENAME TO ..`.
pub fn rename(schema: &str, from: &str, to: &str) -> String {
    format!("ALTER SEQUENCE {} RENAME TO {}", Qualified(schema, from), Ident(to))
}

/// What stands behind `ALTER COLUMN ..` where the identity stays and says something else. What is no longer declared
/// becomes the default again.
pub(super) fn options(old_column: &Column, new_column: &Column) -> Option<String> {
    let (from, to) = (old_column.identity?, new_column.identity?);
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
    if begins_again(old_column, from, new_column, to) {
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

/// Its sequence: PostgreSQL's own name for it, if it has no other one.
fn sequence(table: &ObjectName, column: &Column) -> ObjectName {
    let given = column.sequence.name.as_ref().map(ToString::to_string);
    let name = given.unwrap_or_else(|| names::sequence(&table.name, &column.name));
    ObjectName { schema: table.schema.clone(), name }
}

fn quoted(table: &ObjectName, column: &Column) -> String {
    sequence(table, column).qualified().to_string()
}
