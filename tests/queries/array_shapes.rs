//! Arrays with NULL elements, and arrays of several dimensions.

use crate::custom::Mood;
use orm::prelude::*;
use orm::types::NdArray;
use orm::{Insert, func};
use orm_test_support::TestDatabase;

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "poll")]
struct Poll {
    #[column(primary_key)]
    id: i64,
    votes: Vec<Option<i32>>,
    names: Option<Vec<Option<String>>>,
    moods: Vec<Option<Mood>>,
    #[column(data_type = "integer[][]")]
    board: NdArray<i32>,
    cells: Option<NdArray<Option<String>>>,
    voter: Option<i32>,
}

fn poll(id: i64) -> Poll {
    Poll {
        id,
        votes: vec![Some(1), None, Some(3)],
        names: Some(vec![None, Some("a".to_owned())]),
        moods: vec![Some(Mood::Happy), None],
        board: NdArray::from_rows(vec![vec![1, 2, 3], vec![4, 5, 6]]).unwrap(),
        cells: Some(NdArray::with_lengths([1, 2], vec![Some("x".to_owned()), None]).unwrap()),
        voter: (id % 2 == 0).then_some(2),
    }
}

async fn polls() -> (TestDatabase, Db) {
    let database = orm_test_support::database().await;
    database.execute("CREATE TYPE mood AS ENUM ('sad', 'ok', 'very happy')").await;
    database.create(&[Poll::TABLE]).await;
    let db = database.db();
    Insert::values([poll(1), poll(2)]).execute(&db).await.unwrap();
    (database, db)
}

#[tokio::test]
async fn elements_that_are_null_are_read_and_written() {
    let (_database, db) = polls().await;
    assert_eq!(Poll::query().order_by(Poll::id.asc()).all(&db).await.unwrap(), [poll(1), poll(2)]);
    let one = || Poll::query().filter(Poll::id.eq(1));
    let count = async |condition: orm::Condition<Poll>| {
        Poll::query().filter(condition).count(&db).await.unwrap()
    };
    assert_eq!(count(Poll::votes.eq(vec![Some(1), None, Some(3)]).into()).await, 2);
    assert_eq!(count(Poll::votes.contains(vec![1, 3]).into()).await, 2);
    // NULL is no element of another array, as the manual says of `@>`.
    assert_eq!(count(Poll::votes.contains(vec![Some(1), None]).into()).await, 0);
    assert_eq!(count(Poll::votes.overlaps(vec![None, Some(3)]).into()).await, 2);
    assert_eq!(count(Poll::votes.contained_in(vec![1, 3]).into()).await, 0);
    assert_eq!(count(Poll::id.eq_any(vec![Some(1_i64), None]).into()).await, 1);
    assert_eq!(count(Poll::moods.contains(vec![Some(Mood::Happy)]).into()).await, 2);
    let query = one().select((
        Poll::votes.at(2),
        func::array_position(Poll::votes, None::<i32>),
        func::array_positions(Poll::votes, 3),
        func::array_remove(Poll::votes, None::<i32>),
        func::array_replace(Poll::votes, None::<i32>, 0),
        func::array_append(Poll::votes, 4),
        func::array_append(func::value(vec![1]), Poll::voter),
        func::array_prepend(None::<i32>, func::value(vec![1])),
        func::array_to_string_null(Poll::votes, ",", "-"),
        func::array((Poll::voter, Poll::voter)),
        Poll::names.concat(vec!["b".to_owned()]),
    ));
    let texts =
        |all: &[Option<&str>]| all.iter().map(|it| it.map(String::from)).collect::<Vec<_>>();
    assert_eq!(
        query.one(&db).await.unwrap(),
        (
            None,
            Some(2),
            vec![3],
            vec![Some(1), Some(3)],
            vec![Some(1), Some(0), Some(3)],
            vec![Some(1), None, Some(3), Some(4)],
            vec![Some(1), None],
            vec![None, Some(1)],
            "1,-,3".to_owned(),
            vec![None, None],
            Some(texts(&[None, Some("a"), Some("b")])),
        )
    );
    let voters = Poll::query().select(func::array_agg(Poll::voter).order_by(Poll::id.asc()));
    assert_eq!(voters.one(&db).await.unwrap(), Some(vec![None, Some(2)]));
    let voters = Poll::query().order_by(Poll::id.asc()).select(Poll::voter);
    let query = one().select(orm::array_of(voters));
    assert_eq!(query.one(&db).await.unwrap(), [None, Some(2)]);

    #[derive(FromRow, Debug, PartialEq)]
    struct Vote {
        vote: Option<i32>,
    }
    let votes = orm::from(func::unnest(vec![Some(1), None]).rows::<Vote>()).select(Vote::vote);
    assert_eq!(votes.all(&db).await.unwrap(), [Some(1), None]);
}

