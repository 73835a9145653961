use super::*;
use crate::types::DeclaredType;
use proptest::prelude::*;

fn bytes(hex: &str) -> Vec<u8> {
    let byte = |place| u8::from_str_radix(&hex[place..place + 2], 16).expect("a byte");
    (0..hex.len()).step_by(2).map(byte).collect()
}

/// What PostGIS gives for `SRID=4326;POINT(1 2)`, and the same with the high bytes first.
const POINT: &str = "0101000020E6100000000000000000F03F0000000000000040";
const POINT_HIGH_FIRST: &str = "0020000001000010E63FF00000000000004000000000000000";
/// `POINT ZM (1 2 3 4)`, as PostGIS and as the standard have it.
const POINT_ZM: &str = "01010000C0000000000000F03F000000000000004000000000000008400000000000001040";
const ISO_POINT_ZM: &str =
    "01B90B0000000000000000F03F000000000000004000000000000008400000000000001040";

fn geometry(hex: &str) -> Result<Geometry, WkbError> {
    Geometry::from_ewkb(&bytes(hex))
}

#[test]
fn a_shape_is_the_same_in_either_order_of_bytes() {
    let point = geometry(POINT).unwrap();
    assert_eq!(point, geometry(POINT_HIGH_FIRST).unwrap());
    assert_eq!(point, Geometry::point(1.0, 2.0, 4326));
    assert_eq!(point.to_ewkb().unwrap(), bytes(POINT));
    let shape = point.shape();
    assert_eq!((shape.kind(), shape.has_z(), shape.has_m()), ("Point", false, false));
    assert_eq!(format!("{shape:?}"), "Wkb(0101000000000000000000F03F0000000000000040)");
    let high = geometry(POINT_ZM).unwrap();
    assert_eq!(high, geometry(ISO_POINT_ZM).unwrap());
    assert!(high.shape().has_z() && high.shape().has_m() && high.srid() == 0);
}

#[test]
fn bytes_that_are_no_shape_are_refused() {
    for (hex, why) in [
        ("", "the shape ends too early"),
        ("02", "2 is no order of bytes of a shape"),
        ("0113000000", "19 is no type of a shape"),
        ("01A10F0000", "4001 is no type of a shape"),
        ("0101000000000000000000F03F", "the shape ends too early"),
        ("0102000000FFFFFFFF00000000", "the shape ends before its 4294967295 parts"),
        // A line string with a point behind it.
        ("0102000000000000000101000000", "5 bytes follow the shape"),
        // A collection of points with a line string in it; a part with another SRID.
        ("010400000001000000010200000000000000", "a MultiPoint has a LineString in it"),
        (
            "0107000020E6100000010000000102000020E710000000000000",
            "a part of the shape has another SRID",
        ),
    ] {
        assert_eq!(geometry(hex).unwrap_err().to_string(), why, "{hex}");
    }
    let deep = |depth: usize| format!("{}010700000000000000", "010700000001000000".repeat(depth));
    assert!(geometry(&deep(200)).is_ok());
    let error = geometry(&deep(201)).unwrap_err();
    assert_eq!(error.to_string(), "shapes are nested more than 200 deep");
}

