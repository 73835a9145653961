//! What reading a database costs it.

use crate::proxy::Proxy;
use crate::{Case, server};
use orm_core::exec::{Config, Connection};
use std::fmt::Write as _;

async fn queries_for(tables: u32) -> u32 {
    let case = Case::new(&[]).await;
    let mut sql = String::from("CREATE TYPE mood AS ENUM ('sad', 'glad');\n");
    for number in 0..tables {
        let _ = write!(
            sql,
            "CREATE TABLE t{number} (id bigint PRIMARY KEY, at timestamptz DEFAULT now(), feels mood, CHECK (id > 0));
             CREATE INDEX ON t{number} (at);
             ALTER TABLE t{number} ADD FOREIGN KEY (id) REFERENCES t0;
             CREATE POLICY mine ON t{number} USING (feels = 'glad');
             CREATE MATERIALIZED VIEW v{number} AS SELECT id FROM t{number};
             CREATE UNIQUE INDEX ON v{number} (id);\n"
        );
    }
    crate::sql_on(&case.database, &sql).await;
    let proxy = Proxy::counting(&server().socket_url(&case.database));
    let config = Config::from_url(&proxy.url(&case.database)).expect("a URL");
    let connection = Connection::connect(&config).await.expect("a session");
    let before = proxy.queries();
    let live = orm_migrate::catalog::read(&connection).await.expect("a catalog");
    let schema = live.canonical.schema();
    let count = usize::try_from(tables).expect("a count");
    assert_eq!((schema.tables.len(), schema.objects.len()), (count, count + 1));
    proxy.queries() - before
}

#[tokio::test]
async fn the_catalog_is_read_in_fewer_than_ten_queries_however_many_tables() {
    let (few, many) = (queries_for(1).await, queries_for(200).await);
    assert_eq!(few, many);
    assert!(few > 0 && few < 10, "{few}");
}
