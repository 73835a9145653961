//! EWKB, the binary format of PostGIS: well-known binary (OGC 06-103r4, section 8) with flags for Z, M and an SRID.
//!
//! A shape is the order of its bytes, its type, and what that type has: coordinates, numbers of what follows, other shapes, each with
//! an order and a type of its own.

use super::Shape;
use super::reader::Reader;
use bytes::{BufMut as _, BytesMut};
use std::fmt;

pub(super) const HAS_Z: u32 = 0x8000_0000;
pub(super) const HAS_M: u32 = 0x4000_0000;
pub(super) const HAS_SRID: u32 = 0x2000_0000;

pub(super) const POINT: u32 = 1;
pub(super) const LINE_STRING: u32 = 2;
pub(super) const POLYGON: u32 = 3;
pub(super) const MULTI_POINT: u32 = 4;
pub(super) const MULTI_LINE_STRING: u32 = 5;
pub(super) const MULTI_POLYGON: u32 = 6;
pub(super) const COLLECTION: u32 = 7;
pub(super) const CIRCULAR_STRING: u32 = 8;
pub(super) const COMPOUND_CURVE: u32 = 9;
pub(super) const CURVE_POLYGON: u32 = 10;
pub(super) const MULTI_CURVE: u32 = 11;
pub(super) const MULTI_SURFACE: u32 = 12;
pub(super) const POLYHEDRAL_SURFACE: u32 = 15;
pub(super) const TIN: u32 = 16;
pub(super) const TRIANGLE: u32 = 17;

/// The types by the names that PostGIS has for them.
const KINDS: [(u32, &str); 15] = [
    (POINT, "Point"),
    (LINE_STRING, "LineString"),
    (POLYGON, "Polygon"),
    (MULTI_POINT, "MultiPoint"),
    (MULTI_LINE_STRING, "MultiLineString"),
    (MULTI_POLYGON, "MultiPolygon"),
    (COLLECTION, "GeometryCollection"),
    (CIRCULAR_STRING, "CircularString"),
    (COMPOUND_CURVE, "CompoundCurve"),
    (CURVE_POLYGON, "CurvePolygon"),
    (MULTI_CURVE, "MultiCurve"),
    (MULTI_SURFACE, "MultiSurface"),
    (POLYHEDRAL_SURFACE, "PolyhedralSurface"),
    (TIN, "Tin"),
    (TRIANGLE, "Triangle"),
];

/// Why bytes are no shape, or a shape is none of a type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WkbError(String);

impl WkbError {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for WkbError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for WkbError {}

/// A shape of any type that PostGIS has, as its bytes: well-known binary, the low byte first, with PostGIS's flags for Z and M, and
/// without an SRID. Two are equal where their types and coordinates are.
///
/// It is made by [`Geometry::from_ewkb`](super::Geometry::from_ewkb) or by [`point`](Self::point).
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Wkb(Vec<u8>);

impl Wkb {
    /// The point with these coordinates.
    pub fn point(x: f64, y: f64) -> Self {
        let mut bytes = Vec::with_capacity(21);
        put_head(POINT, 0, &mut bytes);
        put_coordinate(x, &mut bytes);
        put_coordinate(y, &mut bytes);
        Self(bytes)
    }

    /// Its bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The type of the shape by the name that PostGIS has for it: `Point`, `LineString`, `MultiPolygon`.
    pub fn kind(&self) -> &'static str {
        kind_name(self.word() & !(HAS_Z | HAS_M)).unwrap_or("")
    }

    /// Whether its points have a third coordinate, Z.
    pub fn has_z(&self) -> bool {
        self.word() & HAS_Z != 0
    }

    /// Whether its points have a measure, M.
    pub fn has_m(&self) -> bool {
        self.word() & HAS_M != 0
    }

    /// The type and the flags.
    fn word(&self) -> u32 {
        let word = self.0.get(1..).and_then(<[u8]>::first_chunk::<4>);
        word.map_or(0, |word| u32::from_le_bytes(*word))
    }
}

impl fmt::Debug for Wkb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wkb(")?;
        for byte in &self.0 {
            write!(f, "{byte:02X}")?;
        }
        f.write_str(")")
    }
}

impl Shape for Wkb {
    fn read_ewkb(ewkb: &[u8]) -> Result<(Self, i32), WkbError> {
        let mut reader = Reader::new(ewkb);
        // What is copied is never longer.
        let mut bytes = Vec::with_capacity(ewkb.len());
        let srid = reader.copy(None, &mut bytes)?;
        reader.end()?;
        Ok((Self(bytes), srid))
    }

    fn write_ewkb(&self, srid: i32, out: &mut BytesMut) -> Result<(), WkbError> {
        put_start(self.word(), srid, out);
        out.extend_from_slice(self.0.get(5..).unwrap_or_default());
        Ok(())
    }
}

pub(super) fn kind_name(kind: u32) -> Option<&'static str> {
    KINDS.iter().find(|(it, _)| *it == kind).map(|(_, name)| *name)
}

/// Starts a shape that is in no other one.
pub(super) fn put_start(word: u32, srid: i32, out: &mut BytesMut) {
    out.put_u8(1);
    if srid == 0 {
        out.put_u32_le(word);
    } else {
        out.put_u32_le(word | HAS_SRID);
        out.put_i32_le(srid);
    }
}

pub(super) fn put_head(kind: u32, flags: u32, out: &mut Vec<u8>) {
    out.put_u8(1);
    out.put_u32_le(kind | flags);
}

pub(super) fn put_count(count: usize, out: &mut impl bytes::BufMut) -> Result<(), WkbError> {
    let count = u32::try_from(count).map_err(|_| WkbError::new("a shape has too many parts"))?;
    out.put_u32_le(count);
    Ok(())
}

/// Numbers that are none, as the coordinates of a point that is empty, are all the same.
pub(super) fn put_coordinate(number: f64, out: &mut Vec<u8>) {
    out.put_f64_le(if number.is_nan() { f64::NAN } else { number });
}
