//! Views, extensions and kinds of tables.

use super::report::Report;
use super::types::is_own_table;
use super::{Level, Rule};
use orm_core::schema::{DEFAULT_SCHEMA, Object, Schema};

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "view-without-security-invoker",
        what: "A view reads its tables with its owner's rights.",
        why: "Whoever may read the view sees rows that row security hides from them.",
        manual: "CREATE VIEW, security_invoker; 39.5 Rules and Privileges",
        level: Level::Pedantic,
        check: view,
    },
    Rule {
        name: "materialized-view-without-unique-index",
        what: "A materialised view has no unique index over all rows.",
        why: "It can only be refreshed while nobody reads it: CONCURRENTLY needs one.",
        manual: "REFRESH MATERIALIZED VIEW",
        level: Level::Pedantic,
        check: materialized,
    },
    Rule {
        name: "extension-in-public",
        what: "An extension puts its functions into the schema `public`.",
        why: "They stand among the application's own, and whoever may create things in `public` can shadow them.",
        manual: "5.10.6 Usage Patterns; 36.17 Packaging Related Objects into an Extension",
        level: Level::Pedantic,
        check: extension,
    },
    Rule {
        name: "unlogged-table",
        what: "A table is UNLOGGED.",
        why: "It is empty after a crash, and a standby never has its rows.",
        manual: "CREATE TABLE, UNLOGGED",
        level: Level::Pedantic,
        check: unlogged,
    },
];

fn view(schema: &Schema, report: &mut Report<'_>) {
    for object in &schema.objects {
        let Object::View(view) = object else { continue };
        let is_invoker = view.options.iter().any(|option| {
            let (name, value) = option.split_once('=').unwrap_or((option, "true"));
            name == "security_invoker" && matches!(value, "true" | "on" | "1" | "yes")
        });
        if !view.materialized && !is_invoker {
            let says = "reads its tables with its owner's rights";
            report.object(object, says, "`WITH (security_invoker = true)` (PostgreSQL 15)");
        }
    }
}

fn materialized(schema: &Schema, report: &mut Report<'_>) {
    for object in &schema.objects {
        let Object::View(view) = object else { continue };
        let serves = |index: &orm_core::schema::Index| {
            let plain = |part: &orm_core::schema::IndexPart| {
                matches!(part.key, orm_core::schema::IndexKey::Column(_))
            };
            index.unique && index.predicate.is_none() && index.parts.iter().all(plain)
        };
        if view.materialized && !view.indexes.iter().any(serves) {
            let says = "has no unique index, so that it cannot be refreshed CONCURRENTLY";
            report.object(object, says, "add a unique index over plain columns");
        }
    }
}

fn extension(schema: &Schema, report: &mut Report<'_>) {
    for object in &schema.objects {
        let Object::Extension(it) = object else { continue };
        if it.schema.as_deref().is_none_or(|schema| schema == DEFAULT_SCHEMA) {
            let says = "puts its functions into the schema public";
            report.object(object, says, "give it a schema of its own: `WITH SCHEMA extensions`");
        }
    }
}

fn unlogged(schema: &Schema, report: &mut Report<'_>) {
    for table in schema.tables.iter().filter(|table| table.unlogged && is_own_table(table)) {
        report.table(table, "is UNLOGGED: it is empty after a crash", "let it be logged");
    }
}
