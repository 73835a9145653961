//! Names: what is new, and what only has another name. Flags and a file say it, or a person at a terminal; where nobody
//! does, nothing is done.

use super::gather::{self, Found};
use crate::change::ObjectName;
use crate::cli::ask;
use crate::error::Failure;
use crate::history::NameAnswer;
use crate::rename::{self, Hints, Question, Thing, questions, renamed};
use crate::scratch::ScratchServer;
use crate::source::{self, Both, Filter, RenamesAsked, SchemaSource};
use std::collections::BTreeSet;
use std::path::PathBuf;

/// What is said of names for this once.
#[derive(Debug, Clone, Default, clap::Args)]
pub(in crate::cli) struct Said {
    /// Says that something only has another name, such as user.name=user.full_name, user=account, mood.sad=mood.unhappy;
    /// may be repeated. What stays in the code for all databases is `renamed_from`.
    #[arg(long, value_name = "OLD=NEW")]
    rename: Vec<String>,
    /// Says that something is new, and was nothing else before, such as user.full_name; may be repeated.
    #[arg(long, value_name = "NAME")]
    no_rename: Vec<String>,
    /// Says that everything is new that is not said to be renamed: no question is asked.
    #[arg(long)]
    no_renames: bool,
    /// A TOML file of such answers: `[[rename]]` with `from` and `to`, `[[new]]` with `name`.
    #[arg(long, value_name = "FILE")]
    hints: Option<PathBuf>,
}

/// The differences when all is known of names that will be, and what is still open.
pub(in crate::cli) struct Named {
    pub(in crate::cli) found: Found,
    pub(in crate::cli) open: Vec<Question>,
    pub(in crate::cli) answers: Vec<NameAnswer>,
}

impl Said {
    /// Compares both sides under the names that somebody says they have, and asks where nobody does and a person is
    /// there to be asked. `managed` says what may be dropped.
    ///
    /// # Errors
    /// A side cannot be read; an answer is wrong or answers nothing; what is said cannot be done.
    pub(in crate::cli) async fn compare(
        &self,
        (from, to): (SchemaSource, SchemaSource),
        server: Option<&ScratchServer>,
        managed: impl Fn(&Both) -> BTreeSet<ObjectName>,
        filter: &Filter,
        asks: bool,
    ) -> Result<Named, Failure> {
        let hints = Hints::read(&self.rename, &self.no_rename, self.hints.as_deref())?;
        let mut asked = RenamesAsked { hints, answers: Vec::new() };
        let to = to.asked(filter);
        let mut new: Option<BTreeSet<Thing>> = None;
        let mut said_new = Vec::new();
        'compared: loop {
            let both = source::both_named(from.clone(), to.clone(), server, &asked).await?;
            let mut answers = said(&both);
            let ours = managed(&both);
            let found = gather::find(both, ours, filter);
            let new = match &mut new {
                Some(new) => new,
                none => {
                    let all = asked.hints.all_new(&found.changes, found.after.schema())?;
                    said_new
                        .extend(all.iter().map(|(thing, source)| (thing.to_string(), by(source))));
                    none.insert(all.into_iter().map(|(thing, _)| thing).collect())
                }
            };
            loop {
                let mut open = questions(&found.changes, new);
                if self.no_renames {
                    open.clear();
                }
                let Some(first) = open.first().cloned().filter(|_| asks) else {
                    answers.extend(said_new.into_iter().map(|(name, by)| NameAnswer {
                        name,
                        from: None,
                        by: by.to_owned(),
                    }));
                    return Ok(Named { found, open, answers });
                };
                match answer(&first).await? {
                    None => {
                        said_new.push((first.new.to_string(), TERMINAL));
                        new.insert(first.new);
                    }
                    Some(old) => {
                        asked.answers.push(renamed(&first.new, &old));
                        continue 'compared;
                    }
                }
            }
        }
    }
}

const TERMINAL: &str = "terminal";

fn by(source: &rename::AnswerOrigin) -> &'static str {
    match source {
        rename::AnswerOrigin::Flag(_) => "flag",
        rename::AnswerOrigin::File(..) => "hints",
    }
}

/// What was said of names that change, and where: in the code, in flags, in a file, at a terminal.
fn said(both: &Both) -> Vec<NameAnswer> {
    let asked = both.asked.iter().map(|(rename, source)| {
        let (name, from) = rename::said_of(rename);
        let by = source.as_ref().map_or(TERMINAL, by).to_owned();
        NameAnswer { name, from: Some(from), by }
    });
    let asked: Vec<NameAnswer> = asked.collect();
    let in_code = both.renamings.iter().filter_map(|change| {
        let (name, from) = rename::said(change)?;
        let is_asked = asked.iter().any(|it| it.name == name);
        (!is_asked).then(|| NameAnswer { name, from: Some(from), by: "code".to_owned() })
    });
    in_code.chain(asked.clone()).collect()
}

/// Asks until the answer is one of those that are offered. Nothing is taken for granted, and the end of the input is no
/// answer.
async fn answer(question: &Question) -> Result<Option<Thing>, Failure> {
    let count = question.candidates.len();
    let mut text = format!("{question}\n");
    for (number, old) in question.candidates.iter().enumerate() {
        text += &format!("  {}  renamed from {}\n", number + 1, old.own_name());
    }
    text += &format!("  n  new: {} goes\n", question.lost());
    let numbers = if count > 1 { format!("1-{count}") } else { "1".to_owned() };
    loop {
        let line = ask::line(&format!("{text}answer [{numbers}, n]: ")).await;
        let Some(line) = line else { return Err(Failure::Questions(vec![question.clone()])) };
        let said = line.trim();
        if matches!(said, "n" | "new") {
            return Ok(None);
        }
        let number = said.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        if let Some(old) = number.and_then(|number| question.candidates.get(number)) {
            return Ok(Some(old.clone()));
        }
        text.clear();
    }
}
