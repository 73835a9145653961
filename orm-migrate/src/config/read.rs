//! Reads the two files. What is wrong is told with its line, and with what may have been meant.

use super::{ConfigError, FILE, Settings};
use crate::edit_distance::nearest;
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};
use std::path::Path;
use std::{fs, io};

/// `Cargo.toml`, as far as it is ours.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Manifest {
    package: CargoPackage,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct CargoPackage {
    metadata: CargoMetadata,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct CargoMetadata {
    orm: Option<Settings>,
}

/// The settings of `orm.toml`, if it is there.
pub(super) fn own(path: &Path) -> Result<Option<Settings>, ConfigError> {
    read(path)
}

/// The settings of a manifest, if it is there and has any.
pub(super) fn of_manifest(path: &Path) -> Result<Option<Settings>, ConfigError> {
    let manifest: Option<Manifest> = read(path)?;
    Ok(manifest.and_then(|manifest| manifest.package.metadata.orm))
}

/// The name of a variable. What is none is not repeated: it may be the URL itself, with its password.
pub(super) fn variable<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    let name = String::deserialize(from)?;
    let is_name = !name.is_empty()
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if is_name {
        return Ok(Some(name));
    }
    Err(D::Error::custom(
        "this is the name of an environment variable, such as SHOP_DATABASE_URL: letters, digits and `_`; a URL has no \
         place in a file",
    ))
}

/// The settings in the text of one of the two files.
pub(super) fn of_text(path: &Path, text: &str) -> Result<Option<Settings>, ConfigError> {
    if path.ends_with(FILE) {
        return parse(path, text).map(Some);
    }
    Ok(parse::<Manifest>(path, text)?.package.metadata.orm)
}

fn read<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, ConfigError> {
    let text = match fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        text => text.map_err(|source| ConfigError::File { path: path.to_owned(), source })?,
    };
    parse(path, &text).map(Some)
}

fn parse<T: DeserializeOwned>(path: &Path, text: &str) -> Result<T, ConfigError> {
    toml::from_str(text).map_err(|error| invalid(path, text, &error))
}

fn invalid(path: &Path, text: &str, error: &toml::de::Error) -> ConfigError {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let said = error.message();
    let (message, hint) = match unknown_key(said) {
        Some((key, known)) => {
            let hint = match nearest(key, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the keys here are {}", known.join(", ")),
            };
            (format!("there is no setting `{key}`"), Some(hint))
        }
        None => (said.trim_end().replace('\n', " "), None),
    };
    ConfigError::Invalid { path: path.to_owned(), line, message, hint }
}

/// The key of serde's "unknown field `a`, expected one of `b`, `c`", and what it knows.
fn unknown_key(said: &str) -> Option<(&str, Vec<&str>)> {
    let rest = said.strip_prefix("unknown field ")?;
    let mut quoted = rest.split('`').skip(1).step_by(2);
    Some((quoted.next()?, quoted.collect()))
}
