//! The folder of migrations is named in quotes, and there is one.

fn main() {
    let _bare = orm_migrate::embed_migrations!(migrations);
    let _two = orm_migrate::embed_migrations!("a", "b");
}
