//! One number for what was read: every column is in it, the order of rows is not, and who belongs to whom is.

fn mix(state: u64, value: u64) -> u64 {
    (state.rotate_left(23) ^ value).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

fn text(state: u64, text: &str) -> u64 {
    let bytes = text.as_bytes();
    let last = bytes.last().copied().unwrap_or_default();
    mix(state, bytes.len() as u64 ^ u64::from(last) << 32)
}

/// A row of `users`; the time in microseconds since 1970.
pub fn user(id: i64, name: &str, hair_color: Option<&str>, created_at: i64) -> u64 {
    let state = text(mix(1, id.cast_unsigned()), name);
    let state = hair_color.map_or(state, |color| text(state, color));
    mix(state, created_at.cast_unsigned())
}

/// A row of `posts`.
pub fn post(id: i64, user_id: i64, title: &str, body: &str) -> u64 {
    text(text(mix(mix(2, id.cast_unsigned()), user_id.cast_unsigned()), title), body)
}

/// A row of `comments`.
pub fn comment(id: i64, post_id: i64, body: &str) -> u64 {
    text(mix(mix(3, id.cast_unsigned()), post_id.cast_unsigned()), body)
}

/// A row that was found with the one of this digest.
pub fn with(parent: u64, child: u64) -> u64 {
    mix(parent, child)
}

/// Keys that the server gave to rows, in the order of the rows.
pub fn ids(ids: impl IntoIterator<Item = i64>) -> u64 {
    let (mut count, mut last) = (0, 0);
    for id in ids {
        if id <= last {
            return u64::MAX;
        }
        (count, last) = (count + 1, id);
    }
    count
}

/// All of these, in any order.
pub fn all(digests: impl Iterator<Item = u64>) -> u64 {
    digests.fold(0, u64::wrapping_add)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_tells_rows_apart_and_not_their_order() {
        let rows = [user(1, "a", None, 5), user(2, "b", Some("red"), 6)];
        assert_eq!(all(rows.into_iter()), all(rows.into_iter().rev()));
        assert_ne!(user(1, "a", None, 5), user(1, "a", Some(""), 5));
        assert_ne!(user(1, "a", None, 5), user(1, "b", None, 5));
        assert_ne!(post(1, 2, "t", "b"), post(1, 3, "t", "b"));
        let moved = with(rows[0], comment(1, 1, "x")).wrapping_add(with(rows[1], 0));
        assert_ne!(moved, with(rows[0], 0).wrapping_add(with(rows[1], comment(1, 1, "x"))));
    }

    #[test]
    fn keys_in_another_order_have_another_digest() {
        assert_eq!(ids([3, 4, 9]), 3);
        assert_eq!(ids([4, 3, 9]), u64::MAX);
    }
}
