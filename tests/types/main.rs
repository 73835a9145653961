//! Every type of a column by every road: parameter, column, array, array with NULL, record, records of an array, UNNEST, COPY, SQL
//! that a user wrote. One line of `types!` is one type; the guide's page of types, docs/types.md, is made of the same lines.

#[macro_use]
mod roads;
mod guide;

mod declared_ranges;
mod documents;
mod extensions;
mod intervals;
mod ip4r;
mod jiff_times;
mod networks;
mod newtypes;
mod numbers;
mod objects;
mod plane;
mod ranges;
mod search;
mod shapes;
mod texts;
mod time_times;
mod times;
mod vectors;
