//! Network addresses: manual, section 8.9.

#[cfg(feature = "ipnet")]
mod ipnet;
mod mac;
mod std_net;
#[cfg(test)]
mod tests;
mod text;

use super::{CustomType, Failure, InvalidValue, sql_type};
use bytes::{BufMut as _, BytesMut};
use postgres_types::Type;
use std::cmp::Ordering;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

pub use mac::{MacAddr, MacAddr8};

/// A value of type `inet`: the address of a host, and the netmask of the network it is in (manual, section 8.9.1).
///
/// An address without a network is a [`std::net::IpAddr`], which is a type of `inet` columns as well. It is written and parsed as
/// the server does; the order is the server's too: networks first, then hosts.
///
/// ```
/// use orm_core::types::Inet;
/// let host: Inet = "192.168.1.5/24".parse()?;
/// assert_eq!((host.address().to_string(), host.prefix()), ("192.168.1.5".to_owned(), 24));
/// assert_eq!(host.network().to_string(), "192.168.1.0/24");
/// assert_eq!(Inet::new([10, 0, 0, 1], 32)?.to_string(), "10.0.0.1");
/// assert_eq!(
///     Inet::new([10, 0, 0, 1], 33).unwrap_err().to_string(),
///     "10.0.0.1/33 is no `inet`: the netmask of an IPv4 address has 32 bits at most"
/// );
/// # Ok::<(), orm_core::types::InvalidValue>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Inet {
    address: IpAddr,
    /// At most as many as the address has bits.
    prefix: u8,
}

/// A value of type `cidr`: a network, whose address has no bits to the right of its netmask (manual, section 8.9.2).
///
/// ```
/// use orm_core::types::Cidr;
/// let network = Cidr::new([192, 168, 1, 0], 24)?;
/// assert_eq!(network.to_string(), "192.168.1.0/24");
/// assert_eq!(Cidr::new([192, 168, 1, 5], 24).unwrap_err().to_string(),
///     "192.168.1.5/24 is no `cidr`: it has bits to the right of the netmask; the network is 192.168.1.0/24");
/// assert_eq!(Cidr::containing([192, 168, 1, 5], 24)?, network);
/// # Ok::<(), orm_core::types::InvalidValue>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cidr(Inet);

sql_type!(for Inet, "inet", INET, INET_ARRAY);
sql_type!(for Cidr, "cidr", CIDR, CIDR_ARRAY);

impl Inet {
    /// The address of a host in a network, of whose address the first `prefix` bits are that of the network.
    ///
    /// # Errors
    /// More bits than the address has: 32 of IPv4, 128 of IPv6.
    pub fn new(address: impl Into<IpAddr>, prefix: u8) -> Result<Self, InvalidValue> {
        let address = address.into();
        let bits = bits(&address);
        if prefix > bits {
            let why =
                format!("the netmask of an {} address has {bits} bits at most", name(&address));
            return Err(InvalidValue::new(format_args!("{address}/{prefix}"), "inet", why));
        }
        Ok(Self { address, prefix })
    }

    /// The address.
    pub const fn address(&self) -> IpAddr {
        self.address
    }

    /// How many bits of the netmask are set.
    pub const fn prefix(&self) -> u8 {
        self.prefix
    }

    /// Whether the netmask covers the whole address, so that it is a host and no part of a network is known.
    pub fn is_host(&self) -> bool {
        self.prefix == bits(&self.address)
    }

    /// The network that the host is in.
    pub fn network(&self) -> Cidr {
        let kept = self.number() & mask(self.prefix);
        let address = match self.address {
            IpAddr::V4(_) => {
                IpAddr::V4(Ipv4Addr::from(u32::try_from(kept >> 96).unwrap_or_default()))
            }
            IpAddr::V6(_) => IpAddr::V6(Ipv6Addr::from(kept)),
        };
        Cidr(Self { address, ..*self })
    }

    /// The bits of the address, from the left.
    fn number(&self) -> u128 {
        match self.address {
            IpAddr::V4(address) => u128::from(u32::from(address)) << 96,
            IpAddr::V6(address) => u128::from(address),
        }
    }
}

impl Cidr {
    /// A network.
    ///
    /// # Errors
    /// More bits of the netmask than the address has; bits of the address to the right of the netmask.
    pub fn new(address: impl Into<IpAddr>, prefix: u8) -> Result<Self, InvalidValue> {
        Inet::new(address, prefix).map_err(|error| error.of("cidr"))?.try_into()
    }

    /// The network of that size that an address is in.
    ///
    /// # Errors
    /// More bits of the netmask than the address has.
    pub fn containing(address: impl Into<IpAddr>, prefix: u8) -> Result<Self, InvalidValue> {
        Ok(Inet::new(address, prefix).map_err(|error| error.of("cidr"))?.network())
    }

    /// The first address.
    pub const fn address(&self) -> IpAddr {
        self.0.address
    }

    /// How many bits of the netmask are set.
    pub const fn prefix(&self) -> u8 {
        self.0.prefix
    }
}

