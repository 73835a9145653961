use super::*;

#[track_caller]
fn refused(text: &str, part: &str) {
    let error = Side::parse(text).expect_err("refused").to_string();
    assert!(error.contains(part) && error.contains("expected `crate`"), "{text}: {error}");
    assert!(!error.contains("geheim"), "{error}");
}

#[test]
fn sides_are_told_apart_by_their_text() {
    let place = tempfile::tempdir().expect("a folder");
    let file = place.path().join("schema.json");
    std::fs::write(&file, "{}").expect("a file");
    let text = |path: &std::path::Path| path.display().to_string();
    for (said, side) in [
        ("crate".to_owned(), Side::Crate),
        ("database".to_owned(), Side::Target),
        ("migrations".to_owned(), Side::Migrations),
        ("postgres://a@b/c".to_owned(), Side::Url("postgres://a@b/c".to_owned())),
        ("postgresql:///c".to_owned(), Side::Url("postgresql:///c".to_owned())),
        (text(place.path()), Side::Folder(place.path().to_owned())),
        (text(&file), Side::File(file.clone())),
    ] {
        assert_eq!(Side::parse(&said).expect("a side"), side);
    }
}

#[test]
fn what_is_no_side_gets_words_with_what_is_allowed() {
    refused("mysql://ada:geheim@host/shop", "mysql://");
    refused("host=db password=geheim", "cannot be compared");
    refused("creat", "`creat`");
    refused("", "cannot be compared");
    refused("nowhere/at/all", "no folder nowhere/at/all");
    refused("nowhere.json", "no file nowhere.json");
    refused("./Cargo.toml", "./Cargo.toml");
}

#[test]
fn a_password_is_never_shown() {
    for url in [
        "postgres://ada:geheim@host/shop",
        "postgres://h/d?password=geheim",
        "postgres://a:ge@heim@h/d",
    ] {
        let shown = format!("{} {:?}", Side::Url(url.to_owned()), Side::Url(url.to_owned()));
        assert!(!shown.contains("geheim") && !shown.contains("heim"), "{shown}");
    }
}
