//! A folder of migrations that is compiled in exists.

fn main() {
    let _by_default = orm_migrate::embed_migrations!();
    let _named = orm_migrate::embed_migrations!("db/migrations");
}
