//! Through a real PgBouncer, in session and transaction mode.

use crate::server::{Fixture, Server};
use orm_core::exec::Db;
use orm_test_support::{PgBouncer, PoolMode};

#[tokio::test]
async fn a_query_runs_through_a_pooler_of_each_version_and_mode() {
    for program in PgBouncer::programs("a query through a pooler") {
        for mode in PoolMode::ALL {
            let fixture = Fixture::new().await;
            let server = format!("postgresql://postgres@127.0.0.1:{}/", Server::plain().port);
            let pooler = PgBouncer::start(&program, &server, mode, 2, &[]);
            let db = Db::connect(&format!("{}?pgbouncer=true", pooler.url(&fixture.name)))
                .await
                .expect("the pooler");
            let connection = db.connection().await.expect("a connection");
            let rows = connection
                .query::<orm_core::exec::DriverRow>("SELECT current_database()", &[])
                .await
                .expect("rows");
            assert_eq!(rows[0].get::<_, String>(0), fixture.name, "{:?}", pooler.version());
        }
    }
}
