//! Monetary amounts: manual, section 8.2.

use super::fixed::fixed;
use super::{CustomType, Failure, sql_type};
use bytes::{BufMut as _, BytesMut};
use postgres_types::Type;

/// A `money`: an amount in the smallest unit of the currency, cents of dollars.
///
/// Neither the currency nor how many of these units are one of it is part of the value: the setting `lc_monetary` of the session
/// says both when a `money` is made of a text or of a number, and when one is shown. So the same amount is `$12.34` with
/// `en_US` and `¥1,234` with `ja_JP`. What is read and written as `Money` does not depend on it.
///
/// For amounts in tables prefer `numeric` with [`Numeric`](super::Numeric), and a column for the currency.
///
/// ```
/// use orm_core::types::Money;
/// let twelve_dollars = Money(1200);
/// assert!(twelve_dollars < Money(1201));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Money(pub i64);

sql_type!(for Money, "money", MONEY, MONEY_ARRAY);

impl CustomType for Money {
    type Sql = Self;
    type Element = Self;
    const DATA_TYPE: &'static str = "money";

    fn read(_: &Type, raw: &[u8]) -> Result<Self, Failure> {
        Ok(Self(i64::from_be_bytes(fixed("`money`", raw)?)))
    }

    fn write(&self, _: &Type, out: &mut BytesMut) -> Result<(), Failure> {
        out.put_i64(self.0);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_has_eight_bytes() {
        let read = |raw| <Money as CustomType>::read(&Type::MONEY, raw);
        assert_eq!(read(&[0xff; 8]).unwrap(), Money(-1));
        assert_eq!(read(&[0; 4]).unwrap_err().to_string(), "`money` has 8 bytes, not 4");
    }
}
