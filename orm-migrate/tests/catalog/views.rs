//! Views, however they are spelled, and with the rights of an ordinary owner.

use crate::Case;
use orm_core::exec::{Config, Connection};
use orm_core::schema::{Object, Schema, View};
use orm_migrate::catalog::Canonical;
use orm_migrate::change::ObjectName;
use orm_migrate::diff::diff;
use orm_migrate::scratch::{self, ScratchServer};

const TABLE: &str = "CREATE TABLE t (id int PRIMARY KEY, v varchar(9), at timestamptz);";

/// What the live tables and these views say, declared, and the differences to what lives.
async fn differences(
    case: &Case,
    connection: &Connection,
    config: &Config,
    views: &[View],
) -> Result<Vec<String>, scratch::ScratchError> {
    let live = case.read().await.canonical;
    let mut tables: Schema = live.schema().clone();
    tables.objects.retain(|it| !matches!(it, Object::View(_)));
    let views = views.iter().cloned().map(Object::from);
    let declared = tables.with_objects(views).expect("names");
    let declared = scratch::canonical(connection, &declared).await?;
    let server = ScratchServer::of_target(config);
    let (declared, live): (Canonical, Canonical) =
        scratch::with_views(Some(&server), connection, declared, live).await?;
    let managed = ObjectName::all(live.schema()).collect();
    Ok(diff(&live, &declared, &managed).iter().map(ToString::to_string).collect())
}

#[tokio::test]
async fn a_view_is_the_same_in_other_words() {
    let views = [
        View::new(
            "public",
            "a",
            "select id, v from t where v in ('a', 'b') and at < now() - interval '1 day';",
        ),
        View::new(
            "public",
            "b",
            "SELECT a.id AS \"Id\", count(*) FROM a JOIN t USING (id) GROUP BY 1 ORDER BY 2 DESC LIMIT 3",
        ),
        View::materialized("public", "c", "with x as (select 1 n) select * from x"),
    ];
    let script: String = views
        .iter()
        .map(|it| format!(";{}", orm_migrate::ddl::object::create(&it.clone().into())))
        .collect();
    let case = Case::with(&format!("{TABLE}{script}")).await;
    let config = Config::from_url(case.database.url()).expect("a URL");
    let left = differences(&case, &case.connection, &config, &views).await.expect("a reading");
    assert!(left.is_empty(), "{left:?}");
    // What a restored dump says: the text as the server gave it, read once more.
    let dumped = case.read().await.canonical.schema().objects.clone();
    for object in &dumped {
        if let Object::View(view) = object
            && !view.materialized
        {
            case.run(&orm_migrate::ddl::object::view(view, true)).await;
        }
    }
    let left = differences(&case, &case.connection, &config, &views).await.expect("a reading");
    assert!(left.is_empty(), "{left:?}");
    let other = [
        View::new("public", "a", "select id, v from t where v in ('a', 'c')"),
        views[1].clone(),
        views[2].clone(),
    ];
    let left = differences(&case, &case.connection, &config, &other).await.expect("a reading");
    assert_eq!(left, ["drop view \"public\".\"a\"", "create view \"public\".\"a\""]);
}

#[tokio::test]
async fn a_view_that_the_server_refuses_is_named() {
    let case = Case::with(TABLE).await;
    let config = Config::from_url(case.database.url()).expect("a URL");
    let views = [View::new("public", "wrong", "SELECT nothing FROM t")];
    let error = differences(&case, &case.connection, &config, &views).await.expect_err("refused");
    let message = error.to_string();
    assert!(
        message.starts_with("view wrong: ") || message.starts_with("view \"wrong\": "),
        "{message}"
    );
    assert!(message.contains("nothing"), "{message}");
}

#[tokio::test]
async fn an_ordinary_owner_compares_views_that_read_what_is_there() {
    let case = Case::with("").await;
    let role = format!("owner_{}", case.database.name());
    case.run(&format!(
        "CREATE ROLE \"{role}\" LOGIN NOCREATEDB; GRANT ALL ON SCHEMA public TO \"{role}\""
    ))
    .await;
    let config = Config::builder().url(case.database.url()).user(&role).build().expect("settings");
    let connection = Connection::connect(&config).await.expect("a session");
    connection
        .batch_execute(&format!("{TABLE} CREATE VIEW a AS SELECT id FROM t WHERE v = 'x'"))
        .await
        .expect("made");
    let same = [View::new("public", "a", "select id from public.t where v='x'")];
    let left = differences(&case, &connection, &config, &same).await.expect("a reading");
    assert!(left.is_empty(), "{left:?}");
    // One that stands on a view that is not there yet needs a place of its own.
    let more = [
        same[0].clone(),
        View::new("public", "b", "SELECT id FROM c"),
        View::new("public", "c", "SELECT id FROM a"),
    ];
    let error = differences(&case, &connection, &config, &more).await.expect_err("no place");
    assert!(error.to_string().contains("CREATEDB"), "{error}");
}
