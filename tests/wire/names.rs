//! The names of types, against the catalog of the server.

use orm::types::DeclaredType;

#[tokio::test]
async fn every_name_of_the_catalog_is_that_type_or_left_to_the_server() {
    let database = orm_test_support::database().await;
    let db = database.db();
    let sql = "SELECT t.oid::int8, t.typname::text, format_type(t.oid, NULL), format_type(t.oid, m), t.typarray::int8 \
               FROM pg_type t CROSS JOIN LATERAL (SELECT CASE WHEN t.typname ~ '^(varchar|bpchar|bit|varbit)$' THEN 12 \
               WHEN t.typname ~ '^(time|timetz|timestamp|timestamptz)$' THEN 3 WHEN t.typname = 'numeric' THEN 655366 \
               WHEN t.typname = 'interval' THEN 470286339 ELSE -1 END AS m) AS modifier \
               WHERE t.typtype IN ('b', 'r', 'm') AND t.typcategory <> 'A' AND t.typnamespace = 'pg_catalog'::regnamespace";
    let types = db.query::<(i64, String, String, String, i64)>(sql, &[]).await.unwrap();
    assert!(types.len() > 60, "the types of a server");
    let mut known = 0;
    for (oid, name, formatted, modified, array) in types {
        // `char` is `character(1)`; the type of that name in the catalog is written with quotes.
        let name = if name == "char" { "\"char\"".to_owned() } else { name };
        for text in [name, formatted, modified] {
            for text in [text.clone(), format!("pg_catalog.{text}"), text.to_uppercase()] {
                if text.contains("\"CHAR\"") {
                    continue;
                }
                let found = DeclaredType::named(&text);
                let oids = [found.ty().oid(), found.array().oid()].map(i64::from);
                if oids[0] != 0 {
                    known += 1;
                    assert_eq!(oids, [oid, array], "{text}");
                    let of_array = DeclaredType::named(&format!("{text}[]")).ty().oid();
                    assert_eq!(i64::from(of_array), array, "{text}[]");
                }
            }
        }
    }
    assert!(known > 400, "only {known} names are known");
}
