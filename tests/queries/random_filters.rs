//! A random condition selects the rows that the same condition selects in Rust, with three-valued logic (manual, section 9.1).

use orm::prelude::*;
use orm::{Condition, all, any};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "sample")]
struct Sample {
    #[column(primary_key)]
    id: i64,
    number: i32,
    maybe_number: Option<i32>,
    text: String,
    maybe_text: Option<String>,
    flag: bool,
    maybe_flag: Option<bool>,
}

/// One of the two columns of numbers, or of texts.
#[derive(Debug, Clone, Copy)]
enum Of {
    Plain,
    Nullable,
}

#[derive(Debug, Clone, Copy)]
enum Compare {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

/// A condition, as data.
#[derive(Debug, Clone)]
enum Tree {
    Number(Of, Compare, i32),
    Numbers(Compare),
    Text(Of, Compare, String),
    IsNull(Of, bool),
    Between(Of, i32, i32, bool),
    In(Of, Vec<i32>, bool),
    TextIn(Of, Vec<String>),
    Like(Of, &'static str, bool),
    Starts(Of, String),
    Contains(Of, String),
    Distinct(Option<i32>, bool),
    DistinctColumns(bool),
    Flag(Of),
    Sum(Compare, i32),
    Not(Box<Tree>),
    And(Box<Tree>, Box<Tree>),
    Or(Box<Tree>, Box<Tree>),
    All(Vec<Tree>),
    Any(Vec<Tree>),
}

/// `op` of a column with a value or another column.
macro_rules! compared {
    ($op:expr, $left:expr, $right:expr) => {
        match $op {
            Compare::Eq => $left.eq($right).condition(),
            Compare::Ne => $left.ne($right).condition(),
            Compare::Lt => $left.lt($right).condition(),
            Compare::Le => $left.le($right).condition(),
            Compare::Gt => $left.gt($right).condition(),
            Compare::Ge => $left.ge($right).condition(),
        }
    };
}

/// An expression with the column that is meant.
macro_rules! of {
    ($of:expr, $plain:ident, $nullable:ident, $column:ident => $condition:expr) => {
        match $of {
            Of::Plain => {
                let $column = Sample::$plain;
                $condition
            }
            Of::Nullable => {
                let $column = Sample::$nullable;
                $condition
            }
        }
    };
}

impl Tree {
    fn sql(&self) -> Condition<Sample> {
        match self {
            Self::Number(of, op, value) => {
                of!(of, number, maybe_number, column => compared!(op, column, *value))
            }
            Self::Numbers(op) => compared!(op, Sample::number, Sample::maybe_number),
            Self::Text(of, op, value) => {
                of!(of, text, maybe_text, column => compared!(op, column, value.as_str()))
            }
            Self::IsNull(of, is) => of!(of, number, maybe_number, column => match is {
                true => column.is_null().condition(),
                false => column.is_not_null().condition(),
            }),
            Self::Between(of, low, high, is) => of!(of, number, maybe_number, column => match is {
                true => column.between(*low, *high).condition(),
                false => column.not_between(*low, *high).condition(),
            }),
            Self::In(of, list, is) => of!(of, number, maybe_number, column => match is {
                true => column.is_in(list).condition(),
                false => column.is_not_in(list).condition(),
            }),
            Self::TextIn(of, list) => {
                of!(of, text, maybe_text, column => column.is_in(list).condition())
            }
            Self::Like(of, pattern, is) => of!(of, text, maybe_text, column => match is {
                true => column.like(*pattern).condition(),
                false => column.not_like(*pattern).condition(),
            }),
            Self::Starts(of, text) => {
                of!(of, text, maybe_text, column => column.starts_with(text).condition())
            }
            Self::Contains(of, text) => {
                of!(of, text, maybe_text, column => column.contains(text).condition())
            }
            Self::Distinct(value, is) => match is {
                true => Sample::maybe_number.is_distinct_from(*value).condition(),
                false => Sample::maybe_number.is_not_distinct_from(*value).condition(),
            },
            Self::DistinctColumns(is) => match is {
                true => Sample::maybe_number.is_distinct_from(Sample::number).condition(),
                false => Sample::number.is_not_distinct_from(Sample::maybe_number).condition(),
            },
            Self::Flag(of) => of!(of, flag, maybe_flag, column => column.condition()),
            Self::Sum(op, value) => {
                compared!(op, Sample::number * 2 + Sample::maybe_number, *value)
            }
            Self::Not(tree) => !tree.sql(),
            Self::And(one, other) => one.sql().and(other.sql()).condition(),
            Self::Or(one, other) => one.sql().or(other.sql()).condition(),
            Self::All(trees) => all(trees.iter().map(Self::sql)).condition(),
            Self::Any(trees) => any(trees.iter().map(Self::sql)).condition(),
        }
    }

