//! What people read: one line, the long form, and what `unwrap` prints.

use super::{Error, ErrorKind};
use std::error::Error as _;

#[track_caller]
fn check(error: &Error, line: &str, long: &str, debug: &str) {
    assert_eq!(error.to_string(), line);
    assert_eq!(format!("{error:#}"), long);
    assert_eq!(format!("{error:?}"), debug);
    assert_eq!(format!("{error:#?}"), debug);
}

#[test]
fn an_error_with_a_message_only_is_that_message() {
    check(&Error::new(ErrorKind::NotFound, "no row"), "no row", "no row", "no row [NotFound]");
}

#[test]
fn the_long_form_adds_detail_hint_and_statement_in_that_order() {
    let mut error = Error::new(ErrorKind::UniqueViolation, "the email is taken")
        .with_sql("INSERT INTO \"user\" DEFAULT VALUES")
        .with_hint("choose another");
    error.0.detail = Some("Key (email)=(a) already exists.".to_owned());
    let long = "the email is taken\ndetail: Key (email)=(a) already exists.\n\
                hint: choose another\nstatement: INSERT INTO \"user\" DEFAULT VALUES";
    check(&error, "the email is taken", long, &format!("{long} [UniqueViolation]"));
}

#[test]
fn place_and_cause_are_asked_for_and_not_printed() {
    let error = Error::new(ErrorKind::Conversion, "unreadable")
        .at(Some("user"), Some("age"))
        .with_source("the cause");
    check(&error, "unreadable", "unreadable", "unreadable [Conversion]");
    assert_eq!((error.table(), error.column()), (Some("user"), Some("age")));
    assert_eq!(error.source().unwrap().to_string(), "the cause");
}

#[test]
fn the_first_statement_and_the_last_place_and_hint_stay() {
    let error = Error::new(ErrorKind::Query, "wrong")
        .with_sql("SELECT 1")
        .with_sql("SELECT 2")
        .with_hint("first")
        .with_hint("last")
        .at(Some("a"), Some("b"))
        .at(Some("c"), None);
    assert_eq!((error.sql(), error.hint()), (Some("SELECT 1"), Some("last")));
    assert_eq!((error.table(), error.column()), (Some("c"), Some("b")));
}
