//! An empty list is a slip and means neither none nor all: a policy for no role would be one for every role.
use orm::prelude::*;

#[derive(Table)]
#[table(row_security, policy("own", to(), using = "true"), policy("any", to = "", using = "true"))]
#[table(foreign_key(parent_id => Self::id, on_delete = set_null()), unique(parent_id, include()))]
#[table(partition_by = range())]
struct Node {
    #[column(primary_key)]
    id: i64,
    parent_id: Option<i64>,
}

fn main() {}
