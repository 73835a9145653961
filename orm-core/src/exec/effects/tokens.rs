//! [`Tokens`]: the words of SQL (manual, section 4.1), as far as it takes to tell names from texts.

/// A word, a name or a sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// A keyword or a name that is not quoted.
    Word(&'a str),
    /// A quoted name, without its quotes.
    Quoted(&'a str),
    /// A number, a text, a parameter.
    Value,
    /// A character that is none of these.
    Sign(char),
}

impl Token<'_> {
    /// Whether it is that keyword, which is in lower case.
    pub(super) fn is(self, keyword: &str) -> bool {
        matches!(self, Self::Word(word) if word.eq_ignore_ascii_case(keyword))
    }
}

/// Reads SQL word by word, without comments.
pub(super) struct Tokens<'a> {
    rest: &'a str,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(sql: &'a str) -> Self {
        Self { rest: sql }
    }

    /// The next token, if there is one. The outer none is a text that does not end, or that another setting or release
    /// of the server would read in another way: what follows it cannot be told.
    pub(super) fn next(&mut self) -> Option<Option<Token<'a>>> {
        self.pass_blanks()?;
        let Some(first) = self.rest.chars().next() else { return Some(None) };
        Some(Some(match first {
            '\'' => self.text()?,
            '"' => Token::Quoted(self.between('"')?),
            '$' => self.dollar()?,
            '0'..='9' => self.number()?,
            _ if is_of_word(first) => {
                let word = self.word();
                match self.rest.chars().next() {
                    // `E'..'`, `U&'..'`, `U&".."` have escapes; `B'..'`, `X'..'` and `N'..'` have none.
                    Some('\'') if word.eq_ignore_ascii_case("e") => return None,
                    Some('&') if word.eq_ignore_ascii_case("u") => return None,
                    _ => Token::Word(word),
                }
            }
            sign => {
                self.skip(sign.len_utf8());
                Token::Sign(sign)
            }
        }))
    }

    /// Blanks, and comments: those between `/*` and `*/` may hold others.
    fn pass_blanks(&mut self) -> Option<()> {
        loop {
            // What PostgreSQL takes for blanks, and nothing that only Unicode does.
            self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r', '\x0b', '\x0c']);
            if self.rest.starts_with("--") {
                let end = self.rest.find(['\n', '\r']).unwrap_or(self.rest.len());
                self.skip(end);
            } else if self.rest.starts_with("/*") {
                self.comment()?;
            } else {
                return Some(());
            }
        }
    }

    fn comment(&mut self) -> Option<()> {
        let mut depth = 0_usize;
        loop {
            if self.rest.starts_with("/*") {
                depth += 1;
                self.skip(2);
            } else if self.rest.starts_with("*/") {
                depth -= 1;
                self.skip(2);
                if depth == 0 {
                    return Some(());
                }
            } else {
                self.skip(self.rest.chars().next()?.len_utf8());
            }
        }
    }

    fn text(&mut self) -> Option<Token<'a>> {
        let text = self.between('\'')?;
        // With `standard_conforming_strings = off` it would escape what follows.
        (!text.contains('\\')).then_some(Token::Value)
    }

    /// What stands between two of these quotes. A quote in it is written twice: that makes two texts of it, one after
    /// the other, which is no difference here.
    fn between(&mut self, quote: char) -> Option<&'a str> {
        self.skip(1);
        let end = self.rest.find(quote)?;
        let text = self.rest.get(..end)?;
        self.skip(end + 1);
        Some(text)
    }

    /// `$1`, or a text between `$tag$` and `$tag$`.
    fn dollar(&mut self) -> Option<Token<'a>> {
        self.skip(1);
        if self.rest.starts_with(|it: char| it.is_ascii_digit()) {
            return self.number();
        }
        let end = self.rest.find('$')?;
        let tag = self.rest.get(..end)?;
        if !tag.chars().all(is_of_word) {
            return None;
        }
        self.skip(end + 1);
        let close = format!("${tag}$");
        let end = self.rest.find(&close)?;
        self.skip(end + close.len());
        Some(Token::Value)
    }

    /// Digits. A word that follows at once is part of the number in one release of PostgreSQL, and a word of its own in
    /// another one.
    fn number(&mut self) -> Option<Token<'a>> {
        self.rest = self.rest.trim_start_matches(|it: char| it.is_ascii_digit());
        (!self.rest.starts_with(is_of_word)).then_some(Token::Value)
    }

    fn word(&mut self) -> &'a str {
        let end = self.rest.find(|it| !is_of_word(it)).unwrap_or(self.rest.len());
        let word = self.rest.get(..end).unwrap_or_default();
        self.skip(end);
        word
    }

    fn skip(&mut self, bytes: usize) {
        self.rest = self.rest.get(bytes..).unwrap_or_default();
    }
}

/// Whether a character is part of a name: letters, and whatever is not ASCII.
fn is_of_word(it: char) -> bool {
    it.is_ascii_alphanumeric() || it == '_' || it == '$' || !it.is_ascii()
}
