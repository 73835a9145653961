//! What a migration touches, by names such as `public.user` and `public.user.email`; pure.

use crate::change::{Change, Renaming, What};
use orm_core::schema::Object;
use orm_core::sql::ident::Ident;
use std::collections::BTreeSet;

/// What a migration makes, changes and drops.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Touches {
    /// All of it, in the order of the alphabet.
    pub all: Vec<String>,
    /// What of it is not there afterwards under this name.
    pub dropped: Vec<String>,
    /// The tables and columns that are there only afterwards: what will be in them goes on the way back.
    pub made: Vec<String>,
}

impl Touches {
    /// What these changes touch. Two branches may both make sure that a schema or an extension is there, so neither
    /// counts as touching it.
    pub fn of(changes: &[Change]) -> Self {
        let (mut made, mut dropped, mut changed) =
            (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        let mut filled = Vec::new();
        for Change { name, what } in changes {
            let table = [name.schema.as_str(), name.name.as_str()];
            let whole = || path(table);
            let part = |part: &str| path([table[0], table[1], part]);
            match what {
                What::AddTable(_) => filled.push(whole()),
                What::AddColumn(column) if column.generated.is_none() => {
                    filled.push(part(&column.name));
                }
                _ => {}
            }
            match what {
                What::AddTable(_) => made.insert(whole()),
                What::DropTable(_) => dropped.insert(whole()),
                What::AddColumn(column) => made.insert(part(&column.name)),
                What::DropColumn(column) => dropped.insert(part(&column.name)),
                What::AlterColumn { to, .. } => changed.insert(part(&to.name)),
                What::Add(it) => made.insert(part(it.name())),
                What::Drop(it) => dropped.insert(part(it.name())),
                What::Rename { part: it, to } => {
                    dropped.insert(part(it.name())) | made.insert(part(to))
                }
                What::Renamed(Renaming::Table { to, .. } | Renaming::Object { to, .. }) => {
                    dropped.insert(whole()) | made.insert(path([to.schema.as_str(), &to.name]))
                }
                What::Renamed(Renaming::Column { from, to }) => {
                    dropped.insert(part(&from.name)) | made.insert(part(to))
                }
                What::Renamed(
                    Renaming::Value { .. }
                    | Renaming::Attribute { .. }
                    | Renaming::Extension { .. },
                ) => changed.insert(whole()),
                What::AlterPart { to, .. } => changed.insert(part(to.name())),
                What::Storage { .. } => changed.insert(format!("settings of {}", whole())),
                What::RowSecurity { .. } => changed.insert(format!("row security of {}", whole())),
                What::Attach(_) | What::Detach(_) => {
                    changed.insert(format!("place of {} among partitions", whole()))
                }
                What::AddObject(object) => match &**object {
                    Object::Namespace(_) | Object::Extension(_) => false,
                    _ => made.insert(whole()),
                },
                What::DropObject(_) => dropped.insert(whole()),
                What::AlterObject { .. } => changed.insert(whole()),
                What::Comment { .. } => changed.insert(format!("comment on {}", whole())),
            };
        }
        filled.retain(|name| !dropped.contains(name));
        let is_gone = |name: &&String| !made.contains(*name);
        Self {
            made: filled,
            dropped: dropped.iter().filter(is_gone).cloned().collect(),
            all: made
                .union(&dropped)
                .chain(&changed)
                .cloned()
                .collect::<BTreeSet<_>>()
                .into_iter()
                .collect(),
        }
    }
}

/// Names joined by dots, each quoted only where it holds something else than letters, digits and underscores.
pub(crate) fn path<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let quoted = |name: &str| {
        let is_plain = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
        if is_plain { name.to_owned() } else { Ident(name).to_string() }
    };
    names.into_iter().map(quoted).collect::<Vec<_>>().join(".")
}

/// The names that [`path`] has joined.
pub(crate) fn names(path: &str) -> Vec<String> {
    let mut names = vec![String::new()];
    let (mut is_quoted, mut chars) = (false, path.chars().peekable());
    while let Some(c) = chars.next() {
        let Some(last) = names.last_mut() else { break };
        match c {
            '"' if is_quoted && chars.next_if_eq(&'"').is_some() => last.push('"'),
            '"' => is_quoted = !is_quoted,
            '.' if !is_quoted => names.push(String::new()),
            c => last.push(c),
        }
    }
    names
}

/// Whether a text says all these names, each as a word of its own. Large and small letters are one, as where SQL does
/// not quote.
pub(crate) fn says(text: &str, names: &[String]) -> bool {
    let text = text.to_lowercase();
    let is_said = |name: &String| {
        // The arguments that tell functions of one name apart are written in many ways.
        let name = name.split('(').next().unwrap_or_default().to_lowercase();
        let is_part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        !name.is_empty()
            && text.match_indices(&name).any(|(at, _)| {
                let before = text.get(..at).and_then(|it| it.chars().next_back());
                let after = text.get(at + name.len()..).and_then(|it| it.chars().next());
                !is_part(before) && !is_part(after)
            })
    };
    names.iter().all(is_said)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::ObjectName;
    use orm_core::schema::{Column, Table};

    fn change(what: What) -> Change {
        let name = ObjectName { schema: "public".to_owned(), name: "user".to_owned() };
        Change { name, what }
    }

    #[test]
    fn what_is_dropped_and_made_again_is_not_dropped() {
        let column = |name| Column::new(name, "text");
        let changes = [
            change(What::AddColumn(column("a"))),
            change(What::DropColumn(column("b"))),
            change(What::DropColumn(column("c"))),
            change(What::AddColumn(column("c"))),
            change(What::Comment { from: None, to: None }),
            change(What::DropTable(Box::new(Table::new("public", "user")))),
        ];
        let touches = Touches::of(&changes);
        assert_eq!(
            touches.all,
            [
                "comment on public.user",
                "public.user",
                "public.user.a",
                "public.user.b",
                "public.user.c"
            ]
        );
        assert_eq!(touches.dropped, ["public.user", "public.user.b"]);
        assert_eq!(touches.made, ["public.user.a"]);
    }

    #[test]
    fn names_are_quoted_only_where_they_are_odd_and_come_back() {
        for (parts, expected) in [
            (&["public", "User"][..], "public.User"),
            (&["a.b", "c\"d", "e f"], "\"a.b\".\"c\"\"d\".\"e f\""),
            (&["s", ""], "s.\"\""),
        ] {
            assert_eq!(path(parts.iter().copied()), expected);
            assert_eq!(names(expected), parts);
        }
    }

    #[test]
    fn a_name_is_said_only_as_a_whole_word() {
        let user_email = ["user".to_owned(), "email".to_owned()];
        assert!(says("ALTER TABLE \"user\" DROP Email", &user_email));
        assert!(!says("ALTER TABLE users DROP email", &user_email));
        assert!(!says("UPDATE \"user\" SET email2 = 1", &user_email));
        assert!(says("DROP FUNCTION f(int)", &["f(integer)".to_owned()]));
    }
}
