//! [`Hstore`]: manual, appendix F, `hstore`.

mod text;

use super::{CustomType, Failure, extension_type};
use bytes::{BufMut as _, BytesMut};
use postgres_types::Type;
use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};

/// A value of type `hstore`: texts by their keys, of which a value can be NULL. It is the [`BTreeMap`] that it dereferences to.
///
/// The type is that of an extension, `CREATE EXTENSION hstore`, which every PostgreSQL comes with. Values are read and written
/// wherever it is installed; its operators and functions are found by the server where its schema is in `search_path`.
///
/// ```
/// use orm_core::types::Hstore;
/// let mut attributes = Hstore::from([("color", "red"), ("size", "L")]);
/// attributes.insert("weight".to_owned(), None);
/// assert_eq!(attributes.get("color"), Some(&Some("red".to_owned())));
/// assert_eq!(attributes.to_string(), r#""size"=>"L", "color"=>"red", "weight"=>NULL"#);
/// assert_eq!("size=>L, color=>red, weight=>NULL".parse::<Hstore>()?, attributes);
/// # Ok::<(), orm_core::types::InvalidValue>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Hstore(BTreeMap<String, Option<String>>);

extension_type!(Hstore, "hstore");

impl Hstore {
    /// Without any keys.
    pub const fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// The map of keys and values.
    pub fn into_map(self) -> BTreeMap<String, Option<String>> {
        self.0
    }
}

