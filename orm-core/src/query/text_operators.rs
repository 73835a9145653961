//! Operators of text: patterns, regular expressions, collations (manual, sections 9.4 and 9.7).

use super::expr::Expr;
use super::expression::{Compared, Expression, Propagate, SqlOf, TextSubject, binary};
use super::node::{Name, Node, Param, Piece};
use super::operand::{Comparable, Operand, Subject, untyped};
use crate::types::{Text, TsQuery, TsVector, Value};
use bytes::BytesMut;
use postgres_types::{IsNull, Type};
use std::sync::Arc;

/// A collation: the rules by which texts are compared and sorted (manual, section 24.2).
///
/// ```
/// use auth::User;
/// use orm::Collation;
/// use orm::prelude::*;
/// const C: Collation = Collation::new("C");
/// let query = User::query().order_by(User::name.collate(C).asc()).select(User::id);
/// assert!(query.to_sql().text.ends_with(r#"ORDER BY ("user"."name" COLLATE "C")"#));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collation {
    schema: Option<Name>,
    name: Name,
}

impl Collation {
    /// One that is found through `search_path`: those of PostgreSQL are.
    pub const fn new(name: &'static str) -> Self {
        Self { schema: None, name: Name::Borrowed(name) }
    }

    /// One of a schema.
    pub const fn of_schema(schema: &'static str, name: &'static str) -> Self {
        Self { schema: Some(Name::Borrowed(schema)), name: Name::Borrowed(name) }
    }

    /// One whose name is known only when the program runs. The name is quoted.
    pub fn named(name: impl Into<String>) -> Self {
        Self { schema: None, name: Name::Owned(name.into()) }
    }
}

/// A pattern of two or three operands: NULL where one of them is.
type Escaped<E, O, X> = Expr<
    <<E as Expression>::Value as Value>::Propagate<
        <<O as Comparable<<E as Expression>::Subject>>::Value as Value>::Propagate<
            <<X as Operand<Text>>::Value as Value>::Propagate<bool>,
        >,
    >,
    (
        <E as Expression>::Reads,
        (<O as Comparable<<E as Expression>::Subject>>::Reads, <X as Operand<Text>>::Reads),
    ),
>;

/// Values of the SQL type `Self` are matched with something.
#[diagnostic::on_unimplemented(
    message = "values of the SQL type `{Self}` are not matched: only those of `text` and `tsvector` are",
    label = "patterns match text, and queries the words of a document"
)]
pub trait Matchable {
    #[doc(hidden)]
    const OPERATOR: &'static str;
}

impl Matchable for Text {
    const OPERATOR: &'static str = "~";
}

impl Matchable for TsVector {
    const OPERATOR: &'static str = "@@";
}

/// Something of type `text` or `tsvector`.
pub trait MatchedSubject: Subject {}
#[diagnostic::do_not_recommend]
impl<S: Subject> MatchedSubject for S where <S::Value as Value>::Sql: Matchable {}

/// What `C`, which is of the SQL type `Sql`, is matched with: a text with a regular expression, the words of a document with a query.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not what `{C}` is matched with",
    label = "not a pattern for `{C}`",
    note = "a text is matched with a text, a `tsvector` with a `tsquery`: `func::websearch_to_tsquery(\"english\", text)`"
)]
pub trait Pattern<Sql, C> {
    /// Its Rust type.
    type Value: Value;
    /// What it reads.
    type Reads;
    #[doc(hidden)]
    fn into_pattern(self) -> Node;
}

#[diagnostic::do_not_recommend]
impl<C: Subject, O: Comparable<C>> Pattern<Text, C> for O {
    type Value = O::Value;
    type Reads = O::Reads;

    fn into_pattern(self) -> Node {
        self.into_comparable()
    }
}

#[diagnostic::do_not_recommend]
impl<C, O: Operand<TsQuery>> Pattern<TsVector, C> for O {
    type Value = O::Value;
    type Reads = O::Reads;

    fn into_pattern(self) -> Node {
        self.into_operand()
    }
}

