//! Conversions of the shapes of the crate `geo-types` that are values of geometric types as well.

use super::{BoundingBox, LineSegment, Point};

impl From<geo_types::Coord<f64>> for Point {
    fn from(coord: geo_types::Coord<f64>) -> Self {
        Self { x: coord.x, y: coord.y }
    }
}

impl From<Point> for geo_types::Coord<f64> {
    fn from(point: Point) -> Self {
        Self { x: point.x, y: point.y }
    }
}

impl From<geo_types::Point<f64>> for Point {
    fn from(point: geo_types::Point<f64>) -> Self {
        point.0.into()
    }
}

impl From<Point> for geo_types::Point<f64> {
    fn from(point: Point) -> Self {
        Self(point.into())
    }
}

impl From<geo_types::Line<f64>> for LineSegment {
    fn from(line: geo_types::Line<f64>) -> Self {
        Self { start: line.start.into(), end: line.end.into() }
    }
}

impl From<LineSegment> for geo_types::Line<f64> {
    fn from(segment: LineSegment) -> Self {
        Self { start: segment.start.into(), end: segment.end.into() }
    }
}

impl From<geo_types::Rect<f64>> for BoundingBox {
    fn from(rect: geo_types::Rect<f64>) -> Self {
        Self::new(rect.max().into(), rect.min().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_of_geo_types_are_values_and_come_back() {
        let segment = LineSegment { start: Point::new(1.0, 2.0), end: Point::new(-3.0, 0.5) };
        assert_eq!(LineSegment::from(geo_types::Line::from(segment)), segment);
        let point = geo_types::Point::from(segment.end);
        assert_eq!((point.x(), point.y(), Point::from(point)), (-3.0, 0.5, segment.end));
        let rect = geo_types::Rect::new((1.0, 2.0), (-3.0, 0.5));
        assert_eq!(BoundingBox::from(rect), BoundingBox::new(segment.start, segment.end));
    }
}
