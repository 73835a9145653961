//! [`TsVector`]: the words of a document.

use super::text::{Reader, SearchTextError, error};
use super::{Weight, check_word, terminated, write_word};
use crate::types::{CustomType, Failure, sql_type};
use bytes::{BufMut as _, BytesMut};
use postgres_types::Type;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// A `tsvector`: the words of a document, each once, in order, with the places where they are.
///
/// The server makes them of a text, [`func::to_tsvector`](crate::query::func::to_tsvector). Made here, or of a text with
/// [`FromStr`], the words are taken as they are: not changed to the form that a search would look for.
///
/// ```
/// use orm_core::types::{TsVector, Weight};
/// let words: TsVector = "fat:2,4A cat".parse()?;
/// assert_eq!(words.to_string(), "'cat' 'fat':2,4A");
/// let fat = words.get("fat").map(|fat| fat.positions());
/// assert_eq!(fat, Some([(2, Weight::D), (4, Weight::A)].as_slice()));
/// assert_eq!(TsVector::new([("cat", vec![]), ("fat", vec![(4, Weight::A), (2, Weight::D)])])?, words);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct TsVector(Vec<TsVectorWord>);

/// A word of a [`TsVector`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TsVectorWord {
    text: String,
    positions: Vec<(u16, Weight)>,
}

impl TsVectorWord {
    /// The word.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The places of the word, counted from 1, and what it counts there; in order, and none where they are not known.
    pub fn positions(&self) -> &[(u16, Weight)] {
        &self.positions
    }
}

/// Words are no [`TsVector`]: why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TsVectorError(String);

impl fmt::Display for TsVectorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for TsVectorError {}

/// The greatest place of a word.
const POSITION_MAX: u16 = (1 << 14) - 1;
/// How many places of a word there are at most.
const POSITIONS_MAX: usize = 255;

impl TsVector {
    /// These words and their places. The places of a word that is given twice are put together, and of two weights at one place the greater
    /// one is taken.
    ///
    /// # Errors
    /// A word is longer than 2,046 bytes or has a zero byte, a place is not one of 1 to 16,383, or a word has more than 255 of
    /// them: the server would change such places without a word.
    pub fn new<W: Into<String>, P: IntoIterator<Item = (u16, Weight)>>(
        words: impl IntoIterator<Item = (W, P)>,
    ) -> Result<Self, TsVectorError> {
        let mut all: BTreeMap<String, BTreeMap<u16, Weight>> = BTreeMap::new();
        for (word, positions) in words {
            let word = word.into();
            check_word(&word).map_err(|error| TsVectorError(error.to_string()))?;
            let places = all.entry(word).or_default();
            for (place, weight) in positions {
                if !(1..=POSITION_MAX).contains(&place) {
                    let why =
                        format!("a word is at place {place}: the range is 1 to {POSITION_MAX}");
                    return Err(TsVectorError(why));
                }
                let found = places.entry(place).or_default();
                *found = weight.max(*found);
            }
            if places.len() > POSITIONS_MAX {
                let (count, most) = (places.len(), POSITIONS_MAX);
                return Err(TsVectorError(format!(
                    "a word has {count} places, and {most} are the most"
                )));
            }
        }
        let words = all
            .into_iter()
            .map(|(text, places)| TsVectorWord { text, positions: places.into_iter().collect() });
        Ok(Self(words.collect()))
    }

    /// The words, in order.
    pub fn words(&self) -> &[TsVectorWord] {
        &self.0
    }

    /// That word, if the document has it.
    pub fn get(&self, word: &str) -> Option<&TsVectorWord> {
        let place = self.0.binary_search_by(|found| found.text.as_str().cmp(word)).ok()?;
        self.0.get(place)
    }
}

impl fmt::Display for TsVector {
    /// As the server writes it: `'cat':3 'fat':2,4A`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, TsVectorWord { text, positions }) in self.0.iter().enumerate() {
            f.write_str(if index == 0 { "" } else { " " })?;
            write_word(text, f)?;
            for (index, (place, weight)) in positions.iter().enumerate() {
                write!(f, "{}{place}", if index == 0 { ':' } else { ',' })?;
                if *weight != Weight::D {
                    write!(f, "{}", weight.letter())?;
                }
            }
        }
        Ok(())
    }
}

impl FromStr for TsVector {
    type Err = SearchTextError;

    /// Words as SQL writes them: `fat:2,4A 'cat'''`.
    fn from_str(text: &str) -> Result<Self, SearchTextError> {
        let mut reader = Reader::new(text);
        let mut words = Vec::new();
        while reader.peek_word().is_some() {
            let word = reader.word("")?;
            let mut positions = Vec::new();
            if reader.take(':') {
                loop {
                    let place = reader.number().and_then(|place| u16::try_from(place).ok());
                    let place = place.ok_or_else(|| {
                        error("after `:` a place is expected, a number from 1 to 16383")
                    })?;
                    positions.push((place, reader.weight().unwrap_or_default()));
                    if !reader.take(',') {
                        break;
                    }
                }
            }
            words.push((word, positions));
        }
        Self::new(words).map_err(|why| error(why.0))
    }
}

sql_type!(for TsVector, "tsvector", TS_VECTOR, TS_VECTOR_ARRAY);

/// As `tsvectorsend` writes it (tsvector.c in PostgreSQL's sources): how many words; of each the text, a zero byte, the number of
/// its places, and these with the weight in the two highest bits.
impl CustomType for TsVector {
    type Sql = Self;
    type Element = Self;
    const DATA_TYPE: &'static str = "tsvector";

    fn read(_: &Type, raw: &[u8]) -> Result<Self, Failure> {
        let ends = "a tsvector ends too early";
        let (count, mut rest) = raw.split_first_chunk::<4>().ok_or(ends)?;
        let mut words = Vec::new();
        for _ in 0..u32::from_be_bytes(*count) {
            let (text, after) = terminated(rest)?;
            let (count, after) = after.split_first_chunk::<2>().ok_or(ends)?;
            let length = 2 * usize::from(u16::from_be_bytes(*count));
            let (places, after) = after.split_at_checked(length).ok_or(ends)?;
            let (places, _) = places.as_chunks::<2>();
            let positions = places.iter().map(|place| {
                let place = u16::from_be_bytes(*place);
                let weight = Weight::ALL.get(usize::from(place >> 14)).copied();
                (place & POSITION_MAX, weight.unwrap_or_default())
            });
            words.push(TsVectorWord { text: text.to_owned(), positions: positions.collect() });
            rest = after;
        }
        let are_sorted = words.is_sorted_by(|one, other| one.text < other.text);
        if !rest.is_empty() || !are_sorted {
            return Err("a tsvector is longer than it says, or its words are in disorder".into());
        }
        Ok(Self(words))
    }

    fn write(&self, _: &Type, out: &mut BytesMut) -> Result<(), Failure> {
        out.put_i32(i32::try_from(self.0.len()).map_err(|_| "a tsvector has too many words")?);
        for TsVectorWord { text, positions } in &self.0 {
            out.extend_from_slice(text.as_bytes());
            out.put_u8(0);
            out.put_u16(u16::try_from(positions.len())?);
            for (place, weight) in positions {
                out.put_u16(place | ((*weight as u16) << 14));
            }
        }
        Ok(())
    }
}