#[test]
fn a_shape_with_another_srid_than_its_column_is_not_written() {
    let written = |value: &dyn Fn(&Type, &mut BytesMut) -> Result<(), Failure>, name: &str| {
        let ty = DeclaredType::named(name).ty();
        value(&ty, &mut BytesMut::new()).map_err(|error| error.to_string())
    };
    let degrees = Geometry::point(1.0, 2.0, 4326);
    let degrees = |ty: &Type, out: &mut BytesMut| CustomType::write(&degrees, ty, out);
    let none = Geometry::point(1.0, 2.0, 0);
    let none = |ty: &Type, out: &mut BytesMut| CustomType::write(&none, ty, out);
    assert_eq!(written(&degrees, "geometry(Point,4326)"), Ok(()));
    assert_eq!(written(&degrees, "geometry(Point)"), Ok(()));
    assert_eq!(written(&none, "geometry"), Ok(()));
    assert_eq!(
        written(&none, "geometry(Point, 4326)").unwrap_err(),
        "a shape with the SRID 0 for a geometry(Point, 4326)"
    );
    // PostGIS takes degrees where a geography has no SRID.
    let globe = Geography::point(1.0, 2.0, 0);
    let globe = |ty: &Type, out: &mut BytesMut| CustomType::write(&globe, ty, out);
    assert_eq!(written(&globe, "geography(Point,4326)"), Ok(()));
    let large = Geometry::point(1.0, 2.0, 1_000_000);
    let large = |ty: &Type, out: &mut BytesMut| CustomType::write(&large, ty, out);
    assert_eq!(
        written(&large, "geometry").unwrap_err(),
        "1000000 is no SRID of a geometry: it is from 0 to 999999"
    );
}

/// Bytes that are likely to be read far: shapes, of which some numbers are changed.
fn likely() -> impl Strategy<Value = Vec<u8>> {
    let word = prop_oneof![
        (0_u32..20).prop_map(|kind| kind),
        (0_u32..4, 1_u32..8).prop_map(|(flags, kind)| 1000 * flags + kind),
        (0_u32..8, 1_u32..18).prop_map(|(flags, kind)| (flags << 29) | kind),
        any::<u32>(),
    ];
    let part = prop_oneof![
        (any::<bool>(), word).prop_map(|(is_little, word)| {
            let mut bytes = vec![u8::from(is_little)];
            bytes.extend(if is_little { word.to_le_bytes() } else { word.to_be_bytes() });
            bytes
        }),
        (0_u32..4).prop_map(|count| count.to_le_bytes().to_vec()),
        any::<f64>().prop_map(|number| number.to_le_bytes().to_vec()),
    ];
    prop::collection::vec(part, 0..12).prop_map(|parts| parts.concat())
}

