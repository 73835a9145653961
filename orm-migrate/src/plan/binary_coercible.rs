//! Which changes of a column's type leave its rows as they are: for these PostgreSQL writes no table anew.
//!
//! The rules are those of `ATColumnChangeRequiresRewrite` and of the types' support functions in its sources; the
//! test `engine::rewrites` asks a server.

/// Whether PostgreSQL writes no row for this change of type. Types are spelled as a catalog does; of a type that is
/// not known here, as a domain or an extension's, it is said that rows are written.
pub(crate) fn is_widened(from: &str, to: &str) -> bool {
    let (from, to) = (SizedType::of(from), SizedType::of(to));
    if let (Some(old), Some(new)) = (from.smallest_field(), to.smallest_field()) {
        let digits = |ty: &SizedType| ty.modifiers.first().copied().unwrap_or(DIGITS_MAX);
        let keeps_digits = digits(&to) >= DIGITS_MAX || digits(&to) >= digits(&from);
        return new <= old && (old > 0 || keeps_digits);
    }
    if from.name == to.name {
        return from.is_narrower_than(&to);
    }
    // Two names for the same bytes. A length that the new type has would have to be checked.
    let is_same = matches!(
        (from.name.as_str(), to.name.as_str()),
        ("character varying", "text")
            | ("text", "character varying")
            | ("bit", "bit varying")
            | ("cidr", "inet")
            | ("xml", "text" | "character varying")
            | ("integer", "oid")
            | ("oid", "integer")
    );
    is_same && to.modifiers.is_empty()
}

/// The digits of a second that are stored.
pub(super) const DIGITS_MAX: i32 = 6;

/// `numeric(10,2)` is `numeric` with `[10, 2]`, `timestamp(3) without time zone` is `timestamp without time zone` with `[3]`.
pub(super) struct SizedType {
    pub(super) name: String,
    pub(super) modifiers: Vec<i32>,
}

impl SizedType {
    pub(super) fn of(sql: &str) -> Self {
        let plain = |name: &str| Self { name: name.to_owned(), modifiers: Vec::new() };
        let Some((head, rest)) = sql.split_once('(') else { return plain(sql) };
        let Some((modifiers, tail)) = rest.split_once(')') else { return plain(sql) };
        let modifiers: Result<Vec<i32>, _> =
            modifiers.split(',').map(|number| number.trim().parse()).collect();
        match modifiers {
            Ok(modifiers) => Self { name: format!("{head}{tail}"), modifiers },
            Err(_) => plain(sql),
        }
    }

    /// The smallest field that an interval keeps: `interval day to second` keeps seconds, which is 0.
    pub(super) fn smallest_field(&self) -> Option<usize> {
        let fields = self.name.strip_prefix("interval")?;
        let last = fields.rsplit(' ').next().unwrap_or_default();
        if last.is_empty() {
            return Some(0);
        }
        ["second", "minute", "hour", "day", "month", "year"].iter().position(|it| *it == last)
    }

    /// Whether every value of this type is one of the other, which has the same name.
    fn is_narrower_than(&self, other: &Self) -> bool {
        if self.modifiers == other.modifiers || other.modifiers.is_empty() {
            return true;
        }
        match (self.name.as_str(), self.modifiers.as_slice(), other.modifiers.as_slice()) {
            ("character varying" | "bit varying", [from], [to]) => from <= to,
            ("numeric", [from, scale], [to, same]) => from <= to && scale == same,
            (name, _, [DIGITS_MAX]) if is_of_time(name) => true,
            (name, [from], [to]) if is_of_time(name) => from <= to,
            _ => false,
        }
    }
}

/// The types whose modifier is how many digits of a second there are.
fn is_of_time(name: &str) -> bool {
    matches!(
        name,
        "time without time zone"
            | "time with time zone"
            | "timestamp without time zone"
            | "timestamp with time zone"
    )
}