/// The operators of columns and expressions of type `text`.
///
/// What is looked for by [`starts_with`](Self::starts_with) and its like is plain text: `%`, `_` and `\` in it mean
/// themselves. [`like`](Expression::like) takes a pattern.
pub trait TextOperators: Expression {
    /// Begins with this text: `LIKE` with the text and `%`, in which what has a meaning in a pattern is escaped.
    ///
    /// ```
    /// use auth::User;
    /// use orm::prelude::*;
    /// let query = User::query().filter(User::name.starts_with("100%")).select(User::id);
    /// assert!(query.to_sql().text.ends_with(r#"WHERE "user"."name" LIKE $1"#));
    /// ```
    fn starts_with<O: Comparable<Self::Subject>>(self, text: O) -> Compared<Self, O>
    where
        Self::Subject: TextSubject,
    {
        matching(self, "LIKE", "", text, "%")
    }

    /// Ends with this text.
    fn ends_with<O: Comparable<Self::Subject>>(self, text: O) -> Compared<Self, O>
    where
        Self::Subject: TextSubject,
    {
        matching(self, "LIKE", "%", text, "")
    }

    /// As [`starts_with`](Self::starts_with), whatever the case.
    fn starts_with_insensitive<O: Comparable<Self::Subject>>(self, text: O) -> Compared<Self, O>
    where
        Self::Subject: TextSubject,
    {
        matching(self, "ILIKE", "", text, "%")
    }

    /// As [`ends_with`](Self::ends_with), whatever the case.
    fn ends_with_insensitive<O: Comparable<Self::Subject>>(self, text: O) -> Compared<Self, O>
    where
        Self::Subject: TextSubject,
    {
        matching(self, "ILIKE", "%", text, "")
    }

    /// Has this text in it, whatever the case. With the case: `contains`.
    fn contains_insensitive<O: Comparable<Self::Subject>>(self, text: O) -> Compared<Self, O>
    where
        Self::Subject: TextSubject,
    {
        matching(self, "ILIKE", "%", text, "%")
    }

    /// The same text, whatever the case: `ILIKE`, in which what has a meaning in a pattern is escaped.
    fn eq_insensitive<O: Comparable<Self::Subject>>(self, text: O) -> Compared<Self, O>
    where
        Self::Subject: TextSubject,
    {
        matching(self, "ILIKE", "", text, "")
    }

    /// `LIKE pattern ESCAPE escape`: with this character for `\`; an empty one for none.
    fn like_escape<O: Comparable<Self::Subject>, X: Operand<Text>>(
        self,
        pattern: O,
        escape: X,
    ) -> Escaped<Self, O, X>
    where
        Self::Subject: TextSubject,
    {
        with_escape(self, " LIKE ", pattern, escape)
    }

    /// `ILIKE pattern ESCAPE escape`.
    fn ilike_escape<O: Comparable<Self::Subject>, X: Operand<Text>>(
        self,
        pattern: O,
        escape: X,
    ) -> Escaped<Self, O, X>
    where
        Self::Subject: TextSubject,
    {
        with_escape(self, " ILIKE ", pattern, escape)
    }

    /// `SIMILAR TO`: the whole text matches a regular expression of the SQL standard.
    fn similar_to<O: Comparable<Self::Subject>>(self, pattern: O) -> Compared<Self, O>
    where
        Self::Subject: TextSubject,
    {
        binary(self.into_node(), "SIMILAR TO", pattern.into_comparable())
    }

    /// `NOT SIMILAR TO`.
    fn not_similar_to<O: Comparable<Self::Subject>>(self, pattern: O) -> Compared<Self, O>
    where
        Self::Subject: TextSubject,
    {
        binary(self.into_node(), "NOT SIMILAR TO", pattern.into_comparable())
    }

