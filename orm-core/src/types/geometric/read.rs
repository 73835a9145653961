//! Numbers and points out of the bytes of a value.

use super::Point;
use crate::types::Failure;

/// All numbers of a value of a fixed size.
pub(super) fn whole<const COUNT: usize>(
    raw: &[u8],
    sql: &'static str,
) -> Result<[f64; COUNT], Failure> {
    let mut numbers = [0.0; COUNT];
    let (chunks, []) = raw.as_chunks::<8>() else { return Err(wrong(raw, sql, 8 * COUNT)) };
    if chunks.len() != COUNT {
        return Err(wrong(raw, sql, 8 * COUNT));
    }
    for (number, chunk) in numbers.iter_mut().zip(chunks) {
        *number = f64::from_be_bytes(*chunk);
    }
    Ok(numbers)
}

/// A count and as many points, which are all that there is.
pub(super) fn points(raw: &[u8], sql: &'static str) -> Result<Vec<Point>, Failure> {
    let Some((count, rest)) = raw.split_first_chunk::<4>() else {
        return Err(wrong(raw, sql, 4));
    };
    let count = i32::from_be_bytes(*count);
    let (chunks, []) = rest.as_chunks::<16>() else {
        return Err(format!("the points of a `{sql}` have no {} bytes", rest.len()).into());
    };
    if usize::try_from(count).ok() != Some(chunks.len()) {
        return Err(format!("a `{sql}` of {count} points has {}", chunks.len()).into());
    }
    let point = |chunk: &[u8; 16]| {
        let [x, y] = whole(chunk, sql)?;
        Ok(Point { x, y })
    };
    chunks.iter().map(point).collect()
}

fn wrong(raw: &[u8], sql: &str, expected: usize) -> Failure {
    format!("a `{sql}` has {expected} bytes, not {}", raw.len()).into()
}
