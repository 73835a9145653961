//! [`StatementCache`]: the prepared statements of one session, bounded: the one that was not used for the longest time is forgotten first. A statement of ours is found
//! by its shape, so that its text is not rendered a second time; any other by its text. Who prepares them is `session`.

use crate::query::node::Statement as Tree;
use crate::sql::{Params, Rendered, shape};
use crate::types::cells::hidden_type;
use crate::types::levels::LevelPlan;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio_postgres::Statement;
use tokio_postgres::types::Type;

/// How a statement is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cache {
    /// Prepared once for each session: for SQL whose text is fixed.
    Named,
    /// Sent whole in one round trip, and not prepared: for SQL whose shape varies.
    Unnamed,
}

/// The prepared statements of one session.
pub(crate) struct StatementCache {
    /// None when the size is zero: then nothing is prepared under a name, as a pooler in transaction mode needs.
    entries: Option<Mutex<Entries>>,
}

struct Entries {
    count_max: usize,
    texts: HashMap<Arc<str>, Prepared>,
    /// By a hash of the shape.
    shapes: HashMap<u64, Shaped, BuildHasherDefault<Hashed>>,
    /// The shape that is looked for.
    words: Vec<u64>,
    /// Counts what is looked for: the greatest number was used last.
    clock: u64,
}

/// A prepared statement, and the parameter types that were asked for when it was.
struct Prepared {
    types: Box<[Type]>,
    statement: Statement,
    used: u64,
}

/// A prepared statement under a shape.
struct Shaped {
    words: Box<[u64]>,
    /// The places of its parameters among those of the shape; none where they are the same.
    order: Option<Box<[usize]>>,
    text: Arc<str>,
    types: Box<[Type]>,
    statement: Statement,
    has_hidden_types: bool,
    /// Where its rows are of levels.
    plan: Option<Arc<LevelPlan>>,
    used: u64,
}

/// A prepared statement that was found by its shape, and the parameters to run it with.
pub(crate) struct Known<'a> {
    pub(crate) text: Arc<str>,
    pub(crate) statement: Statement,
    pub(crate) params: Params<'a>,
    /// Whether a column may be of a type that is to be looked up.
    pub(crate) has_hidden_types: bool,
    /// What its columns are to each level, where its rows are of levels.
    pub(crate) plan: Option<Arc<LevelPlan>>,
}

/// Which of its texts a tree is found by: a query with relations has two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Plain,
    Levels,
}

impl StatementCache {
    pub(crate) fn new(statement_count_max: usize) -> Self {
        let entries = (statement_count_max > 0).then(|| {
            Mutex::new(Entries {
                count_max: statement_count_max,
                texts: HashMap::new(),
                shapes: HashMap::default(),
                words: Vec::new(),
                clock: 0,
            })
        });
        Self { entries }
    }

    /// Whether statements are prepared under a name at all.
    pub(crate) fn is_enabled(&self) -> bool {
        self.entries.is_some()
    }

    /// The statement with that text that was prepared for the same types.
    pub(crate) fn find(&self, sql: &str, types: &[Type]) -> Option<Statement> {
        let mut entries = self.lock()?;
        let entries = &mut *entries;
        let prepared = entries.texts.get_mut(sql)?;
        entries.clock += 1;
        prepared.used = entries.clock;
        (*prepared.types == *types).then(|| prepared.statement.clone())
    }

