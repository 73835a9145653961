//! Of a domain over `date` it is not known which crate its timestamps are of.
use orm::func;
use orm::prelude::*;

#[derive(Domain, Debug, Clone, PartialEq)]
#[domain(name = "birthday")]
pub struct Birthday(pub chrono::NaiveDate);

#[derive(Table)]
#[table(name = "person")]
pub struct Person {
    #[column(primary_key)]
    pub id: i64,
    pub birthday: Birthday,
}

fn main() {
    let month = func::interval("1 month");
    let _ = Person::query().select(Person::birthday.cast::<chrono::NaiveDate>() + month.clone());
    let _ = Person::query().select(Person::birthday + month);
}
