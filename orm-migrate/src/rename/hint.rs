//! [`Hints`]: what flags and a file say of names, for one comparison.

use super::path::{Path, Thing, members};
use crate::change::{Change, ObjectName, Renaming, What};
use crate::edit_distance::nearest;
use orm_core::schema::{Rename, Renamed, Schema};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path as FilePath, PathBuf};

/// Answers that somebody has given before they were asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hints {
    /// What has another name.
    pub renames: Vec<(Path, Path, AnswerOrigin)>,
    /// What is new.
    pub new: Vec<(Path, AnswerOrigin)>,
}

/// Where an answer stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnswerOrigin {
    /// In a flag, as it was written.
    Flag(String),
    /// In a file: its path, and the entry as it is to be found.
    File(PathBuf, String),
}

impl std::fmt::Display for AnswerOrigin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Flag(said) => f.write_str(said),
            Self::File(path, said) => write!(f, "{}: {said}", path.display()),
        }
    }
}

/// Why an answer cannot be understood, or answers nothing.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HintError {
    /// It is no pair of names, or no name.
    #[error(
        "{said}: {problem}\nhint: write {form}; a name with a dot in it stands in double quotes"
    )]
    Form {
        /// What was said.
        said: AnswerOrigin,
        /// What is wrong.
        problem: &'static str,
        /// How it is written.
        form: &'static str,
    },
    /// The file cannot be read.
    #[error("could not read the hints in {path}: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file says something else.
    #[error(
        "{path}: {message}\nhint: it has entries `[[rename]]` with `from` and `to`, and `[[new]]` with `name`"
    )]
    Format {
        /// The file.
        path: PathBuf,
        /// What is wrong, and where.
        message: String,
    },
    /// Nothing has that name.
    #[error("{said}: {side} has no {name}{}", near.as_ref().map(|it| format!("\nhint: did you mean `{it}`?")).unwrap_or_default())]
    Unknown {
        /// What was said.
        said: AnswerOrigin,
        /// Where it was looked for.
        side: &'static str,
        /// The name.
        name: Path,
        /// What may have been meant.
        near: Option<String>,
    },
    /// The two are not of one kind, or not in one table or type.
    #[error(
        "{said}: {old} cannot become {new}: that is another kind of thing, or in another table or type"
    )]
    Apart {
        /// What was said.
        said: AnswerOrigin,
        /// The old name.
        old: Path,
        /// The new name.
        new: Path,
    },
    /// It answers nothing.
    #[error("{said} answers no question: {why}\nhint: remove it")]
    Unused {
        /// What was said.
        said: AnswerOrigin,
        /// What is the case.
        why: &'static str,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HintDocument {
    #[serde(default)]
    rename: Vec<HintEntry>,
    #[serde(default)]
    new: Vec<Named>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HintEntry {
    from: String,
    to: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    name: String,
}

const PAIR: &str = "old=new, such as user.name=user.full_name";
const NAME: &str = "a name such as user.full_name";

impl Hints {
    /// Reads the flags `--rename` and `--no-rename`, and the file of `--hints`.
    ///
    /// # Errors
    /// One of them cannot be understood.
    pub fn read(
        renames: &[String],
        new: &[String],
        file: Option<&FilePath>,
    ) -> Result<Self, HintError> {
        let mut hints = Self::default();
        for text in renames {
            let said = AnswerOrigin::Flag(format!("--rename {text}"));
            hints.add_rename(Path::parse_pair(text), said)?;
        }
        for text in new {
            let said = AnswerOrigin::Flag(format!("--no-rename {text}"));
            hints.add_new(Path::parse(text), said)?;
        }
        if let Some(path) = file {
            hints.file(path)?;
        }
        Ok(hints)
    }

    fn add_rename(
        &mut self,
        pair: Option<(Path, Path)>,
        said: AnswerOrigin,
    ) -> Result<(), HintError> {
        let problem = "that is no pair of names";
        let Some((old, new)) = pair else {
            return Err(HintError::Form { said, problem, form: PAIR });
        };
        self.renames.push((old, new, said));
        Ok(())
    }

    fn add_new(&mut self, name: Option<Path>, said: AnswerOrigin) -> Result<(), HintError> {
        let problem = "that is no name";
        let Some(name) = name else {
            return Err(HintError::Form { said, problem, form: NAME });
        };
        self.new.push((name, said));
        Ok(())
    }

    fn file(&mut self, path: &FilePath) -> Result<(), HintError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| HintError::File { path: path.to_owned(), source })?;
        let document: HintDocument = toml::from_str(&text).map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            let message = format!("line {line}: {}", error.message().trim_end());
            HintError::Format { path: path.to_owned(), message }
        })?;
        for HintEntry { from, to } in document.rename {
            let said =
                AnswerOrigin::File(path.to_owned(), format!("[[rename]] from {from} to {to}"));
            self.add_rename(Path::parse(&from).zip(Path::parse(&to)), said)?;
        }
        for Named { name } in document.new {
            let said = AnswerOrigin::File(path.to_owned(), format!("[[new]] {name}"));
            self.add_new(Path::parse(&name), said)?;
        }
        Ok(())
    }

    /// What the pairs mean to these two schemas. `done` is what is renamed already.
    ///
    /// # Errors
    /// A name is unknown, or the two do not go together.
    pub fn renames(
        &self,
        live: &Schema,
        done: &[Change],
        declared: &Schema,
    ) -> Result<Vec<(Rename, AnswerOrigin)>, HintError> {
        // What a table or type was, by what it will be.
        let mut was: BTreeMap<ObjectName, ObjectName> = BTreeMap::new();
        for change in done {
            if let What::Renamed(Renaming::Table { to, .. } | Renaming::Object { to, .. }) =
                &change.what
            {
                was.insert(to.clone(), change.name.clone());
            }
        }
        let (mut all, mut waiting) = (Vec::new(), Vec::new());
        for hint in &self.renames {
            match whole(hint, live, declared) {
                Some((old, new)) => {
                    was.insert(new.place.clone(), old.place.clone());
                    all.push((rename(&new, &old), hint.2.clone()));
                }
                None => waiting.push(hint),
            }
        }
        for hint in waiting {
            let (old, new) = of_member(hint, live, &was, declared)?;
            all.push((rename(&new, &old), hint.2.clone()));
        }
        Ok(all)
    }

    /// What is known to be new.
    ///
    /// # Errors
    /// Nothing new has such a name: neither these changes nor those that are left open make it.
    pub fn all_new(
        &self,
        changes: &[Change],
        declared: &Schema,
    ) -> Result<Vec<(Thing, AnswerOrigin)>, HintError> {
        let mut all = Vec::new();
        for (name, said) in &self.new {
            let things = name.things(declared);
            if things.is_empty() {
                let near = near(name, declared);
                let (said, name) = (said.clone(), name.clone());
                return Err(HintError::Unknown { said, side: "what is declared", name, near });
            }
            let new: Vec<Thing> = things.into_iter().filter(|it| is_made(it, changes)).collect();
            if new.is_empty() {
                let why = "the database has it already";
                return Err(HintError::Unused { said: said.clone(), why });
            }
            all.extend(new.into_iter().map(|thing| (thing, said.clone())));
        }
        Ok(all)
    }
}

