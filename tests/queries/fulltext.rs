//! Full-text search over columns: text, rows, and the use of an index.

use crate::fixture::{people, tables};
use auth::User;
use orm::func::{self, TextSearchConfig, Weight};
use orm::prelude::*;
use orm::types::{TsQuery, TsVector};

#[tokio::test]
async fn words_are_found_and_ranked() {
    let (_database, db) = people().await;
    let words = || {
        func::setweight(func::to_tsvector("english", User::name), Weight::A)
            .concat(func::to_tsvector("simple", func::coalesce((User::image, ""))))
    };
    let wanted = || func::websearch_to_tsquery("english", "ada or hopper");
    let query = User::query()
        .filter(words().matches(wanted()))
        .order_by((func::ts_rank(words(), wanted()).desc(), User::id.asc()))
        .select((User::id, func::ts_headline("english", User::name, wanted())));
    assert!(
        query.to_sql().text.contains(
            r#"WHERE (setweight(to_tsvector(CAST('"english"' AS regconfig), "user"."name"), 'A') || to_tsvector(CAST('"simple"' AS regconfig), coalesce("user"."image", $"#
        ),
        "{:?}",
        query.to_sql()
    );
    let rows: Vec<(String, String)> = query.all(&db).await.unwrap();
    assert_eq!(
        rows,
        [
            ("ada".to_owned(), "<b>Ada</b> Lovelace".to_owned()),
            ("grace".to_owned(), "Grace <b>Hopper</b>".to_owned())
        ]
    );
}

#[tokio::test]
async fn queries_are_combined() {
    let (_database, db) = people().await;
    let word = |word: &'static str| func::plainto_tsquery("simple", word);
    let ids = |query: orm::Expr<TsQuery, _>| {
        let found = func::to_tsvector("simple", User::name).matches(query);
        User::query().filter(found).order_by(User::id.asc()).select(User::id)
    };
    let both = ids(word("ada").and(word("lovelace")));
    assert!(both.to_sql().text.contains(" @@ (plainto_tsquery("), "{:?}", both.to_sql());
    assert_eq!(both.all(&db).await.unwrap(), ["ada"]);
    let one = func::to_tsvector("simple", User::name).matches(word("ada").or(word("alan")));
    assert_eq!(User::query().filter(one).count(&db).await.unwrap(), 2);
    let not = func::to_tsvector("simple", User::name).matches(!word("ada"));
    assert_eq!(User::query().filter(not).count(&db).await.unwrap(), 2);
    let order = |first, second| {
        func::to_tsvector("simple", User::name).matches(word(first).followed_by(word(second)))
    };
    assert_eq!(User::query().filter(order("ada", "lovelace")).count(&db).await.unwrap(), 1);
    assert_eq!(User::query().filter(order("lovelace", "ada")).count(&db).await.unwrap(), 0);
}

#[tokio::test]
async fn a_null_text_has_no_words() {
    let (_database, db) = people().await;
    let query = User::query()
        .filter(User::id.eq("ada"))
        .select(func::to_tsvector("simple", User::image).matches(func::to_tsquery("simple", "a")));
    assert_eq!(query.one(&db).await.unwrap(), None::<bool>);
}

#[tokio::test]
async fn an_index_over_the_words_is_used() {
    let (database, db) = people().await;
    database
        .execute("CREATE INDEX words ON \"user\" USING gin (to_tsvector('english'::regconfig, name)); ANALYZE \"user\"")
        .await;
    let query = User::query()
        .filter(
            func::to_tsvector("english", User::name)
                .matches(func::plainto_tsquery("english", "ada")),
        )
        .select(User::id);
    // The text of the query, with its parameter, as a prepared statement that is explained.
    let text = query.to_sql().text;
    let plan = format!(
        "SET enable_seqscan = off; PREPARE words(text) AS {text}; \
         DO $$ DECLARE line text; found bool := false; BEGIN \
         FOR line IN EXECUTE 'EXPLAIN EXECUTE words(''ada'')' LOOP found := found OR line LIKE '%words%'; END LOOP; \
         IF NOT found THEN RAISE EXCEPTION 'the index is not used'; END IF; END $$"
    );
    database.execute(&plan).await;
    assert_eq!(query.all(&db).await.unwrap(), ["ada"]);
}