    /// The statement of that shape, if its parameters are of the same types.
    pub(crate) fn known<'a>(&self, tree: &'a Tree, form: Form) -> Option<Known<'a>> {
        let mut entries = self.lock()?;
        let entries = &mut *entries;
        entries.begin_words(form);
        let params = shape(tree, &mut entries.words)?;
        let shaped = entries.shapes.get_mut(&hash(&entries.words))?;
        if *shaped.words != *entries.words {
            return None;
        }
        let params = match &shaped.order {
            None => params,
            Some(order) => order.iter().filter_map(|place| params.get(*place)).collect(),
        };
        if !params.iter().map(|param| &param.ty).eq(&*shaped.types) {
            return None;
        }
        entries.clock += 1;
        shaped.used = entries.clock;
        Some(Known {
            text: Arc::clone(&shaped.text),
            statement: shaped.statement.clone(),
            params,
            has_hidden_types: shaped.has_hidden_types,
            plan: shaped.plan.clone(),
        })
    }

    /// Adds a statement; the one it pushes out is closed on the server once nothing uses it.
    pub(crate) fn add(&self, sql: &str, types: &[Type], statement: Statement) {
        let Some(mut entries) = self.lock() else { return };
        entries.forget(sql);
        while entries.texts.len() >= entries.count_max {
            let Some(least) = entries.least_used() else { break };
            entries.forget(&least);
        }
        entries.clock += 1;
        let used = entries.clock;
        entries.texts.insert(sql.into(), Prepared { types: types.into(), statement, used });
    }

    /// Has a statement that was added under its text be found by the shape of `tree` too; `plan` where its rows are of levels.
    pub(crate) fn add_shape(
        &self,
        tree: &Tree,
        rendered: &Rendered<'_>,
        plan: Option<&Arc<LevelPlan>>,
    ) {
        let Some(mut entries) = self.lock() else { return };
        let entries = &mut *entries;
        entries.begin_words(if plan.is_some() { Form::Levels } else { Form::Plain });
        let Some(params) = shape(tree, &mut entries.words) else { return };
        let Some((text, prepared)) = entries.texts.get_key_value(rendered.text.as_str()) else {
            return;
        };
        let place = |written: &&_| params.iter().position(|param| std::ptr::eq(param, *written));
        let order: Option<Box<[usize]>> = rendered.params.iter().map(place).collect();
        let Some(order) = order else { return };
        let is_same = order.len() == params.len() && order.iter().copied().eq(0..params.len());
        let shaped = Shaped {
            words: entries.words.as_slice().into(),
            order: (!is_same).then_some(order),
            text: Arc::clone(text),
            types: prepared.types.clone(),
            statement: prepared.statement.clone(),
            has_hidden_types: prepared
                .statement
                .columns()
                .iter()
                .any(|it| hidden_type(it).is_some()),
            plan: plan.cloned(),
            used: prepared.used,
        };
        // Many shapes can have one text: a program that goes on making them does not fill the memory.
        if entries.shapes.len() >= entries.count_max.saturating_mul(4) {
            entries.shapes.clear();
        }
        entries.shapes.insert(hash(&entries.words), shaped);
    }

    /// Forgets a statement that the server no longer runs.
    pub(crate) fn forget(&self, sql: &str) {
        if let Some(mut entries) = self.lock() {
            entries.forget(sql);
        }
    }

    /// How many statements there are.
    pub(crate) fn count(&self) -> usize {
        self.lock().map_or(0, |entries| entries.texts.len())
    }

    /// A panic while the lock was held leaves the map usable: nothing in here is half done.
    fn lock(&self) -> Option<MutexGuard<'_, Entries>> {
        self.entries.as_ref().map(|entries| entries.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Entries {
    fn begin_words(&mut self, form: Form) {
        self.words.clear();
        if form == Form::Levels {
            // No statement begins so.
            self.words.push(u64::MAX);
        }
    }

    fn forget(&mut self, sql: &str) {
        if self.texts.remove(sql).is_some() {
            self.shapes.retain(|_, shaped| &*shaped.text != sql);
        }
    }

    /// The text of the statement that was not used for the longest time. All are looked at: it is asked before a round trip.
    fn least_used(&mut self) -> Option<Arc<str>> {
        for shaped in self.shapes.values() {
            if let Some(prepared) = self.texts.get_mut(&shaped.text) {
                prepared.used = prepared.used.max(shaped.used);
            }
        }
        let least = self.texts.iter().min_by_key(|(_, prepared)| prepared.used);
        least.map(|(text, _)| Arc::clone(text))
    }
}

/// Shapes are the program's own: no one can choose many that collide.
fn hash(words: &[u64]) -> u64 {
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    let mixed =
        words.iter().fold(0_u64, |hash, word| (hash.rotate_left(5) ^ word).wrapping_mul(FACTOR));
    // The map takes its bits from both ends.
    let mixed = (mixed ^ mixed >> 32).wrapping_mul(FACTOR);
    mixed ^ mixed >> 32
}

/// Takes what is a hash already.
#[derive(Default)]
struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}
