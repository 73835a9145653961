//! The list of lint rules, for people and machines.

use crate::cli::output::Output;
use crate::lint::{Level, LintSettings, SettingsError, rules};
use serde_json::json;

/// The name of a rule, as a flag has it.
pub(super) fn known(name: &str) -> Result<String, SettingsError> {
    LintSettings::known(name).map(|rule| rule.name.to_owned())
}

pub(super) fn list(settings: &LintSettings, output: &Output) {
    let mut text = String::new();
    for rule in rules() {
        let is_on = settings.is_on(rule);
        let mark = match (is_on, rule.level) {
            (true, _) => "on ",
            (false, Level::Pedantic) => "off (pedantic) ",
            (false, Level::Default) => "off ",
        };
        text +=
            &format!("{}: {mark}\n  {} {}\n  {}\n", rule.name, rule.what, rule.why, rule.manual);
    }
    let list = rules().map(|rule| {
        json!({
            "name": rule.name,
            "what": rule.what,
            "why": rule.why,
            "manual": rule.manual,
            "level": rule.level,
            "on": settings.is_on(rule),
        })
    });
    output.answer(text.trim_end(), json!({ "rules": list.collect::<Vec<_>>() }));
}
