//! [`Reported`]: PostgreSQL's own message, detail and hint. What `orm_core` says instead is about queries, not about
//! migrations.

use std::error::Error as _;

/// What the server reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reported {
    /// Its message.
    pub message: String,
    /// Its detail.
    pub detail: Option<String>,
    /// Its hint.
    pub hint: Option<String>,
}

impl Reported {
    /// What the server said of this error; none when it comes from the driver.
    pub fn of(error: &orm_core::Error) -> Option<Self> {
        report(error).map(|report| Self::parse(&report))
    }

    /// `SEVERITY: message`, then lines that begin with `DETAIL: ` and `HINT: ` where the server has them.
    fn parse(report: &str) -> Self {
        let (rest, hint) = apart(report, "\nHINT: ");
        let (rest, detail) = apart(rest, "\nDETAIL: ");
        let message = rest.split_once(": ").map_or(rest, |(_severity, message)| message);
        Self { message: message.to_owned(), detail, hint }
    }
}

fn apart<'a>(text: &'a str, mark: &str) -> (&'a str, Option<String>) {
    text.split_once(mark).map_or((text, None), |(before, after)| (before, Some(after.to_owned())))
}

fn report(error: &orm_core::Error) -> Option<String> {
    error.sqlstate()?;
    // The error of the driver, and below it what the server sent.
    Some(error.source()?.source()?.to_string())
}

/// The server's words in full, with its context; those of the driver where the server has said nothing.
pub(crate) fn server_says(error: &orm_core::Error) -> String {
    let mut said = report(error).unwrap_or_else(|| {
        let hint = error.hint().map(|hint| format!("\nhint: {hint}"));
        format!("{error}{}", hint.unwrap_or_default())
    });
    if let Some(context) = error.context() {
        said += &format!("\nCONTEXT: {context}");
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_taken_apart() {
        let said =
            Reported::parse("ERROR: could not\ncreate: a\nDETAIL: Key (a)=(1).\nHINT: Drop it.");
        assert_eq!(said.message, "could not\ncreate: a");
        assert_eq!(said.detail.as_deref(), Some("Key (a)=(1)."));
        assert_eq!(said.hint.as_deref(), Some("Drop it."));
        let said = Reported::parse("FATAL: no");
        assert_eq!((said.message.as_str(), said.detail, said.hint), ("no", None, None));
    }
}
