//! Integers that PostgreSQL has no type for: they are stored in the next larger type, or the one of the same size, and checked.
//!
//! `u8` and `i8` are `smallint`, `u16` is `integer`, `u32` and `u64` are `bigint`; the types of `std::num` that are never zero are
//! stored as those that can be. Manual, section 8.1.1.

use super::{ArrayElement, Failure, Int2, Int4, Int8, Numeric, sql_type, value};
use bytes::BytesMut;
use postgres_types::Type;
use std::num::{NonZeroI16, NonZeroI32, NonZeroI64, NonZeroU8, NonZeroU16, NonZeroU32, NonZeroU64};

sql_type!(/// `smallint`, of which Rust has an `i8`.
    Int1, "smallint", INT2, INT2_ARRAY);
sql_type!(/// `smallint`, of which Rust has a `u8`.
    UInt1, "smallint", INT2, INT2_ARRAY);
sql_type!(/// `integer`, of which Rust has a `u16`.
    UInt2, "integer", INT4, INT4_ARRAY);
sql_type!(/// `bigint`, of which Rust has a `u32`.
    UInt4, "bigint", INT8, INT8_ARRAY);
sql_type!(/// `bigint`, of which Rust has a `u64`.
    UInt8, "bigint", INT8, INT8_ARRAY);

value!(i8 => Int1, declared_as &["integer", "bigint"], by checked);
value!(u16 => UInt2, declared_as &["smallint", "bigint"], by checked);
value!(u32 => UInt4, declared_as &["integer"], by checked);
value!(u64 => UInt8, declared_as &["integer", "numeric"], by checked);
value!(NonZeroI16 => Int2, declared_as &[], by checked);
value!(NonZeroI32 => Int4, declared_as &[], by checked);
value!(NonZeroI64 => Int8, declared_as &[], by checked);
value!(NonZeroU8 => UInt1, declared_as &["integer", "bigint"], by checked);
value!(NonZeroU16 => UInt2, declared_as &["smallint", "bigint"], by checked);
value!(NonZeroU32 => UInt4, declared_as &["integer"], by checked);
value!(NonZeroU64 => UInt8, declared_as &["integer", "numeric"], by checked);

// `Vec<u8>` is a `bytea`. An array of such numbers has elements that may be NULL, or is a `Vec<NonZeroU8>` or `Vec<i16>`.
value!(@by u8, UInt1, &["integer", "bigint"], checked);
impl ArrayElement for Option<u8> {
    type Element = UInt1;
}

/// An integer that is checked when it is read, and when it is written as a type that is smaller.
trait Checked: Copy {
    /// Its name.
    const NAME: &'static str;
    /// Whether it may also be stored as `numeric`.
    const IS_NUMERIC: bool = false;

    /// The least and the greatest.
    fn range() -> (i128, i128);
    fn of_number(number: i128) -> Option<Self>;
    fn number(self) -> i128;
}

macro_rules! checked {
    ($($integer:ident, $primitive:ident $(, $is_numeric:literal)?;)*) => {$(
        impl Checked for $integer {
            const NAME: &'static str = stringify!($integer);
            $(const IS_NUMERIC: bool = $is_numeric;)?

            fn range() -> (i128, i128) {
                ($integer::MIN.number(), $integer::MAX.number())
            }

            fn of_number(number: i128) -> Option<Self> {
                $primitive::try_from(number).ok()?.try_into().ok()
            }

            fn number(self) -> i128 {
                i128::from($primitive::from(self))
            }
        }
    )*};
}

checked! {
    i8, i8;
    u8, u8;
    u16, u16;
    u32, u32;
    u64, u64, true;
    NonZeroI16, i16;
    NonZeroI32, i32;
    NonZeroI64, i64;
    NonZeroU8, u8;
    NonZeroU16, u16;
    NonZeroU32, u32;
    NonZeroU64, u64, true;
}

/// How they are read and written: as any of the integer types, with a check.
mod checked {
    use super::{BytesMut, Checked, Failure, Numeric, Type};
    use bytes::BufMut as _;
    use postgres_types::{FromSql as _, ToSql as _};

    pub(super) fn accepts<T: Checked>(ty: &Type) -> bool {
        matches!(*ty, Type::INT2 | Type::INT4 | Type::INT8)
            || (T::IS_NUMERIC && *ty == Type::NUMERIC)
    }

    #[inline]
    pub(super) fn read<T: Checked>(ty: &Type, raw: &[u8]) -> Result<T, Failure> {
        let number = match *ty {
            Type::INT2 => i16::from_sql(ty, raw)?.into(),
            Type::INT4 => i32::from_sql(ty, raw)?.into(),
            Type::INT8 => i64::from_sql(ty, raw)?.into(),
            _ => {
                let number = Numeric::from_sql(ty, raw)?;
                // The error says of a fraction and of `NaN` what they are.
                i128::try_from(&number).or_else(|_| u64::try_from(&number).map(i128::from))?
            }
        };
        T::of_number(number).ok_or_else(|| misfit::<T>(number))
    }

