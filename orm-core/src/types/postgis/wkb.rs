//! EWKB, the binary format of PostGIS: well-known binary (OGC 06-103r4, section 8) with flags for Z, M and an SRID.
//!
//! A shape is the order of its bytes, its type, and what that type has: coordinates, numbers of what follows, other shapes, each with
//! an order and a type of its own.

use super::Shape;
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
const CIRCULAR_STRING: u32 = 8;
const COMPOUND_CURVE: u32 = 9;
const CURVE_POLYGON: u32 = 10;
const MULTI_CURVE: u32 = 11;
const MULTI_SURFACE: u32 = 12;
const POLYHEDRAL_SURFACE: u32 = 15;
const TIN: u32 = 16;
const TRIANGLE: u32 = 17;

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

/// How deep shapes may be nested: as deep as PostGIS reads them, `LW_PARSER_MAX_DEPTH`.
const DEPTH_MAX: usize = 200;

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

/// What a shape begins with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Head {
    pub(super) kind: u32,
    /// Of [`HAS_Z`] and [`HAS_M`].
    pub(super) flags: u32,
    /// 0 where there is none.
    srid: i32,
    is_little: bool,
}

impl Head {
    /// How many numbers a point has.
    fn dimensions(self) -> usize {
        2 + usize::from(self.flags & HAS_Z != 0) + usize::from(self.flags & HAS_M != 0)
    }

    /// What is in a shape of this type, and how long each is at least.
    fn parts(self) -> Parts {
        match self.kind {
            POINT => Parts::Point,
            LINE_STRING | CIRCULAR_STRING => Parts::Points,
            POLYGON | TRIANGLE => Parts::Rings,
            _ => Parts::Shapes,
        }
    }

    /// Whether a shape of this type has one of that type in it.
    fn has(self, part: u32) -> bool {
        let curves = [LINE_STRING, CIRCULAR_STRING, COMPOUND_CURVE];
        match self.kind {
            MULTI_POINT => part == POINT,
            MULTI_LINE_STRING => part == LINE_STRING,
            MULTI_POLYGON | POLYHEDRAL_SURFACE => part == POLYGON,
            COMPOUND_CURVE => part == LINE_STRING || part == CIRCULAR_STRING,
            CURVE_POLYGON | MULTI_CURVE => curves.contains(&part),
            MULTI_SURFACE => part == POLYGON || part == CURVE_POLYGON,
            TIN => part == TRIANGLE,
            _ => true,
        }
    }
}

enum Parts {
    Point,
    Points,
    Rings,
    Shapes,
}

/// How long a shape is at least: its order, its type and a number.
const SHAPE_MIN: usize = 9;

