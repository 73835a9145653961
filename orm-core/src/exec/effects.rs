//! What SQL can leave behind in a session: settings, locks, temporary tables, an open transaction. Start at
//! [`may_outlast`].
//!
//! SQL is read word by word, not understood: whatever is not known to be harmless counts as able to. Queries of this
//! library are not read here, for they can leave nothing.

mod functions;
mod statement;
#[cfg(test)]
mod tests;
mod tokens;

use statement::Statement;
use tokens::{Token, Tokens};

/// Whether running this SQL may change the session beyond the transaction that it runs in. False only where every
/// statement of it is a `SELECT`, `INSERT`, `UPDATE`, `DELETE`, `MERGE` or `VALUES`, perhaps after `WITH`, that calls no
/// function but harmless ones of PostgreSQL's own, or `SET LOCAL`.
///
/// What no text shows is not its concern, as it is not where this library's queries run: what a trigger, a view, a
/// default, an operator or a cast does by a function of the user's own, or a function that has the name of one of
/// PostgreSQL's, or is written as a column (`row.function`).
pub(super) fn may_outlast(sql: &str) -> bool {
    !ends_with_itself(sql).unwrap_or(false)
}

/// Whether its effects end with it; none where the text may be read in another way.
fn ends_with_itself(sql: &str) -> Option<bool> {
    let mut tokens = Tokens::new(sql);
    let mut statement = Statement::default();
    while let Some(token) = tokens.next()? {
        if token == Token::Sign(';') {
            statement = Statement::default();
        } else if !statement.allows(token) {
            return Some(false);
        }
    }
    Some(true)
}

/// Whether the first word of SQL, after comments, is that one, in lower case.
pub(super) fn begins_with(sql: &str, word: &str) -> bool {
    Tokens::new(sql).next().flatten().is_some_and(|token| token.is(word))
}
