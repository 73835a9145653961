use super::*;
use proptest::prelude::*;
use std::fmt::Debug;

#[track_caller]
fn there_and_back<V: CustomType + PartialEq>(value: &V, ty: &Type) {
    let mut out = BytesMut::new();
    value.write(ty, &mut out).expect("a value that can be written");
    assert_eq!(&V::read(ty, &out).expect("a value"), value);
}

#[track_caller]
fn is_refused<V: CustomType + Debug>(raw: &[u8], expected: &str) {
    let error = V::read(&Type::INET, raw).expect_err("an error");
    assert_eq!(error.to_string(), expected);
}

fn inet() -> impl Strategy<Value = Inet> {
    let address = prop_oneof![
        any::<u32>().prop_map(|bits| IpAddr::V4(bits.into())),
        any::<u128>().prop_map(|bits| IpAddr::V6(bits.into())),
        // With the zeros that the text leaves out.
        proptest::collection::vec(prop_oneof![Just(0_u16), any::<u16>()], 8).prop_map(|all| {
            let mut segments = [0; 8];
            segments.copy_from_slice(&all);
            IpAddr::from(segments)
        }),
    ];
    (address, 0_u8..=128).prop_map(|(address, prefix)| {
        Inet::new(address, prefix.min(bits(&address))).expect("not too many bits")
    })
}

proptest! {
    #[test]
    fn every_address_is_read_as_it_was_written_and_parsed_as_it_was_shown(value in inet()) {
        there_and_back(&value, &Type::INET);
        there_and_back(&value.network(), &Type::CIDR);
        there_and_back(&value.address(), &Type::INET);
        prop_assert_eq!(value.to_string().parse::<Inet>(), Ok(value));
        let network = value.network();
        prop_assert_eq!(network.to_string().parse::<Cidr>(), Ok(network));
        prop_assert_eq!(Cidr::new(network.address(), network.prefix()), Ok(network));
    }

    #[test]
    fn every_card_is_read_as_it_was_written_and_parsed_as_it_was_shown(
        short in any::<[u8; 6]>(),
        long in any::<[u8; 8]>(),
    ) {
        let (short, long) = (MacAddr(short), MacAddr8(long));
        there_and_back(&short, &Type::MACADDR);
        there_and_back(&long, &Type::MACADDR8);
        prop_assert_eq!(short.to_string().parse::<MacAddr>(), Ok(short));
        prop_assert_eq!(long.to_string().parse::<MacAddr8>(), Ok(long));
        prop_assert_eq!(MacAddr::try_from(MacAddr8::from(short)), Ok(short));
    }

    #[test]
    fn no_bytes_make_it_panic(
        start in (2_u8..5, any::<u8>(), 0_u8..3, prop_oneof![Just(4_u8), Just(16), any::<u8>()]),
        rest in proptest::collection::vec(any::<u8>(), 0..20),
    ) {
        let mut raw = vec![start.0, start.1, start.2, start.3];
        raw.extend(rest);
        for length in 0..raw.len() {
            let raw = raw.get(..length).unwrap_or_default();
            let _any = (Inet::read(&Type::INET, raw), Cidr::read(&Type::CIDR, raw));
            let _any = (IpAddr::read(&Type::INET, raw), Ipv6Addr::read(&Type::INET, raw));
            let _any = (MacAddr::read(&Type::MACADDR, raw), MacAddr8::read(&Type::MACADDR8, raw));
        }
    }

    #[test]
    fn a_text_that_is_no_address_is_an_error_and_no_panic(text in "[0-9a-f:./ +-]{0,20}") {
        let _any = (text.parse::<Inet>(), text.parse::<Cidr>());
        let _any = (text.parse::<MacAddr>(), text.parse::<MacAddr8>());
    }
}

#[test]
fn addresses_sort_as_on_the_server() {
    let sorted = [
        "0.0.0.0/0",
        "10.0.0.0/8",
        "10.1.2.3/8",
        "10.0.0.0/16",
        "10.0.0.0",
        "10.1.0.0/16",
        "10.1.2.3",
        "::/0",
        "::1",
        "fe80::/10",
    ];
    let mut values: Vec<Inet> = sorted.iter().map(|text| text.parse().unwrap()).collect();
    values.reverse();
    values.sort();
    let texts: Vec<String> = values.iter().map(ToString::to_string).collect();
    assert_eq!(texts, sorted);
}

