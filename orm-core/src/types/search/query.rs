//! [`TsQuery`]: what documents are searched for.

use super::text::{Reader, SearchTextError, error};
use super::{Weight, check_word, terminated, write_word};
use crate::types::{CustomType, Failure, sql_type};
use bytes::{BufMut as _, BytesMut};
use postgres_types::Type;
use std::fmt;
use std::ops::Not;
use std::str::FromStr;

/// A `tsquery`: words, and how they are combined.
///
/// The server makes it of a text, [`func::to_tsquery`](crate::query::func::to_tsquery) and its like. Made here, or of a text with
/// [`FromStr`], the words are taken as they are: not changed to the form that documents have them in.
///
/// ```
/// use orm_core::types::{TsQuery, Weight};
/// let query = TsQuery::word("fat").and(TsQuery::word("rat").or(!TsQuery::prefix("ca")));
/// assert_eq!(query.to_string(), "'fat' & ( 'rat' | !'ca':* )");
/// assert_eq!("fat & (rat | !ca:*)".parse(), Ok(query));
/// assert_eq!(TsQuery::word("fat").followed_by(TsQuery::word("cat")).to_string(), "'fat' <-> 'cat'");
/// assert_eq!(TsQuery::weighted("cat", [Weight::A]).to_string(), "'cat':A");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct TsQuery(Vec<TsQueryPart>);

/// A word or an operator of a [`TsQuery`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum TsQueryPart {
    /// A word.
    Word {
        /// The word, or its beginning.
        text: String,
        /// The weights that it is looked for with; all where there is none.
        weights: Vec<Weight>,
        /// Whether all words are looked for that begin so: `:*`.
        is_prefix: bool,
    },
    /// `!`: what is after it does not match.
    Not,
    /// `&`: both of what is after it match.
    And,
    /// `|`: one of the two matches.
    Or,
    /// `<->`, or `<N>`: the right one is that many places after the left one.
    FollowedBy(u16),
}

use TsQueryPart::{And, FollowedBy, Or, Word};

impl TsQueryPart {
    /// How many operands it has.
    const fn operands(&self) -> usize {
        match self {
            Word { .. } => 0,
            Self::Not => 1,
            And | Or | FollowedBy(_) => 2,
        }
    }

    /// The operator that binds closer has the greater one.
    const fn priority(&self) -> u8 {
        match self {
            Or => 1,
            And => 2,
            FollowedBy(_) => 3,
            Self::Not => 4,
            Word { .. } => 5,
        }
    }
}

/// The greatest distance of two words.
const DISTANCE_MAX: u16 = 1 << 14;

impl TsQuery {
    /// A word.
    pub fn word(text: impl Into<String>) -> Self {
        Self::one(text.into(), Vec::new(), false)
    }

    /// All words that begin so.
    pub fn prefix(text: impl Into<String>) -> Self {
        Self::one(text.into(), Vec::new(), true)
    }

    /// A word where it has one of these weights.
    pub fn weighted(text: impl Into<String>, weights: impl IntoIterator<Item = Weight>) -> Self {
        Self::one(text.into(), weights.into_iter().collect(), false)
    }

    fn one(text: String, mut weights: Vec<Weight>, is_prefix: bool) -> Self {
        weights.sort_unstable();
        weights.dedup();
        Self(vec![Word { text, weights, is_prefix }])
    }

    /// `&`: both match. Of an empty query and another one it is the other.
    pub fn and(self, other: Self) -> Self {
        self.combined(And, other)
    }

    /// `|`: one of the two matches, or both. Of an empty query and another one it is the other.
    pub fn or(self, other: Self) -> Self {
        self.combined(Or, other)
    }

    /// `<->`: the other is directly after this one. Of an empty query and another one it is the other.
    pub fn followed_by(self, other: Self) -> Self {
        self.followed_at(1, other)
    }

    /// `<N>`: the other is `distance` places after this one, at most 16,384: a greater one is an error when the query is sent.
    pub fn followed_at(self, distance: u16, other: Self) -> Self {
        self.combined(FollowedBy(distance), other)
    }

    fn combined(self, operator: TsQueryPart, other: Self) -> Self {
        match (self.0.is_empty(), other.0.is_empty()) {
            (true, _) => other,
            (false, true) => self,
            (false, false) => {
                let mut parts = vec![operator];
                parts.extend(other.0);
                parts.extend(self.0);
                Self(parts)
            }
        }
    }

