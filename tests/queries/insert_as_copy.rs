//! Inserts of very many rows: `COPY`, where it does the same, and `INSERT`, where it would not.

use auth::User;
use orm::prelude::*;
use orm::{Connection, Error, ErrorKind, Executor, Insert, batch};
use orm_test_support::TestDatabase;

/// So many that they are copied.
const MANY: i64 = 3_500;

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "copied_item", check("copied_item_positive", "count > 0"))]
struct Item {
    #[column(primary_key, identity)]
    id: i64,
    #[column(unique)]
    name: String,
    count: i32,
    note: Option<String>,
    #[column(default = "new")]
    state: String,
    #[column(generated = "count * 2")]
    twice: i32,
    #[column(references = User::id)]
    user_id: Option<String>,
}

#[derive(Insertable, Clone, Debug)]
#[insert(into = Item)]
struct NewItem {
    name: String,
    count: i32,
    note: Option<String>,
    user_id: Option<String>,
}

#[derive(Insertable, Clone)]
#[insert(into = Item, overriding_system_value)]
struct Restored<'a> {
    id: i64,
    name: &'a str,
    count: i32,
}

fn new(id: i64) -> NewItem {
    let note = (id % 3 == 0).then(|| format!("note \u{e9} of {id}"));
    NewItem { name: format!("item {id}"), count: 1, note, user_id: None }
}

fn many() -> Vec<NewItem> {
    (0..MANY).map(new).collect()
}

/// The tables, and one that is told each statement which inserts items.
async fn items() -> (TestDatabase, Db) {
    let database = orm_test_support::database().await;
    database.create(&[Item::TABLE, User::TABLE]).await;
    database
        .execute(
            "CREATE TABLE ran (sql text); \
             CREATE FUNCTION note_statement() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS \
             $$ BEGIN INSERT INTO public.ran VALUES (current_query()); RETURN NULL; END $$; \
             CREATE TRIGGER noted AFTER INSERT ON copied_item FOR EACH STATEMENT EXECUTE FUNCTION note_statement()",
        )
        .await;
    let db = database.db();
    (database, db)
}

/// The first word of each statement that has inserted items since the last call.
async fn ran(db: &(impl Executor + orm::RawSql)) -> Vec<String> {
    let ran: Vec<(String,)> = db
        .query(
            "WITH gone AS (DELETE FROM ran RETURNING sql) SELECT split_part(sql, ' ', 1) FROM gone",
            &[],
        )
        .await
        .unwrap();
    ran.into_iter().map(|(word,)| word).collect()
}

#[tokio::test]
async fn very_many_rows_are_copied_and_few_are_not() {
    let (_database, db) = items().await;
    assert_eq!(Insert::values(many()).execute(&db).await.unwrap(), MANY as u64);
    assert_eq!(ran(&db).await, ["COPY"]);
    let rows = Item::query().order_by(Item::id.asc()).all(&db).await.unwrap();
    // The server counts, makes defaults and generates in the order of the rows.
    assert!(rows.iter().zip(1..).all(|(row, id)| row.id == id && row.twice == 2));
    assert!(rows.iter().all(|row| row.state == "new"));
    let read = rows.iter().map(|row| (row.name.clone(), row.note.clone()));
    assert!(read.eq(many().into_iter().map(|row| (row.name, row.note))));
    let few = (0..100).map(|id| new(MANY + id));
    assert_eq!(Insert::values(few).execute(&db).await.unwrap(), 100);
    assert_eq!(ran(&db).await, ["INSERT"]);
    // Builders, and rows that are only lent.
    Item::delete().all_rows().execute(&db).await.unwrap();
    let names: Vec<String> = (0..MANY).map(|id| format!("built {id}")).collect();
    let built = names.iter().map(|name| Item::insert().name(name).count(3).note(None::<&str>));
    assert_eq!(Insert::values(built).execute(&db).await.unwrap(), MANY as u64);
    let lent = names.iter().enumerate().map(|(id, name)| Restored {
        id: -(id as i64),
        name: &name[2..],
        count: 4,
    });
    assert_eq!(Insert::values(lent).execute(&db).await.unwrap(), MANY as u64);
    assert_eq!(ran(&db).await, ["COPY", "COPY"]);
    let counts = Item::query().filter(Item::count.eq(4)).order_by(Item::id.desc());
    let read = counts.select((Item::id, Item::name)).all(&db).await.unwrap();
    assert!(read.into_iter().eq((0..MANY).map(|id| (-id, format!("ilt {id}")))));
}

