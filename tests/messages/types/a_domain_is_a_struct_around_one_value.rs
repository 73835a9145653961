//! A domain is one type around one value, which is itself never NULL.
use orm::prelude::*;

#[derive(Domain, Debug)]
pub struct Email {
    pub text: String,
}

#[derive(Domain, Debug)]
pub struct Pair(String, String);

#[derive(Domain, Debug)]
pub struct Perhaps(Option<String>);

#[derive(Domain, Debug)]
pub struct Any<T>(T);

#[derive(Domain, Debug)]
#[domain(check("one", "VALUE > 0"), check("one", "VALUE < 9"), check = "")]
pub struct Digit(i32);

#[derive(Domain, Debug)]
#[domain(default = "many")]
pub struct Count(i32);

fn main() {}