    /// What the condition is for a row: `None` is NULL.
    fn rust(&self, row: &Sample) -> Option<bool> {
        let number = |of: &Of| match of {
            Of::Plain => Some(row.number),
            Of::Nullable => row.maybe_number,
        };
        let text = |of: &Of| match of {
            Of::Plain => Some(row.text.as_str()),
            Of::Nullable => row.maybe_text.as_deref(),
        };
        match self {
            Self::Number(of, op, value) => Some(op.holds(&number(of)?, value)),
            Self::Numbers(op) => Some(op.holds(&row.number, &row.maybe_number?)),
            Self::Text(of, op, value) => Some(op.holds(&text(of)?, &value.as_str())),
            Self::IsNull(of, is) => Some(number(of).is_none() == *is),
            Self::Between(of, low, high, is) => Some((*low..=*high).contains(&number(of)?) == *is),
            // Of an empty list nothing is asked, not even of NULL.
            Self::In(_, list, is) if list.is_empty() => Some(!is),
            Self::In(of, list, is) => Some(list.contains(&number(of)?) == *is),
            Self::TextIn(_, list) if list.is_empty() => Some(false),
            Self::TextIn(of, list) => {
                let text = text(of)?;
                Some(list.iter().any(|listed| listed == text))
            }
            Self::Like(of, pattern, is) => Some(like(text(of)?, pattern) == *is),
            Self::Starts(of, start) => Some(text(of)?.starts_with(start)),
            Self::Contains(of, part) => Some(text(of)?.contains(part)),
            Self::Distinct(value, is) => Some((row.maybe_number != *value) == *is),
            Self::DistinctColumns(is) => Some((row.maybe_number != Some(row.number)) == *is),
            Self::Flag(Of::Plain) => Some(row.flag),
            Self::Flag(Of::Nullable) => row.maybe_flag,
            Self::Sum(op, value) => Some(op.holds(&(row.number * 2 + row.maybe_number?), value)),
            Self::Not(tree) => tree.rust(row).map(|holds| !holds),
            Self::And(one, other) => and([one.rust(row), other.rust(row)]),
            Self::Or(one, other) => or([one.rust(row), other.rust(row)]),
            Self::All(trees) => and(trees.iter().map(|tree| tree.rust(row))),
            Self::Any(trees) => or(trees.iter().map(|tree| tree.rust(row))),
        }
    }
}

impl Compare {
    fn holds<T: Ord>(self, left: &T, right: &T) -> bool {
        match self {
            Self::Eq => left == right,
            Self::Ne => left != right,
            Self::Lt => left < right,
            Self::Le => left <= right,
            Self::Gt => left > right,
            Self::Ge => left >= right,
        }
    }
}

fn and(all: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    let mut result = Some(true);
    for one in all {
        match one {
            Some(false) => return Some(false),
            Some(true) => {}
            None => result = None,
        }
    }
    result
}

fn or(any: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    and(any.into_iter().map(|one| one.map(|holds| !holds))).map(|holds| !holds)
}

/// The patterns of the test: `%` at an end, `_`.
fn like(text: &str, pattern: &str) -> bool {
    match pattern {
        "a%" => text.starts_with('a'),
        "%b" => text.ends_with('b'),
        "_" => text.chars().count() == 1,
        r"%\%%" => text.contains('%'),
        other => unreachable!("{other}"),
    }
}

const TEXTS: [&str; 8] = ["", "a", "b", "ab", "a%", "a_b", r"\", "ba"];

fn text() -> impl Strategy<Value = String> {
    prop::sample::select(TEXTS.to_vec()).prop_map(str::to_owned)
}

fn tree() -> impl Strategy<Value = Tree> {
    let of = || prop_oneof![Just(Of::Plain), Just(Of::Nullable)];
    let op = || {
        prop::sample::select(vec![
            Compare::Eq,
            Compare::Ne,
            Compare::Lt,
            Compare::Le,
            Compare::Gt,
            Compare::Ge,
        ])
    };
    let number = || -2..3_i32;
    let leaf = prop_oneof![
        (of(), op(), number()).prop_map(|(of, op, value)| Tree::Number(of, op, value)),
        op().prop_map(Tree::Numbers),
        (of(), op(), text()).prop_map(|(of, op, value)| Tree::Text(of, op, value)),
        (of(), any_bool()).prop_map(|(of, is)| Tree::IsNull(of, is)),
        (of(), number(), number(), any_bool())
            .prop_map(|(of, low, high, is)| Tree::Between(of, low, high, is)),
        (of(), prop::collection::vec(number(), 0..3), any_bool())
            .prop_map(|(of, list, is)| Tree::In(of, list, is)),
        (of(), prop::collection::vec(text(), 0..3)).prop_map(|(of, list)| Tree::TextIn(of, list)),
        (of(), prop::sample::select(vec!["a%", "%b", "_", r"%\%%"]), any_bool())
            .prop_map(|(of, pattern, is)| Tree::Like(of, pattern, is)),
        (of(), text()).prop_map(|(of, text)| Tree::Starts(of, text)),
        (of(), text()).prop_map(|(of, text)| Tree::Contains(of, text)),
        (prop::option::of(number()), any_bool()).prop_map(|(value, is)| Tree::Distinct(value, is)),
        any_bool().prop_map(Tree::DistinctColumns),
        of().prop_map(Tree::Flag),
        (op(), number()).prop_map(|(op, value)| Tree::Sum(op, value)),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        let pair = (inner.clone(), inner.clone());
        prop_oneof![
            inner.clone().prop_map(|tree| Tree::Not(Box::new(tree))),
            pair.clone().prop_map(|(one, other)| Tree::And(Box::new(one), Box::new(other))),
            pair.prop_map(|(one, other)| Tree::Or(Box::new(one), Box::new(other))),
            prop::collection::vec(inner.clone(), 0..3).prop_map(Tree::All),
            prop::collection::vec(inner, 0..3).prop_map(Tree::Any),
        ]
    })
}

fn any_bool() -> impl Strategy<Value = bool> {
    prop::bool::ANY
}

/// Rows in which each column has each of its values, in many combinations.
fn samples() -> Vec<Sample> {
    let numbers = [None, Some(-1), Some(0), Some(1), Some(2)];
    let flags = [None, Some(false), Some(true)];
    (0..40_usize)
        .map(|at| Sample {
            id: i64::try_from(at).expect("a small number"),
            number: i32::try_from(at % 5).expect("a small number") - 2,
            maybe_number: numbers[(at / 2) % numbers.len()],
            text: TEXTS[at % TEXTS.len()].to_owned(),
            maybe_text: (at % 9 > 0).then(|| TEXTS[(at / 3) % TEXTS.len()].to_owned()),
            flag: at % 2 == 0,
            maybe_flag: flags[(at / 4) % flags.len()],
        })
        .collect()
}

#[test]
fn a_random_filter_selects_what_it_selects_in_rust() {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let (_database, db) = runtime.block_on(async {
        let database = orm_test_support::database().await;
        database.create(&[Sample::TABLE]).await;
        // Texts are compared by their bytes, as Rust does.
        database
            .execute("ALTER TABLE sample ALTER text TYPE text COLLATE \"C\", ALTER maybe_text TYPE text COLLATE \"C\"")
            .await;
        let db = database.db();
        for row in samples() {
            Sample::insert()
                .id(row.id)
                .number(row.number)
                .maybe_number(row.maybe_number)
                .text(row.text)
                .maybe_text(row.maybe_text)
                .flag(row.flag)
                .maybe_flag(row.maybe_flag)
                .execute(&db)
                .await
                .expect("a row");
        }
        (database, db)
    });
    let rows = samples();
    let mut runner =
        TestRunner::new(Config { cases: 500, failure_persistence: None, ..Config::default() });
    let result = runner.run(&tree(), |tree| {
        let expected: Vec<i64> =
            rows.iter().filter(|row| tree.rust(row) == Some(true)).map(|row| row.id).collect();
        let query = Sample::query()
            .filter(tree.sql())
            .order_by(Sample::id.asc())
            .select((Sample::id, tree.sql()));
        let sql = query.to_sql();
        let selected = runtime
            .block_on(query.all(&db))
            .map_err(|error| TestCaseError::fail(format!("{error:#}")))?;
        let ids: Vec<i64> = selected.iter().map(|(id, _)| *id).collect();
        prop_assert_eq!(ids, expected, "{}", sql.text);
        // Where it is selected, it has the same value for each row: true, false and NULL.
        let all = Sample::query().order_by(Sample::id.asc()).select(tree.sql());
        let values = runtime
            .block_on(all.all(&db))
            .map_err(|error| TestCaseError::fail(format!("{error:#}")))?;
        let expected: Vec<Option<bool>> = rows.iter().map(|row| tree.rust(row)).collect();
        prop_assert_eq!(values, expected, "{}", sql.text);
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}

/// What random filters have found.
#[test]
fn a_list_of_one_condition_is_set_apart_where_that_condition_is_a_list() {
    let either = any([Sample::number.eq(1).or(Sample::number.eq(2))]);
    let query = Sample::query().filter(either.and(Sample::flag)).select(Sample::id);
    assert_eq!(
        query.to_sql(),
        r#"SELECT "sample"."id" FROM "sample" WHERE ("sample"."number" = $1 OR "sample"."number" = $2) AND "sample"."flag""#
    );
}
