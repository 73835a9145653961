//! Two labels of an enum differ, and each fits PostgreSQL.
use orm::prelude::*;

#[derive(Enum, Debug)]
pub enum Mood {
    Happy,
    #[variant(name = "happy")]
    Glad,
    #[variant(name = "")]
    Blank,
    #[variant(name = "a_label_that_goes_on_and_on_and_on_until_postgresql_would_cut_its_end_off")]
    Long,
}

fn main() {}
