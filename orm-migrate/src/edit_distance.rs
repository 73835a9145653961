//! [`nearest`]: which of the known names somebody may have meant.

/// The known name that is most like this one, if any is like it at all.
pub(crate) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let within = (name.chars().count() / 3).clamp(1, 6);
    let known = known.into_iter().map(|known| (distance(name, known), known));
    known.filter(|(distance, _)| *distance <= within).min().map(|(_, known)| known)
}

/// How many letters must be added, taken or changed (Levenshtein).
pub(crate) fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (number, a) in from.chars().enumerate() {
        let mut next = vec![number + 1];
        for ((b, above), diagonal) in to.iter().zip(row.iter().skip(1)).zip(&row) {
            let left = next.last().copied().unwrap_or_default();
            let changed = diagonal + usize::from(a != *b);
            next.push(changed.min(left + 1).min(above + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_alike_is_found_and_what_is_unlike_is_not() {
        let known = ["migrations", "max-rows", "max-bytes"];
        assert_eq!(nearest("migration", known), Some("migrations"));
        assert_eq!(nearest("max-row", known), Some("max-rows"));
        assert_eq!(nearest("max_rows", known), Some("max-rows"));
        assert_eq!(nearest("colour", known), None);
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "ab"), 2);
    }
}
