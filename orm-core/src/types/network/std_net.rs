//! The addresses of the standard library: those of hosts.

use super::{Inet, is_network, name, read, write};
use crate::types::{CustomType, Failure};
use bytes::BytesMut;
use postgres_types::Type;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The address of a value that has no other netmask than that of a host.
fn host(raw: &[u8], rust: &str) -> Result<IpAddr, Failure> {
    let value = read(raw)?;
    if value.is_host() {
        return Ok(value.address);
    }
    let (family, prefix) = (name(&value.address), value.prefix);
    Err(format!(
        "{value} has a netmask of {prefix} bits, and `{rust}` holds an {family} address without a netmask; make the Rust type \
         `orm::types::Inet`"
    )
    .into())
}

impl CustomType for IpAddr {
    type Sql = Inet;
    type Element = Inet;
    const DATA_TYPE: &'static str = "inet";

    fn accepts(ty: &Type) -> bool {
        is_network(ty)
    }

    fn read(_: &Type, raw: &[u8]) -> Result<Self, Failure> {
        host(raw, "IpAddr")
    }

    fn write(&self, ty: &Type, out: &mut BytesMut) -> Result<(), Failure> {
        write((*self).into(), ty, out)
    }
}

macro_rules! of_one_family {
    ($($rust:ident $variant:ident;)*) => {$(
        impl CustomType for $rust {
            type Sql = Inet;
            type Element = Inet;
            const DATA_TYPE: &'static str = "inet";

            fn accepts(ty: &Type) -> bool {
                is_network(ty)
            }

            fn read(_: &Type, raw: &[u8]) -> Result<Self, Failure> {
                match host(raw, stringify!($rust))? {
                    IpAddr::$variant(address) => Ok(address),
                    other => Err(format!(
                        "{other} is an {} address, and no `{}`; `std::net::IpAddr` holds both",
                        name(&other),
                        stringify!($rust),
                    )
                    .into()),
                }
            }

            fn write(&self, ty: &Type, out: &mut BytesMut) -> Result<(), Failure> {
                write((*self).into(), ty, out)
            }
        }
    )*};
}

of_one_family! { Ipv4Addr V4; Ipv6Addr V6; }