/// The renaming as the code would say it.
pub(super) fn rename(new: &Thing, old: &Thing) -> Rename {
    let is_moved = old.member.is_none() && old.place.schema != new.place.schema;
    Rename {
        of: new.of,
        schema: new.place.schema.clone().into(),
        name: new.place.name.clone().into(),
        member: new.member.clone().map(Into::into),
        from_schema: is_moved.then(|| old.place.schema.clone().into()),
        from: old.member.clone().unwrap_or_else(|| old.place.name.clone()).into(),
    }
}

fn whole(
    (old, new, _): &(Path, Path, AnswerOrigin),
    live: &Schema,
    declared: &Schema,
) -> Option<(Thing, Thing)> {
    let is_whole = |thing: &Thing| thing.member.is_none();
    let old = old.things(live).into_iter().find(is_whole)?;
    let new = new.things(declared).into_iter().find(|it| is_whole(it) && it.of == old.of)?;
    Some((old, new))
}

fn of_member(
    (old, new, said): &(Path, Path, AnswerOrigin),
    live: &Schema,
    was: &BTreeMap<ObjectName, ObjectName>,
    declared: &Schema,
) -> Result<(Thing, Thing), HintError> {
    let unknown = |side, name: &Path, schema| HintError::Unknown {
        said: said.clone(),
        side,
        name: name.clone(),
        near: near(name, schema),
    };
    let things = new.things(declared);
    if things.is_empty() {
        return Err(unknown("what is declared", new, declared));
    }
    let Some((name, place)) = old.0.split_last() else {
        return Err(unknown("the database", old, live));
    };
    for new in things.into_iter().filter(|it| it.member.is_some()) {
        let before = was.get(&new.place).unwrap_or(&new.place);
        let is_there = |schema: &Schema, at: &ObjectName| {
            members(schema, at).any(|(of, member)| of == new.of && member == *name)
        };
        // The table or type is called as it is, or as it will be, or not at all.
        let is_said = place.is_empty()
            || [before, &new.place].into_iter().any(|at| match place {
                [table] => at.name == *table,
                [schema, table] => at.schema == *schema && at.name == *table,
                _ => false,
            });
        if is_said && is_there(live, before) {
            let old = Thing { of: new.of, place: before.clone(), member: Some(name.clone()) };
            return Ok((old, new));
        }
    }
    if old.things(live).is_empty() {
        return Err(unknown("the database", old, live));
    }
    Err(HintError::Apart { said: said.clone(), old: old.clone(), new: new.clone() })
}

/// Whether these changes make it.
fn is_made(thing: &Thing, changes: &[Change]) -> bool {
    changes.iter().filter(|change| change.name == thing.place).any(|change| {
        match (&change.what, &thing.member) {
            (What::AddTable(_) | What::AddObject(_), None) => true,
            (What::AddTable(_), Some(_)) => true,
            (What::AddColumn(column), Some(name)) => column.name == *name,
            (What::Add(part), Some(name)) => part.name() == name,
            (What::AlterObject { .. } | What::AddObject(_), Some(_)) => {
                matches!(thing.of, Renamed::Value | Renamed::Attribute)
            }
            _ => false,
        }
    })
}

/// What may have been meant.
fn near(name: &Path, schema: &Schema) -> Option<String> {
    let wholes = ObjectName::all(schema).filter(|it| !it.name.is_empty());
    let all = wholes.flat_map(|place| {
        let within: Vec<Thing> = members(schema, &place)
            .map(|(of, member)| Thing { of, place: place.clone(), member: Some(member) })
            .collect();
        [Thing { of: Renamed::Table, place, member: None }].into_iter().chain(within)
    });
    let all: Vec<String> = all.map(|thing| thing.to_string()).collect();
    nearest(&name.to_string(), all.iter().map(String::as_str)).map(ToOwned::to_owned)
}
