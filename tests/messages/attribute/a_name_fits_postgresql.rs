//! PostgreSQL keeps 63 bytes of a name, and no name is empty.
use orm::prelude::*;

#[derive(Table)]
#[table(name = "", schema = "a_name_of_more_than_sixty_three_bytes_that_postgresql_would_cut_off", unique("a_name_of_more_than_sixty_three_bytes_that_postgresql_would_cut_off", id), check("", "id > 0"))]
pub struct User {
    #[column(primary_key, name = "a_name_of_more_than_sixty_three_bytes_that_postgresql_would_cut_off")]
    pub id: i64,
    #[column(name = "", index = "")]
    pub email: String,
    #[column(name = "zero\0byte")]
    pub text: String,
    pub a_name_of_more_than_sixty_three_bytes_that_postgresql_would_cut_off: String,
}

fn main() {}