#[tokio::test]
async fn what_copy_cannot_say_is_an_insert() {
    let (_database, db) = items().await;
    let ids = Insert::values(many()).returning(Item::id).all(&db).await.unwrap();
    assert!(ids.into_iter().eq(1..=MANY), "in the order of the rows");
    assert_eq!(ran(&db).await, ["INSERT"]);
    let again =
        Insert::values(many()).on_conflict(Item::name).do_update(Item::count.set_excluded());
    assert_eq!(again.execute(&db).await.unwrap(), MANY as u64);
    assert_eq!(Insert::values(many()).on_conflict_do_nothing().execute(&db).await.unwrap(), 0);
    let (all, counted) = batch(
        &db,
        (
            Insert::values((0..MANY).map(|id| new(id + MANY))),
            Item::query().filter(Item::id.lt(0)).select(Item::id),
        ),
    )
    .await
    .unwrap();
    assert_eq!((all, counted.len()), (MANY as u64, 0));
    let renamed = |id: i64| format!("user value {id}");
    let names: Vec<String> = (0..MANY).map(renamed).collect();
    let rows = names.iter().map(|name| Restored { id: 1, name, count: 1 });
    let ignored = Insert::values(rows).overriding_user_value().execute(&db).await.unwrap();
    assert_eq!(ignored, MANY as u64);
    assert!(ran(&db).await.iter().all(|word| word == "INSERT"));
}

/// What a program sees of an error, and it without the name of the row.
fn seen(error: &Error) -> (ErrorKind, Option<String>, Vec<Option<String>>, String) {
    let places = [error.table(), error.column(), error.constraint(), error.hint()];
    let places = places.into_iter().map(|place| place.map(str::to_owned)).collect();
    let sql = error.sql().map(str::to_owned);
    (error.kind(), sql, places, error.to_string())
}

#[tokio::test]
async fn an_error_says_what_that_of_the_insert_says() {
    let (database, db) = items().await;
    database.execute("ALTER TABLE copied_item ADD CHECK (note <> 'refused'); ALTER TABLE copied_item ALTER note SET NOT NULL; ALTER TABLE copied_item ALTER state TYPE varchar(5)").await;
    let with_note = |id| NewItem { note: Some("x".into()), ..new(id) };
    Insert::values([with_note(0)]).execute(&db).await.unwrap();
    let bad = [
        NewItem { name: "item 0".into(), ..with_note(1) },
        NewItem { count: -1, ..with_note(1) },
        NewItem { note: Some("refused".into()), ..with_note(1) },
        NewItem { note: None, ..with_note(1) },
        NewItem { user_id: Some("nobody".into()), ..with_note(1) },
    ];
    for bad in bad {
        let few = vec![bad.clone(), with_note(2)];
        let mut rows: Vec<NewItem> = (2..MANY).map(with_note).collect();
        rows.push(bad.clone());
        let expected = seen(&Insert::values(few).execute(&db).await.unwrap_err());
        let error = Insert::values(rows.clone()).execute(&db).await.unwrap_err();
        assert_eq!(seen(&error), expected, "{bad:?}");
        assert_eq!(Item::query().count(&db).await.unwrap(), 1, "nothing of it is there");
        // It ends a transaction, as an insert does, and no other.
        let tx = db.begin().await.unwrap();
        let error = Insert::values(rows).execute(&tx).await.unwrap_err();
        assert_eq!(seen(&error), expected, "{bad:?}");
        let next = Item::query().count(&tx).await.unwrap_err();
        assert_eq!(next.sqlstate(), Some("25P02"));
        tx.rollback().await.unwrap();
    }
    assert_eq!(ran(&db).await, ["INSERT"]);
    // Of a value that the server cannot read COPY names the column.
    let nul = |id| NewItem { note: Some("nul \0".into()), ..new(id) };
    let few = Insert::values([nul(1), nul(2)]).execute(&db).await.unwrap_err();
    let error = Insert::values((0..MANY).map(nul)).execute(&db).await.unwrap_err();
    assert_eq!((error.kind(), error.to_string()), (few.kind(), few.to_string()));
    assert_eq!((error.table(), error.column()), (Some("copied_item"), Some("note")));
}

#[tokio::test]
async fn a_value_that_cannot_be_written_is_named() {
    #[derive(Table, Debug)]
    #[table(name = "copied_small")]
    struct Small {
        #[column(primary_key)]
        id: i64,
        #[column(data_type = "integer")]
        count: u32,
    }
    let database = orm_test_support::database().await;
    database.create(&[Small::TABLE]).await;
    let db = database.db();
    for count in [2, MANY] {
        let row = |id: i64| Small { id, count: if id == 1 { u32::MAX } else { 0 } };
        let error = Insert::values((0..count).map(row)).execute(&db).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Conversion);
        assert_eq!(
            (error.table(), error.column()),
            (Some("copied_small"), Some("count")),
            "{error}"
        );
    }
}