/// Bytes that are not trusted.
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    depth: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, depth: 0 }
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N], WkbError> {
        let Some((chunk, rest)) = self.bytes.split_first_chunk::<N>() else {
            return Err(WkbError::new("the shape ends too early"));
        };
        self.bytes = rest;
        Ok(*chunk)
    }

    fn word(&mut self, is_little: bool) -> Result<u32, WkbError> {
        let bytes = self.take()?;
        Ok(if is_little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    }

    pub(super) fn coordinate(&mut self, head: Head) -> Result<f64, WkbError> {
        let bytes = self.take()?;
        Ok(if head.is_little { f64::from_le_bytes(bytes) } else { f64::from_be_bytes(bytes) })
    }

    /// How many parts follow, of which each has at least so many bytes.
    fn count(&mut self, head: Head, length_min: usize) -> Result<usize, WkbError> {
        let count = self.word(head.is_little)?;
        match usize::try_from(count) {
            Ok(count) if count <= self.bytes.len() / length_min => Ok(count),
            _ => Err(WkbError::new(format!("the shape ends before its {count} parts"))),
        }
    }

    /// How many points follow.
    pub(super) fn points(&mut self, head: Head) -> Result<usize, WkbError> {
        self.count(head, 8 * head.dimensions())
    }

    /// How many rings follow.
    pub(super) fn rings(&mut self, head: Head) -> Result<usize, WkbError> {
        self.count(head, 4)
    }

    /// How many shapes follow, which are read by [`within`](Self::within).
    pub(super) fn shapes(&mut self, head: Head) -> Result<usize, WkbError> {
        self.count(head, SHAPE_MIN)
    }

    /// Reads a shape that is in another one.
    pub(super) fn within<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, WkbError>,
    ) -> Result<T, WkbError> {
        if self.depth >= DEPTH_MAX {
            return Err(WkbError::new(format!("shapes are nested more than {DEPTH_MAX} deep")));
        }
        self.depth += 1;
        let value = read(self)?;
        self.depth -= 1;
        Ok(value)
    }

    /// The start of a shape, which is in `outer`.
    pub(super) fn head(&mut self, outer: Option<Head>) -> Result<Head, WkbError> {
        let is_little = match self.take::<1>()? {
            [0] => false,
            [1] => true,
            [other] => {
                return Err(WkbError::new(format!("{other} is no order of bytes of a shape")));
            }
        };
        let word = self.word(is_little)?;
        let number = word & !(HAS_Z | HAS_M | HAS_SRID);
        // 1001 is a point with Z, 2001 one with M, 3001 one with both: the standard's way.
        let flags = match number / 1000 {
            0 => 0,
            1 => HAS_Z,
            2 => HAS_M,
            3 => HAS_Z | HAS_M,
            _ => return Err(WkbError::new(format!("{number} is no type of a shape"))),
        };
        let kind = number % 1000;
        if kind_name(kind).is_none() {
            return Err(WkbError::new(format!("{number} is no type of a shape")));
        }
        let srid = if word & HAS_SRID != 0 { self.word(is_little)?.cast_signed() } else { 0 };
        let head = Head { kind, flags: flags | (word & (HAS_Z | HAS_M)), srid, is_little };
        if let Some(outer) = outer {
            if !outer.has(kind) {
                let name = |kind| kind_name(kind).unwrap_or_default();
                return Err(WkbError::new(format!(
                    "a {} has a {} in it",
                    name(outer.kind),
                    name(kind)
                )));
            }
            if srid != 0 && srid != outer.srid {
                return Err(WkbError::new("a part of the shape has another SRID"));
            }
        }
        Ok(head)
    }

    /// The SRID of a shape.
    pub(super) fn srid(head: Head) -> i32 {
        head.srid
    }

    /// Copies a shape as [`Wkb`] has it, and gives its SRID.
    fn copy(&mut self, outer: Option<Head>, out: &mut Vec<u8>) -> Result<i32, WkbError> {
        let head = self.head(outer)?;
        put_head(head.kind, head.flags, out);
        match head.parts() {
            Parts::Point => self.copy_point(head, out)?,
            Parts::Points => self.copy_points(head, out)?,
            Parts::Rings => {
                let count = self.rings(head)?;
                put_count(count, out)?;
                for _ in 0..count {
                    self.copy_points(head, out)?;
                }
            }
            Parts::Shapes => {
                let count = self.shapes(head)?;
                put_count(count, out)?;
                for _ in 0..count {
                    self.within(|reader| reader.copy(Some(head), out))?;
                }
            }
        }
        Ok(head.srid)
    }

    fn copy_points(&mut self, head: Head, out: &mut Vec<u8>) -> Result<(), WkbError> {
        let count = self.points(head)?;
        put_count(count, out)?;
        for _ in 0..count {
            self.copy_point(head, out)?;
        }
        Ok(())
    }

    fn copy_point(&mut self, head: Head, out: &mut Vec<u8>) -> Result<(), WkbError> {
        for _ in 0..head.dimensions() {
            put_coordinate(self.coordinate(head)?, out);
        }
        Ok(())
    }

    /// Nothing may follow.
    pub(super) fn end(&self) -> Result<(), WkbError> {
        match self.bytes.len() {
            0 => Ok(()),
            count => Err(WkbError::new(format!("{count} bytes follow the shape"))),
        }
    }
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

fn put_head(kind: u32, flags: u32, out: &mut Vec<u8>) {
    out.put_u8(1);
    out.put_u32_le(kind | flags);
}

pub(super) fn put_count(count: usize, out: &mut impl bytes::BufMut) -> Result<(), WkbError> {
    let count = u32::try_from(count).map_err(|_| WkbError::new("a shape has too many parts"))?;
    out.put_u32_le(count);
    Ok(())
}

/// Numbers that are none, as the coordinates of a point that is empty, are all the same.
fn put_coordinate(number: f64, out: &mut Vec<u8>) {
    out.put_f64_le(if number.is_nan() { f64::NAN } else { number });
}
