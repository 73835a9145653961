//! The networks of the crate `ipnet`, which may be hosts in them, as values of type `inet` are.

use super::{Cidr, Inet, is_network, name, read, write};
use crate::types::{CustomType, Failure};
use bytes::BytesMut;
use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use postgres_types::Type;

impl From<IpNet> for Inet {
    fn from(network: IpNet) -> Self {
        Self { address: network.addr(), prefix: network.prefix_len() }
    }
}

impl From<Inet> for IpNet {
    fn from(value: Inet) -> Self {
        // The prefix of an `Inet` is never too long.
        Self::new(value.address, value.prefix).unwrap_or_else(|_| value.address.into())
    }
}

impl From<Cidr> for IpNet {
    fn from(value: Cidr) -> Self {
        value.0.into()
    }
}

impl CustomType for IpNet {
    type Sql = Inet;
    type Element = Inet;
    const DATA_TYPE: &'static str = "inet";
    const DECLARED_AS: &'static [&'static str] = &["cidr"];

    fn accepts(ty: &Type) -> bool {
        is_network(ty)
    }

    fn read(_: &Type, raw: &[u8]) -> Result<Self, Failure> {
        Ok(read(raw)?.into())
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
            const DECLARED_AS: &'static [&'static str] = &["cidr"];

            fn accepts(ty: &Type) -> bool {
                is_network(ty)
            }

            fn read(_: &Type, raw: &[u8]) -> Result<Self, Failure> {
                match IpNet::from(read(raw)?) {
                    IpNet::$variant(network) => Ok(network),
                    other => Err(format!(
                        "{other} is an {} address, and no `{}`; `ipnet::IpNet` holds both",
                        name(&other.addr()),
                        stringify!($rust),
                    )
                    .into()),
                }
            }

            fn write(&self, ty: &Type, out: &mut BytesMut) -> Result<(), Failure> {
                write(IpNet::$variant(*self).into(), ty, out)
            }
        }
    )*};
}

of_one_family! { Ipv4Net V4; Ipv6Net V6; }