#[tokio::test]
async fn a_table_with_row_level_security_or_rules_and_a_view_take_inserts() {
    let (database, db) = items().await;
    database
        .execute(
            "DO $$ BEGIN CREATE ROLE copied_item_writer LOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN END $$; \
             GRANT ALL ON copied_item, ran TO copied_item_writer; \
             ALTER TABLE copied_item ENABLE ROW LEVEL SECURITY; \
             CREATE POLICY positive ON copied_item USING (true) WITH CHECK (count < 10)",
        )
        .await;
    // The owner is not bound by it.
    Insert::values(many()).execute(&db).await.unwrap();
    assert_eq!(ran(&db).await, ["COPY"]);
    Item::delete().all_rows().execute(&db).await.unwrap();
    let mut connection = Connection::connect(&database.config()).await.unwrap();
    connection.batch_execute("SET ROLE copied_item_writer").await.unwrap();
    let tx = connection.begin().await.unwrap();
    assert_eq!(Insert::values(many()).execute(&tx).await.unwrap(), MANY as u64);
    tx.commit().await.unwrap();
    assert_eq!(ran(&connection).await, ["INSERT"]);
    let refused = Insert::values((0..MANY).map(|id| NewItem { count: 10, ..new(id + MANY) }));
    let error = refused.execute(&connection).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PermissionDenied);
    database
        .execute(
            "ALTER TABLE copied_item DISABLE ROW LEVEL SECURITY; TRUNCATE copied_item; \
             CREATE TABLE other (name text); \
             CREATE RULE also AS ON INSERT TO copied_item DO ALSO INSERT INTO other VALUES (NEW.name)",
        )
        .await;
    Insert::values(many()).execute(&db).await.unwrap();
    let others: (i64,) = db.query_one("SELECT count(*) FROM other", &[]).await.unwrap();
    assert_eq!(others, (MANY,));
    database
        .execute(
            "DROP RULE also ON copied_item; ALTER TABLE copied_item RENAME TO whole; TRUNCATE whole; \
             CREATE VIEW copied_item AS SELECT * FROM whole",
        )
        .await;
    let names = (0..MANY).map(|id| Item::insert().name(format!("{id}")).count(1));
    assert_eq!(Insert::values(names).execute(&db).await.unwrap(), MANY as u64);
}

#[tokio::test]
async fn a_partitioned_table_and_columns_of_other_types_take_their_rows() {
    #[derive(Table, Debug, Clone, PartialEq)]
    #[table(name = "copied_part")]
    struct Part {
        #[column(primary_key)]
        id: i64,
        name: String,
    }
    let database = orm_test_support::database().await;
    let db = database.db();
    let rows = || (0..MANY).map(|id| Part { id, name: format!("name {id}") });
    for sql in [
        "CREATE TABLE copied_part (id bigint PRIMARY KEY, name text) PARTITION BY HASH (id); \
         CREATE TABLE one PARTITION OF copied_part FOR VALUES WITH (MODULUS 2, REMAINDER 0); \
         CREATE TABLE two PARTITION OF copied_part FOR VALUES WITH (MODULUS 2, REMAINDER 1)",
        // INSERT casts.
        "DROP TABLE copied_part; CREATE DOMAIN short AS varchar(20); CREATE TABLE copied_part (name short, more int, id int)",
        "DROP TABLE copied_part; CREATE TEMPORARY TABLE copied_part (id numeric, name varchar)",
    ] {
        let connection = db.connection().await.unwrap();
        connection.batch_execute(sql).await.unwrap();
        assert_eq!(
            Insert::values(rows()).execute(&connection).await.unwrap(),
            MANY as u64,
            "{sql}"
        );
        let sum = "SELECT sum(id)::bigint, max(name)::text FROM copied_part";
        let sum: (i64, String) = connection.query_one(sum, &[]).await.unwrap();
        assert_eq!(sum, (MANY * (MANY - 1) / 2, "name 999".to_owned()), "{sql}");
    }
}

#[tokio::test]
async fn transactions_roll_it_back_and_lost_statements_do_not_matter() {
    let (_database, db) = items().await;
    let mut connection = db.connection().await.unwrap();
    let tx = connection.begin().await.unwrap();
    Insert::values(many()).execute(&tx).await.unwrap();
    assert_eq!(Item::query().count(&tx).await.unwrap(), MANY);
    tx.rollback().await.unwrap();
    assert_eq!(Item::query().count(&connection).await.unwrap(), 0);
    connection.batch_execute("DEALLOCATE ALL").await.unwrap();
    assert_eq!(Insert::values(many()).execute(&connection).await.unwrap(), MANY as u64);
    assert_eq!(ran(&connection).await, ["COPY"]);
    connection.batch_execute("SET default_transaction_read_only = on").await.unwrap();
    let few = Insert::values([new(-1), new(-2)]).execute(&connection).await.unwrap_err();
    let error = Insert::values(many()).execute(&connection).await.unwrap_err();
    assert_eq!(seen(&error), seen(&few));
}

#[tokio::test]
async fn the_text_is_prepared_once_for_any_number_of_rows() {
    let (_database, db) = items().await;
    let connection = db.connection().await.unwrap();
    let count = async || connection.lease().await.unwrap().statement_count();
    let mut next = 0;
    let mut name = || {
        next += 1;
        format!("name {next}")
    };
    Insert::values([(); 2].map(|()| Item::insert().name(name()).count(1)))
        .execute(&connection)
        .await
        .unwrap();
    let before = count().await;
    for rows in [2, 3, 10, 99, 100, 150] {
        let built: Vec<_> = (0..rows).map(|_| Item::insert().name(name()).count(1)).collect();
        assert_eq!(Insert::values(built).execute(&connection).await.unwrap(), rows);
    }
    assert_eq!(count().await, before);
}