    pub(super) fn write<T: Checked>(
        value: &T,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<(), Failure> {
        let number = value.number();
        let misfit = |_| {
            let (least, most) = match *ty {
                Type::INT2 => (i16::MIN.into(), i16::MAX.into()),
                Type::INT4 => (i32::MIN.into(), i32::MAX.into()),
                _ => (i64::MIN, i64::MAX),
            };
            let ty = sql_name(ty);
            Failure::from(format!("{number} is no `{ty}`: the range is {least} to {most}"))
        };
        match *ty {
            Type::INT2 => out.put_i16(i16::try_from(number).map_err(misfit)?),
            Type::INT4 => out.put_i32(i32::try_from(number).map_err(misfit)?),
            Type::INT8 => out.put_i64(i64::try_from(number).map_err(misfit)?),
            _ => {
                Numeric::from(number).to_sql(ty, out)?;
            }
        }
        Ok(())
    }

    /// The error is as that of [`Numeric`].
    fn misfit<T: Checked>(number: i128) -> Failure {
        let (least, most) = T::range();
        let why = match number {
            0 => "it is never zero".to_owned(),
            _ => format!("the range is {least} to {most}"),
        };
        format!("{number} is no `{}`: {why}", T::NAME).into()
    }

    const fn sql_name(ty: &Type) -> &'static str {
        match *ty {
            Type::INT2 => "smallint",
            Type::INT4 => "integer",
            _ => "bigint",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::BufMut as _;
    use postgres_types::ToSql as _;

    fn written<T: Checked>(value: T, ty: &Type) -> Result<BytesMut, String> {
        let mut out = BytesMut::new();
        checked::write(&value, ty, &mut out).map_err(|error| error.to_string())?;
        Ok(out)
    }

    #[track_caller]
    fn comes_back<T: Checked + PartialEq + std::fmt::Debug>(value: T, ty: &Type) {
        let bytes = written(value, ty).unwrap();
        assert_eq!(checked::read::<T>(ty, &bytes).unwrap(), value, "{ty}");
    }

    #[track_caller]
    fn is_not_written<T: Checked>(value: T, ty: &Type, expected: &str) {
        assert_eq!(written(value, ty).unwrap_err(), expected);
    }

    #[track_caller]
    fn is_not_read<T: Checked + std::fmt::Debug>(ty: &Type, number: i64, expected: &str) {
        let bytes = written_as(ty, number);
        assert_eq!(checked::read::<T>(ty, &bytes).unwrap_err().to_string(), expected);
    }

    fn written_as(ty: &Type, number: i64) -> BytesMut {
        let mut out = BytesMut::new();
        match *ty {
            Type::INT2 => out.put_i16(number.try_into().unwrap()),
            Type::INT4 => out.put_i32(number.try_into().unwrap()),
            _ => out.put_i64(number),
        }
        out
    }

    #[test]
    fn what_fits_comes_back() {
        for ty in [Type::INT2, Type::INT4, Type::INT8] {
            comes_back(i8::MIN, &ty);
            comes_back(u8::MAX, &ty);
            comes_back(32_767_u16, &ty);
            comes_back(0_u32, &ty);
            comes_back(NonZeroI16::MIN, &ty);
            comes_back(NonZeroU64::MIN, &ty);
        }
        comes_back(u32::MAX, &Type::INT8);
        comes_back(u64::MAX, &Type::NUMERIC);
        comes_back(NonZeroU64::MAX, &Type::NUMERIC);
    }

    #[test]
    fn what_the_sql_type_cannot_hold_is_not_written() {
        is_not_written(
            40_000_u16,
            &Type::INT2,
            "40000 is no `smallint`: the range is -32768 to 32767",
        );
        is_not_written(
            u32::MAX,
            &Type::INT4,
            "4294967295 is no `integer`: the range is -2147483648 to 2147483647",
        );
        is_not_written(
            u64::MAX,
            &Type::INT8,
            "18446744073709551615 is no `bigint`: the range is -9223372036854775808 to 9223372036854775807",
        );
    }

    #[test]
    fn what_the_rust_type_cannot_hold_is_not_read() {
        is_not_read::<u8>(&Type::INT2, -1, "-1 is no `u8`: the range is 0 to 255");
        is_not_read::<i8>(&Type::INT2, 128, "128 is no `i8`: the range is -128 to 127");
        is_not_read::<u16>(&Type::INT4, 65_536, "65536 is no `u16`: the range is 0 to 65535");
        let expected = "-1 is no `u64`: the range is 0 to 18446744073709551615";
        is_not_read::<u64>(&Type::INT8, -1, expected);
        is_not_read::<NonZeroU8>(&Type::INT2, 0, "0 is no `NonZeroU8`: it is never zero");
        is_not_read::<NonZeroI64>(&Type::INT8, 0, "0 is no `NonZeroI64`: it is never zero");
    }

    #[test]
    fn a_numeric_that_is_no_integer_is_not_read() {
        for (text, expected) in [
            ("1.5", "1.5 is no `u64`: it has digits after the decimal point"),
            ("NaN", "NaN is no `u64`: a `u64` is always a finite number"),
            (
                "1e40",
                "1000000000000000000000000000000000000000.. is no `u64`: the range is 0 to 18446744073709551615",
            ),
            ("-1", "-1 is no `u64`: the range is 0 to 18446744073709551615"),
        ] {
            let mut bytes = BytesMut::new();
            text.parse::<Numeric>().unwrap().to_sql(&Type::NUMERIC, &mut bytes).unwrap();
            let error = checked::read::<u64>(&Type::NUMERIC, &bytes).unwrap_err();
            assert!(error.to_string().starts_with(expected), "{error}");
        }
    }

    #[test]
    fn bytes_of_another_length_are_an_error() {
        for ty in [Type::INT2, Type::INT4, Type::INT8, Type::NUMERIC] {
            for raw in [&[] as &[u8], &[1], &[0; 9]] {
                assert!(checked::read::<u64>(&ty, raw).is_err(), "{ty} {raw:?}");
            }
        }
    }
}