#[test]
fn the_end_of_an_address_is_written_as_ipv4_where_the_server_does() {
    for (text, shown) in [
        ("::1.2.3.4", "::1.2.3.4"),
        ("::1:0", "::0.1.0.0"),
        ("::2", "::2"),
        ("::ffff", "::ffff"),
        ("::", "::"),
        ("::1:0:0", "::1:0:0"),
        ("::ffff:1.2.3.4", "::ffff:1.2.3.4"),
        ("::ffff:0:1.2.3.4", "::ffff:0:102:304"),
        ("64:ff9b::1.2.3.4", "64:ff9b::102:304"),
        ("1:0:0:2:0:0:0:3", "1:0:0:2::3"),
        ("1:0:2:0:3:0:4:0", "1:0:2:0:3:0:4:0"),
    ] {
        assert_eq!(text.parse::<Inet>().unwrap().to_string(), shown);
    }
}

#[test]
fn a_netmask_that_the_rust_type_has_no_place_for_is_an_error_that_names_another() {
    let network = [FAMILY, 24, 0, 4, 192, 168, 0, 1];
    is_refused::<IpAddr>(
        &network,
        "192.168.0.1/24 has a netmask of 24 bits, and `IpAddr` holds an IPv4 address without a netmask; make the Rust type \
         `orm::types::Inet`",
    );
    is_refused::<Cidr>(
        &network,
        "192.168.0.1/24 is no `cidr`: it has bits to the right of the netmask; the network is 192.168.0.0/24",
    );
    let v4 = [FAMILY, 32, 0, 4, 192, 168, 0, 1];
    is_refused::<Ipv6Addr>(
        &v4,
        "192.168.0.1 is an IPv4 address, and no `Ipv6Addr`; `std::net::IpAddr` holds both",
    );
    assert_eq!(Ipv4Addr::read(&Type::INET, &v4).unwrap(), Ipv4Addr::new(192, 168, 0, 1));
}

#[test]
fn bytes_that_are_no_address_are_an_error_that_says_why() {
    is_refused::<Inet>(&[2, 32], "an address has 8 or 20 bytes, not 2");
    is_refused::<Inet>(&[2, 32, 0, 4, 1], "an address of 4 bytes has 1");
    is_refused::<Inet>(&[9, 32, 0, 4, 1, 1, 1, 1], "9 is no family of addresses");
    is_refused::<Inet>(
        &[2, 33, 0, 4, 1, 1, 1, 1],
        "1.1.1.1/33 is no `inet`: the netmask of an IPv4 address has 32 bits at most",
    );
    is_refused::<MacAddr>(&[1], "a `macaddr` has 6 bytes, not 1");
}

#[test]
fn texts_are_parsed_in_the_forms_of_the_manual() {
    let card = MacAddr([8, 0, 0x2b, 1, 2, 3]);
    for text in [
        "08:00:2b:01:02:03",
        "08-00-2b-01-02-03",
        "08002b:010203",
        "08002b-010203",
        "0800.2b01.0203",
        "0800-2b01-0203",
        "08002b010203",
        "08:00:2B:01:02:03",
    ] {
        assert_eq!(text.parse(), Ok(card), "{text}");
    }
    assert_eq!("08002b:0102030405".parse(), Ok(MacAddr8([8, 0, 0x2b, 1, 2, 3, 4, 5])));
    for text in ["08:00:2b:01:02", "08:00-2b:01:02:03", "8:0:2b:1:2:3", "08:00:2b:01:02:0x", ""] {
        assert!(text.parse::<MacAddr>().is_err(), "{text}");
    }
    for text in ["10.0.0.1/", "10.0.0.1/+8", "10.0.0.1/8/8", "10.1", "x", "", "::1/129"] {
        assert!(text.parse::<Inet>().is_err(), "{text}");
    }
    assert_eq!(
        "10.0.0.1/x".parse::<Cidr>().unwrap_err().to_string(),
        "10.0.0.1/x is no `cidr`: behind the `/` is no number of bits"
    );
}
