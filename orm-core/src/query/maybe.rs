//! [`Maybe`]: a value that may be absent, which is another thing than NULL.

/// A value, or none at all: a field of a struct that is inserted or of a patch.
///
/// Absent, a column of an insert gets its default, and one of an update stays as it is. `Maybe<Option<T>>` holds three things
/// apart: absent, NULL, and a value. With the feature `json`, serde reads a field that is missing as absent, and `null` as
/// NULL, without an attribute.
///
/// ```
/// use orm_core::query::Maybe;
/// let title: Maybe<Option<String>> = Maybe::Value(None);
/// assert_ne!(title, Maybe::Absent);
/// # #[cfg(feature = "json")] {
/// #[derive(serde::Deserialize)]
/// struct Patch {
///     name: Maybe<String>,
///     image: Maybe<Option<String>>,
/// }
/// let patch: Patch = serde_json::from_str(r#"{"image": null}"#).unwrap();
/// assert_eq!((patch.name, patch.image), (Maybe::Absent, Maybe::Value(None)));
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Maybe<T> {
    /// Nothing is given.
    #[default]
    Absent,
    /// This is given.
    Value(T),
}

impl<T> From<Option<T>> for Maybe<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Absent, Self::Value)
    }
}

impl<T> From<Maybe<T>> for Option<T> {
    fn from(value: Maybe<T>) -> Self {
        match value {
            Maybe::Absent => None,
            Maybe::Value(value) => Some(value),
        }
    }
}

#[cfg(feature = "json")]
mod reading {
    use super::Maybe;
    use serde::de::{Deserialize, Deserializer, Visitor};
    use std::fmt;
    use std::marker::PhantomData;

    /// Takes note that there is something to read.
    struct Found<'a, T>(&'a mut bool, PhantomData<T>);

    impl<'de, T: Deserialize<'de>> Visitor<'de> for Found<'_, T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a value")
        }

        fn visit_newtype_struct<D: Deserializer<'de>>(self, value: D) -> Result<T, D::Error> {
            *self.0 = true;
            T::deserialize(value)
        }
    }

    impl<'de, T: Deserialize<'de>> Deserialize<'de> for Maybe<T> {
        fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
            let mut found = false;
            // For a field that is missing, serde gives a deserializer that knows `Option` only: any other fails unread.
            match from.deserialize_newtype_struct("Maybe", Found(&mut found, PhantomData)) {
                Ok(value) => Ok(Self::Value(value)),
                Err(_) if !found => Ok(Self::Absent),
                Err(error) => Err(error),
            }
        }
    }
}
