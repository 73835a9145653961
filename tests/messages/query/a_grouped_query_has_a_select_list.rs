//! A grouped query says what it gives before it is run, and only rows with columns are named by `WITH`.
use orm::prelude::*;

#[derive(Table)]
#[table(name = "user")]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
    pub email: String,
}

async fn without_a_list(db: &Db) {
    let _ = User::query().group_by(User::email).all(db).await;
}

fn a_value_has_no_name() {
    let _ = User::query().select(User::email).cte();
}

fn main() {}
