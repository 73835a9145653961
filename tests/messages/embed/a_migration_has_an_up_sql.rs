//! A migration has a file up.sql.

fn main() {
    let _without = orm_migrate::embed_migrations!("../../../../tests/messages/embed/folders/no_up");
}
