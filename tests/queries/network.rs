//! Operators of network addresses on columns: text and rows. Manual, section 9.12.

use orm::prelude::*;
use orm::types::{Cidr, Inet, MacAddr};
use orm_test_support::TestDatabase;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "network")]
struct Network {
    #[column(primary_key)]
    id: i64,
    range: Cidr,
    gateway: Option<IpAddr>,
    server: Inet,
    card: MacAddr,
    allowed: Vec<Cidr>,
    #[column(data_type = "cidr")]
    other: ipnet::IpNet,
}

fn cidr(text: &str) -> Cidr {
    text.parse().unwrap()
}

async fn networks() -> (TestDatabase, Db) {
    let database = orm_test_support::database().await;
    database.create(&[Network::TABLE]).await;
    let db = database.db();
    for (id, range, gateway) in [
        (1, "10.0.0.0/8", Some("10.0.0.1")),
        (2, "10.1.0.0/16", None),
        (3, "192.168.1.0/24", Some("10.9.9.9")),
        (4, "fe80::/10", Some("fe80::1")),
    ] {
        let network = Network::insert()
            .id(id)
            .range(cidr(range))
            .gateway(gateway.map(|text| text.parse::<IpAddr>().unwrap()))
            .server(Inet::from(cidr(range)))
            .card(MacAddr([0, 0, 0, 0, 0, id as u8]))
            .allowed(vec![cidr("0.0.0.0/0"), cidr(range)])
            .other(range.parse::<ipnet::IpNet>().unwrap());
        network.execute(&db).await.unwrap();
    }
    (database, db)
}

async fn ids(db: &Db, condition: orm::Condition<Network>) -> Vec<i64> {
    let query = Network::query().filter(condition).order_by(Network::id.asc());
    query.select(Network::id).all(db).await.unwrap()
}

#[tokio::test]
async fn a_network_contains_its_hosts_and_smaller_networks() {
    let (_database, db) = networks().await;
    let host = Ipv4Addr::new(10, 1, 2, 3);
    assert_eq!(ids(&db, Network::range.contains(host).condition()).await, [1, 2]);
    assert_eq!(ids(&db, Network::range.contains(IpAddr::from(host)).condition()).await, [1, 2]);
    assert_eq!(
        ids(&db, Network::range.contains(Ipv6Addr::LOCALHOST).condition()).await,
        [0_i64; 0]
    );
    assert_eq!(ids(&db, Network::range.contains(cidr("10.1.0.0/16")).condition()).await, [1, 2]);
    let strictly = Network::range.strictly_contains(cidr("10.1.0.0/16"));
    assert_eq!(ids(&db, strictly.condition()).await, [1]);
    let within = Network::server.contained_in(cidr("10.1.0.0/16"));
    assert_eq!(ids(&db, within.condition()).await, [2]);
    let within = Network::server.strictly_contained_in(cidr("10.0.0.0/8"));
    assert_eq!(ids(&db, within.condition()).await, [2]);
    // Columns of both types; NULL is no gateway.
    let own = Network::gateway.contained_in(Network::range);
    assert_eq!(ids(&db, own.condition()).await, [1, 4]);
    assert_eq!(ids(&db, Network::range.overlaps(cidr("10.1.2.0/24")).condition()).await, [1, 2]);
    assert_eq!(ids(&db, Network::other.contains(host).condition()).await, [1, 2]);
}

#[tokio::test]
async fn addresses_are_compared_and_sorted() {
    let (_database, db) = networks().await;
    assert_eq!(ids(&db, Network::range.eq(cidr("10.0.0.0/8")).condition()).await, [1]);
    assert_eq!(ids(&db, Network::range.eq(Network::server).condition()).await, [1, 2, 3, 4]);
    let gateways = [IpAddr::from([10, 0, 0, 1]), IpAddr::from([1, 1, 1, 1])];
    let query = Network::query().filter(Network::gateway.is_in(gateways)).select(Network::id);
    assert_eq!(query.all(&db).await.unwrap(), [1]);
    assert_eq!(ids(&db, Network::range.gt(cidr("10.1.0.0/16")).condition()).await, [3, 4]);
    assert_eq!(ids(&db, Network::card.lt(MacAddr([0, 0, 0, 0, 0, 2])).condition()).await, [1]);
    assert_eq!(ids(&db, Network::allowed.contains(vec![cidr("fe80::/10")]).condition()).await, [4]);
    let last = Network::query().select(orm::func::max(Network::range)).one(&db).await.unwrap();
    assert_eq!(last, Some(cidr("fe80::/10")));
}

#[tokio::test]
async fn what_a_column_cannot_hold_is_an_error_that_names_it() {
    let (database, db) = networks().await;
    let other: ipnet::IpNet = "10.0.0.1/8".parse().unwrap();
    let update = Network::update().set(Network::other.set(other)).all_rows();
    let error = update.execute(&db).await.unwrap_err().to_string();
    let why = "10.0.0.1/8 is no `cidr`: it has bits to the right of the netmask; the network is 10.0.0.0/8";
    assert!(error.contains(why), "{error}");
    database.execute("UPDATE network SET gateway = '10.0.0.1/8' WHERE id = 1").await;
    let error = Network::query().filter(Network::id.eq(1)).one(&db).await.unwrap_err().to_string();
    let why = "could not read column \"network\".\"gateway\" (inet): 10.0.0.1/8 has a netmask of 8 bits, and `IpAddr` holds an IPv4 address \
         without a netmask; make the Rust type `orm::types::Inet`";
    assert!(error.starts_with(why), "{error}");
}