#[tokio::test]
async fn the_name_of_a_configuration_is_quoted() {
    let (_database, db) = people().await;
    let config = TextSearchConfig::named("no'); DROP TABLE \"user");
    let query = User::query()
        .filter(func::to_tsvector(config, User::name).matches(func::to_tsquery("simple", "a")));
    let error = query.count(&db).await.expect_err("no such configuration");
    assert!(error.to_string().contains("text search configuration"), "{error}");
    let config = TextSearchConfig::of_schema("pg_catalog", "english");
    let query = User::query()
        .filter(func::to_tsvector(config, User::name).matches(func::to_tsquery("english", "ada")));
    assert_eq!(query.count(&db).await.unwrap(), 1);
}

#[tokio::test]
async fn words_and_queries_are_selected() {
    let (_database, db) = people().await;
    let query = User::query().filter(User::id.eq("ada")).select((
        func::to_tsvector("english", User::name),
        func::to_tsvector("english", User::image),
        func::to_tsquery("english", "ladies & !cats"),
        !func::plainto_tsquery("simple", User::image),
    ));
    let (words, none, wanted, not): (TsVector, Option<TsVector>, TsQuery, Option<TsQuery>) =
        query.one(&db).await.unwrap();
    assert_eq!(words.to_string(), "'ada':1 'lovelac':2");
    assert_eq!(wanted.to_string(), "'ladi' & !'cat'");
    assert_eq!((none, not), (None, None));
    // As values they match.
    let found = User::query()
        .filter(func::to_tsvector("english", User::name).matches(TsQuery::word("lovelac")));
    assert_eq!(found.count(&db).await.unwrap(), 1);
    let both = func::value(words).concat("extra:1".parse::<TsVector>().unwrap());
    let both = User::query().filter(User::id.eq("ada")).select(both).one(&db).await.unwrap();
    assert_eq!(both.to_string(), "'ada':1 'extra':3 'lovelac':2");
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "page", index(words, method = gin))]
pub(crate) struct Page {
    #[column(primary_key)]
    pub id: i64,
    pub title: String,
    #[column(generated = "to_tsvector('english'::regconfig, title)")]
    pub words: TsVector,
    pub alert: Option<TsQuery>,
}

#[tokio::test]
async fn columns_of_words_and_queries_are_searched() {
    let (_database, db) = tables(&[Page::TABLE]).await;
    let alert = "cat | dog".parse::<TsQuery>().unwrap();
    Page::insert().id(1).title("The cats").alert(alert.clone()).execute(&db).await.unwrap();
    Page::insert().id(2).title("The mice").execute(&db).await.unwrap();
    let found = Page::query().filter(Page::words.matches(func::to_tsquery("english", "cat")));
    let page = found.one(&db).await.unwrap();
    assert_eq!((page.id, page.words.to_string().as_str()), (1, "'cat':2"));
    assert_eq!(page.alert, Some(alert));
    let own = Page::query().filter(Page::words.matches(Page::alert)).select(Page::id);
    assert_eq!(own.all(&db).await.unwrap(), [1]);
    let neither = Page::alert.expr().and(!TsQuery::word("dog"));
    let neither = Page::query().filter(Page::words.matches(neither)).select(Page::id);
    assert_eq!(neither.all(&db).await.unwrap(), [1]);
    let heavy = func::setweight(Page::words, func::Weight::A);
    let heavy = Page::query().filter(Page::id.eq(2)).select(heavy).one(&db).await.unwrap();
    assert_eq!(heavy.to_string(), "'mice':2A");
}
