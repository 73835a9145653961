//! Types without the functions of the binary format travel as texts, by every road but `COPY` into them.

use futures_util::TryStreamExt as _;
use orm::prelude::*;
use orm::types::{BytesMut, CustomType, Failure, Own, Type};
use orm::{ErrorKind, Insert, Update, func};
use orm_test_support::TestDatabase;

/// An interval of the extension seg: the text of one.
#[derive(Debug, Clone, PartialEq)]
struct Segment {
    low: f64,
    high: f64,
}

impl CustomType for Segment {
    type Sql = Own<Self>;
    type Element = Own<Self>;
    const DATA_TYPE: &'static str = "seg";
    const TRAVELS_AS_TEXT: bool = true;

    fn read(_: &Type, raw: &[u8]) -> Result<Self, Failure> {
        let text = std::str::from_utf8(raw)?;
        let (low, high) = text.split_once(" .. ").unwrap_or((text, text));
        Ok(Self { low: low.parse()?, high: high.parse()? })
    }

    fn write(&self, _: &Type, out: &mut BytesMut) -> Result<(), Failure> {
        out.extend_from_slice(format!("{} .. {}", self.low, self.high).as_bytes());
        Ok(())
    }
}

/// A domain over a type that travels as text.
#[derive(Domain, Debug, Clone, PartialEq)]
#[domain(name = "journal", data_type = "issn", check("is_known", "VALUE <> '0000-0000'"))]
struct Journal(String);

#[derive(Domain, Debug, Clone, PartialEq)]
#[domain(name = "span", data_type = "seg")]
struct Span(Segment);

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "issue")]
struct Issue {
    #[column(primary_key)]
    id: i32,
    journal: Journal,
    earlier: Vec<Journal>,
    span: Option<Span>,
    spans: Vec<Span>,
    #[column(data_type = "journal")]
    by_name: String,
}

orm::custom_type!(Segment);

fn seg(low: f64, high: f64) -> Segment {
    Segment { low, high }
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "shelf", has_many(books: Book))]
struct Shelf {
    #[column(primary_key)]
    id: i32,
    range: Segment,
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "book", has_many(copies: Book))]
struct Book {
    #[column(primary_key, data_type = "isbn13")]
    isbn: String,
    #[column(data_type = "public.isbn")]
    old: Option<String>,
    pages: Segment,
    chapters: Vec<Segment>,
    notes: Option<Vec<Option<Segment>>>,
    #[column(data_type = "seg[]")]
    names: Vec<String>,
    #[column(data_type = "aclitem")]
    right: Option<String>,
    #[column(data_type = "feeling")]
    feeling: String,
    #[column(references = Shelf::id)]
    shelf_id: i32,
    #[column(references = Book::isbn, data_type = "isbn13")]
    first: Option<String>,
}

#[derive(FromRow, Debug, PartialEq)]
#[from_row(from = Book)]
struct Spine {
    isbn: String,
    pages: Segment,
}

const ONE: &str = "978-0-306-40615-7";
const TWO: &str = "978-3-16-148410-0";

fn book(isbn: &str) -> Book {
    Book {
        isbn: isbn.to_owned(),
        old: (isbn == ONE).then(|| "0-306-40615-2".to_owned()),
        pages: seg(1.0, 90.0),
        chapters: vec![seg(1.0, 9.0), seg(10.0, 90.0)],
        notes: (isbn == ONE).then(|| vec![None, Some(seg(3.0, 4.0))]),
        names: vec!["1".to_owned(), "5 .. 6".to_owned()],
        right: None,
        feeling: "very \"odd\", \\ {}".to_owned(),
        shelf_id: 1,
        first: (isbn == TWO).then(|| ONE.to_owned()),
    }
}

