//! Names: what is new, and what only has another name. Flags and a file say it, or a person at a terminal; where nobody
//! does, nothing is done.

use super::gather::{self, Found};
use crate::change::ObjectName;
use crate::cli::output::Output;
use crate::error::Failure;
use crate::history::NameAnswer;
use crate::rename::{Hints, Question, Source, Thing, questions, renamed};
use crate::scratch::ScratchServer;
use crate::side::{self, Both, Filter};
use orm_core::schema::Rename;
use std::collections::BTreeSet;
use std::io::{BufRead as _, IsTerminal as _, Write as _};
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
    /// there to be asked.
    ///
    /// # Errors
    /// An answer is wrong or answers nothing; what is said cannot be done.
    pub(in crate::cli) async fn compare(
        &self,
        mut both: Both,
        managed: &BTreeSet<ObjectName>,
        filter: &Filter,
        server: Option<&ScratchServer>,
        asks: bool,
    ) -> Result<Named, Failure> {
        let hints = Hints::read(&self.rename, &self.no_rename, self.hints.as_deref())?;
        let (live, declared) = (both.before.schema(), both.to.schema());
        let mut asked: Vec<Rename> = hints.renames(live, &both.renamings, declared)?;
        let mut answers = said(&both, &hints);
        if !asked.is_empty() {
            both = side::renamed(both, &asked, server).await?;
        }
        let mut found = gather::find(both.clone(), managed.clone(), filter);
        let mut new: BTreeSet<Thing> =
            hints.all_new(&found.changes, found.after.schema())?.into_iter().collect();
        loop {
            let mut open = questions(&found.changes, &new);
            if self.no_renames {
                open.clear();
            }
            let Some(first) = open.first().cloned().filter(|_| asks) else {
                return Ok(Named { found, open, answers });
            };
            let old = ask(&first).await?;
            answers.push(NameAnswer {
                name: first.new.to_string(),
                from: old.as_ref().map(Thing::to_string),
                by: "terminal".to_owned(),
            });
            match old {
                None => {
                    new.insert(first.new);
                }
                Some(old) => {
                    asked.push(renamed(&first.new, &old));
                    both = side::renamed(both, &asked, server).await?;
                    found = gather::find(both.clone(), managed.clone(), filter);
                }
            }
        }
    }
}

/// What was said before anybody was asked: in the code, in flags, in a file.
fn said(both: &Both, hints: &Hints) -> Vec<NameAnswer> {
    let by = |source: &Source| match source {
        Source::Flag(_) => "flag".to_owned(),
        Source::File(..) => "hints".to_owned(),
    };
    let in_code = both.renamings.iter().filter_map(|change| {
        let (name, from) = crate::rename::said(change)?;
        Some(NameAnswer { name, from: Some(from), by: "code".to_owned() })
    });
    let renames = hints.renames.iter().map(|(old, new, source)| NameAnswer {
        name: new.to_string(),
        from: Some(old.to_string()),
        by: by(source),
    });
    let new = hints.new.iter().map(|(name, source)| NameAnswer {
        name: name.to_string(),
        from: None,
        by: by(source),
    });
    in_code.chain(renames).chain(new).collect()
}

/// Whether a person is there who can be asked.
pub(in crate::cli) fn can_ask(output: &Output) -> bool {
    !output.is_json() && std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// Asks until the answer is one of those that are offered. Nothing is taken for granted, and the end of the input is no
/// answer.
async fn ask(question: &Question) -> Result<Option<Thing>, Failure> {
    let count = question.candidates.len();
    let mut text = format!("{question}\n");
    for (number, old) in question.candidates.iter().enumerate() {
        text += &format!("  {}  renamed from {}\n", number + 1, old.own_name());
    }
    text += &format!("  n  new: {} goes\n", question.lost());
    loop {
        let line = line(format!(
            "{text}answer [1{}, n]: ",
            if count > 1 { format!("-{count}") } else { String::new() }
        ))
        .await;
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

/// One line of a person; nothing when there are no more. In a thread of its own: who is stopped does not wait for it.
pub(in crate::cli) async fn line(prompt: String) -> Option<String> {
    let (sender, receiver) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        let mut err = std::io::stderr().lock();
        let _printed = write!(err, "{prompt}").and_then(|()| err.flush());
        drop(err);
        let mut line = String::new();
        let read = std::io::stdin().lock().read_line(&mut line);
        let _gone = sender.send(read.ok().filter(|bytes| *bytes > 0).map(|_| line));
    });
    receiver.await.ok().flatten()
}
