//! String functions: manual, section 9.4; binary strings, 9.5; patterns, 9.7.

use super::macros::functions;
use crate::query::expr::Expr;
use crate::query::node::Node;
use crate::query::operand::Operand;
use crate::query::reads::NeverNull;
use crate::query::value::IntoExpression;
use crate::types::{Bytea, Int4, Text};

functions! {
    /// `initcap(text)`: the first letter of each word in upper case, the others in lower case.
    initcap(A text: Text) -> String;
    /// `length(text)`: how many characters.
    length(A text: Text) -> i32;
    /// `octet_length(text)`: how many bytes.
    octet_length(A text: Text) -> i32;
    /// `bit_length(text)`: how many bits.
    bit_length(A text: Text) -> i32;
    /// `btrim(text)`: without spaces at both ends. SQL's `trim`.
    trim(A text: Text) as "btrim" -> String;
    /// `btrim(text, characters)`: without any of these characters at both ends.
    btrim(A text: Text, B characters: Text) -> String;
    /// `ltrim(text, characters)`: without any of these characters at the start.
    ltrim(A text: Text, B characters: Text) -> String;
    /// `rtrim(text, characters)`: without any of these characters at the end.
    rtrim(A text: Text, B characters: Text) -> String;
    /// `substr(text, start, count)`: `count` characters from position `start` on, the first being 1. SQL's `substring`.
    substring(A text: Text, B start: Int4, C count: Int4) as "substr" -> String;
    /// `substr(text, start)`: what begins at position `start`, the first being 1.
    substr(A text: Text, B start: Int4) -> String;
    /// `overlay(text PLACING replacement FROM start FOR count)`: with another text in place of a part.
    overlay(A text: Text, B replacement: Text, C start: Int4, D count: Int4) as "pg_catalog.overlay" -> String;
    /// `replace(text, from, to)`: each `from` replaced by `to`.
    replace(A text: Text, B from: Text, C to: Text) -> String;
    /// `translate(text, from, to)`: each character of `from` replaced by the one at its position in `to`, or left out.
    translate(A text: Text, B from: Text, C to: Text) -> String;
    /// `left(text, count)`: the first `count` characters; with a negative count, all but the last.
    left(A text: Text, B count: Int4) -> String;
    /// `right(text, count)`: the last `count` characters; with a negative count, all but the first.
    right(A text: Text, B count: Int4) -> String;
    /// `lpad(text, length, fill)`: filled up at the start, or cut at the end, to this length.
    lpad(A text: Text, B length: Int4, C fill: Text) -> String;
    /// `rpad(text, length, fill)`: filled up at the end, or cut there, to this length.
    rpad(A text: Text, B length: Int4, C fill: Text) -> String;
    /// `strpos(text, part)`: at which position the part begins; 0 where it does not occur. SQL's `position`.
    strpos(A text: Text, B part: Text) -> i32;
    /// `starts_with(text, start)`: as a function, without a pattern.
    starts_with(A text: Text, B start: Text) -> bool;
    /// `split_part(text, delimiter, position)`: one of the parts between delimiters, the first being 1; empty where there are
    /// not as many.
    split_part(A text: Text, B delimiter: Text, C position: Int4) -> String;
    /// `repeat(text, count)`: the text that many times.
    repeat(A text: Text, B count: Int4) -> String;
    /// `reverse(text)`: the characters from the last to the first.
    reverse(A text: Text) -> String;
    /// `md5(text)`: the MD5 hash as hexadecimal digits.
    md5(A text: Text) -> String;
    /// `sha256(bytes)`: the SHA-256 hash.
    sha256(A bytes: Bytea) -> Vec<u8>;
    /// `sha512(bytes)`: the SHA-512 hash.
    sha512(A bytes: Bytea) -> Vec<u8>;
    /// `encode(bytes, format)`: as text; the format is `base64`, `hex` or `escape`.
    encode(A bytes: Bytea, B format: Text) -> String;
    /// `decode(text, format)`: the bytes of such a text.
    decode(A text: Text, B format: Text) -> Vec<u8>;
    /// `convert_to(text, encoding)`: the bytes of the text in an encoding, `UTF8`.
    convert_to(A text: Text, B encoding: Text) -> Vec<u8>;
    /// `convert_from(bytes, encoding)`: the text of such bytes.
    convert_from(A bytes: Bytea, B encoding: Text) -> String;
    /// `ascii(text)`: the code point of the first character.
    ascii(A text: Text) -> i32;
    /// `chr(code)`: the character with this code point.
    chr(A code: Int4) -> String;
    /// `to_hex(number)`: as hexadecimal digits.
    to_hex(A number: Int4) -> String;
    /// `quote_ident(text)`: quoted as a name, where it needs to be.
    quote_ident(A text: Text) -> String;
    /// `quote_literal(text)`: quoted as a string constant.
    quote_literal(A text: Text) -> String;
    /// `regexp_replace(text, pattern, replacement, flags)`: what matches a POSIX regular expression replaced; the flag `g` is all
    /// of it, `i` is whatever the case.
    regexp_replace(A text: Text, B pattern: Text, C replacement: Text, D flags: Text) -> String;
    /// `regexp_match(text, pattern, flags)`: what the groups of the first match are, or the whole match where there are
    /// none; NULL where nothing matches.
    regexp_match(A text: Text, B pattern: Text, C flags: Text) -> Option<Vec<String>>;
    /// `regexp_split_to_array(text, pattern)`: the parts between matches.
    regexp_split_to_array(A text: Text, B pattern: Text) -> Vec<String>;
    /// `string_to_array(text, delimiter)`: the parts between delimiters.
    string_to_array(A text: Text, B delimiter: Text) -> Vec<String>;
    /// `unistr(text)`: with `\XXXX` replaced by the character of that code point. PostgreSQL 14.
    unistr(A text: Text) -> String;
}

