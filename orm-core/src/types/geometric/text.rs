//! The texts of geometric values: the server's own when written, and all of its forms when parsed.

use super::{BoundingBox, Circle, InvalidValue, Line, LineSegment, Path, Point, Polygon};
use std::fmt;
use std::str::FromStr;

/// A number as the server writes a `double precision`.
struct Number(f64);

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.0;
        if number.is_nan() {
            return f.write_str("NaN");
        }
        if number.is_infinite() {
            return f.write_str(if number > 0.0 { "Infinity" } else { "-Infinity" });
        }
        // The fewest digits that are read as the same number, on both sides; where the exponent is written differs.
        let digits = format!("{number:e}");
        let (mantissa, exponent) = digits.split_once('e').unwrap_or((&digits, "0"));
        let exponent = exponent.parse::<i32>().unwrap_or_default();
        if (-4..15).contains(&exponent) {
            return write!(f, "{number}");
        }
        let sign = if exponent < 0 { '-' } else { '+' };
        write!(f, "{mantissa}e{sign}{:02}", exponent.unsigned_abs())
    }
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({},{})", Number(self.x), Number(self.y))
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{{},{},{}}}", Number(self.a), Number(self.b), Number(self.c))
    }
}

impl fmt::Display for LineSegment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{},{}]", self.start, self.end)
    }
}

impl fmt::Display for BoundingBox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{},{}", self.upper_right, self.lower_left)
    }
}

impl fmt::Display for Circle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{},{}>", self.center, Number(self.radius))
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (open, close) = if self.is_closed() { ('(', ')') } else { ('[', ']') };
        write_points(self.points(), open, close, f)
    }
}

impl fmt::Display for Polygon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_points(self.points(), '(', ')', f)
    }
}

fn write_points(
    points: &[Point],
    open: char,
    close: char,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    write!(f, "{open}")?;
    for (place, point) in points.iter().enumerate() {
        let separator = if place == 0 { "" } else { "," };
        write!(f, "{separator}{point}")?;
    }
    write!(f, "{close}")
}

/// What is left of a text. Spaces mean nothing.
struct Rest<'a>(&'a str);

impl<'a> Rest<'a> {
    /// Takes this sign, where it is next.
    fn take(&mut self, sign: char) -> Option<()> {
        self.0 = self.0.trim_start().strip_prefix(sign)?;
        Some(())
    }

    fn is_next(&self, signs: &str) -> bool {
        self.0.trim_start().starts_with(|next| signs.contains(next))
    }

    /// `1.5`, `-1e+20`, `Infinity`, `NaN`.
    fn number(&mut self) -> Option<f64> {
        let text = self.0.trim_start();
        let end = text.find(|next| ",()[]{}<>".contains(next)).unwrap_or(text.len());
        let (number, rest) = text.split_at_checked(end)?;
        self.0 = rest;
        let is_word = number.contains(['i', 'I']);
        // A number that is too large is no infinity.
        number.trim_end().parse().ok().filter(|number: &f64| is_word || !number.is_infinite())
    }

    /// `1,2` or `(1,2)`.
    fn point(&mut self) -> Option<Point> {
        let has_parentheses = self.take('(').is_some();
        let x = self.number()?;
        self.take(',')?;
        let y = self.number()?;
        if has_parentheses {
            self.take(')')?;
        }
        Some(Point { x, y })
    }

    /// One point after the other, with commas between.
    fn points(&mut self) -> Option<Vec<Point>> {
        let mut points = vec![self.point()?];
        while self.take(',').is_some() {
            points.push(self.point()?);
        }
        Some(points)
    }

    /// Points within parentheses or brackets, or without: whether these are brackets.
    fn enclosed(&mut self, brackets: bool) -> Option<(Vec<Point>, bool)> {
        if brackets && self.take('[').is_some() {
            let points = self.points()?;
            self.take(']')?;
            return Some((points, true));
        }
        // `((1,2),(3,4))` and `(1,2,3,4)`, but not `(1,2),(3,4)`.
        let mut inner = Rest(self.0);
        if inner.take('(').is_some()
            && let Some(points) = inner.points()
            && inner.take(')').is_some()
            && !inner.is_next(",")
        {
            self.0 = inner.0;
            return Some((points, false));
        }
        Some((self.points()?, false))
    }

    fn circle(&mut self) -> Option<(Point, f64)> {
        let close = [('<', '>'), ('(', ')')].into_iter().find_map(|(open, close)| {
            // `(1,2),3` has no parentheses around the whole.
            let is_point = open == '(' && !Rest(self.0.trim_start().get(1..)?).is_next("(");
            if is_point { None } else { self.take(open).map(|()| close) }
        });
        let center = self.point()?;
        self.take(',')?;
        let radius = self.number()?;
        if let Some(close) = close {
            self.take(close)?;
        }
        Some((center, radius))
    }

    fn line(&mut self) -> Option<[f64; 3]> {
        self.take('{')?;
        let a = self.number()?;
        self.take(',')?;
        let b = self.number()?;
        self.take(',')?;
        let c = self.number()?;
        self.take('}')?;
        Some([a, b, c])
    }
}

/// All of a text, as `read` reads it.
fn parse<'a, T>(
    text: &'a str,
    into: &'static str,
    form: &'static str,
    read: impl FnOnce(&mut Rest<'a>) -> Option<T>,
) -> Result<T, InvalidValue> {
    let mut rest = Rest(text);
    match read(&mut rest) {
        Some(value) if rest.0.trim().is_empty() => Ok(value),
        _ => Err(InvalidValue::new(text, into, format!("it is written {form}"))),
    }
}

macro_rules! from_str {
    ($($rust:ident $sql:literal $form:literal: |$rest:ident| $read:expr, |$found:pat_param| $made:expr;)*) => {$(
        impl FromStr for $rust {
            type Err = InvalidValue;

            fn from_str(text: &str) -> Result<Self, InvalidValue> {
                let $found = parse(text, $sql, $form, |$rest| $read)?;
                $made
            }
        }
    )*};
}

fn two(points: (Vec<Point>, bool)) -> Option<[Point; 2]> {
    points.0.try_into().ok()
}

from_str! {
    Point "point" "(x,y)": |rest| rest.point(), |point| Ok(point);
    Line "line" "{a,b,c}": |rest| rest.line(), |[a, b, c]| Self::new(a, b, c);
    LineSegment "lseg" "[(x1,y1),(x2,y2)]": |rest| rest.enclosed(true).and_then(two),
        |[start, end]| Ok(Self { start, end });
    BoundingBox "box" "(x1,y1),(x2,y2)": |rest| rest.enclosed(false).and_then(two),
        |[one, other]| Ok(Self::new(one, other));
    Path "path" "((x1,y1),..) where it is closed, [(x1,y1),..] where it is open": |rest| rest.enclosed(true),
        |(points, is_open)| if is_open { Self::open(points) } else { Self::closed(points) };
    Polygon "polygon" "((x1,y1),..)": |rest| rest.enclosed(false),
        |(points, _)| Self::new(points);
    Circle "circle" "<(x,y),r>": |rest| rest.circle(), |(center, radius)| Self::new(center, radius);
}
