//! Names and positions as digits of types, so that the compiler can compare them.

use super::{Column, TableColumn};

macro_rules! digits {
    ($($digit:ident)+) => {
        $(
            #[doc = "A hexadecimal digit."]
            pub enum $digit {}
        )+
        digits!(@each [$($digit)+] [$($digit)+]);
    };
    (@each [$($one:ident)+] $all:tt) => { $(digits!(@one $one $all);)+ };
    (@one $one:ident [$($other:ident)+]) => {
        impl<A: Differs<B>, B> Differs<($one, B)> for ($one, A) {}
        $(digits!(@pair $one $other);)+
    };
    (@pair D0 D0) => { digits!(@same D0); };
    (@pair D1 D1) => { digits!(@same D1); };
    (@pair D2 D2) => { digits!(@same D2); };
    (@pair D3 D3) => { digits!(@same D3); };
    (@pair D4 D4) => { digits!(@same D4); };
    (@pair D5 D5) => { digits!(@same D5); };
    (@pair D6 D6) => { digits!(@same D6); };
    (@pair D7 D7) => { digits!(@same D7); };
    (@pair D8 D8) => { digits!(@same D8); };
    (@pair D9 D9) => { digits!(@same D9); };
    (@pair DA DA) => { digits!(@same DA); };
    (@pair DB DB) => { digits!(@same DB); };
    (@pair DC DC) => { digits!(@same DC); };
    (@pair DD DD) => { digits!(@same DD); };
    (@pair DE DE) => { digits!(@same DE); };
    (@pair DF DF) => { digits!(@same DF); };
    (@same $digit:ident) => {
        impl<A: Equals<B>, B> Equals<($digit, B)> for ($digit, A) {
            type Answer = A::Answer;
        }
    };
    (@pair $one:ident $other:ident) => {
        impl<A, B> Differs<($other, B)> for ($one, A) {}
        impl<A, B> Equals<($other, B)> for ($one, A) {
            type Answer = No;
        }
    };
}

/// Two numbers that differ.
pub trait Differs<Other> {}

/// Whether two numbers are equal.
pub trait Equals<Other> {
    /// [`Yes`] or [`No`].
    type Answer: Answer;
}

impl Equals<()> for () {
    type Answer = Yes;
}

// Numbers of different lengths: the last digits of the shorter one are missing.
impl<Digit, Rest> Equals<(Digit, Rest)> for () {
    type Answer = No;
}
impl<Digit, Rest> Equals<()> for (Digit, Rest) {
    type Answer = No;
}

/// An answer, as a type.
pub trait Answer {
    /// Either of the two.
    type Or<Other: Answer>: Answer;
    /// Both.
    type And<Other: Answer>: Answer;
}

/// It is so.
pub enum Yes {}
/// It is not so.
pub enum No {}

impl Answer for Yes {
    type Or<Other: Answer> = Self;
    type And<Other: Answer> = Other;
}

impl Answer for No {
    type Or<Other: Answer> = Other;
    type And<Other: Answer> = Self;
}

/// Whether a number is among those of a list: pairs of a number and the rest.
pub trait Contains<Number> {
    /// [`Yes`] or [`No`].
    type Answer: Answer;
}

impl<Number> Contains<Number> for () {
    type Answer = No;
}

impl<A: Equals<Number>, Rest: Contains<Number>, Number> Contains<Number> for (A, Rest) {
    type Answer = <A::Answer as Answer>::Or<Rest::Answer>;
}

digits! { D0 D1 D2 D3 D4 D5 D6 D7 D8 D9 DA DB DC DD DE DF }

/// A position whose hexadecimal digits are these, the least first; 16 is none. What it is as a type is
/// [`TableColumn::Position`](super::TableColumn::Position).
pub enum PositionOf<const A: usize, const B: usize, const C: usize> {}

/// A digit of a position.
pub enum Digit<const D: usize> {}

/// A number as digits of types.
pub trait Digits<Rest = ()> {
    /// The type.
    type Type;
}

impl<const A: usize, const B: usize, const C: usize> Digits for PositionOf<A, B, C>
where
    Digit<C>: Digits,
    Digit<B>: Digits<<Digit<C> as Digits>::Type>,
    Digit<A>: Digits<<Digit<B> as Digits<<Digit<C> as Digits>::Type>>::Type>,
{
    type Type = <Digit<A> as Digits<<Digit<B> as Digits<<Digit<C> as Digits>::Type>>::Type>>::Type;
}

impl<Rest> Digits<Rest> for Digit<16> {
    type Type = Rest;
}

macro_rules! digit_types {
    ($($number:literal $digit:ident)+) => {
        $(
            impl<Rest> Digits<Rest> for Digit<$number> {
                type Type = ($digit, Rest);
            }
        )+
    };
}

digit_types! {
    0 D0 1 D1 2 D2 3 D3 4 D4 5 D5 6 D6 7 D7 8 D8 9 D9 10 DA 11 DB 12 DC 13 DD 14 DE 15 DF
}

/// The digit of the position of a column at this place, the least at 0; 16 where it has none.
pub const fn digit_of<C: TableColumn>(_: Column<C>, place: u32) -> usize {
    let rest = C::POSITION >> (4 * place);
    if rest == 0 && place > 0 { 16 } else { rest & 15 }
}
