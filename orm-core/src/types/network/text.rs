//! The texts of addresses, as the server reads and writes them.

use super::{Cidr, Inet, InvalidValue};
use std::fmt;
use std::net::{IpAddr, Ipv4Addr};
use std::str::FromStr;

impl fmt::Display for Inet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_address(self.address, f)?;
        if self.is_host() { Ok(()) } else { write!(f, "/{}", self.prefix) }
    }
}

/// Its netmask is always written.
impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_address(self.0.address, f)?;
        write!(f, "/{}", self.0.prefix)
    }
}

/// The server writes as IPv4 the end of more addresses than the standard library does.
fn write_address(address: IpAddr, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let IpAddr::V6(v6) = address else { return write!(f, "{address}") };
    match v6.segments() {
        [0, 0, 0, 0, 0, 0, high, low] if high != 0 => {
            write!(f, "::{}", Ipv4Addr::from((u32::from(high) << 16) | u32::from(low)))
        }
        _ => write!(f, "{v6}"),
    }
}

impl FromStr for Inet {
    type Err = InvalidValue;

    /// An address, and behind a `/` the number of bits of its netmask.
    fn from_str(text: &str) -> Result<Self, InvalidValue> {
        parse(text, "inet")
    }
}

impl FromStr for Cidr {
    type Err = InvalidValue;

    /// An address, and behind a `/` the number of bits of its netmask; of a whole address where there is none.
    fn from_str(text: &str) -> Result<Self, InvalidValue> {
        parse(text, "cidr")?.try_into()
    }
}

fn parse(text: &str, into: &'static str) -> Result<Inet, InvalidValue> {
    let (address, prefix) = match text.trim().split_once('/') {
        Some((address, prefix)) => (address, Some(prefix)),
        None => (text.trim(), None),
    };
    let Ok(address) = address.parse::<IpAddr>() else {
        let why = "it does not begin with an IPv4 address, 10.0.0.1, or an IPv6 address, ::1";
        return Err(InvalidValue::new(text, into, why));
    };
    let Some(prefix) = prefix else { return Ok(address.into()) };
    match prefix.parse() {
        Ok(prefix) if !prefix_is_signed(text) => {
            Inet::new(address, prefix).map_err(|error| error.of(into))
        }
        _ => {
            let why = "behind the `/` is no number of bits";
            Err(InvalidValue::new(text, into, why))
        }
    }
}

/// The standard library reads `+8` as a number.
fn prefix_is_signed(text: &str) -> bool {
    text.contains("/+")
}
