//! Operators of network addresses: manual, section 9.12.

use super::containers::{Container, Entries, Overlapping};
use super::expression::{Compared, Expression, binary};
use super::node::{Node, Param};
use super::operand::{Comparable, Compatible, Operand, Subject};
use crate::types::{Cidr, Inet, MacAddr, MacAddr8, Value};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The SQL type `Self` is one of addresses: `inet` or `cidr`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a network address",
    label = "neither `inet` nor `cidr`"
)]
pub trait NetworkType {
    /// The Rust type of a value.
    type Value: Value;
}

impl NetworkType for Inet {
    type Value = Self;
}

impl NetworkType for Cidr {
    type Value = Self;
}

/// A column or value that is a network address.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a network address",
    label = "neither `inet` nor `cidr`"
)]
pub trait NetworkSubject: Subject {}
#[diagnostic::do_not_recommend]
impl<S: Subject> NetworkSubject for S where <S::Value as Value>::Sql: NetworkType {}

macro_rules! containers {
    ($($sql:ty)*) => {$(
        impl Container for $sql {
            fn containing(container: Node, part: Node) -> Node {
                Node::Binary(Box::new((container, part)), ">>=")
            }
        }
        impl Entries for $sql {
            const CONTAINED_IN: &'static str = "<<=";
        }
        impl Overlapping for $sql {}
    )*};
}

containers! { Inet Cidr }

crate::custom_type!(Inet, Cidr, IpAddr, Ipv4Addr, Ipv6Addr, MacAddr, MacAddr8);
#[cfg(feature = "ipnet")]
crate::custom_type!(ipnet::IpNet, ipnet::Ipv4Net, ipnet::Ipv6Net);

/// Values of the one type next to a column of the other: the server takes a `cidr` for an `inet`.
macro_rules! compatible {
    ($($value:ty: $sql:ty;)*) => {$(
        impl Operand<$sql, Compatible> for $value {
            type Value = $value;
            type Reads = ();

            fn into_operand(self) -> Node {
                Node::Param(Param::of(self))
            }
        }
    )*};
}

compatible! {
    Inet: Cidr;
    IpAddr: Cidr;
    Ipv4Addr: Cidr;
    Ipv6Addr: Cidr;
    Cidr: Inet;
}

#[cfg(feature = "ipnet")]
compatible! {
    ipnet::IpNet: Cidr;
    ipnet::Ipv4Net: Cidr;
    ipnet::Ipv6Net: Cidr;
}

/// The operators of columns and expressions of the types `inet` and `cidr` that others do not have.
///
/// `contains` is `>>=`, `contained_in` is `<<=` and `overlaps` is `&&`: see [`ContainerOperators`](super::ContainerOperators). A
/// network contains itself there, and does not here.
///
/// ```
/// use orm::prelude::*;
/// use orm::types::Cidr;
/// use std::net::{IpAddr, Ipv4Addr};
///
/// #[derive(Table, Debug)]
/// struct Network {
///     #[column(primary_key)]
///     id: i64,
///     range: Cidr,
///     gateway: Option<IpAddr>,
/// }
///
/// let host = Ipv4Addr::new(192, 168, 1, 5);
/// let query = Network::query().filter(Network::range.contains(host)).select(Network::id);
/// assert!(query.to_sql().text.ends_with(r#"WHERE "network"."range" >>= $1"#));
/// let query = Network::query()
///     .filter(Network::gateway.strictly_contained_in(Network::range))
///     .select(Network::id);
/// assert!(query.to_sql().text.ends_with(r#"WHERE "network"."gateway" << "network"."range""#));
/// ```
pub trait NetworkOperators: Expression {
    /// `>>`: the other is in this network, and is smaller.
    fn strictly_contains<O: Comparable<Self::Subject>>(self, other: O) -> Compared<Self, O>
    where
        Self::Subject: NetworkSubject,
    {
        binary(self.into_node(), ">>", other.into_comparable())
    }

    /// `<<`: it is in the other network, and is smaller.
    fn strictly_contained_in<O: Comparable<Self::Subject>>(self, other: O) -> Compared<Self, O>
    where
        Self::Subject: NetworkSubject,
    {
        binary(self.into_node(), "<<", other.into_comparable())
    }
}

impl<E: Expression> NetworkOperators for E {}
