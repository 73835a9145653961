//! Network addresses: manual, section 8.9.

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use orm::types::{Cidr, Inet, MacAddr, MacAddr8};
use proptest::prelude::*;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

fn address() -> impl Strategy<Value = IpAddr> {
    prop_oneof![
        any::<u32>().prop_map(|bits| IpAddr::V4(bits.into())),
        any::<u128>().prop_map(|bits| IpAddr::V6(bits.into())),
    ]
}

fn inet() -> impl Strategy<Value = Inet> {
    (address(), 0_u8..=128).prop_map(|(address, prefix)| {
        let bits = if address.is_ipv4() { 32 } else { 128 };
        Inet::new(address, prefix.min(bits)).unwrap()
    })
}

fn parsed<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
    text.parse().unwrap()
}

types! {
    inet_ {
        rust: Inet,
        sql: "inet",
        limits: "an address and the netmask of its network",
        edges: [
            (parsed("0.0.0.0/0"), "0.0.0.0/0"), (parsed("192.168.1.5/24"), "192.168.1.5/24"),
            (parsed("192.168.1.5"), "192.168.1.5/32"), (parsed("::1/128"), "::1/128"),
            (parsed("::1.2.3.4"), "::1.2.3.4/128"), (parsed("::ffff:1.2.3.4/96"), "::ffff:1.2.3.4/96"),
        ],
        random: inet(),
    }
    address_ {
        rust: IpAddr,
        sql: "inet",
        limits: "an address; one that has a netmask as well is an error when it is read: use `Inet`",
        edges: [(IpAddr::from([10, 0, 0, 1]), "10.0.0.1/32"), (parsed("fe80::1"), "fe80::1/128")],
        random: address(),
    }
    ipv4 {
        rust: Ipv4Addr,
        sql: "inet",
        limits: "an IPv4 address; another one is an error when it is read",
        edges: [(Ipv4Addr::BROADCAST, "255.255.255.255/32"), (Ipv4Addr::UNSPECIFIED, "0.0.0.0/32")],
        random: any::<u32>().prop_map(Ipv4Addr::from),
    }
    ipv6 {
        rust: Ipv6Addr,
        sql: "inet",
        limits: "an IPv6 address; another one is an error when it is read",
        edges: [(Ipv6Addr::UNSPECIFIED, "::/128"), (parsed("1:0:2:0:3:0:4:0"), "1:0:2:0:3:0:4:0/128")],
        random: any::<u128>().prop_map(Ipv6Addr::from),
    }
    cidr_ {
        rust: Cidr,
        sql: "cidr",
        limits: "a network: no bit to the right of the netmask is set",
        edges: [(parsed("10.0.0.0/8"), "10.0.0.0/8"), (parsed("::/0"), "::/0"), (parsed("1.2.3.4"), "1.2.3.4/32")],
        random: inet().prop_map(|host| host.network()),
    }
    ipnet_ {
        rust: IpNet,
        sql: "inet",
        feature: "ipnet",
        edges: [(parsed("192.168.1.5/24"), "192.168.1.5/24")],
        random: inet().prop_map(IpNet::from),
    }
    ipnet_as_cidr {
        rust: IpNet,
        sql: "cidr",
        feature: "ipnet",
        limits: "a bit to the right of the netmask is an error when it is written",
        edges: [(parsed("192.168.0.0/16"), "192.168.0.0/16")],
        random: inet().prop_map(|host| host.network().into()),
    }
    ipv4net {
        rust: Ipv4Net,
        sql: "inet",
        feature: "ipnet",
        edges: [(parsed("192.168.1.5/24"), "192.168.1.5/24")],
        random: (any::<u32>(), 0_u8..=32)
            .prop_map(|(bits, prefix)| Ipv4Net::new(bits.into(), prefix).unwrap()),
    }
    ipv6net {
        rust: Ipv6Net,
        sql: "cidr",
        feature: "ipnet",
        edges: [(parsed("fe80::/10"), "fe80::/10")],
        random: (any::<u128>(), 0_u8..=128)
            .prop_map(|(bits, prefix)| Ipv6Net::new(bits.into(), prefix).unwrap().trunc()),
    }
    macaddr_ {
        rust: MacAddr,
        sql: "macaddr",
        edges: [(MacAddr([8, 0, 0x2b, 1, 2, 3]), "08:00:2b:01:02:03"), (MacAddr([255; 6]), "ff:ff:ff:ff:ff:ff")],
        random: any::<[u8; 6]>().prop_map(MacAddr),
    }
    macaddr8_ {
        rust: MacAddr8,
        sql: "macaddr8",
        edges: [(MacAddr8::from(MacAddr([8, 0, 0x2b, 1, 2, 3])), "08:00:2b:ff:fe:01:02:03")],
        random: any::<[u8; 8]>().prop_map(MacAddr8),
    }
}

/// A cast to `text` adds the netmask; `concat` has what `psql` prints.
#[tokio::test]
async fn addresses_are_shown_as_the_server_prints_them() {
    let database = orm_test_support::database().await;
    let db = database.db();
    let values = crate::roads::values(vec![parsed("::1:0"), parsed("10.0.0.1")], inet());
    let printed = "SELECT concat(value) FROM unnest($1::inet[]) value";
    let printed: Vec<String> = db.query(printed, &[&values]).await.unwrap();
    assert_eq!(printed, values.iter().map(ToString::to_string).collect::<Vec<_>>());
    let networks: Vec<Cidr> = values.iter().map(Inet::network).collect();
    let printed = "SELECT concat(value) FROM unnest($1::cidr[]) value";
    let printed: Vec<String> = db.query(printed, &[&networks]).await.unwrap();
    assert_eq!(printed, networks.iter().map(ToString::to_string).collect::<Vec<_>>());
}

#[tokio::test]
async fn addresses_sort_as_the_server_sorts_them() {
    let database = orm_test_support::database().await;
    let mut values = crate::roads::values(vec![parsed("10.0.0.0/8"), parsed("10.1.2.3/8")], inet());
    let sorted = "SELECT value FROM unnest($1::inet[]) value ORDER BY value";
    let sorted: Vec<(Inet,)> = database.db().query(sorted, &[&values]).await.unwrap();
    values.sort();
    assert_eq!(sorted.into_iter().map(|row| row.0).collect::<Vec<_>>(), values);
}
