//! An interval has a sum and an average, and no standard deviation.
use orm::func;
use orm::prelude::*;

#[derive(Table)]
#[table(name = "task")]
pub struct Task {
    #[column(primary_key)]
    pub id: i64,
    pub takes: orm::Interval,
}

fn main() {
    let _ = Task::query().select((func::sum(Task::takes), func::avg(Task::takes)));
    let _ = Task::query().select(func::stddev_samp(Task::takes));
}
