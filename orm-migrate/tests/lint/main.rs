//! The lint rules: for each one a schema that it finds something in, and one like it that is fine.

mod build;
mod cases;
mod settings;

use build::Build;
use orm_migrate::lint::{Level, LintSettings, lint, rule, rules};
use std::collections::BTreeSet;

/// A rule, a schema with the faults it finds, and the places of these; one where it finds nothing.
pub(crate) struct Case {
    rule: &'static str,
    wrong: Vec<Build>,
    places: &'static [&'static str],
    right: Vec<Build>,
}

fn check(case: &Case) {
    let settings = LintSettings::only(case.rule);
    let wrong = build::schema(&case.wrong);
    let found = lint(&wrong, &settings);
    let places: Vec<String> =
        found.iter().map(|it| format!("{}: {}", it.table, it.place)).collect();
    assert_eq!(places, case.places, "{}", case.rule);
    for finding in &found {
        assert_eq!(finding.rule, case.rule);
        let names = finding.sentence.contains(&finding.place.name);
        assert!(names && !finding.fix.is_empty(), "{finding:?}");
    }
    let right = lint(&build::schema(&case.right), &settings);
    assert!(right.is_empty(), "{}: {right:?}", case.rule);
}

#[test]
fn each_rule_finds_what_it_is_for_and_nothing_else() {
    cases::all().iter().for_each(check);
}

#[test]
fn each_rule_has_a_case_and_words_of_its_own() {
    let shown: BTreeSet<&str> = cases::all().iter().map(|case| case.rule).collect();
    let all: BTreeSet<&str> = rules().map(|rule| rule.name).collect();
    assert_eq!(shown, all);
    assert_eq!(all.len(), rules().count(), "two rules have one name");
    for rule in rules() {
        let plain = |c: char| c.is_ascii_lowercase() || c == '-';
        assert!(rule.name.chars().all(plain), "{}", rule.name);
        for text in [rule.what, rule.why] {
            assert!(text.ends_with('.') && !text.contains("  "), "{}: {text}", rule.name);
        }
        assert!(!rule.manual.is_empty(), "{}", rule.name);
    }
}

#[test]
fn each_rule_is_turned_off_and_on_by_its_name() {
    for case in cases::all() {
        let schema = build::schema(&case.wrong);
        let is_found = |settings: &LintSettings| {
            lint(&schema, settings).iter().any(|finding| finding.rule == case.rule)
        };
        let is_default = rule(case.rule).expect("a rule").level == Level::Default;
        assert_eq!(is_found(&LintSettings::default()), is_default, "{}", case.rule);
        assert!(is_found(&LintSettings::pedantic()), "{}", case.rule);
        let on = LintSettings { deny: vec![case.rule.to_owned()], ..LintSettings::default() };
        assert!(is_found(&on), "{}", case.rule);
        let allow = vec![case.rule.parse().expect("a rule")];
        let off = LintSettings { allow, ..LintSettings::pedantic() };
        assert!(!is_found(&off), "{}", case.rule);
    }
}

#[test]
fn the_page_of_rules_says_what_the_code_says() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/lint.md");
    let mut expected = String::from(
        "# The rules of `orm-migrate check`\n\n\
         Each is turned off by its name: `--allow RULE`, `--allow RULE:TABLE`, or `lint.allow` in the settings file\n\
         (`orm-migrate/docs/settings.md`). `--deny RULE` turns one on, `--pedantic` all. This page is written by a test:\n\
         `BLESS=1 cargo test -p orm-migrate --test lint`. Sections are those of the manual of PostgreSQL 18.\n",
    );
    for (level, title) in [
        (Level::Default, "On unless turned off: right nearly always"),
        (
            Level::Pedantic,
            "Pedantic, off unless turned on: a matter of opinion, or of the application",
        ),
    ] {
        expected += &format!(
            "\n## {title}\n\n| Rule | What it finds | Why | Manual |\n|---|---|---|---|\n"
        );
        for rule in rules().filter(|rule| rule.level == level) {
            let line = [rule.what, rule.why, rule.manual].map(|text| text.replace('|', "\\|"));
            expected += &format!("| `{}` | {} |\n", rule.name, line.join(" | "));
        }
    }
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(page, &expected).expect("written");
    }
    let written = std::fs::read_to_string(page).unwrap_or_default();
    assert_eq!(written, expected, "run it with BLESS=1");
}
