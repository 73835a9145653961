//! Pages: each row once, in the order of the server, forwards and backwards; cursors of others are refused.

use crate::fixture::people;
use auth::{Session, User};
use orm::prelude::*;
use orm::schema::SortOrder;
use orm::{Cursor, ErrorKind, Page, SortKey, func};
use orm_test_support::TestDatabase;

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "keyset_entry")]
pub(crate) struct Entry {
    #[column(primary_key)]
    id: i64,
    number: Option<i32>,
    word: Option<String>,
    rank: i32,
    share: Option<f64>,
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "keyset_note", primary_key(entry_id, place))]
pub(crate) struct Note {
    entry_id: i64,
    place: i32,
    text: Option<String>,
}

/// Numbers that look random, the same in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % limit
    }

    /// A key, and whether it is descending.
    fn key(&mut self) -> (SortKey<Entry>, bool) {
        fn directed<V, E>(random: &mut Random, key: E) -> (SortKey<Entry>, bool)
        where
            V: orm::types::Value<Sql: orm::types::HasEquality>,
            E: Expression<
                    Value = V,
                    Reads: orm::query::reads::Only<Entry> + orm::query::reads::PerRow,
                >,
        {
            let is_descending = random.below(2) == 0;
            let order = if is_descending { key.desc() } else { key.asc() };
            let order = match random.below(3) {
                0 => order,
                1 => order.nulls_first(),
                _ => order.nulls_last(),
            };
            (order.into(), is_descending)
        }
        match self.below(7) {
            0 => directed(self, Entry::number),
            1 => directed(self, Entry::word),
            2 => directed(self, Entry::rank),
            3 => directed(self, Entry::share),
            4 => directed(self, func::lower(Entry::word)),
            5 => directed(self, Entry::number.is_null()),
            _ => directed(self, Entry::id),
        }
    }
}

async fn entries(random: &mut Random, count: i64) -> (TestDatabase, Db) {
    let database = orm_test_support::database_with_declared_tables().await;
    let db = database.db();
    for id in 0..count {
        let number = [None, Some(1), Some(2), Some(-3)][random.below(4) as usize];
        let word = [None, Some("a"), Some("B"), Some("b"), Some("é\u{1F600}\0"), Some("")]
            [random.below(6) as usize];
        let share = [None, Some(f64::NAN), Some(0.0), Some(-0.0), Some(f64::INFINITY)]
            [random.below(5) as usize];
        Entry::insert()
            .id(id)
            .number(number)
            .word(word.map(|word| word.replace('\0', "")))
            .rank(random.below(3) as i32)
            .share(share)
            .execute(&db)
            .await
            .expect("an entry");
        for place in 0..random.below(3) as i32 {
            let text = (random.below(2) == 0).then_some("same");
            let note = Note::insert().entry_id(id).place(place).text(text);
            note.execute(&db).await.expect("a note");
        }
    }
    (database, db)
}

/// All rows, page by page: first forwards to the end, then backwards from there.
async fn walk<Row>(read: impl AsyncFn(Option<(Cursor, bool)>) -> Page<Row>) -> (Vec<Row>, Vec<Row>)
where
    Row: Clone,
{
    let (mut forwards, mut backwards) = (Vec::new(), Vec::new());
    let mut page = read(None).await;
    assert_eq!(page.previous, None);
    loop {
        forwards.extend(page.rows.iter().cloned());
        let Some(next) = page.next.take() else { break };
        // As it is in a URL.
        page = read(Some((Cursor::from(next.as_str()), true))).await;
        assert!(page.previous.is_some() && !page.rows.is_empty());
    }
    let last = page.rows;
    let mut previous = page.previous;
    backwards.extend(last.into_iter().rev());
    while let Some(cursor) = previous {
        let page = read(Some((cursor, false))).await;
        assert!(page.next.is_some() && !page.rows.is_empty());
        backwards.extend(page.rows.into_iter().rev());
        previous = page.previous;
    }
    backwards.reverse();
    (forwards, backwards)
}

#[tokio::test]
async fn a_walk_sees_each_row_once_in_any_order() {
    let mut random = Random(0x2545_F491_4F6C_DD1D);
    let (_database, db) = entries(&mut random, 40).await;
    for _ in 0..60 {
        let keys: Vec<_> = (0..random.below(4)).map(|_| random.key()).collect();
        let is_descending = keys.last().is_some_and(|(_, is_descending)| *is_descending);
        let keys: Vec<_> = keys.into_iter().map(|(key, _)| key).collect();
        let size = 1 + random.below(12);
        let query = Entry::query().order_by(keys);
        let read = async |place: Option<(Cursor, bool)>| {
            let page = query.clone().page(size);
            let page = match place {
                None => page,
                Some((cursor, true)) => page.after(cursor),
                Some((cursor, false)) => page.before(cursor),
            };
            page.fetch(&db).await.unwrap_or_else(|error| panic!("{error:#}"))
        };
        let (forwards, backwards) = walk(read).await;
        let key = |rows: &[Entry]| rows.iter().map(|row| row.id).collect::<Vec<_>>();
        // What the server itself makes of the order.
        let id = if is_descending { Entry::id.desc() } else { Entry::id.asc() };
        let expected = key(&query.clone().order_by(id).all(&db).await.unwrap());
        assert_eq!(expected.len(), 40);
        assert_eq!(key(&forwards), expected, "{:?}", query.to_sql());
        assert_eq!(key(&backwards), expected, "{:?}", query.to_sql());
    }
}

