//! A newtype has one field that holds a value, never NULL.
use orm::prelude::*;
use std::marker::PhantomData;

#[derive(Newtype, Debug)]
struct Several(i64, String);

#[derive(Newtype, Debug)]
struct Nothing;

#[derive(Newtype, Debug)]
struct OnlyAMarker(PhantomData<i64>);

#[derive(Newtype, Debug)]
enum Choice {
    One(i64),
}

#[derive(Newtype, Debug)]
struct MaybeId(Option<i64>);

type Maybe<T> = Option<T>;

#[derive(Newtype, Debug)]
struct AlsoMaybe(Maybe<i64>);

struct Unknown;

#[derive(Newtype, Debug)]
struct OfNoSqlType(Unknown);

#[derive(Newtype, Debug)]
#[newtype(crates = orm)]
struct WithAnUnknownKey(i64);

fn main() {}
