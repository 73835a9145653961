//! Shapes of the crate `geo_types`: in two dimensions, of straight lines.

use super::Shape;
use super::reader::{Head, Reader};
use super::wkb::{self, WkbError, put_count, put_start};
use bytes::{BufMut as _, BytesMut};
use geo_types::{
    Coord, Geometry, GeometryCollection, Line, LineString, MultiLineString, MultiPoint,
    MultiPolygon, Point, Polygon, Rect, Triangle,
};

impl Shape for Geometry {
    fn read_ewkb(ewkb: &[u8]) -> Result<(Self, i32), WkbError> {
        let mut reader = Reader::new(ewkb);
        let head = reader.head(None)?;
        let shape = shape(head, &mut reader)?;
        reader.end()?;
        Ok((shape, head.srid))
    }

    /// A line, a rectangle and a triangle are written as the line string or polygon that they are.
    fn write_ewkb(&self, srid: i32, out: &mut BytesMut) -> Result<(), WkbError> {
        match self {
            Self::Point(it) => it.put(srid, out),
            Self::Line(it) => it.put(srid, out),
            Self::LineString(it) => it.put(srid, out),
            Self::Polygon(it) => it.put(srid, out),
            Self::MultiPoint(it) => it.put(srid, out),
            Self::MultiLineString(it) => it.put(srid, out),
            Self::MultiPolygon(it) => it.put(srid, out),
            Self::GeometryCollection(it) => it.put(srid, out),
            Self::Rect(it) => it.put(srid, out),
            Self::Triangle(it) => it.put(srid, out),
        }
    }
}

macro_rules! shapes {
    ($($shape:ident)*) => {$(
        impl Shape for $shape {
            fn read_ewkb(ewkb: &[u8]) -> Result<(Self, i32), WkbError> {
                match Geometry::read_ewkb(ewkb)? {
                    (Geometry::$shape(shape), srid) => Ok((shape, srid)),
                    (other, _) => Err(WkbError::new(format!(
                        concat!("a {} is no geo_types::", stringify!($shape)),
                        name(&other)
                    ))),
                }
            }

            fn write_ewkb(&self, srid: i32, out: &mut BytesMut) -> Result<(), WkbError> {
                self.put(srid, out)
            }
        }
    )*};
}

shapes! { Point LineString Polygon MultiPoint MultiLineString MultiPolygon GeometryCollection }

fn name(shape: &Geometry) -> &'static str {
    match shape {
        Geometry::Point(_) => "Point",
        Geometry::LineString(_) | Geometry::Line(_) => "LineString",
        Geometry::Polygon(_) | Geometry::Rect(_) | Geometry::Triangle(_) => "Polygon",
        Geometry::MultiPoint(_) => "MultiPoint",
        Geometry::MultiLineString(_) => "MultiLineString",
        Geometry::MultiPolygon(_) => "MultiPolygon",
        Geometry::GeometryCollection(_) => "GeometryCollection",
    }
}

fn shape(head: Head, reader: &mut Reader<'_>) -> Result<Geometry, WkbError> {
    if head.flags != 0 {
        let what = match (head.flags & wkb::HAS_Z != 0, head.flags & wkb::HAS_M != 0) {
            (true, true) => "Z and M",
            (true, false) => "Z",
            _ => "M",
        };
        return Err(WkbError::new(format!(
            "the shape has {what}, which geo_types does not have: read it as `Wkb`, or select `ST_Force2D(..)` of it"
        )));
    }
    Ok(match head.kind {
        wkb::POINT => point(head, reader)?.into(),
        wkb::LINE_STRING => line_string(head, reader)?.into(),
        wkb::POLYGON => polygon(head, reader)?.into(),
        wkb::MULTI_POINT => MultiPoint(parts(head, reader, point)?).into(),
        wkb::MULTI_LINE_STRING => MultiLineString(parts(head, reader, line_string)?).into(),
        wkb::MULTI_POLYGON => MultiPolygon(parts(head, reader, polygon)?).into(),
        wkb::COLLECTION => {
            Geometry::GeometryCollection(GeometryCollection(parts(head, reader, shape)?))
        }
        other => {
            return Err(WkbError::new(format!(
                "geo_types does not have the type {}: read it as `Wkb`, or select `ST_CurveToLine(..)` of it",
                wkb::kind_name(other).unwrap_or_default()
            )));
        }
    })
}

fn coordinates(head: Head, reader: &mut Reader<'_>) -> Result<Coord, WkbError> {
    Ok(Coord { x: reader.coordinate(head)?, y: reader.coordinate(head)? })
}

fn point(head: Head, reader: &mut Reader<'_>) -> Result<Point, WkbError> {
    let place = coordinates(head, reader)?;
    if place.x.is_nan() && place.y.is_nan() {
        return Err(WkbError::new("the point is empty, which a geo_types::Point is not"));
    }
    Ok(place.into())
}

