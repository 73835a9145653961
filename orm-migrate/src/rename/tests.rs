use super::*;
use crate::change::ObjectName;
use orm_core::schema::{Column, Enum, Schema, Table};

fn table(name: &'static str, columns: &[&'static str]) -> Table {
    let mut table = Table::new("public", name);
    table.columns.to_mut().extend(columns.iter().map(|name| Column::new(name, "integer")));
    table
}

fn schema(tables: impl IntoIterator<Item = Table>) -> Schema {
    Schema::declared(tables).expect("names")
}

fn column(name: &'static str, from: &'static str) -> Rename {
    Rename::member(Renamed::Column, ["public", "t"], name, from)
}

#[track_caller]
fn check(standing: &[Rename], asked: &[Rename], live: &Schema, declared: &Schema, done: &[&str]) {
    let changes = pending(standing, asked, live, declared).expect("they can be done");
    let lines: Vec<String> = changes.iter().map(ToString::to_string).collect();
    assert_eq!(lines, done);
}

#[test]
fn what_was_done_before_means_nothing_although_it_is_still_said() {
    let said = [column("b", "a"), column("c", "b")];
    let (before, after) = (schema([table("t", &["a", "b"])]), schema([table("t", &["b", "c"])]));
    let done = ["rename column \"b\" of \"t\" to \"c\"", "rename column \"a\" of \"t\" to \"b\""];
    check(&said, &[], &before, &after, &done);
    check(&said, &[], &after, &after, &[]);
    check(&said, &[], &schema([]), &after, &[]);
    // The old name has come back, as something of its own.
    let again = schema([table("t", &["a", "b", "c"])]);
    check(&said, &[], &again, &again, &[]);
}

#[test]
fn both_names_are_an_error_where_the_old_one_is_not_declared() {
    let both = schema([table("t", &["a", "b"])]);
    let declared = schema([table("t", &["b"])]);
    let error = pending(&[column("b", "a")], &[], &both, &declared).expect_err("both");
    assert!(matches!(error, RenameError::Both { .. }), "{error}");
    let error = pending(&[], &[column("b", "a")], &both, &declared).expect_err("both");
    assert!(error.to_string().contains("column \"b\" of \"t\" is said to be renamed from \"a\""));
}

#[test]
fn a_circle_is_opened_by_a_name_in_between_and_only_when_it_is_asked_for() {
    let all = schema([table("t", &["a", "b"])]);
    let circle = [column("a", "b"), column("b", "a")];
    let error = pending(&circle, &[], &all, &all).expect_err("for ever");
    assert!(matches!(error, RenameError::Circle { .. }), "{error}");
    let done = [
        "rename column \"b\" of \"t\" to \"orm_rename_0\"",
        "rename column \"a\" of \"t\" to \"b\"",
        "rename column \"orm_rename_0\" of \"t\" to \"a\"",
    ];
    check(&[], &circle, &all, &all, &done);
}

#[test]
fn a_way_back_takes_each_renaming_back_the_last_one_first() {
    let live = schema([table("old", &["a"])]);
    let declared = schema([table("t", &["b"])]);
    let said = [Rename::table(["public", "t"], "old"), column("b", "a")];
    let changes = pending(&said, &[], &live, &declared).expect("they can be done");
    let back = crate::change::back(&changes);
    let lines: Vec<String> = back.iter().map(ToString::to_string).collect();
    let expected = ["rename column \"b\" of \"t\" to \"a\"", "rename table \"t\" to \"old\""];
    assert_eq!(lines, expected);
    assert_eq!(crate::change::back(&back), changes);
    let ours = crate::change::followed([ObjectName::of(&live.tables[0])].into(), &changes);
    assert!(ours.contains(&ObjectName::of(&declared.tables[0])) && ours.len() == 1);
}

#[test]
fn a_table_does_not_become_a_type() {
    let live = schema([table("mood", &["a"])]);
    let feeling = Enum::new("public", "feeling", &[]);
    let declared = schema([]).with_objects([feeling.into()]).expect("names");
    check(&[Rename::object(["public", "feeling"], "mood")], &[], &live, &declared, &[]);
}

#[test]
fn changes_are_said_with_the_names_that_are_still_there() {
    use crate::change::{Part, What};
    use orm_core::schema::{Check, Unique};
    let live = schema([table("old", &["a", "same"])]);
    let declared = schema([table("t", &["b", "same"])]);
    let said = [Rename::table(["public", "t"], "old"), column("b", "a")];
    let names = OldNames::of(&pending(&said, &[], &live, &declared).expect("they can be done"));
    let name = ObjectName { schema: "public".to_owned(), name: "t".to_owned() };
    let unique = Unique { columns: vec!["b".into(), "same".into()].into(), ..Unique::default() };
    let check = Check { expression: "b > 0".into(), ..Check::default() };
    let changes = [Part::Unique(unique), Part::Check(check)]
        .map(|part| Change { name: name.clone(), what: What::Add(part) });
    let now = names.changes(&changes);
    assert_eq!(now.len(), 1, "SQL is not translated");
    assert_eq!(now[0].name.name, "old");
    let What::Add(Part::Unique(unique)) = &now[0].what else { panic!("{now:?}") };
    assert_eq!(unique.columns.as_ref(), ["a", "same"]);
}

#[test]
fn a_name_is_written_as_it_is_read() {
    for text in ["user", "user.name", "auth.user.name", "\"a.b\".\"c=d\"", "mood.very happy"] {
        let path = Path::parse(text).expect(text);
        let thing = Thing {
            of: Renamed::Column,
            place: ObjectName {
                schema: path.0[..path.0.len().saturating_sub(2)]
                    .first()
                    .map_or("public", String::as_str)
                    .to_owned(),
                name: path.0[path.0.len().saturating_sub(2)].clone(),
            },
            member: (path.0.len() > 1).then(|| path.0[path.0.len() - 1].clone()),
        };
        assert_eq!(thing.to_string(), text);
    }
    for text in ["", ".", "a.", ".a", "a.b.c.d", "\"a", "a=b"] {
        assert_eq!(Path::parse(text), None, "{text}");
    }
    let (old, new) = Path::parse_pair("\"a=b\".c=d").expect("a pair");
    assert_eq!((old.0, new.0), (vec!["a=b".to_owned(), "c".to_owned()], vec!["d".to_owned()]));
}
