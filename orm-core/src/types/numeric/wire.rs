//! [`Numeric`] on the wire: `numeric_send` and `numeric_recv` in PostgreSQL's sources (numeric.c).
//!
//! The number of groups, the weight of the first one, the sign, the scale, then the groups, each in two bytes.

use super::{Finite, Numeric, Repr, SCALE_MAX};
use bytes::{BufMut as _, BytesMut};
use postgres_types::{FromSql, IsNull, ToSql, Type, accepts, to_sql_checked};
use std::error::Error;

const POSITIVE: u16 = 0x0000;
const NEGATIVE: u16 = 0x4000;
const NAN: u16 = 0xc000;
const INFINITY: u16 = 0xd000;
const NEGATIVE_INFINITY: u16 = 0xf000;

impl<'a> FromSql<'a> for Numeric {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        read(raw).map_err(Into::into)
    }

    accepts!(NUMERIC);
}

/// The error goes on from "it is no numeric".
fn read(raw: &[u8]) -> Result<Numeric, &'static str> {
    let mut words = raw.chunks_exact(2).map(|word| word.try_into().map_or(0, u16::from_be_bytes));
    let mut word = || words.next().ok_or("a numeric ends too early");
    let (count, weight, sign, scale) = (word()?, word()?.cast_signed(), word()?, word()?);
    let is_negative = match sign {
        POSITIVE => false,
        NEGATIVE => true,
        // The weight and the scale of these say nothing.
        NAN => return Ok(Numeric::NAN),
        INFINITY => return Ok(Numeric::INFINITY),
        NEGATIVE_INFINITY => return Ok(Numeric::NEGATIVE_INFINITY),
        _ => return Err("a numeric has a sign that is not known"),
    };
    if scale > SCALE_MAX {
        return Err("a numeric has a scale that is too large");
    }
    if raw.len() != 8 + 2 * usize::from(count) {
        return Err("a numeric has another length than it says");
    }
    let finite = Finite::normalised(is_negative, weight, scale, words.collect());
    finite.map(Numeric::from).ok_or("a numeric has digits that are none, or too many of them")
}

impl ToSql for Numeric {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        let sign = match &self.0 {
            Repr::NaN => NAN,
            Repr::Infinity => INFINITY,
            Repr::NegativeInfinity => NEGATIVE_INFINITY,
            Repr::Finite(finite) => {
                out.reserve(8 + 2 * finite.groups.len());
                out.put_u16(u16::try_from(finite.groups.len())?);
                out.put_i16(finite.weight);
                out.put_u16(if finite.is_negative { NEGATIVE } else { POSITIVE });
                out.put_u16(finite.scale);
                finite.groups.iter().for_each(|group| out.put_u16(*group));
                return Ok(IsNull::No);
            }
        };
        [0, 0, sign, 0].into_iter().for_each(|word| out.put_u16(word));
        Ok(IsNull::No)
    }

    accepts!(NUMERIC);
    to_sql_checked!();
}
