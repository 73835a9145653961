//! Functions of network addresses: manual, section 9.12. Each takes an `inet` or a `cidr`.

use super::conditional::call;
use super::macros::functions;
use crate::query::expr::Expr;
use crate::query::expression::Propagate;
use crate::query::network_operators::NetworkType;
use crate::query::operand::Operand;
use crate::query::value::IntoExpression;
use crate::types::{Cidr, Inet, Int4, MacAddr8, Value};

/// The SQL type of an argument.
type SqlOf<E> = <<E as IntoExpression>::Value as Value>::Sql;

macro_rules! of_address {
    ($($(#[$meta:meta])* $name:ident(address) -> $result:ty;)*) => {$(
        $(#[$meta])*
        pub fn $name<E: IntoExpression>(
            address: E,
        ) -> Expr<<E::Value as Value>::Propagate<$result>, (E::Reads, ())>
        where
            SqlOf<E>: NetworkType,
        {
            call(stringify!($name), vec![address.into_expression()])
        }
    )*};
}

of_address! {
    /// `abbrev(address)`: as text, without what the netmask of a `cidr` says: `10.1/16`.
    abbrev(address) -> String;
    /// `broadcast(address)`: the last address of the network.
    broadcast(address) -> Inet;
    /// `family(address)`: 4 or 6.
    family(address) -> i32;
    /// `host(address)`: the address as text, without the netmask.
    ///
    /// ```
    /// use orm::func;
    /// use orm::prelude::*;
    /// use orm::types::Inet;
    /// #[derive(Table, Debug)]
    /// struct Visit {
    ///     #[column(primary_key)]
    ///     id: i64,
    ///     address: Inet,
    /// }
    /// let query = Visit::query().select((func::host(Visit::address), func::masklen(Visit::address)));
    /// assert_eq!(
    ///     query.to_sql(),
    ///     r#"SELECT host("visit"."address"), masklen("visit"."address") FROM "visit""#
    /// );
    /// ```
    host(address) -> String;
    /// `hostmask(address)`: the bits that are the host's.
    hostmask(address) -> Inet;
    /// `masklen(address)`: how many bits of the netmask are set.
    masklen(address) -> i32;
    /// `netmask(address)`: the bits that are the network's.
    netmask(address) -> Inet;
    /// `network(address)`: the network that it is in.
    network(address) -> Cidr;
}

/// `set_masklen(address, length)`: with a netmask of that many bits. A `cidr` loses the bits to the right of it. -1 is the whole
/// address.
pub fn set_masklen<E: IntoExpression, O: Operand<Int4>>(
    address: E,
    length: O,
) -> Expr<Propagate<E::Value, O::Value, <SqlOf<E> as NetworkType>::Value>, (E::Reads, O::Reads)>
where
    SqlOf<E>: NetworkType,
{
    call("set_masklen", vec![address.into_expression(), length.into_operand()])
}

/// `inet_same_family(x, y)`: both are IPv4, or both IPv6.
pub fn inet_same_family<A: IntoExpression, B: IntoExpression>(
    one: A,
    other: B,
) -> Expr<Propagate<A::Value, B::Value, bool>, (A::Reads, B::Reads)>
where
    SqlOf<A>: NetworkType,
    SqlOf<B>: NetworkType,
{
    call("inet_same_family", vec![one.into_expression(), other.into_expression()])
}

/// `inet_merge(x, y)`: the smallest network that both are in; an error of the server where they are of two families.
pub fn inet_merge<A: IntoExpression, B: IntoExpression>(
    one: A,
    other: B,
) -> Expr<Propagate<A::Value, B::Value, Cidr>, (A::Reads, B::Reads)>
where
    SqlOf<A>: NetworkType,
    SqlOf<B>: NetworkType,
{
    call("inet_merge", vec![one.into_expression(), other.into_expression()])
}

functions! {
    /// `macaddr8_set7bit(address)`: with the seventh bit set, as it is in the IPv6 address of the card.
    macaddr8_set7bit(A address: MacAddr8) -> MacAddr8;
}