#[tokio::test]
async fn a_walk_over_a_left_join_sees_each_row_once() {
    let mut random = Random(77);
    let (_database, db) = entries(&mut random, 25).await;
    let query = Entry::query()
        .left_join(Note, Note::entry_id.eq(Entry::id))
        .order_by((Note::text.desc(), Entry::rank.asc()))
        .select((Entry::id, Note::place));
    let read = async |place: Option<(Cursor, bool)>| {
        let page = query.clone().page(4);
        let page = match place {
            None => page,
            Some((cursor, true)) => page.after(cursor),
            Some((cursor, false)) => page.before(cursor),
        };
        page.fetch(&db).await.unwrap_or_else(|error| panic!("{error:#}"))
    };
    let (forwards, backwards) = walk(read).await;
    let again = query.clone().order_by((Entry::id.asc(), Note::entry_id.asc(), Note::place.asc()));
    assert_eq!(forwards, again.all(&db).await.unwrap());
    assert_eq!(backwards, forwards);
}

#[tokio::test]
async fn groups_and_distinct_rows_are_walked_too() {
    let mut random = Random(99);
    let (_database, db) = entries(&mut random, 40).await;
    let groups = Entry::query()
        .group_by(Entry::number)
        .order_by(func::count_star().desc())
        .select((Entry::number, func::count_star()));
    let words =
        Entry::query().distinct().order_by(Entry::rank.desc()).select((Entry::rank, Entry::word));
    let mut seen = Vec::new();
    let mut page = groups.clone().page(1).fetch(&db).await.unwrap();
    loop {
        seen.append(&mut page.rows);
        let Some(next) = page.next else { break };
        page = groups.clone().page(1).after(next).fetch(&db).await.unwrap();
    }
    assert_eq!(seen, groups.order_by(Entry::number.desc()).all(&db).await.unwrap());
    let mut seen = Vec::new();
    let mut page = words.clone().page(3).fetch(&db).await.unwrap();
    loop {
        seen.append(&mut page.rows);
        let Some(next) = page.next else { break };
        page = words.clone().page(3).after(next).fetch(&db).await.unwrap();
    }
    assert_eq!(seen, words.order_by(Entry::word.desc()).all(&db).await.unwrap());
}

#[tokio::test]
async fn the_condition_is_one_that_an_index_serves() {
    let (_database, db) = people().await;
    let first = async |query: &orm::Query<_, _, _>| -> Page<String> {
        query.clone().page(1).fetch(&db).await.unwrap()
    };
    let same = User::query().order_by((User::name.desc(), User::id.desc())).select(User::id);
    let page = first(&same).await;
    assert_eq!(page.rows, ["grace"]);
    let sql = same.clone().page(20).after(page.next.as_ref()).to_sql().unwrap();
    assert_eq!(
        sql,
        concat!(
            r#"SELECT "user"."id", "user"."name", "user"."id" FROM "user" "#,
            r#"WHERE ROW("user"."name", "user"."id") < ROW($1, $2) "#,
            r#"ORDER BY "user"."name" DESC, "user"."id" DESC LIMIT $3"#
        )
    );
    // The primary key is added, in the direction of the last key.
    let mixed = User::query().order_by((User::name.desc(), User::image.asc())).select(User::id);
    let page = first(&mixed).await;
    let sql = mixed.clone().page(20).after(page.next).to_sql().unwrap();
    assert_eq!(
        sql,
        concat!(
            r#"SELECT "user"."id", "user"."name", "user"."image", "user"."id" FROM "user" "#,
            r#"WHERE "user"."name" <= $1 AND ("user"."name" < $1 OR ("user"."image" IS NULL AND "user"."id" > $2)) "#,
            r#"ORDER BY "user"."name" DESC, "user"."image", "user"."id" LIMIT $3"#
        )
    );
    // A unique column that is not NULL needs no other; backwards the order is turned around.
    let unique = User::query().order_by(User::email.asc()).select(User::id);
    let page = first(&unique).await;
    let sql = unique.clone().page(20).before(page.next).to_sql().unwrap();
    assert_eq!(
        sql,
        concat!(
            r#"SELECT "user"."id", "user"."email" FROM "user" WHERE "user"."email" < $1 "#,
            r#"ORDER BY "user"."email" DESC LIMIT $2"#
        )
    );
}