#[tokio::test]
async fn an_element_that_is_null_is_an_error_that_names_the_column_where_there_is_no_option() {
    let (_database, db) = polls().await;
    let error = db.query::<(Vec<i32>,)>("SELECT votes FROM poll", &[]).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "could not read column \"votes\" (_int4): element number 2 is NULL; declare the field as `Vec<Option<_>>`"
    );
}

#[tokio::test]
async fn an_array_of_several_dimensions_is_read_and_written() {
    let (database, db) = polls().await;
    let query = Poll::query().filter(Poll::id.eq(1)).select((
        Poll::board.at_subscripts([2, 1]),
        Poll::cells.at_subscripts([1, 2]),
        func::array_ndims(Poll::board),
        func::array_dims(Poll::board),
        func::array_length(Poll::board, 2),
        func::array_lower(Poll::board, 1),
        func::array_upper(Poll::board, 2),
        func::cardinality(Poll::board),
        Poll::votes.slice(2, 3),
        func::trim_array(Poll::votes, 2),
        Poll::board.concat(NdArray::from_rows(vec![vec![7, 8, 9]]).unwrap()),
    ));
    assert_eq!(
        query.one(&db).await.unwrap(),
        (
            Some(4),
            None,
            Some(2),
            Some("[1:2][1:3]".to_owned()),
            Some(3),
            Some(1),
            Some(3),
            6,
            vec![None, Some(3)],
            vec![Some(1)],
            NdArray::with_lengths([3, 3], (1..=9).collect()).unwrap(),
        )
    );
    let same =
        Poll::query().filter(Poll::board.eq(poll(1).board)).filter(Poll::board.contains(vec![6]));
    assert_eq!(same.count(&db).await.unwrap(), 2);

    let flat = || db.query::<(Vec<i32>,)>("SELECT board FROM poll", &[]);
    let error = flat().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "could not read column \"board\" (_int4): it is an array of 2 dimensions, and `Vec<_>` one of one; declare the field \
         as `orm::types::NdArray<_>`"
    );
    // Of one dimension the elements are the same, whatever the number of the first.
    database.execute("UPDATE poll SET board = '[5:6]={1,2}'").await;
    assert_eq!(flat().await.unwrap(), [(vec![1, 2],), (vec![1, 2],)]);
    let board = Poll::query().select(Poll::board).first(&db).await.unwrap().unwrap();
    assert_eq!((board.get(&[5]), board.get(&[1])), (Some(&1), None));
}

#[tokio::test]
async fn more_rows_with_arrays_than_a_statement_has_parameters() {
    #[derive(Table, Debug, Clone, PartialEq)]
    #[table(name = "grid")]
    struct Grid {
        #[column(primary_key)]
        id: i64,
        cells: NdArray<i32>,
        holes: Vec<Option<i32>>,
    }
    let database = orm_test_support::database().await;
    database.create(&[Grid::TABLE]).await;
    let db = database.db();
    let holes = |id: i64| vec![None, i32::try_from(id).ok()];
    let row = |id: i64, cells: NdArray<i32>| Grid { id, cells, holes: holes(id) };
    let flat = |id: i64| row(id, vec![1, 2].into());
    assert_eq!(Insert::values((0..30_000).map(flat)).execute(&db).await.unwrap(), 30_000);
    let read = Grid::query().filter(Grid::id.eq(29_999)).one(&db).await.unwrap();
    assert_eq!(read, flat(29_999));
    // The elements of rows are sent as one array: there is no place for their dimensions.
    let square = |id: i64| row(id, NdArray::from_rows(vec![vec![1], vec![2]]).unwrap());
    let error = Insert::values((30_000..60_000).map(square)).execute(&db).await.unwrap_err();
    let text = error.to_string();
    assert!(text.contains("too many rows with an array of several dimensions"), "{text}");
    assert!(text.contains("use `orm::copy_in`"), "{text}");
    assert_eq!(Insert::values((30_000..35_000).map(square)).execute(&db).await.unwrap(), 5_000);
    assert_eq!(orm::copy_in(&db, (35_000..65_000).map(square)).await.unwrap(), 30_000);
    let read = Grid::query().filter(Grid::id.ge(34_999)).order_by(Grid::id.asc()).limit(2);
    assert_eq!(read.all(&db).await.unwrap(), [square(34_999), square(35_000)]);
}