/// `concat(..)`: the texts of all values, one after the other; NULL is left out. [`concat`](crate::query::ContainerOperators::concat)
/// of an expression is the operator `||`, which gives NULL for NULL.
///
/// ```
/// use auth::User;
/// use orm::func;
/// use orm::prelude::*;
/// let query = User::query().select(func::concat((User::name, " ", User::image)));
/// assert_eq!(query.to_sql(), r#"SELECT concat("user"."name", $1, "user"."image") FROM "user""#);
/// ```
pub fn concat<L: Values>(values: L) -> Expr<String, NeverNull<L::Reads>> {
    super::conditional::call("concat", values.into_nodes())
}

/// `concat_ws(separator, ..)`: the texts of all values with a separator between them; NULL is left out.
pub fn concat_ws<S: Operand<Text>, L: Values>(
    separator: S,
    values: L,
) -> Expr<<S::Value as crate::types::Value>::Propagate<String>, (S::Reads, NeverNull<L::Reads>)> {
    let mut nodes = vec![separator.into_operand()];
    nodes.extend(values.into_nodes());
    super::conditional::call("concat_ws", nodes)
}

/// `format(format, ..)`: the format with `%s` replaced by the values in order, `%I` by them as quoted names, `%L` as quoted
/// constants, `%%` by `%`.
pub fn format<S: Operand<Text>, L: Values>(
    format: S,
    values: L,
) -> Expr<<S::Value as crate::types::Value>::Propagate<String>, (S::Reads, NeverNull<L::Reads>)> {
    let mut nodes = vec![format.into_operand()];
    nodes.extend(values.into_nodes());
    super::conditional::call("format", nodes)
}

/// A tuple of one to eight values, columns or expressions of any types.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a tuple of values and expressions",
    label = "give a tuple of one to eight values, columns or expressions"
)]
pub trait Values {
    /// What they read.
    type Reads;
    #[doc(hidden)]
    fn into_nodes(self) -> Vec<Node>;
}

macro_rules! values {
    (@reads) => { () };
    (@reads $first:ident $($rest:ident)*) => { ($first::Reads, values!(@reads $($rest)*)) };
    ($($name:ident $value:ident),+) => {
        impl<$($name: IntoExpression),+> Values for ($($name,)+) {
            type Reads = values!(@reads $($name)+);

            fn into_nodes(self) -> Vec<Node> {
                let ($($value,)+) = self;
                vec![$($value.into_expression()),+]
            }
        }
    };
}

values!(A a);
values!(A a, B b);
values!(A a, B b, C c);
values!(A a, B b, C c, D d);
values!(A a, B b, C c, D d, E e);
values!(A a, B b, C c, D d, E e, F f);
values!(A a, B b, C c, D d, E e, F f, G g);
values!(A a, B b, C c, D d, E e, F f, G g, H h);