#[tokio::test]
async fn whole_rows_with_relations_come_in_pages() {
    let (_database, db) = people().await;
    let query = User::query().with(User::sessions).order_by(User::name.asc());
    let page = query.clone().page(2).fetch(&db).await.unwrap();
    let names: Vec<_> = page.rows.iter().map(|user| (&*user.id, user.sessions.len())).collect();
    assert_eq!(names, [("ada", 2), ("alan", 0)]);
    let page = query.clone().page(2).after(page.next.as_ref()).fetch(&db).await.unwrap();
    assert_eq!((page.rows.len(), page.next), (1, None));
    assert_eq!(page.rows[0].id, "grace");
}

#[tokio::test]
async fn a_page_that_has_become_empty_leads_back() {
    let (_database, db) = people().await;
    let query = User::query().order_by(User::id.asc()).select(User::id);
    let page = query.clone().page(2).fetch(&db).await.unwrap();
    User::delete().filter(User::id.eq("grace")).execute(&db).await.unwrap();
    let page = query.clone().page(2).after(page.next).fetch(&db).await.unwrap();
    assert_eq!((page.rows.len(), &page.next), (0, &None));
    let page = query.clone().page(2).before(page.previous).fetch(&db).await.unwrap();
    assert_eq!((page.rows, page.previous), (vec!["ada".to_owned(), "alan".to_owned()], None));
}

#[tokio::test]
async fn a_cursor_of_another_order_is_refused() {
    let (_database, db) = people().await;
    let by = |order| User::query().order_by(order).select(User::id);
    let page = by(User::image.asc()).page(1).fetch(&db).await.unwrap();
    let cursor = page.next.unwrap();
    by(User::image.asc())
        .filter(User::name.ne("x"))
        .page(2)
        .after(&cursor)
        .fetch(&db)
        .await
        .unwrap();
    for other in [User::image.desc(), User::image.asc().nulls_first()] {
        let error = by(other).page(1).after(&cursor).fetch(&db).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Cursor);
        assert_eq!(error.to_string(), "the cursor belongs to a query with another order");
    }
    let sessions = Session::query().order_by(Session::id.asc()).page(1).after(&cursor);
    assert_eq!(sessions.fetch(&db).await.unwrap_err().kind(), ErrorKind::Cursor);
    for text in ["", "x", "AAAA", "'; DROP TABLE \"user\"; --", "é", &cursor.as_str()[1..]] {
        let error = by(User::image.asc()).page(1).after(text).fetch(&db).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Cursor, "{text}");
    }
    // One that is signed is taken by those who have the key.
    let signed =
        by(User::image.asc()).page(1).signed_with(b"sixteen bytes it").fetch(&db).await.unwrap();
    let next = signed.next.unwrap();
    let other = by(User::image.asc()).page(1).after(&next).fetch(&db).await.unwrap_err();
    assert_eq!(other.kind(), ErrorKind::Cursor);
    let same = by(User::image.asc()).page(1).signed_with(b"sixteen bytes it").after(&next);
    assert_eq!(same.fetch(&db).await.unwrap().rows.len(), 1);
}

#[tokio::test]
async fn what_cannot_be_read_in_pages_is_refused() {
    let (_database, db) = people().await;
    let limited = User::query().limit(5).page(1).fetch(&db).await.unwrap_err();
    assert_eq!(limited.to_string(), "a query with a limit or an offset cannot be read in pages");
    let unordered = User::query().page(1).without_tie_break().fetch(&db).await.unwrap_err();
    assert_eq!(unordered.to_string(), "a query without an order cannot be read in pages");
    let on = User::query().distinct_on(User::name).order_by(User::name.asc()).page(1);
    assert_eq!(on.fetch(&db).await.unwrap_err().kind(), ErrorKind::Query);
    let window = func::row_number().over(func::window().order_by(User::id.asc()));
    let numbered = User::query().order_by(window.clone().asc()).select(User::id).page(1);
    let error = numbered.fetch(&db).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "a query that is sorted by a window call cannot be read in pages"
    );
    let numbered = User::query().order_by(func::coalesce((window, 0_i64)).asc()).page(1);
    assert_eq!(numbered.fetch(&db).await.unwrap_err().kind(), ErrorKind::Query);
    let none = User::query().page(0).fetch(&db).await.unwrap_err();
    assert_eq!(none.to_string(), "a page has at least one row");
}

#[tokio::test]
async fn a_column_is_chosen_by_its_name_at_run_time() {
    let (_database, db) = people().await;
    let names = async |key: &str| {
        let key = SortKey::<User>::by_name(key, SortOrder::Descending).map(SortKey::nulls_last);
        let query = User::query().order_by(key).select(User::id);
        let first = query.clone().page(2).fetch(&db).await.unwrap();
        let second = query.page(2).after(first.next).fetch(&db).await.unwrap();
        [first.rows, second.rows].concat()
    };
    assert_eq!(names("name").await, ["grace", "alan", "ada"]);
    assert_eq!(names("image").await, ["grace", "alan", "ada"]);
    // No such column: only the primary key is left.
    assert_eq!(names("\"user\".name").await, ["ada", "alan", "grace"]);
    assert!(SortKey::<User>::by_name("name", SortOrder::Ascending).is_some());
}
