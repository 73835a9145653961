//! Full-text search: manual, section 9.13 and chapter 12.
//!
//! What these functions give is combined and matched by [`matches`](crate::query::TextOperators::matches), `and`, `or` and `!`.

use super::conditional::call;
use super::macros::functions;
use crate::query::expr::Expr;
use crate::query::expression::Expression;
use crate::query::node::{Name, Node, Piece};
use crate::query::operand::Operand;
use crate::query::search_operators::WordsSubject;
use crate::types::{Text, TsQuery, TsVector, Value};

pub use crate::types::Weight;

/// A text search configuration: `english`, `simple`, .. (manual, section 12.1.3). Its name is quoted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextSearchConfig {
    schema: Option<Name>,
    name: Name,
}

impl TextSearchConfig {
    /// One that is found through `search_path`: those of PostgreSQL are.
    pub const fn new(name: &'static str) -> Self {
        Self { schema: None, name: Name::Borrowed(name) }
    }

    /// One of a schema.
    pub const fn of_schema(schema: &'static str, name: &'static str) -> Self {
        Self { schema: Some(Name::Borrowed(schema)), name: Name::Borrowed(name) }
    }

    /// One whose name is known only when the program runs.
    pub fn named(name: impl Into<String>) -> Self {
        Self { schema: None, name: Name::Owned(name.into()) }
    }

    /// A constant, and no parameter: an index over `to_tsvector('english', ..)` is used only then.
    fn node(self) -> Node {
        Node::Cast(
            Box::new(Node::Enclosed(vec![Piece::NameConstant(self.schema, self.name)])),
            "regconfig",
        )
    }
}

impl From<&'static str> for TextSearchConfig {
    fn from(name: &'static str) -> Self {
        Self::new(name)
    }
}

/// An expression of type `tsvector`, which can be NULL as `O` can.
type Vector<O, Reads> = Expr<<<O as Operand<Text>>::Value as Value>::Propagate<TsVector>, Reads>;
/// An expression of type `tsquery`.
type Query<O, Reads> = Expr<<<O as Operand<Text>>::Value as Value>::Propagate<TsQuery>, Reads>;

macro_rules! parsed {
    ($($(#[$meta:meta])* $name:ident -> $result:ident;)*) => {$(
        $(#[$meta])*
        pub fn $name<O: Operand<Text>>(
            config: impl Into<TextSearchConfig>,
            text: O,
        ) -> $result<O, (O::Reads, ())> {
            call(stringify!($name), vec![config.into().node(), text.into_operand()])
        }
    )*};
}

parsed! {
    /// `to_tsvector(config, text)`: the words of a text.
    ///
    /// ```
    /// use auth::User;
    /// use orm::func;
    /// use orm::prelude::*;
    /// let words = func::to_tsvector("english", User::name);
    /// let query = User::query()
    ///     .filter(words.matches(func::websearch_to_tsquery("english", "ada -grace")))
    ///     .select(User::id);
    /// assert!(query.to_sql().text.ends_with(
    ///     r#"WHERE to_tsvector(CAST('"english"' AS regconfig), "user"."name") @@ websearch_to_tsquery(CAST('"english"' AS regconfig), $1)"#
    /// ));
    /// ```
    to_tsvector -> Vector;
    /// `to_tsquery(config, text)`: a query written with `&`, `|`, `!` and `<->`; an error where it is not well formed.
    to_tsquery -> Query;
    /// `plainto_tsquery(config, text)`: all words of a plain text.
    plainto_tsquery -> Query;
    /// `phraseto_tsquery(config, text)`: the words of a plain text, one after the other.
    phraseto_tsquery -> Query;
    /// `websearch_to_tsquery(config, text)`: as people write in search engines, with quotes, `or` and `-`. Never an error.
    websearch_to_tsquery -> Query;
}

functions! {
    /// `ts_rank(vector, query)`: how well the words match.
    ts_rank(A vector: TsVector, B query: TsQuery) -> f32;
    /// `ts_rank_cd(vector, query)`: as [`ts_rank`], by how near to each other the words are.
    ts_rank_cd(A vector: TsVector, B query: TsQuery) -> f32;
    /// `numnode(query)`: how many words and operators.
    numnode(A query: TsQuery) -> i32;
}

/// `ts_headline(config, text, query)`: the parts of the text that match, with `<b>` around the words.
pub fn ts_headline<O: Operand<Text>, Q: Operand<TsQuery>>(
    config: impl Into<TextSearchConfig>,
    text: O,
    query: Q,
) -> Expr<
    <O::Value as Value>::Propagate<<Q::Value as Value>::Propagate<String>>,
    (O::Reads, Q::Reads),
> {
    call("ts_headline", vec![config.into().node(), text.into_operand(), query.into_operand()])
}

/// `ts_headline(config, text, query, options)`: the options as text, `StartSel=<<, StopSel=>>`.
pub fn ts_headline_with<O: Operand<Text>, Q: Operand<TsQuery>, P: Operand<Text>>(
    config: impl Into<TextSearchConfig>,
    text: O,
    query: Q,
    options: P,
) -> Expr<
    <O::Value as Value>::Propagate<
        <Q::Value as Value>::Propagate<<P::Value as Value>::Propagate<String>>,
    >,
    (O::Reads, (Q::Reads, P::Reads)),
> {
    call(
        "ts_headline",
        vec![
            config.into().node(),
            text.into_operand(),
            query.into_operand(),
            options.into_operand(),
        ],
    )
}

/// `setweight(vector, weight)`: the words with this weight.
pub fn setweight<E: Expression>(
    vector: E,
    weight: Weight,
) -> Expr<<E::Value as Value>::Propagate<TsVector>, (E::Reads, ())>
where
    E::Subject: WordsSubject,
{
    let weight = match weight {
        Weight::A => "'A'",
        Weight::B => "'B'",
        Weight::C => "'C'",
        Weight::D => "'D'",
    };
    call("setweight", vec![vector.into_node(), Node::Constant(weight)])
}
