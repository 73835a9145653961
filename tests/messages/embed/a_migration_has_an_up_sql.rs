//! A migration has a file up.sql, which is text.

fn main() {
    let _without = orm_migrate::embed_migrations!("../../../../tests/messages/embed/folders/no_up");
    let _no_text = orm_migrate::embed_migrations!("../../../../tests/messages/embed/folders/not_text");
}
