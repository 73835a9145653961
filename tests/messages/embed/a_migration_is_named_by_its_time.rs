//! A folder of a migration is named by its time and its name.

fn main() {
    let _migrations = orm_migrate::embed_migrations!("../../../../tests/messages/embed/folders/wrong_name");
}