    /// Whether it has no words, and so matches nothing.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Its words and operators: each operator is before its operands, and the right operand before the left one. This is the
    /// order in which PostgreSQL stores them.
    pub fn parts(&self) -> &[TsQueryPart] {
        &self.0
    }
}

/// What does not match. Of an empty query it is the empty one.
impl Not for TsQuery {
    type Output = Self;

    fn not(mut self) -> Self {
        if !self.is_empty() {
            self.0.insert(0, TsQueryPart::Not);
        }
        self
    }
}

impl fmt::Display for TsQuery {
    /// As the server writes it: `'fat' & !'cat':*A`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // From the end each operator is after its operands, and these from left to right.
        let mut done: Vec<(String, &TsQueryPart)> = Vec::new();
        for part in self.0.iter().rev() {
            let text = match part {
                Word { text, weights, is_prefix } => shown(text, weights, *is_prefix)?,
                TsQueryPart::Not => {
                    let (operand, of) = done.pop().ok_or(fmt::Error)?;
                    format!("!{}", enclosed(operand, of.priority() < part.priority()))
                }
                And | Or | FollowedBy(_) => {
                    let (right, of_right) = done.pop().ok_or(fmt::Error)?;
                    let (left, of_left) = done.pop().ok_or(fmt::Error)?;
                    let is_phrase = |of: &TsQueryPart| matches!(of, FollowedBy(_));
                    let is_nested = is_phrase(part) && is_phrase(of_right);
                    let mut all = enclosed(left, of_left.priority() < part.priority());
                    all.push_str(&match part {
                        And => " & ".to_owned(),
                        Or => " | ".to_owned(),
                        FollowedBy(1) => " <-> ".to_owned(),
                        FollowedBy(distance) => format!(" <{distance}> "),
                        Word { .. } | TsQueryPart::Not => String::new(),
                    });
                    let is_looser = of_right.priority() < part.priority();
                    all.push_str(&enclosed(right, is_looser || is_nested));
                    all
                }
            };
            done.push((text, part));
        }
        done.iter().try_for_each(|(text, _)| f.write_str(text))
    }
}

fn enclosed(text: String, is_enclosed: bool) -> String {
    if is_enclosed { format!("( {text} )") } else { text }
}

fn shown(text: &str, weights: &[Weight], is_prefix: bool) -> Result<String, fmt::Error> {
    let mut word = String::new();
    write_word(text, &mut word)?;
    if is_prefix || !weights.is_empty() {
        word.push(':');
    }
    if is_prefix {
        word.push('*');
    }
    // From `A` to `D`.
    word.extend(weights.iter().rev().map(|weight| weight.letter()));
    Ok(word)
}

impl FromStr for TsQuery {
    type Err = SearchTextError;

    /// Words as SQL writes them, with `&`, `|`, `!`, `<->`, `<N>` and parentheses: `fat & (rat | !ca:*B)`.
    fn from_str(text: &str) -> Result<Self, SearchTextError> {
        let mut reader = Reader::new(text);
        // Each operator after its operands; those whose operands are not complete wait, `None` is a parenthesis.
        let (mut parts, mut waiting): (Vec<TsQueryPart>, Vec<Option<TsQueryPart>>) =
            Default::default();
        let mut is_operand_next = true;
        while let Some(character) = reader.peek_word() {
            if is_operand_next {
                match character {
                    '!' => waiting.push(Some(TsQueryPart::Not)),
                    '(' => waiting.push(None),
                    _ => {
                        parts.push(word(&mut reader)?);
                        is_operand_next = false;
                        continue;
                    }
                }
                reader.next();
                continue;
            }
            reader.next();
            let operator = match character {
                '&' => And,
                '|' => Or,
                '<' => FollowedBy(distance(&mut reader)?),
                ')' => {
                    while let Some(operator) =
                        waiting.pop().ok_or_else(|| error("a `)` has no `(`"))?
                    {
                        parts.push(operator);
                    }
                    continue;
                }
                other => return Err(error(format!("an operator is expected, not {other:?}"))),
            };
            let binds_first = |first: &mut Option<TsQueryPart>| {
                first.as_ref().is_some_and(|first| first.priority() >= operator.priority())
            };
            while let Some(first) = waiting.pop_if(binds_first) {
                parts.extend(first);
            }
            waiting.push(Some(operator));
            is_operand_next = true;
        }
        if is_operand_next && !(parts.is_empty() && waiting.is_empty()) {
            return Err(error("a word is expected at the end"));
        }
        while let Some(operator) = waiting.pop() {
            parts.push(operator.ok_or_else(|| error("a `(` is not closed"))?);
        }
        parts.reverse();
        Ok(Self(parts))
    }
}

