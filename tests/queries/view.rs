//! Structs that are rows of views: queried and joined as tables are, and related to them.

use orm::prelude::*;
use orm_test_support::TestDatabase;

#[derive(Table, Debug, PartialEq)]
#[table(has_many(turnovers: Turnover))]
pub(crate) struct Customer {
    #[column(primary_key)]
    id: i64,
    name: String,
}

#[derive(Table, Debug, PartialEq)]
pub(crate) struct Purchase {
    #[column(primary_key, identity)]
    id: i64,
    #[column(references = Customer::id)]
    customer_id: i64,
    price: i64,
}

#[derive(Table, Debug, PartialEq)]
#[table(
    view = "SELECT customer_id, sum(price)::bigint AS total FROM public.purchase GROUP BY customer_id"
)]
pub(crate) struct Turnover {
    #[column(references = Customer::id)]
    customer_id: i64,
    total: i64,
}

#[derive(Table, Debug, PartialEq)]
#[table(materialized_view = "SELECT max(price) AS price FROM public.purchase", unique_index(price))]
pub(crate) struct Highest {
    price: Option<i64>,
}

pub(crate) async fn shop() -> (TestDatabase, Db) {
    let database = orm_test_support::database_with_declared_tables().await;
    let db = database.db();
    for (id, name) in [(1, "Ada"), (2, "Grace")] {
        Customer::insert().id(id).name(name).execute(&db).await.expect("a customer");
    }
    for (customer, price) in [(1, 5), (1, 7), (2, 1)] {
        let purchase = Purchase::insert().customer_id(customer).price(price);
        purchase.execute(&db).await.expect("a purchase");
    }
    (database, db)
}

#[tokio::test]
async fn a_view_is_queried_joined_and_related() {
    let (_database, db) = shop().await;
    let most = Turnover::query().filter(Turnover::total.gt(2)).one(&db).await.unwrap();
    assert_eq!(most, Turnover { customer_id: 1, total: 12 });
    let pairs = Customer::query()
        .inner_join(Turnover, Turnover::customer_id.eq(Customer::id))
        .order_by(Customer::id.asc())
        .select((Customer::name, Turnover::total));
    let expected = [("Ada".to_owned(), 12), ("Grace".to_owned(), 1)];
    assert_eq!(pairs.all(&db).await.unwrap(), expected);
    let turnover = Turnover::query().with(Turnover::customer).filter(Turnover::total.eq(1));
    assert_eq!(turnover.one(&db).await.unwrap().customer.name, "Grace");
    let customers = Customer::query().with(Customer::turnovers).order_by(Customer::id.asc());
    assert_eq!(customers.all(&db).await.unwrap()[0].turnovers[0].total, 12);
}

#[tokio::test]
async fn a_materialized_view_shows_the_rows_of_its_last_refresh() {
    let (database, db) = shop().await;
    assert_eq!(Highest::query().one(&db).await.unwrap(), Highest { price: None });
    database.execute("REFRESH MATERIALIZED VIEW highest").await;
    assert_eq!(Highest::query().one(&db).await.unwrap(), Highest { price: Some(7) });
}
