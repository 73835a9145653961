//! Numbers of half precision (IEEE 754, binary16): a sign, 5 bits of an exponent, 10 of a mantissa.

/// How many bits of the mantissa of an `f32` a half does not have.
const CUT: u32 = 13;
const INFINITY: u16 = 0x7c00;

/// The nearest half; of two that are as near the one that ends in 0. Too large a number becomes infinity.
pub(super) fn of_f32(number: f32) -> u16 {
    let bits = number.to_bits();
    let sign = if number.is_sign_negative() { 0x8000 } else { 0 };
    let exponent = (bits >> 23) & 0xff;
    let mantissa = bits & 0x007f_ffff;
    let magnitude = match exponent {
        0xff if mantissa != 0 => INFINITY | 0x0200,
        // 2^16 and more.
        143.. => INFINITY,
        // From 2^-14: the bits that are cut off round what is left, into the exponent if need be, up to infinity.
        113.. => round(((exponent - 112) << 23) | mantissa, CUT),
        // Below that a half has no exponent, and is a multiple of 2^-24.
        102.. => round(mantissa | 0x0080_0000, CUT + 113 - exponent),
        _ => 0,
    };
    sign | magnitude
}

/// Without so many bits at the end.
fn round(bits: u32, cut: u32) -> u16 {
    let kept = bits >> cut;
    let rest = bits & ((1 << cut) - 1);
    let middle = 1 << (cut - 1);
    let rounds_up = rest > middle || (rest == middle && kept & 1 == 1);
    // At most that of infinity: 16 bits.
    u16::try_from(kept + u32::from(rounds_up)).unwrap_or(INFINITY)
}

/// The same number as an `f32`, which has each half.
pub(super) fn to_f32(half: u16) -> f32 {
    let mantissa = f32::from(half & 0x03ff);
    let magnitude = match (half >> 10) & 0x1f {
        0 => mantissa * 2_f32.powi(-24),
        31 if mantissa == 0.0 => f32::INFINITY,
        31 => f32::NAN,
        exponent => (1024.0 + mantissa) * 2_f32.powi(i32::from(exponent) - 25),
    };
    if half & 0x8000 == 0 { magnitude } else { -magnitude }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_half_is_itself_when_it_is_made_of_its_number() {
        for half in 0..=u16::MAX {
            let number = to_f32(half);
            if number.is_nan() {
                assert!(to_f32(of_f32(number)).is_nan(), "{half:#06x}");
            } else {
                assert_eq!(of_f32(number), half, "{half:#06x} is {number}");
            }
        }
    }

    #[test]
    fn a_number_between_two_halves_becomes_the_nearer_and_in_the_middle_the_even_one() {
        for half in 0..INFINITY {
            let next = half + 1;
            // Behind the largest half is 2^16, as if there were one more.
            let low = to_f32(half);
            let high = if next == INFINITY { 65536.0 } else { to_f32(next) };
            let middle = (low + high) / 2.0;
            let even = if half % 2 == 0 { half } else { next };
            for (number, expected) in [
                (middle, even),
                (f32::from_bits(middle.to_bits() - 1), half),
                (f32::from_bits(middle.to_bits() + 1), next),
            ] {
                assert_eq!(of_f32(number), expected, "{number:e} between {low:e} and {high:e}");
                assert_eq!(of_f32(-number), 0x8000 | expected, "{number:e}");
            }
        }
    }

    #[test]
    fn known_numbers() {
        for (half, number) in [
            (0x3c00, 1.0),
            (0xc000, -2.0),
            (0x7bff, 65504.0),
            (0x0001, 5.960_464_5e-8),
            (0x0400, 6.103_515_6e-5),
            (0x3555, 0.333_251_95),
        ] {
            assert_eq!(to_f32(half), number);
        }
        assert_eq!(of_f32(1e30), INFINITY);
        assert_eq!(of_f32(f32::MIN_POSITIVE), 0);
        assert_eq!(of_f32(-1e-30), 0x8000);
    }
}
