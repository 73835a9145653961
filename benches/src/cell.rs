//! [`Cell`]: one workload at one size, what the issue asks of it, and the list of all.

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Workload {
    /// The user with a key.
    PointRead,
    /// A new name for the user with a key; how many were changed.
    Update,
    /// Inserts a user with a key, or gives it a new name; how many were changed.
    Upsert,
    /// The first `size` users.
    Rows,
    /// `size` rows of users, half of them with a post.
    LeftJoin,
    /// Inserts `size` entries; how many there were.
    Insert,
    /// Inserts `size` entries and gives their keys, in order.
    InsertIds,
    /// The first `size` users, each with ten posts, each with ten comments.
    Nested,
    /// The user that has `size` posts, with them.
    Wide,
    /// `size` users, each with the three newest of a thousand posts.
    Newest,
    /// Point reads by 32 tasks over 8 connections.
    Crowd,
}

/// Which data is used: the same tables in each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Data {
    /// 10,000 users, of which 1,000 have ten posts with ten comments each; foreign keys have an index.
    Indexed,
    /// The same without an index on a foreign key.
    Plain,
    /// User 1 has 100,000 posts, each of the next 20 has 1,000; with an index on the foreign key.
    Wide,
    /// The same without it.
    WidePlain,
}

impl Data {
    pub(crate) const ALL: [Self; 4] = [Self::Indexed, Self::Plain, Self::Wide, Self::WidePlain];

    /// The name of the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::Indexed => "indexed",
            Self::Plain => "plain",
            Self::Wide => "wide",
            Self::WidePlain => "wide_plain",
        }
    }

    /// Whether foreign keys have an index.
    pub fn has_indexes(self) -> bool {
        matches!(self, Self::Indexed | Self::Wide)
    }
}

/// At most this ratio to the floor's best form, or to the form that is named.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limit {
    pub(crate) ratio: f64,
    pub(crate) of: Option<&'static str>,
}

/// At most so many allocations an operation.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Allocations {
    /// As many as the floor's leanest form, and so many more.
    FloorAnd(u64),
    /// One for each row, beside those that do not grow with the rows.
    OnePerRow,
}

/// What the issue asks for.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Targets {
    pub(crate) wall: Option<Limit>,
    pub(crate) cpu: Option<Limit>,
    pub(crate) allocations: Option<Allocations>,
}

/// One workload at one size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// What is done.
    pub workload: Workload,
    /// On how many rows.
    pub size: usize,
    /// With which data.
    pub data: Data,
}

const fn best(ratio: f64) -> Option<Limit> {
    Some(Limit { ratio, of: None })
}

const fn of(form: &'static str, ratio: f64) -> Option<Limit> {
    Some(Limit { ratio, of: Some(form) })
}

fn thousands(number: usize) -> String {
    match number {
        0..1000 => number.to_string(),
        _ => format!("{},{:03}", number / 1000, number % 1000),
    }
}

impl Cell {
    /// Its name in the tables, and for `--only`.
    pub fn name(&self) -> String {
        let size = thousands(self.size);
        let name = match self.workload {
            Workload::PointRead => "point read".to_owned(),
            Workload::Update => "update".to_owned(),
            Workload::Upsert => "upsert".to_owned(),
            Workload::Rows => format!("rows {size}"),
            Workload::LeftJoin => format!("left join {size}"),
            Workload::Insert => format!("insert {size}"),
            Workload::InsertIds => format!("insert {size} with ids"),
            Workload::Nested => format!("nested {size}"),
            Workload::Wide => format!("one parent, {size} children"),
            Workload::Newest => format!("{size} parents, 3 newest children"),
            Workload::Crowd => "32 tasks, 8 connections".to_owned(),
        };
        if self.data.has_indexes() { name } else { format!("{name}, no index") }
    }

    /// What must be so before each batch.
    pub(crate) fn before(&self) -> Option<&'static str> {
        let inserts = matches!(self.workload, Workload::Insert | Workload::InsertIds);
        inserts.then_some("TRUNCATE entries")
    }

    pub(crate) fn targets(&self) -> Targets {
        let floor = Some(Allocations::FloorAnd(0));
        let floor_and_2 = Some(Allocations::FloorAnd(2));
        let per_row = Some(Allocations::OnePerRow);
        let targets =
            |wall, cpu, allocations| Targets { wall: best(wall), cpu: best(cpu), allocations };
        match (self.workload, self.size) {
            (Workload::PointRead | Workload::Update | Workload::Upsert, _)
            | (Workload::Insert | Workload::InsertIds, 1) => targets(1.02, 1.05, floor_and_2),
            (Workload::Rows, 1 | 100) => Targets::default(),
            (Workload::Rows, _) => targets(1.0, 1.0, floor),
            (Workload::LeftJoin, 10_000) => targets(1.02, 1.03, floor),
            (Workload::Insert | Workload::InsertIds, ..10_000) => {
                Targets { wall: of("unnest", 1.03), cpu: best(1.10), allocations: per_row }
            }
            (Workload::Insert | Workload::InsertIds, _) => {
                Targets { wall: of("unnest", 0.7), cpu: of("unnest", 0.5), allocations: per_row }
            }
            (Workload::Nested, size) if self.data.has_indexes() => match size {
                0..=9 => Targets { cpu: of("seq3", 1.0), ..targets(0.8, 1.0, floor) },
                10..=99 => Targets { cpu: of("seq3", 1.0), ..targets(0.9, 1.0, floor) },
                _ => Targets { cpu: of("seq3", 0.65), ..targets(1.0, 0.65, floor) },
            },
            (Workload::Nested | Workload::Wide | Workload::Newest, _) => {
                Targets { wall: best(1.10), ..Targets::default() }
            }
            (Workload::Crowd, _) => Targets {
                wall: of("checkout", 0.75),
                cpu: of("shared", 1.05),
                ..Targets::default()
            },
            (Workload::LeftJoin, _) => Targets::default(),
        }
    }

    /// All of them, in the order of the tables.
    pub fn all() -> Vec<Self> {
        let mut all = Vec::new();
        let mut add = |workload, data, sizes: &[usize]| {
            all.extend(sizes.iter().map(|size| Self { workload, size: *size, data }));
        };
        add(Workload::PointRead, Data::Indexed, &[1]);
        add(Workload::Update, Data::Indexed, &[1]);
        add(Workload::Upsert, Data::Indexed, &[1]);
        add(Workload::Rows, Data::Indexed, &[1, 10, 100, 1000, 10_000]);
        add(Workload::LeftJoin, Data::Indexed, &[100, 1000, 10_000]);
        add(Workload::Insert, Data::Indexed, &[1, 10_000]);
        add(Workload::InsertIds, Data::Indexed, &[1, 10, 100, 1000, 10_000]);
        add(Workload::Nested, Data::Indexed, &[1, 10, 100, 1000]);
        add(Workload::Nested, Data::Plain, &[1, 10, 100, 1000]);
        add(Workload::Wide, Data::Wide, &[100_000]);
        add(Workload::Wide, Data::WidePlain, &[100_000]);
        add(Workload::Newest, Data::Wide, &[20]);
        add(Workload::Newest, Data::WidePlain, &[20]);
        add(Workload::Crowd, Data::Indexed, &[1]);
        all
    }
}
