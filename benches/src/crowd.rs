//! [`Crowd`]: many tasks that use one pool at once.

use crate::way::Outcome;
use futures_util::future::BoxFuture;
use std::future::Future;
use std::sync::Arc;

/// How many tasks there are.
pub const TASKS: usize = 32;
/// How many connections a pool may have.
pub const CONNECTIONS: usize = 8;

type Run = Arc<dyn Fn(usize) -> BoxFuture<'static, Outcome<u64>> + Send + Sync>;

/// One form of serving them.
#[derive(Clone)]
pub struct Crowd {
    /// Its name among the contender's forms.
    pub form: &'static str,
    run: Run,
}

/// The key of the user that this task reads in this turn.
pub fn key(task: usize, turn: usize) -> i64 {
    i64::try_from((task * 331 + turn * 17) % 10_000 + 1).unwrap_or(1)
}

impl Crowd {
    /// Each task calls `read` with its number and one key after the other, and is given digests.
    pub fn of_tasks<F, R>(form: &'static str, read: F) -> Self
    where
        F: Fn(usize, i64) -> R + Clone + Send + Sync + 'static,
        R: Future<Output = Outcome<u64>> + Send + 'static,
    {
        Self::new(form, move |turns| {
            let read = read.clone();
            Box::pin(async move {
                let task = |task| {
                    let read = read.clone();
                    tokio::spawn(async move {
                        let mut digest = 0_u64;
                        for turn in 0..turns {
                            digest = digest.wrapping_add(read(task, key(task, turn)).await?);
                        }
                        Ok::<_, Box<dyn std::error::Error + Send + Sync>>(digest)
                    })
                };
                let tasks: Vec<_> = (0..TASKS).map(task).collect();
                let mut digest = 0_u64;
                for task in tasks {
                    digest = digest.wrapping_add(task.await??);
                }
                Ok(digest)
            })
        })
    }

    /// As [`of_tasks`](Self::of_tasks), with threads that may block.
    pub fn of_threads<F>(form: &'static str, read: F) -> Self
    where
        F: Fn(i64) -> Outcome<u64> + Clone + Send + Sync + 'static,
    {
        Self::new(form, move |turns| {
            let read = read.clone();
            Box::pin(async move {
                let task = |task| {
                    let read = read.clone();
                    tokio::task::spawn_blocking(move || {
                        (0..turns).try_fold(0_u64, |digest, turn| {
                            Ok::<_, Box<dyn std::error::Error + Send + Sync>>(
                                digest.wrapping_add(read(key(task, turn))?),
                            )
                        })
                    })
                };
                let tasks: Vec<_> = (0..TASKS).map(task).collect();
                let mut digest = 0_u64;
                for task in tasks {
                    digest = digest.wrapping_add(task.await??);
                }
                Ok(digest)
            })
        })
    }

    /// A form that runs all tasks by itself; it is told how many reads each of them makes.
    pub fn new(
        form: &'static str,
        run: impl Fn(usize) -> BoxFuture<'static, Outcome<u64>> + Send + Sync + 'static,
    ) -> Self {
        Self { form, run: Arc::new(run) }
    }

    /// Runs all tasks, each of which makes so many reads.
    pub(crate) async fn run(&self, turns: usize) -> Outcome<u64> {
        (self.run)(turns).await
    }
}