async fn books() -> (TestDatabase, Db) {
    let database = orm_test_support::database().await;
    database
        .execute(
            "CREATE EXTENSION seg; CREATE EXTENSION isn; \
             CREATE TYPE feeling AS ENUM ('ok', 'very \"odd\", \\ {}')",
        )
        .await;
    database.create(&[Shelf::TABLE, Book::TABLE]).await;
    let db = database.db();
    Shelf::insert().id(1).range(seg(0.0, 5.5)).execute(&db).await.unwrap();
    (database, db)
}

fn built(row: Book) -> impl orm::query::Insertable<Table = Book> {
    let one = Book::insert().isbn(row.isbn).old(row.old).pages(row.pages).chapters(row.chapters);
    let two = one.notes(row.notes).names(row.names).right(row.right).feeling(row.feeling);
    two.shelf_id(row.shelf_id).first(row.first)
}

async fn emptied(db: &Db) {
    Book::delete().all_rows().execute(db).await.unwrap();
}

#[tokio::test]
async fn rows_come_back_by_every_road() {
    let (_database, db) = books().await;
    Insert::values([book(ONE)]).execute(&db).await.unwrap();
    assert_eq!(Book::query().one(&db).await.unwrap(), book(ONE));
    emptied(&db).await;
    // `VALUES`, an array for each column, the elements of arrays.
    let made = Insert::values([built(book(ONE)), built(book(TWO))]).returning_all();
    assert_eq!(made.all(&db).await.unwrap(), [book(ONE), book(TWO)]);
    emptied(&db).await;
    let shelves = (10..13).map(|id| Shelf { id, range: seg(1.0, f64::from(id)) });
    let made = Insert::values(shelves.clone()).returning_all().all(&db).await.unwrap();
    assert_eq!(made, shelves.collect::<Vec<_>>());
    let changed = made.into_iter().map(|row| Shelf { range: seg(0.0, 1.0), ..row });
    assert_eq!(Update::rows(changed).execute(&db).await.unwrap(), 3);
    assert_eq!(Shelf::query().filter(Shelf::range.eq(seg(0.0, 1.0))).count(&db).await.unwrap(), 3);
    let many = Insert::values((0..7000).map(|_| book(ONE))).on_conflict_do_nothing();
    assert_eq!(many.execute(&db).await.unwrap(), 1);
    assert_eq!(Book::query().one(&db).await.unwrap(), book(ONE));
    assert_eq!(Update::rows([book(ONE), book(TWO)]).execute(&db).await.unwrap(), 1);
    assert_eq!(Update::row(book(ONE)).returning_all().one(&db).await.unwrap(), book(ONE));
    let user: (String,) = db.query_one("SELECT current_user::text", &[]).await.unwrap();
    let right = format!("=r/{}", user.0);
    let update = Book::update().set(Book::right.set(right.as_str())).filter(Book::right.is_null());
    assert_eq!(update.returning(Book::right).one(&db).await.unwrap(), Some(right.clone()));
    assert_eq!(Book::query().filter(Book::right.eq(right)).count(&db).await.unwrap(), 1);
    Book::update().set(Book::right.set_default()).all_rows().execute(&db).await.unwrap();
    let copied: Vec<Book> = orm::copy_out(&db).await.unwrap().try_collect().await.unwrap();
    assert_eq!(copied, [book(ONE)]);
}

