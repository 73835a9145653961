//! An unknown key or case of an enum is named, with the nearest that exists.
use orm::prelude::*;

#[derive(Enum, Debug)]
#[pg_enum(nmae = "mood", rename_all = "snakecase")]
pub enum Mood {
    #[variant(label = "happy")]
    Happy,
    #[pg_enum(name = "sad")]
    Sad,
}

#[derive(Enum, Debug)]
#[pg_enum(rename_all = "shouting")]
#[variant(name = "mood")]
pub enum Other {
    Happy,
}

fn main() {}
