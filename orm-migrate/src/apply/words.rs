//! The words of a statement, enough to recognise the few that cannot be taken back; pure.

use orm_core::sql::ident::Ident;
use std::iter::Peekable;
use std::str::Chars;

/// A word, quoted name or sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Word {
    /// Without quotes, in small letters as the server reads it.
    Plain(String),
    /// In double quotes, which are taken off.
    Quoted(String),
    /// Anything else, one character each.
    Sign(char),
}

impl Word {
    pub(super) fn is(&self, keyword: &str) -> bool {
        matches!(self, Self::Plain(word) if word == keyword)
    }

    fn name(&self) -> Option<&str> {
        match self {
            Self::Plain(name) | Self::Quoted(name) => Some(name),
            Self::Sign(_) => None,
        }
    }
}

/// What is left of a statement's words.
#[derive(Debug, Clone)]
pub(super) struct StatementWords {
    words: std::vec::IntoIter<Word>,
}

impl StatementWords {
    /// The first words of a statement; none of those that interest us is longer.
    pub(super) fn of(text: &str) -> Self {
        let mut chars = text.chars().peekable();
        let mut words = Vec::new();
        while words.len() < 64 {
            let Some(word) = next(&mut chars) else { break };
            words.push(word);
        }
        Self { words: words.into_iter() }
    }

    /// Takes these keywords, if they come next.
    pub(super) fn take(&mut self, keywords: &[&str]) -> bool {
        let next = self.words.as_slice();
        let comes = next.len() >= keywords.len()
            && next.iter().zip(keywords).all(|(word, keyword)| word.is(keyword));
        if comes {
            self.words.by_ref().take(keywords.len()).for_each(drop);
        }
        comes
    }

    /// Takes everything up to these keywords, and them, where they come one after the other.
    pub(super) fn any(&mut self, keywords: &[&str]) -> bool {
        let mut rest = self.clone();
        while !rest.words.as_slice().is_empty() {
            if rest.take(keywords) {
                *self = rest;
                return true;
            }
            rest.words.next();
        }
        false
    }

    /// All words outside of strings.
    pub(super) fn all(text: &str) -> impl Iterator<Item = Word> {
        text.split('\'').step_by(2).flat_map(|outside| {
            let mut chars = outside.chars().peekable();
            std::iter::from_fn(move || next(&mut chars))
        })
    }

    /// Takes all that stands in parentheses, if they come next, and says whether the keyword is in them.
    pub(super) fn parentheses(&mut self, keyword: &str) -> bool {
        if self.words.as_slice().first() != Some(&Word::Sign('(')) {
            return false;
        }
        let inside = self.words.by_ref().take_while(|word| *word != Word::Sign(')'));
        inside.filter(|word| word.is(keyword)).count() > 0
    }

    /// Takes a name.
    pub(super) fn name(&mut self) -> Option<String> {
        self.words.next()?.name().map(str::to_owned)
    }

    /// Takes a name with its schema where it has one, and quotes both.
    pub(super) fn qualified(&mut self) -> Option<String> {
        let mut name = Ident(&self.name()?).to_string();
        while self.words.as_slice().first() == Some(&Word::Sign('.')) {
            self.words.next();
            name += &format!(".{}", Ident(&self.name()?));
        }
        Some(name)
    }
}

fn next(chars: &mut Peekable<Chars<'_>>) -> Option<Word> {
    loop {
        let c = chars.next()?;
        match (c, chars.peek()) {
            ('-', Some('-')) => chars.by_ref().take_while(|c| *c != '\n').for_each(drop),
            ('/', Some('*')) => comment(chars),
            ('"', _) => return Some(Word::Quoted(quoted(chars))),
            (c, _) if c.is_whitespace() => {}
            (c, _) if c.is_alphanumeric() || c == '_' => {
                let mut word = String::from(c.to_ascii_lowercase());
                while let Some(c) = chars.next_if(|c| c.is_alphanumeric() || *c == '_' || *c == '$')
                {
                    word.push(c.to_ascii_lowercase());
                }
                return Some(Word::Plain(word));
            }
            (c, _) => return Some(Word::Sign(c)),
        }
    }
}

/// Comments nest (manual, section 4.1.5).
fn comment(chars: &mut Peekable<Chars<'_>>) {
    let mut depth = 1_usize;
    chars.next();
    while let Some(c) = chars.next() {
        match c {
            '/' if chars.next_if_eq(&'*').is_some() => depth += 1,
            '*' if chars.next_if_eq(&'/').is_some() => {
                depth -= 1;
                if depth == 0 {
                    return;
                }
            }
            _ => {}
        }
    }
}

fn quoted(chars: &mut Peekable<Chars<'_>>) -> String {
    let mut name = String::new();
    while let Some(c) = chars.next() {
        if c == '"' && chars.next_if_eq(&'"').is_none() {
            break;
        }
        name.push(c);
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_passed_over_and_quotes_taken_off() {
        let mut words = StatementWords::of(
            "Create /* a /* b */ */ -- c\n INDEX \"A \"\"b\"\"\" on Öl.\"T\" (x)",
        );
        assert!(words.take(&["create", "index"]));
        assert_eq!(words.name().as_deref(), Some("A \"b\""));
        assert!(!words.take(&["in"]) && words.take(&["on"]));
        assert_eq!(words.qualified().as_deref(), Some("\"Öl\".\"T\""));
    }

    #[test]
    fn options_in_parentheses_are_taken_whole() {
        let mut words = StatementWords::of("(verbose, concurrently false) index i");
        assert!(words.parentheses("concurrently") && words.take(&["index"]));
        let mut words = StatementWords::of("(verbose) index i");
        assert!(!words.parentheses("concurrently") && words.take(&["index"]));
    }
}