#[tokio::test]
async fn what_is_selected_is_read_and_what_is_compared_is_of_its_type() {
    let (_database, db) = books().await;
    Insert::values([book(ONE), book(TWO)]).execute(&db).await.unwrap();
    let query =
        Book::query().filter(Book::isbn.eq(ONE)).select((Book::isbn, Book::pages, Book::notes));
    assert_eq!(
        query.to_sql(),
        concat!(
            r#"SELECT CAST("book"."isbn" AS text), CAST("book"."pages" AS text), CAST("book"."notes" AS text[]) "#,
            r#"FROM "book" WHERE "book"."isbn" = $1"#
        )
    );
    let notes = Some(vec![None, Some(seg(3.0, 4.0))]);
    assert_eq!(query.all(&db).await.unwrap(), [(ONE.to_owned(), seg(1.0, 90.0), notes)]);
    // An ISBN without its hyphens, as the type reads it; a text would not be equal.
    let by = |condition: orm::Condition<Book>| Book::query().filter(condition).count(&db);
    assert_eq!(by(Book::isbn.eq("9780306406157").condition()).await.unwrap(), 1);
    assert_eq!(by(Book::isbn.is_in(["9780306406157", TWO]).condition()).await.unwrap(), 2);
    assert_eq!(by(Book::isbn.is_not_in(["9780306406157"]).condition()).await.unwrap(), 1);
    assert_eq!(by(Book::isbn.gt("9780306406157").condition()).await.unwrap(), 1);
    assert_eq!(by(Book::old.is_not_distinct_from(None::<String>).condition()).await.unwrap(), 1);
    assert_eq!(by(Book::pages.eq(seg(1.0, 90.0)).condition()).await.unwrap(), 2);
    assert_eq!(by(Book::pages.is_in([seg(1.0, 90.0)]).condition()).await.unwrap(), 2);
    assert_eq!(by(Book::chapters.contains(vec![seg(10.0, 90.0)]).condition()).await.unwrap(), 2);
    assert_eq!(
        by(Book::names.eq(vec!["1".to_owned(), "5..6".to_owned()]).condition()).await.unwrap(),
        2
    );
    assert_eq!(by(Book::feeling.lt("very \"odd\", \\ {}").condition()).await.unwrap(), 0);
    assert_eq!(by(func::value(ONE).eq(Book::isbn).condition()).await.unwrap(), 1);
    assert_eq!(Book::query().find("9780306406157").count(&db).await.unwrap(), 1);
    assert_eq!(Book::query().find_many(["9780306406157", TWO]).count(&db).await.unwrap(), 2);
    let spines = Book::query().select_as::<Spine>();
    assert_eq!(
        spines.all(&db).await.unwrap()[0],
        Spine { isbn: ONE.to_owned(), pages: seg(1.0, 90.0) }
    );
    // Values of the type within, texts outside.
    let inner = || Book::query().select_as::<Spine>();
    let query = orm::from(inner())
        .filter(Spine::pages.eq(seg(1.0, 90.0)).and(Spine::isbn.eq("9780306406157")));
    assert_eq!(query.clone().one(&db).await.unwrap().isbn, ONE);
    assert_eq!(query.select(Spine::isbn).one(&db).await.unwrap(), ONE);
    let cte = inner().cte();
    assert_eq!(
        orm::from(&cte).select((Spine::isbn, Spine::pages)).all(&db).await.unwrap().len(),
        2
    );
    assert_eq!(
        Book::query()
            .select(func::coalesce((Book::pages, seg(0.0, 1.0))))
            .all(&db)
            .await
            .unwrap()
            .len(),
        2
    );
}