fn line_string(head: Head, reader: &mut Reader<'_>) -> Result<LineString, WkbError> {
    let count = reader.points(head)?;
    let places: Result<Vec<Coord>, WkbError> =
        (0..count).map(|_| coordinates(head, reader)).collect();
    Ok(LineString(places?))
}

fn polygon(head: Head, reader: &mut Reader<'_>) -> Result<Polygon, WkbError> {
    let count = reader.rings(head)?;
    let mut rings = Vec::new();
    for _ in 0..count {
        let ring = line_string(head, reader)?;
        // The type closes each ring.
        if !ring.is_closed() {
            return Err(WkbError::new("a ring of the polygon is not closed"));
        }
        rings.push(ring);
    }
    let mut rings = rings.into_iter();
    let exterior = rings.next().unwrap_or_else(|| LineString(Vec::new()));
    Ok(Polygon::new(exterior, rings.collect()))
}

/// The shapes in another one.
fn parts<T>(
    head: Head,
    reader: &mut Reader<'_>,
    read: fn(Head, &mut Reader<'_>) -> Result<T, WkbError>,
) -> Result<Vec<T>, WkbError> {
    let count = reader.shapes(head)?;
    let mut parts = Vec::new();
    for _ in 0..count {
        parts.push(reader.within(|reader| {
            let part = reader.head(Some(head))?;
            if part.flags != 0 {
                // Of the type of a part only the shape itself is read.
                return Err(WkbError::new(
                    "a part of the shape has Z or M, which geo_types does not have",
                ));
            }
            read(part, reader)
        })?);
    }
    Ok(parts)
}

/// What is written of a shape.
trait Put {
    /// Its type.
    const KIND: u32;

    /// What follows its type.
    fn put_body(&self, out: &mut BytesMut) -> Result<(), WkbError>;

    fn put(&self, srid: i32, out: &mut BytesMut) -> Result<(), WkbError> {
        put_start(Self::KIND, srid, out);
        self.put_body(out)
    }
}

impl Put for Point {
    const KIND: u32 = wkb::POINT;

    fn put_body(&self, out: &mut BytesMut) -> Result<(), WkbError> {
        put_place(self.0, out)
    }
}

impl Put for LineString {
    const KIND: u32 = wkb::LINE_STRING;

    fn put_body(&self, out: &mut BytesMut) -> Result<(), WkbError> {
        put_places(&self.0, out)
    }
}

impl Put for Line {
    const KIND: u32 = wkb::LINE_STRING;

    fn put_body(&self, out: &mut BytesMut) -> Result<(), WkbError> {
        put_places(&[self.start, self.end], out)
    }
}

impl Put for Polygon {
    const KIND: u32 = wkb::POLYGON;

    fn put_body(&self, out: &mut BytesMut) -> Result<(), WkbError> {
        let is_empty = self.exterior().0.is_empty();
        if is_empty && !self.interiors().is_empty() {
            return Err(WkbError::new("a polygon has holes and nothing around them"));
        }
        if is_empty {
            return put_count(0, out);
        }
        put_count(1 + self.interiors().len(), out)?;
        put_places(&self.exterior().0, out)?;
        self.interiors().iter().try_for_each(|ring| put_places(&ring.0, out))
    }
}

impl Put for Rect {
    const KIND: u32 = wkb::POLYGON;

    fn put_body(&self, out: &mut BytesMut) -> Result<(), WkbError> {
        self.to_polygon().put_body(out)
    }
}

impl Put for Triangle {
    const KIND: u32 = wkb::POLYGON;

    fn put_body(&self, out: &mut BytesMut) -> Result<(), WkbError> {
        self.to_polygon().put_body(out)
    }
}

macro_rules! collections {
    ($($shape:ident $kind:ident;)*) => {$(
        impl Put for $shape {
            const KIND: u32 = wkb::$kind;

            fn put_body(&self, out: &mut BytesMut) -> Result<(), WkbError> {
                put_count(self.0.len(), out)?;
                self.0.iter().try_for_each(|part| part.write_ewkb(0, out))
            }
        }
    )*};
}

collections! {
    MultiPoint MULTI_POINT;
    MultiLineString MULTI_LINE_STRING;
    MultiPolygon MULTI_POLYGON;
    GeometryCollection COLLECTION;
}

fn put_places(places: &[Coord], out: &mut BytesMut) -> Result<(), WkbError> {
    put_count(places.len(), out)?;
    places.iter().try_for_each(|place| put_place(*place, out))
}

fn put_place(place: Coord, out: &mut BytesMut) -> Result<(), WkbError> {
    // PostGIS would take it for an empty point.
    if place.x.is_nan() || place.y.is_nan() {
        return Err(WkbError::new("a coordinate is NaN"));
    }
    out.put_f64_le(place.x);
    out.put_f64_le(place.y);
    Ok(())
}