fn check_any(bytes: &[u8]) {
    #[cfg(feature = "geo-types")]
    let _geo = geo_types::Geometry::read_ewkb(bytes);
    let Ok(shape) = Geometry::<Wkb>::from_ewkb(bytes) else { return };
    // What is read is written so that it is read as the same.
    let written = shape.to_ewkb().unwrap();
    assert_eq!(Geometry::from_ewkb(&written), Ok(shape.clone()));
    assert!(!shape.shape().kind().is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn any_bytes_give_a_shape_or_an_error(any in prop::collection::vec(any::<u8>(), 0..64), likely in likely()) {
        check_any(&any);
        check_any(&likely);
    }
}

#[cfg(feature = "geo-types")]
mod geo {
    use super::*;
    use geo_types::{
        GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon,
        line_string, point, polygon,
    };

    #[track_caller]
    fn refused<S: Shape + PartialEq>(hex: &str, why: &str) {
        let error = geometry(hex).unwrap().convert::<S>().unwrap_err();
        assert!(error.to_string().starts_with(why), "{error}");
    }

    #[test]
    fn what_the_types_cannot_hold_is_an_error() {
        assert_eq!(
            geometry(POINT).unwrap().convert::<Point>(),
            Ok(Geometry::new(point!(x: 1.0, y: 2.0), 4326))
        );
        refused::<LineString>(POINT, "a Point is no geo_types::LineString");
        refused::<Point>(POINT_ZM, "the shape has Z and M, which geo_types does not have");
        refused::<geo_types::Geometry>(
            "0107000000010000000101000080000000000000F03F00000000000000400000000000000840",
            "a part of the shape has Z or M",
        );
        refused::<Point>("0101000000000000000000F87F000000000000F87F", "the point is empty");
        refused::<geo_types::Geometry>(
            "010800000000000000",
            "geo_types does not have the type CircularString",
        );
        let ring = "0103000000010000000200000000000000000000000000000000000000000000000000F03F000000000000F03F";
        refused::<Polygon>(ring, "a ring of the polygon is not closed");
        let nan = Geometry::from(point!(x: f64::NAN, y: 1.0));
        assert_eq!(nan.to_ewkb().unwrap_err().to_string(), "a coordinate is NaN");
        let hole =
            Polygon::new(line_string![], vec![line_string![(x: 0.0, y: 0.0), (x: 1.0, y: 1.0)]]);
        assert!(Geometry::from(hole).to_ewkb().is_err());
    }

    #[test]
    fn a_line_and_a_rectangle_are_written_as_what_they_are() {
        let line = geo_types::Line::new((0.0, 0.0), (1.0, 1.0));
        let written = Geometry::from(geo_types::Geometry::Line(line)).convert::<LineString>();
        assert_eq!(written.map(Geometry::into_shape), Ok(line.into()));
        let rect = geo_types::Rect::new((0.0, 0.0), (1.0, 1.0));
        let written = Geometry::from(geo_types::Geometry::Rect(rect)).convert::<Polygon>();
        assert_eq!(written.map(Geometry::into_shape), Ok(rect.to_polygon()));
        let triangle: geo_types::Triangle = [(0.0, 0.0), (1.0, 1.0), (0.0, 1.0)].into();
        let written = Geometry::from(geo_types::Geometry::Triangle(triangle)).convert::<Polygon>();
        assert_eq!(written.map(Geometry::into_shape), Ok(triangle.to_polygon()));
    }

    fn place() -> impl Strategy<Value = geo_types::Coord> {
        (-1e6..1e6, -1e6..1e6).prop_map(|(x, y)| geo_types::Coord { x, y })
    }

    fn line() -> impl Strategy<Value = LineString> {
        prop::collection::vec(place(), 0..5).prop_map(LineString)
    }

    fn area() -> impl Strategy<Value = Polygon> {
        let rings = prop::collection::vec(prop::collection::vec(place(), 3..6), 0..3);
        rings.prop_map(|rings| {
            let mut rings = rings.into_iter().map(LineString);
            Polygon::new(rings.next().unwrap_or_else(|| line_string![]), rings.collect())
        })
    }

    pub(super) fn any_shape() -> impl Strategy<Value = geo_types::Geometry> {
        let many = 0..4;
        let leaf = prop_oneof![
            place().prop_map(|place| Point(place).into()),
            line().prop_map(Into::into),
            area().prop_map(Into::into),
            prop::collection::vec(place().prop_map(Point), many.clone())
                .prop_map(|it| MultiPoint(it).into()),
            prop::collection::vec(line(), many.clone()).prop_map(|it| MultiLineString(it).into()),
            prop::collection::vec(area(), many).prop_map(|it| MultiPolygon(it).into()),
        ];
        leaf.prop_recursive(3, 12, 4, |inner| {
            prop::collection::vec(inner, 0..4)
                .prop_map(|it| geo_types::Geometry::GeometryCollection(GeometryCollection(it)))
        })
    }

    proptest! {
        #[test]
        fn every_shape_comes_back_as_it_went(shape in any_shape(), srid in prop_oneof![Just(0), 1..=SRID_MAX]) {
            let geometry = Geometry::new(shape, srid);
            let bytes: Geometry = geometry.convert().unwrap();
            prop_assert_eq!(bytes.srid(), srid);
            prop_assert_eq!(bytes.convert(), Ok(geometry));
        }
    }

    #[test]
    fn a_polygon_with_a_hole() {
        let shape = polygon! {
            exterior: [(x: 0.0, y: 0.0), (x: 4.0, y: 0.0), (x: 4.0, y: 4.0)],
            interiors: [[(x: 1.0, y: 1.0), (x: 2.0, y: 1.0), (x: 2.0, y: 2.0)]],
        };
        let written = Geometry::from(shape.clone()).convert::<Wkb>().unwrap();
        assert_eq!(written.shape().kind(), "Polygon");
        assert_eq!(written.convert(), Ok(Geometry::from(shape)));
    }
}
