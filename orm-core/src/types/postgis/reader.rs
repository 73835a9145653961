//! [`Reader`]: EWKB that is not trusted, piece by piece.

use super::wkb::{
    CIRCULAR_STRING, COMPOUND_CURVE, CURVE_POLYGON, HAS_M, HAS_SRID, HAS_Z, LINE_STRING,
    MULTI_CURVE, MULTI_LINE_STRING, MULTI_POINT, MULTI_POLYGON, MULTI_SURFACE, POINT, POLYGON,
    POLYHEDRAL_SURFACE, TIN, TRIANGLE, WkbError, kind_name, put_coordinate, put_count, put_head,
};

/// How deep shapes may be nested: as deep as PostGIS reads them, `LW_PARSER_MAX_DEPTH`.
const DEPTH_MAX: usize = 200;

/// What a shape begins with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Head {
    pub(super) kind: u32,
    /// Of [`HAS_Z`] and [`HAS_M`].
    pub(super) flags: u32,
    /// 0 where there is none.
    pub(super) srid: i32,
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

    /// Copies a shape as [`Wkb`] has it, and gives its SRID.
    pub(super) fn copy(&mut self, outer: Option<Head>, out: &mut Vec<u8>) -> Result<i32, WkbError> {
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