/// A host without a network.
impl From<IpAddr> for Inet {
    fn from(address: IpAddr) -> Self {
        Self { prefix: bits(&address), address }
    }
}

impl From<Ipv4Addr> for Inet {
    fn from(address: Ipv4Addr) -> Self {
        IpAddr::V4(address).into()
    }
}

impl From<Ipv6Addr> for Inet {
    fn from(address: Ipv6Addr) -> Self {
        IpAddr::V6(address).into()
    }
}

impl From<Cidr> for Inet {
    fn from(network: Cidr) -> Self {
        network.0
    }
}

impl TryFrom<Inet> for Cidr {
    type Error = InvalidValue;

    fn try_from(value: Inet) -> Result<Self, InvalidValue> {
        let network = value.network();
        if network.0 != value {
            let why = format!("it has bits to the right of the netmask; the network is {network}");
            let text = format!("{}/{}", value.address, value.prefix);
            return Err(InvalidValue::new(text, "cidr", why));
        }
        Ok(network)
    }
}

/// As the server compares: IPv4 before IPv6, then by the bits that both netmasks cover, by the netmask, by the other bits.
impl Ord for Inet {
    fn cmp(&self, other: &Self) -> Ordering {
        let common = mask(self.prefix.min(other.prefix));
        let is_v6 = |value: &Self| value.address.is_ipv6();
        (is_v6(self).cmp(&is_v6(other)))
            .then_with(|| (self.number() & common).cmp(&(other.number() & common)))
            .then_with(|| self.prefix.cmp(&other.prefix))
            .then_with(|| self.number().cmp(&other.number()))
    }
}

impl PartialOrd for Inet {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// How many bits an address has.
const fn bits(address: &IpAddr) -> u8 {
    match address {
        IpAddr::V4(_) => 32,
        IpAddr::V6(_) => 128,
    }
}

const fn name(address: &IpAddr) -> &'static str {
    match address {
        IpAddr::V4(_) => "IPv4",
        IpAddr::V6(_) => "IPv6",
    }
}

/// That many bits, from the left.
fn mask(prefix: u8) -> u128 {
    u128::MAX.checked_shl(128 - u32::from(prefix)).unwrap_or_default()
}

/// `PGSQL_AF_INET` of PostgreSQL, and `PGSQL_AF_INET6`.
const FAMILY: u8 = 2;
const FAMILY_V6: u8 = 3;

/// Both types: a `cidr` is an `inet` where the server needs one, in the result of `max` for one.
fn is_network(ty: &Type) -> bool {
    matches!(*ty, Type::INET | Type::CIDR)
}

fn read(raw: &[u8]) -> Result<Inet, Failure> {
    // Whether it is a `cidr` is known by its type.
    let [family, prefix, _is_cidr, length, address @ ..] = raw else {
        return Err(format!("an address has 8 or 20 bytes, not {}", raw.len()).into());
    };
    if usize::from(*length) != address.len() {
        return Err(format!("an address of {length} bytes has {}", address.len()).into());
    }
    let address = match *family {
        FAMILY => IpAddr::from(<[u8; 4]>::try_from(address)?),
        FAMILY_V6 => IpAddr::from(<[u8; 16]>::try_from(address)?),
        _ => return Err(format!("{family} is no family of addresses").into()),
    };
    Ok(Inet::new(address, *prefix)?)
}

fn write(value: Inet, ty: &Type, out: &mut BytesMut) -> Result<(), Failure> {
    let is_cidr = *ty == Type::CIDR;
    if is_cidr {
        Cidr::try_from(value)?;
    }
    let mut head = |family, length| out.put_slice(&[family, value.prefix, is_cidr.into(), length]);
    match value.address {
        IpAddr::V4(address) => {
            head(FAMILY, 4);
            out.put_slice(&address.octets());
        }
        IpAddr::V6(address) => {
            head(FAMILY_V6, 16);
            out.put_slice(&address.octets());
        }
    }
    Ok(())
}

impl CustomType for Inet {
    type Sql = Self;
    type Element = Self;
    const DATA_TYPE: &'static str = "inet";

    fn accepts(ty: &Type) -> bool {
        is_network(ty)
    }

    fn read(_: &Type, raw: &[u8]) -> Result<Self, Failure> {
        read(raw)
    }

    fn write(&self, ty: &Type, out: &mut BytesMut) -> Result<(), Failure> {
        write(*self, ty, out)
    }
}

impl CustomType for Cidr {
    type Sql = Self;
    type Element = Self;
    const DATA_TYPE: &'static str = "cidr";

    fn accepts(ty: &Type) -> bool {
        is_network(ty)
    }

    fn read(_: &Type, raw: &[u8]) -> Result<Self, Failure> {
        Ok(read(raw)?.try_into()?)
    }

    fn write(&self, ty: &Type, out: &mut BytesMut) -> Result<(), Failure> {
        write(self.0, ty, out)
    }
}
