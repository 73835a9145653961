//! Reads the words of domains and functions again, until they stay: a check `VALUE IN ('a', 'b')` of a `varchar`, or a
//! body `BEGIN ATOMIC`, is said in other words when it is made of the server's own.

use super::{READINGS_MAX, ScratchError, locate_error};
use crate::catalog::spelling::settled as spelled;
use crate::ddl;
use orm_core::exec::Connection;
use orm_core::schema::{Check, Domain, Function, Object, Text};
use std::collections::BTreeMap;

/// Whether the server has words of its own for what is in it.
pub(super) fn has_expressions(object: &Object) -> bool {
    match object {
        Object::Domain(it) => !it.checks.is_empty() || it.default.is_some(),
        // Another body is kept as the text that it is.
        Object::Function(it) => {
            it.definition.contains("\nBEGIN ATOMIC")
                || it.definition.contains("\nRETURN ")
                || it.arguments.contains(" DEFAULT ")
        }
        _ => false,
    }
}

/// Within a transaction whose `search_path` is empty: makes each of them for a moment, under a name that is nobody's.
/// `false` if something that they stand on is not there; then they are left as they are.
pub(super) async fn settled(
    connection: &Connection,
    objects: &mut [Object],
) -> Result<bool, ScratchError> {
    for _ in 1..READINGS_MAX {
        let asked = objects.iter().enumerate().filter(|(_, object)| has_expressions(object));
        let sql: Vec<String> = asked.flat_map(|(number, it)| made(number, it)).collect();
        if sql.is_empty() {
            return Ok(true);
        }
        connection.batch_execute("SAVEPOINT again").await?;
        if locate_error::keep(connection, &sql.join(";\n")).await?.is_some() {
            connection.batch_execute("ROLLBACK TO SAVEPOINT again").await?;
            return Ok(false);
        }
        let read = read(connection).await;
        connection.batch_execute("ROLLBACK TO SAVEPOINT again").await?;
        let read = read?;
        let mut changes = false;
        for (number, object) in objects.iter_mut().enumerate() {
            let Some(words) = read.get(&alias(number)) else { continue };
            let again = with_words(object.clone(), words);
            changes |= again != *object;
            *object = again;
        }
        if !changes {
            return Ok(true);
        }
    }
    Ok(true)
}

/// The object with the words of another reading.
pub(super) fn with_words_of(object: Object, other: &Object) -> Object {
    match (object, other) {
        (Object::Domain(it), Object::Domain(other)) => Object::Domain(Domain {
            checks: other.checks.clone(),
            default: other.default.clone(),
            ..it
        }),
        (Object::Function(it), Object::Function(other)) => Object::Function(Function {
            arguments: other.arguments.clone(),
            definition: other.definition.clone(),
            ..it
        }),
        (object, _) => object,
    }
}

fn alias(number: usize) -> String {
    format!("orm_again_{number}")
}

fn made(number: usize, object: &Object) -> Vec<String> {
    let (schema, name) = (Text::from("pg_temp"), Text::from(alias(number)));
    let it = match object.clone() {
        Object::Domain(it) => Object::Domain(Domain { schema, name, ..it }),
        Object::Function(it) => Object::Function(Function { schema, name, ..it }),
        _ => return Vec::new(),
    };
    [ddl::object::create(&it)].into_iter().chain(ddl::object::unchecked(&it)).collect()
}

/// What the server says: of each, by name and by what it is of the object.
type ObjectTexts = BTreeMap<(String, String), Text>;

async fn read(connection: &Connection) -> Result<BTreeMap<String, ObjectTexts>, ScratchError> {
    let sql = r"SELECT t.typname::text, 'check', c.conname::text, pg_get_expr(c.conbin, 0)
        FROM pg_type AS t JOIN pg_constraint AS c ON c.contypid = t.oid AND c.contype = 'c'
        WHERE t.typnamespace = pg_my_temp_schema() AND t.typname ~ '^orm_again_'
        UNION ALL
        SELECT t.typname, 'default', '', pg_get_expr(t.typdefaultbin, 0)
        FROM pg_type AS t
        WHERE t.typnamespace = pg_my_temp_schema() AND t.typname ~ '^orm_again_' AND t.typdefaultbin IS NOT NULL
        UNION ALL
        SELECT p.proname, o.what, '', o.words
        FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
        -- A server calls the schema by its name, or `pg_temp`.
        JOIN LATERAL (SELECT format('CREATE OR REPLACE %s %I.%I(%s)', CASE p.prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END,
                                    s.name, p.proname, pg_get_function_arguments(p.oid)) AS head
                      FROM (VALUES ('pg_temp'), (n.nspname)) AS s (name)) AS h ON starts_with(pg_get_functiondef(p.oid), h.head)
        CROSS JOIN LATERAL (VALUES
            ('arguments', pg_get_function_arguments(p.oid)),
            ('definition', btrim(substr(pg_get_functiondef(p.oid), length(h.head) + 1), E' \n'))) AS o (what, words)
        WHERE p.pronamespace = pg_my_temp_schema() AND p.proname ~ '^orm_again_'";
    let mut found: BTreeMap<String, ObjectTexts> = BTreeMap::new();
    for row in connection.query::<orm_core::exec::DriverRow>(sql, &[]).await? {
        let cell = |index| row.try_get::<_, String>(index).unwrap_or_default();
        found
            .entry(cell(0))
            .or_default()
            .insert((cell(1), cell(2)), spelled(&cell(3)).into_owned().into());
    }
    Ok(found)
}

fn with_words(object: Object, words: &ObjectTexts) -> Object {
    let said = |what: &str, name: &str| words.get(&(what.to_owned(), name.to_owned())).cloned();
    match object {
        Object::Domain(it) => {
            let again = |check: &Check| {
                let name = check.name.as_deref().unwrap_or_default();
                let expression = said("check", name).unwrap_or_else(|| check.expression.clone());
                Check { expression, ..check.clone() }
            };
            let checks = it.checks.iter().map(again).collect();
            let default = it.default.clone().and_then(|old| said("default", "").or(Some(old)));
            Object::Domain(Domain { checks, default, ..it })
        }
        Object::Function(it) => {
            let arguments = said("arguments", "").unwrap_or_else(|| it.arguments.clone());
            let definition = said("definition", "").unwrap_or_else(|| it.definition.clone());
            Object::Function(Function { arguments, definition, ..it })
        }
        object => object,
    }
}