impl Deref for Hstore {
    type Target = BTreeMap<String, Option<String>>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for Hstore {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

impl From<BTreeMap<String, Option<String>>> for Hstore {
    fn from(map: BTreeMap<String, Option<String>>) -> Self {
        Self(map)
    }
}

/// Pairs of a key and a value, which is an `Option` or not.
macro_rules! pairs {
    ($([$($life:lifetime)?] $key:ty, $value:ty: |$found:ident| $into:expr;)*) => {$(
        impl<$($life)?> FromIterator<($key, $value)> for Hstore {
            fn from_iter<I: IntoIterator<Item = ($key, $value)>>(pairs: I) -> Self {
                Self(pairs.into_iter().map(|(key, $found)| (key.into(), $into)).collect())
            }
        }

        impl<$($life)?> Extend<($key, $value)> for Hstore {
            fn extend<I: IntoIterator<Item = ($key, $value)>>(&mut self, pairs: I) {
                self.0.extend(pairs.into_iter().map(|(key, $found)| (key.into(), $into)));
            }
        }

        impl<$($life,)? const COUNT: usize> From<[($key, $value); COUNT]> for Hstore {
            fn from(pairs: [($key, $value); COUNT]) -> Self {
                pairs.into_iter().collect()
            }
        }
    )*};
}

pairs! {
    [] String, String: |value| Some(value);
    [] String, Option<String>: |value| value;
    ['a] &'a str, &'a str: |value| Some(value.into());
    ['a] &'a str, Option<&'a str>: |value| value.map(Into::into);
    ['a] &'a str, String: |value| Some(value);
    ['a] &'a str, Option<String>: |value| value;
}

impl IntoIterator for Hstore {
    type Item = (String, Option<String>);
    type IntoIter = std::collections::btree_map::IntoIter<String, Option<String>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Hstore {
    type Item = (&'a String, &'a Option<String>);
    type IntoIter = std::collections::btree_map::Iter<'a, String, Option<String>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

/// `HSTORE_MAX_KEY_LEN` and `HSTORE_MAX_VALUE_LEN` of PostgreSQL.
const LENGTH_MAX: usize = 0x3fff_ffff;

/// Writes the length of a text and the text.
fn put_text(text: &str, what: &str, out: &mut BytesMut) -> Result<(), Failure> {
    if text.len() > LENGTH_MAX {
        return Err(format!("a {what} of an `hstore` has {LENGTH_MAX} bytes at most").into());
    }
    if text.contains('\0') {
        let why = "has a character with the code zero, which no text of PostgreSQL can have";
        return Err(format!("a {what} of the `hstore`, {text:?}, {why}").into());
    }
    out.put_i32(text.len().try_into()?);
    out.put_slice(text.as_bytes());
    Ok(())
}

/// Takes a length and as many bytes of text; `None` is NULL.
fn take_text(raw: &mut &[u8]) -> Result<Option<String>, Failure> {
    let length = take_number(raw)?;
    let Ok(length) = usize::try_from(length) else { return Ok(None) };
    let Some((text, rest)) = raw.split_at_checked(length) else {
        return Err("an `hstore` ends within a text".into());
    };
    *raw = rest;
    Ok(Some(std::str::from_utf8(text)?.to_owned()))
}

fn take_number(raw: &mut &[u8]) -> Result<i32, Failure> {
    let Some((number, rest)) = raw.split_first_chunk::<4>() else {
        return Err("an `hstore` ends where a number is expected".into());
    };
    *raw = rest;
    Ok(i32::from_be_bytes(*number))
}

impl CustomType for Hstore {
    type Sql = Self;
    type Element = Self;
    const DATA_TYPE: &'static str = "hstore";

    fn read(_: &Type, mut raw: &[u8]) -> Result<Self, Failure> {
        let mut map = BTreeMap::new();
        for _ in 0..take_number(&mut raw)? {
            let key = take_text(&mut raw)?.ok_or("a key of an `hstore` is NULL")?;
            map.insert(key, take_text(&mut raw)?);
        }
        if !raw.is_empty() {
            return Err("an `hstore` has more bytes than its pairs".into());
        }
        Ok(Self(map))
    }

    fn write(&self, _: &Type, out: &mut BytesMut) -> Result<(), Failure> {
        out.put_i32(self.len().try_into()?);
        for (key, value) in &self.0 {
            put_text(key, "key", out)?;
            match value {
                Some(value) => put_text(value, "value", out)?,
                None => out.put_i32(-1),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written(value: &Hstore) -> BytesMut {
        let mut out = BytesMut::new();
        value.write(&Type::TEXT, &mut out).expect("a value that can be written");
        out
    }

    proptest! {
        #[test]
        fn any_value_is_read_as_it_was_written_and_parsed_as_it_was_shown(
            map in proptest::collection::btree_map("[^\0]{0,4}", proptest::option::of("[^\0]{0,4}"), 0..5),
        ) {
            let value = Hstore::from(map);
            prop_assert_eq!(&Hstore::read(&Type::TEXT, &written(&value)).expect("a value"), &value);
            prop_assert_eq!(&value.to_string().parse::<Hstore>().expect("a value"), &value);
        }

        #[test]
        fn no_bytes_make_it_panic(
            start in -1_i32..4,
            bytes in proptest::collection::vec(prop_oneof![Just(0_u8), Just(1), Just(255), any::<u8>()], 0..40),
        ) {
            let mut raw = start.to_be_bytes().to_vec();
            raw.extend(bytes);
            let _any = Hstore::read(&Type::TEXT, &raw);
        }
    }

    #[test]
    fn bytes_that_are_no_value_are_an_error_that_says_why() {
        let check = |raw: &[u8], expected: &str| {
            let error = Hstore::read(&Type::TEXT, raw).expect_err("an error");
            assert_eq!(error.to_string(), expected);
        };
        check(&[0, 0], "an `hstore` ends where a number is expected");
        check(&[0, 0, 0, 1, 255, 255, 255, 255], "a key of an `hstore` is NULL");
        check(&[0, 0, 0, 1, 127, 0, 0, 0, b'a'], "an `hstore` ends within a text");
        check(&[0, 0, 0, 0, 0], "an `hstore` has more bytes than its pairs");
    }

    #[test]
    fn a_text_that_no_text_of_the_server_can_be_is_not_written() {
        let error = Hstore::from([("a", "b\0")]).write(&Type::TEXT, &mut BytesMut::new());
        assert_eq!(
            error.expect_err("an error").to_string(),
            r#"a value of the `hstore`, "b\0", has a character with the code zero, which no text of PostgreSQL can have"#
        );
    }
}
