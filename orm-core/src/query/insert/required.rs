//! What the derives of insertable structs and patches check while a program is compiled: no column is missing.

use super::super::Table;
use std::borrow::Cow;

/// Checked by `#[derive(Insertable)]`: a struct sets every column that an insert into `T` must set.
///
/// # Panics
/// When the program is compiled, naming the column that is missing.
#[expect(clippy::indexing_slicing, reason = "the compiler runs it")]
pub const fn sets_required_columns<T: Table>(name: &str, positions: &[usize]) {
    let Cow::Borrowed(columns) = &T::TABLE.columns else { return };
    let mut column = 0;
    while column < columns.len() {
        let is_required = T::FIELDS[column].required && !columns[column].nullable;
        if is_required && !contains(positions, column) {
            let field = T::FIELDS[column].name;
            refuse(["`", name, "` does not set the required column `", field, "`"]);
        }
        column += 1;
    }
}

/// Checked by `#[derive(Patch)]`: a patch has every column of the primary key of `T`.
///
/// # Panics
/// When the program is compiled, naming the column that is missing.
#[expect(clippy::indexing_slicing, reason = "the compiler runs it")]
pub const fn has_key<T: Table>(name: &str, positions: &[usize]) {
    let Cow::Borrowed(columns) = &T::TABLE.columns else { return };
    let Some(key) = &T::TABLE.primary_key else {
        return refuse(["`", name, "` is keyed, and table `", T::NAME, "` has no primary key"]);
    };
    let Cow::Borrowed(key) = &key.columns else { return };
    let mut index = 0;
    while index < key.len() {
        let mut column = 0;
        while column < columns.len() {
            let is_it = equal(as_str(&columns[column].name), as_str(&key[index]));
            if is_it && !contains(positions, column) {
                let field = T::FIELDS[column].name;
                refuse(["`", name, "` is keyed, and lacks the column `", field, "` of the key"]);
            }
            column += 1;
        }
        index += 1;
    }
}

#[expect(clippy::ptr_arg, reason = "a const function cannot dereference a `Cow`")]
const fn as_str(text: &Cow<'static, str>) -> &'static str {
    match text {
        Cow::Borrowed(text) => text,
        Cow::Owned(_) => "",
    }
}

#[expect(clippy::indexing_slicing, reason = "the compiler runs it")]
const fn equal(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let (mut same, mut index) = (one.len() == other.len(), 0);
    while same && index < one.len() {
        same = one[index] == other[index];
        index += 1;
    }
    same
}

#[expect(clippy::indexing_slicing, reason = "the compiler runs it")]
const fn contains(positions: &[usize], position: usize) -> bool {
    let mut index = 0;
    while index < positions.len() {
        if positions[index] == position {
            return true;
        }
        index += 1;
    }
    false
}

#[expect(clippy::indexing_slicing, reason = "the compiler runs it")]
#[expect(clippy::panic, reason = "the compiler runs it, and the panic is its message")]
const fn refuse(message: [&str; 5]) {
    let mut text = [b' '; 512];
    let (mut part, mut length) = (0, 0);
    while part < message.len() {
        let bytes = message[part].as_bytes();
        let mut at = 0;
        while at < bytes.len() && length < text.len() {
            text[length] = bytes[at];
            (at, length) = (at + 1, length + 1);
        }
        part += 1;
    }
    let (text, _) = text.split_at(length);
    match std::str::from_utf8(text) {
        Ok(text) => panic!("{}", text),
        Err(_) => panic!("a column is missing"),
    }
}