    /// `~`: a part of the text matches a POSIX regular expression (manual, section 9.7.3). Of a `tsvector` `@@`: the words match a
    /// query (section 9.13).
    ///
    /// ```
    /// use auth::User;
    /// use orm::func;
    /// use orm::prelude::*;
    /// let query = User::query().filter(User::name.matches("^A")).select(User::id);
    /// assert!(query.to_sql().text.ends_with(r#"WHERE "user"."name" ~ $1"#));
    /// let words = func::to_tsvector("simple", User::name);
    /// let query = User::query().filter(words.matches(func::plainto_tsquery("simple", "ada")));
    /// assert!(query.select(User::id).to_sql().text.contains(" @@ plainto_tsquery("));
    /// ```
    fn matches<O: Pattern<SqlOf<Self>, Self::Subject>>(
        self,
        pattern: O,
    ) -> Expr<Propagate<Self::Value, O::Value, bool>, (Self::Reads, O::Reads)>
    where
        Self::Subject: MatchedSubject,
        SqlOf<Self>: Matchable,
    {
        binary(self.into_node(), <SqlOf<Self>>::OPERATOR, pattern.into_pattern())
    }

    /// `~*`: as [`matches`](Self::matches), whatever the case.
    fn matches_insensitive<O: Comparable<Self::Subject>>(self, expression: O) -> Compared<Self, O>
    where
        Self::Subject: TextSubject,
    {
        binary(self.into_node(), "~*", expression.into_comparable())
    }

    /// `!~`.
    fn not_matches<O: Comparable<Self::Subject>>(self, expression: O) -> Compared<Self, O>
    where
        Self::Subject: TextSubject,
    {
        binary(self.into_node(), "!~", expression.into_comparable())
    }

    /// `!~*`.
    fn not_matches_insensitive<O: Comparable<Self::Subject>>(
        self,
        expression: O,
    ) -> Compared<Self, O>
    where
        Self::Subject: TextSubject,
    {
        binary(self.into_node(), "!~*", expression.into_comparable())
    }

    /// `COLLATE`: compared and sorted by these rules.
    fn collate(self, collation: Collation) -> Expr<Self::Value, (Self::Reads, ())>
    where
        Self::Subject: TextSubject,
    {
        Expr::new(Node::Collate(Box::new(self.into_node()), collation.schema, collation.name))
    }
}

impl<E: Expression> TextOperators for E {}

fn matching<E: Expression, O: Comparable<E::Subject>>(
    one: E,
    op: &'static str,
    before: &'static str,
    text: O,
    after: &'static str,
) -> Compared<E, O> {
    Expr::new(like(untyped(one.into_node()), op, before, text.into_comparable(), after))
}

fn with_escape<E: Expression, O: Comparable<E::Subject>, X: Operand<Text>>(
    one: E,
    op: &'static str,
    pattern: O,
    escape: X,
) -> Escaped<E, O, X> {
    Expr::new(Node::Fragment(vec![
        Piece::Node(untyped(one.into_node())),
        Piece::Sql(op),
        Piece::Node(pattern.into_comparable()),
        Piece::Sql(" ESCAPE "),
        Piece::Node(escape.into_operand()),
    ]))
}

/// `text LIKE before || part || after`, where nothing in `part` has the meaning that it has in a pattern.
///
/// A value is escaped here, so that an index over the column can be used; anything else by the server.
pub(super) fn like(
    text: Node,
    op: &'static str,
    before: &'static str,
    part: Node,
    after: &'static str,
) -> Node {
    let value = match &part {
        Node::Param(param) => string(param).map(|value| (value, param.ty.clone())),
        _ => None,
    };
    let pattern = match value {
        Some((value, ty)) => {
            let pattern = format!("{before}{}{after}", escaped(&value));
            Node::Param(Param::new(Arc::new(pattern), ty))
        }
        None => Node::Fragment(vec![
            Piece::Sql(match before {
                "" => "",
                _ => "'%' || ",
            }),
            Piece::Sql("regexp_replace("),
            Piece::Node(part),
            Piece::Sql(r", E'([\\\\%_])', E'\\\\\\1', 'g')"),
            Piece::Sql(match after {
                "" => "",
                _ => " || '%'",
            }),
        ]),
    };
    Node::Binary(Box::new((text, pattern)), op)
}

/// The text of a parameter, as it is sent: also of a domain over text.
fn string(param: &Param) -> Option<String> {
    let mut bytes = BytesMut::new();
    match param.value.write_as(&Type::TEXT, &mut bytes) {
        Ok(IsNull::No) => String::from_utf8(bytes.to_vec()).ok(),
        _ => None,
    }
}

/// The text, with `\` before what has a meaning in a pattern.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '\\' | '%' | '_') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}
