//! Which rules are on, and where they are not.

use crate::build::{bare, schema};
use orm_migrate::lint::{Allow, Finding, LintSettings, lint};

fn allow(names: &[&str]) -> Vec<Allow> {
    names.iter().map(|name| name.parse().expect("a rule")).collect()
}

fn found(settings: &LintSettings) -> Vec<String> {
    let log = bare("log", &["line text"]);
    let other = bare("job", &["at timestamp"]).clone();
    let schema = schema(&[log.into(), other.into()]);
    let text = |finding: &Finding| format!("{}:{}", finding.rule, finding.table);
    lint(&schema, settings).iter().map(text).collect()
}

#[test]
fn a_rule_is_turned_off_everywhere_or_for_one_table() {
    let all = [
        "timestamp-without-time-zone:job",
        "table-without-primary-key:job",
        "table-without-primary-key:log",
    ];
    assert_eq!(found(&LintSettings::default()), all);
    for (name, left) in [
        ("table-without-primary-key", &all[..1]),
        ("table-without-primary-key:log", &all[..2]),
        ("table-without-primary-key:public.log", &all[..2]),
        ("table-without-primary-key:other.log", &all[..]),
    ] {
        assert_eq!(
            found(&LintSettings { allow: allow(&[name]), ..LintSettings::default() }),
            left,
            "{name}"
        );
    }
}

#[test]
fn an_unknown_rule_is_an_error_that_names_the_nearest() {
    let error = "duplicate-indexes".parse::<Allow>().expect_err("unknown").to_string();
    assert!(
        error.contains("`duplicate-indexes`") && error.contains("`duplicate-index`"),
        "{error}"
    );
    let settings = LintSettings { deny: vec!["nonsense".to_owned()], ..LintSettings::default() };
    let error = settings.checked().expect_err("unknown").to_string();
    assert!(error.contains("check --rules"), "{error}");
    assert!("duplicate-index:".parse::<Allow>().is_err());
}

#[test]
fn a_rule_that_is_both_off_and_on_is_an_error_unless_it_is_off_for_one_table() {
    let both = |names: &[&str]| {
        let deny = vec!["char-type".to_owned()];
        LintSettings { allow: allow(names), deny, ..LintSettings::default() }.checked()
    };
    let error = both(&["char-type"]).expect_err("both").to_string();
    assert!(error.contains("`char-type` is both allowed and denied"), "{error}");
    assert!(both(&["char-type:old"]).is_ok());
}

#[test]
fn what_is_said_later_takes_the_place_of_what_was_said_before() {
    let file = LintSettings {
        allow: allow(&["char-type", "money-type:old"]),
        deny: vec!["mixed-case-name".to_owned()],
        pedantic: false,
    };
    let flags = LintSettings {
        allow: allow(&["mixed-case-name"]),
        deny: vec!["char-type".to_owned()],
        pedantic: true,
    };
    let both = flags.over(file).checked().expect("no contradiction");
    assert_eq!(both.allow, allow(&["money-type:old", "mixed-case-name"]));
    assert_eq!(both.deny, ["char-type"]);
    assert!(both.pedantic);
}
