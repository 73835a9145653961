//! A type that no crate has: `ip4r`, a range of IPv4 addresses, of the extension of that name. What a program writes for one.

use orm::types::{BytesMut, CustomType, Failure, Own, Type};
use std::net::Ipv4Addr;

/// From one address to another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Ip4r {
    first: Ipv4Addr,
    last: Ipv4Addr,
}

impl Ip4r {
    pub(crate) fn new(first: impl Into<Ipv4Addr>, last: impl Into<Ipv4Addr>) -> Self {
        Self { first: first.into(), last: last.into() }
    }
}

impl CustomType for Ip4r {
    type Sql = Own<Self>;
    type Element = Own<Self>;
    const DATA_TYPE: &'static str = "ip4r";

    fn read(_: &Type, raw: &[u8]) -> Result<Self, Failure> {
        let addresses = raw.try_into().map(u64::from_be_bytes);
        let addresses = addresses.map_err(|_| format!("an ip4r has 8 bytes, not {}", raw.len()))?;
        let (first, last) = ((addresses >> 32) as u32, addresses as u32);
        Ok(Self { first: first.into(), last: last.into() })
    }

    fn write(&self, _: &Type, out: &mut BytesMut) -> Result<(), Failure> {
        if self.first > self.last {
            return Err(format!("{} comes after {}", self.first, self.last).into());
        }
        out.extend_from_slice(&self.first.octets());
        out.extend_from_slice(&self.last.octets());
        Ok(())
    }
}

orm::custom_type!(Ip4r);
