use super::*;
use proptest::prelude::*;

#[track_caller]
fn wrong<V: FromStr<Err = InvalidValue> + fmt::Debug>(text: &str, expected: &str) {
    assert_eq!(text.parse::<V>().unwrap_err().to_string(), expected);
}

#[test]
fn paths_have_labels() {
    for text in ["", "a", "a.b.c", "ä.ü_1", "a-b", "\u{1f600}"] {
        assert_eq!(text.parse::<Ltree>().unwrap().to_string(), text);
    }
    wrong::<Ltree>(".a", ".a is no `ltree`: a label is empty");
    wrong::<Ltree>(
        "a b",
        "a b is no `ltree`: ' ' is no sign of a label, which has letters, digits, `_` and `-`",
    );
    wrong::<Ltree>(
        &"a".repeat(1001),
        &format!("{}.. is no `ltree`: a label has more than 1000 characters", "a".repeat(40)),
    );
    assert!("a.".repeat(65_535).parse::<Ltree>().is_err());
    assert!(Ltree::of(["a.b"]).is_err());
    assert!(Ltree::of([""]).is_err());
    let path: Ltree = "a.b".parse().unwrap();
    assert_eq!(path.parent().unwrap().as_str(), "a");
    assert_eq!(path.parent().unwrap().parent(), Some(Ltree::default()));
    assert_eq!(Ltree::default().parent(), None);
    assert!(path < "a.b.a".parse().unwrap() && path < "a-b".parse().unwrap());
}

#[test]
fn patterns_have_levels() {
    for text in ["*", "a", "a{2}.b", "a@*%|b{,}.*", "!a{0}", "*{1,2}.!a|b@.c*", "Top.*{2,}.x"] {
        assert_eq!(text.parse::<Lquery>().unwrap().to_string(), text);
    }
    wrong::<Lquery>("", "an empty text is no `lquery`: a level is empty");
    for text in
        ["*a", "a*b", "*@", "!*", "{1}", "*{}", "a|", "a..b", "*{3", "*{a}", "*{65536}", "a b"]
    {
        assert!(text.parse::<Lquery>().is_err(), "{text}");
    }
}

#[test]
fn queries_have_labels_between_operators() {
    for text in ["a", "a@ & b*|c", "!!a", "(a)", "a%*", "a&(b|!(c & d))"] {
        assert_eq!(text.parse::<Ltxtquery>().unwrap().to_string(), text);
    }
    for text in ["", "a b", "a & ()", "(a) !b", "a!", "(a", "a)", "&a", "a.b", "@"] {
        assert!(text.parse::<Ltxtquery>().is_err(), "{text}");
    }
    wrong::<Ltxtquery>("a)", "a) is no `ltxtquery`: a `)` closes no `(`");
    let deep = format!("{}a{}", "(".repeat(1001), ")".repeat(1001));
    assert!(deep.parse::<Ltxtquery>().is_err());
}

#[test]
fn the_version_of_the_format_is_checked() {
    let read = |raw: &[u8]| Ltree::read(&Type::TEXT, raw).map(|path| path.to_string());
    assert_eq!(read(b"\x01a.b").unwrap(), "a.b");
    assert_eq!(read(b"\x01").unwrap(), "");
    let version = read(b"\x02a").unwrap_err().to_string();
    assert_eq!(version, "a `ltree` of version 2 of the format cannot be read, only of version 1");
    assert!(read(b"").is_err());
    assert!(read(b"\x01\xff").is_err());
}

proptest! {
    #[test]
    fn a_text_that_is_no_value_is_an_error_and_no_panic(text in "[a-c.*{},0-9|!@%&() \u{e4}]{0,16}") {
        let _any = (text.parse::<Ltree>(), text.parse::<Lquery>(), text.parse::<Ltxtquery>());
    }
}