fn word(reader: &mut Reader<'_>) -> Result<TsQueryPart, SearchTextError> {
    let text = reader.word("!&|()")?;
    check_word(&text).map_err(|why| error(why.to_string()))?;
    let (mut weights, mut is_prefix) = (Vec::new(), false);
    if reader.take(':') {
        loop {
            if reader.take('*') {
                is_prefix = true;
            } else if let Some(weight) = reader.weight() {
                weights.push(weight);
            } else {
                break;
            }
        }
    }
    weights.sort_unstable();
    weights.dedup();
    Ok(Word { text, weights, is_prefix })
}

/// What is after `<`.
fn distance(reader: &mut Reader<'_>) -> Result<u16, SearchTextError> {
    let number = if reader.take('-') { Some(1) } else { reader.number() };
    let distance = number.and_then(|number| u16::try_from(number).ok());
    let distance = distance.filter(|distance| *distance <= DISTANCE_MAX && reader.take('>'));
    distance.ok_or_else(|| error("after `<` is `->`, or a number from 0 to 16384 and `>`"))
}

sql_type!(for TsQuery, "tsquery", TSQUERY, TSQUERY_ARRAY);

/// A word on the wire.
const WORD: u8 = 1;
/// An operator on the wire.
const OPERATOR: u8 = 2;

/// As `tsquerysend` writes it (tsquery.c in PostgreSQL's sources): how many parts; of each its kind, and of a word its weights as
/// bits, whether it is a prefix, the text and a zero byte, of an operator its number, and of `<->` the distance.
impl CustomType for TsQuery {
    type Sql = Self;
    type Element = Self;
    const DATA_TYPE: &'static str = "tsquery";

    fn read(_: &Type, raw: &[u8]) -> Result<Self, Failure> {
        let ends = "a tsquery ends too early";
        let (count, mut rest) = raw.split_first_chunk::<4>().ok_or(ends)?;
        let count = u32::from_be_bytes(*count);
        let mut parts = Vec::new();
        // How many operands are still to come.
        let mut missing = usize::from(count > 0);
        for _ in 0..count {
            let (part, after) = match *rest {
                [WORD, weights, is_prefix, ref after @ ..] => {
                    let (text, after) = terminated(after)?;
                    let all = Weight::ALL.into_iter();
                    let weights = all.filter(|weight| weights & (1 << *weight as u8) != 0);
                    let (text, weights) = (text.to_owned(), weights.collect());
                    (Word { text, weights, is_prefix: is_prefix != 0 }, after)
                }
                [OPERATOR, 1, ref after @ ..] => (TsQueryPart::Not, after),
                [OPERATOR, 2, ref after @ ..] => (And, after),
                [OPERATOR, 3, ref after @ ..] => (Or, after),
                [OPERATOR, 4, high, low, ref after @ ..] => {
                    (FollowedBy(u16::from_be_bytes([high, low])), after)
                }
                _ => return Err("a tsquery has a part that is not known, or ends too early".into()),
            };
            missing = (missing + part.operands())
                .checked_sub(1)
                .ok_or("a tsquery has a part too many")?;
            parts.push(part);
            rest = after;
        }
        if missing > 0 || !rest.is_empty() {
            return Err("a tsquery has another number of parts than it says".into());
        }
        Ok(Self(parts))
    }

    fn write(&self, _: &Type, out: &mut BytesMut) -> Result<(), Failure> {
        out.put_i32(i32::try_from(self.0.len()).map_err(|_| "a tsquery has too many parts")?);
        for part in &self.0 {
            match part {
                Word { text, weights, is_prefix } => {
                    check_word(text)?;
                    let bits = weights.iter().fold(0, |bits, weight| bits | 1 << *weight as u8);
                    out.put_slice(&[WORD, bits, u8::from(*is_prefix)]);
                    out.put_slice(text.as_bytes());
                    out.put_u8(0);
                }
                TsQueryPart::Not => out.put_slice(&[OPERATOR, 1]),
                And => out.put_slice(&[OPERATOR, 2]),
                Or => out.put_slice(&[OPERATOR, 3]),
                FollowedBy(distance) => {
                    if *distance > DISTANCE_MAX {
                        return Err(format!(
                            "a word is {distance} places after another: {DISTANCE_MAX} is the most"
                        )
                        .into());
                    }
                    out.put_slice(&[OPERATOR, 4]);
                    out.put_u16(*distance);
                }
            }
        }
        Ok(())
    }
}