#[tokio::test]
async fn related_rows_changes_and_pages_have_them_too() {
    let (_database, db) = books().await;
    Insert::values([book(ONE), book(TWO)]).execute(&db).await.unwrap();
    let shelf = Shelf::query().with(Shelf::books.with(Book::copies)).one(&db).await.unwrap();
    assert_eq!(shelf.range, seg(0.0, 5.5));
    assert_eq!(*shelf.books[0], book(ONE));
    assert_eq!(shelf.books[0].copies, [book(TWO)]);
    let update = Book::update()
        .set((
            Book::pages.set(seg(2.0, 3.0)),
            Book::old.set("0306406152"),
            Book::chapters.set(vec![]),
        ))
        .filter(Book::isbn.eq(TWO))
        .returning((Book::isbn, Book::pages, Book::old));
    let expected = (TWO.to_owned(), seg(2.0, 3.0), Some("0-306-40615-2".to_owned()));
    assert_eq!(update.one(&db).await.unwrap(), expected);
    let upsert = Insert::values([book(ONE)])
        .on_conflict(Book::isbn)
        .do_update((Book::pages.set_excluded(), Book::feeling.set("ok")));
    assert_eq!(upsert.returning_all().one(&db).await.unwrap().feeling, "ok");
    // Equal rows and their order are those of the type.
    let distinct = Book::query().order_by(Book::isbn.desc()).distinct().select(Book::isbn);
    assert_eq!(distinct.all(&db).await.unwrap(), [TWO, ONE]);
    let both = Book::query()
        .select((Book::isbn, Book::pages))
        .union(Book::query().select((Book::isbn, Book::pages)));
    let both = both.order_by(orm::position(1).desc());
    assert_eq!(both.all(&db).await.unwrap()[0], (TWO.to_owned(), seg(2.0, 3.0)));
    let pages = Book::query().order_by(Book::pages.asc()).page(1);
    let first = pages.clone().fetch(&db).await.unwrap();
    let second = pages.after(first.next.clone()).fetch(&db).await.unwrap();
    assert_eq!((first.rows[0].isbn.as_str(), second.rows[0].isbn.as_str()), (ONE, TWO));
    assert!(second.next.is_none());
    let mut connection = db.connection().await.unwrap();
    let tx = connection.begin().await.unwrap();
    let mut cursor = Book::query().order_by(Book::isbn.asc()).cursor(&tx).await.unwrap();
    assert_eq!(cursor.fetch(9).await.unwrap()[1].isbn, TWO);
    cursor.close().await.unwrap();
    tx.rollback().await.unwrap();
}

#[tokio::test]
async fn copy_into_such_a_column_is_refused_with_its_name() {
    let (_database, db) = books().await;
    let error = orm::copy_in(&db, [book(ONE)]).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "column \"book\".\"isbn\" cannot be copied: values of its type isbn13 are sent as texts, and COPY sends the binary format"
    );
    assert_eq!(
        (error.kind(), error.table(), error.column()),
        (ErrorKind::Query, Some("book"), Some("isbn"))
    );
}

#[tokio::test]
async fn domains_over_such_types_travel_so_too() {
    let (database, db) = books().await;
    let declared = orm::registry::declared().expect("names that do not collide");
    for name in ["journal", "span"] {
        let object = declared.object("public", name).expect("a declared type");
        for statement in orm_migrate::ddl::object::made(object) {
            database.execute(&statement).await;
        }
    }
    database.create(&[Issue::TABLE]).await;
    let journal = || Journal("1436-4522".to_owned());
    let issue = |id: i32| Issue {
        id,
        journal: journal(),
        earlier: vec![journal(), Journal("0317-8471".to_owned())],
        span: (id != 2).then(|| Span(seg(1.0, 2.0))),
        spans: vec![Span(seg(3.0, 4.0))],
        by_name: "1436-4522".to_owned(),
    };
    for rows in [1..2, 2..5, 5..12000] {
        let insert = Insert::values(rows.clone().map(issue)).returning_all();
        assert_eq!(insert.all(&db).await.unwrap(), rows.map(issue).collect::<Vec<_>>());
    }
    let by = |condition: orm::Condition<Issue>| Issue::query().filter(condition).count(&db);
    assert_eq!(by(Issue::journal.eq("14364522").condition()).await.unwrap(), 11999);
    assert_eq!(by(Issue::journal.is_in([journal()]).condition()).await.unwrap(), 11999);
    assert_eq!(by(Issue::by_name.ne("14364522").condition()).await.unwrap(), 0);
    assert_eq!(by(Issue::span.eq(Span(seg(1.0, 2.0))).condition()).await.unwrap(), 11998);
    assert_eq!(by(Issue::spans.eq(vec![Span(seg(3.0, 4.0))]).condition()).await.unwrap(), 11999);
    let wrong = Issue::update().set(Issue::journal.set(Journal("0000-0000".to_owned()))).all_rows();
    assert_eq!(wrong.execute(&db).await.unwrap_err().kind(), ErrorKind::CheckViolation);
}
