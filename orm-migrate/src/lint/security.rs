//! Row security, and functions that run with another's rights.

use super::report::Report;
use super::words::words;
use super::{Level, Rule};
use orm_core::schema::{Object, Policy, PolicyCommand, Schema, Table};
use orm_core::sql::ident::Ident;

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "row-security-without-policy",
        what: "Row security is on, and there is no policy.",
        why: "Nobody but the owner sees a row or can write one.",
        manual: "5.9 Row Security Policies",
        level: Level::Default,
        check: without_policy,
    },
    Rule {
        name: "policy-without-row-security",
        what: "A table has policies, and row security is off.",
        why: "The policies do nothing: everybody who may read the table reads all rows.",
        manual: "5.9 Row Security Policies",
        level: Level::Default,
        check: without_row_security,
    },
    Rule {
        name: "security-definer-without-search-path",
        what: "A function runs with its owner's rights, and its `search_path` is its caller's.",
        why: "A caller who can create a table or function of the right name has the owner run it.",
        manual: "CREATE FUNCTION, Writing SECURITY DEFINER Functions Safely",
        level: Level::Default,
        check: definer,
    },
    Rule {
        name: "policy-allows-all",
        what: "A policy lets everybody write every row.",
        why: "It is as if row security were off for that command.",
        manual: "5.9 Row Security Policies",
        level: Level::Pedantic,
        check: allows_all,
    },
    Rule {
        name: "policy-setting-for-each-row",
        what: "A policy reads a setting for each row.",
        why: "In a subquery it is read once for each statement: `(SELECT current_setting('app.user'))`.",
        manual: "5.9 Row Security Policies; CREATE POLICY",
        level: Level::Pedantic,
        check: setting_for_each_row,
    },
    Rule {
        name: "several-permissive-policies",
        what: "Several permissive policies are about the same command and role.",
        why: "All of them are computed for each row, until one allows it.",
        manual: "CREATE POLICY",
        level: Level::Pedantic,
        check: several,
    },
];

fn without_policy(schema: &Schema, report: &mut Report<'_>) {
    for table in schema.tables.iter().filter(|it| it.row_security && it.policies.is_empty()) {
        let says = "has row security on and no policy: nobody but its owner sees a row";
        report.table(table, says, "add a policy, or turn row security off");
    }
}

fn without_row_security(schema: &Schema, report: &mut Report<'_>) {
    for table in schema.tables.iter().filter(|it| !it.row_security && !it.policies.is_empty()) {
        let says = "has policies that do nothing: row security is off";
        report.table(table, says, "turn row security on");
    }
}

fn definer(schema: &Schema, report: &mut Report<'_>) {
    for object in &schema.objects {
        let Object::Function(function) = object else { continue };
        let words = words(&function.definition);
        let is_definer = words
            .windows(2)
            .any(|it| matches!(it, [a, b] if a.text == "security" && b.text == "definer"));
        let sets_path = words
            .windows(2)
            .any(|it| matches!(it, [a, b] if a.text == "set" && b.text == "search_path"));
        if is_definer && !sets_path {
            let says = "is SECURITY DEFINER and runs with its caller's search_path";
            report.object(
                object,
                says,
                "add `SET search_path = ''` and qualify the names in its body",
            );
        }
    }
}

fn each(schema: &Schema) -> impl Iterator<Item = (&Table, &Policy)> {
    schema.tables.iter().flat_map(|table| table.policies.iter().map(move |policy| (table, policy)))
}

fn allows_all(schema: &Schema, report: &mut Report<'_>) {
    for (table, policy) in each(schema) {
        let is_true =
            |sql: &str| sql.trim().trim_matches(['(', ')']).trim().eq_ignore_ascii_case("true");
        let writes = policy.command != PolicyCommand::Select;
        let limits = policy.with_check.as_deref().or(policy.using.as_deref());
        let for_all = policy.roles.is_empty();
        if writes && for_all && !policy.restrictive && limits.is_none_or(is_true) {
            let says = "lets everybody write every row";
            report.part(
                table,
                ("policy", &policy.name),
                says,
                "say who may write which rows, or which roles it is for",
            );
        }
    }
}

fn setting_for_each_row(schema: &Schema, report: &mut Report<'_>) {
    for (table, policy) in each(schema) {
        let for_each_row = |sql: &str| {
            let words = words(sql);
            let mut before = None;
            words.iter().any(|word| {
                let found =
                    word.called && word.text == "current_setting" && before != Some("select");
                before = Some(word.text.as_str());
                found
            })
        };
        let texts = [policy.using.as_deref(), policy.with_check.as_deref()];
        if texts.into_iter().flatten().any(for_each_row) {
            let says = "reads a setting for each row";
            report.part(
                table,
                ("policy", &policy.name),
                says,
                "write `(SELECT current_setting(..))`",
            );
        }
    }
}

fn several(schema: &Schema, report: &mut Report<'_>) {
    for table in &schema.tables {
        let permissive: Vec<&Policy> = table.policies.iter().filter(|it| !it.restrictive).collect();
        for (number, policy) in permissive.iter().enumerate() {
            let meets = |other: &&&Policy| {
                let commands = policy.command == other.command
                    || [policy.command, other.command].contains(&PolicyCommand::All);
                let everybody = policy.roles.is_empty() || other.roles.is_empty();
                commands
                    && (everybody || policy.roles.iter().any(|role| other.roles.contains(role)))
            };
            if let Some(other) = permissive.iter().take(number).find(meets) {
                let says = format!("is about the same command and role as {}", Ident(&other.name));
                report.part(table, ("policy", &policy.name), says, "join the two with OR");
            }
        }
    }
}
