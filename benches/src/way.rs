//! [`Way`]: one form in which a contender does what a cell asks for, and what it took.

use crate::machine::processor_time;
use futures_util::future::LocalBoxFuture;
use std::rc::Rc;
use std::time::{Duration, Instant};

/// What all of the benchmark returns.
pub type Outcome<T = ()> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// What some operations in a row took.
#[derive(Debug, Clone, Copy)]
pub struct Sample {
    /// The median of one operation, in microseconds.
    pub wall: f64,
    /// Processor time of this process for each operation, in microseconds.
    pub cpu: f64,
    /// What the operation found: the same for every contender.
    pub digest: u64,
}

type Run = Box<dyn Fn(usize) -> LocalBoxFuture<'static, Outcome<Sample>>>;

/// One form of doing it.
pub struct Way {
    /// Its name among the contender's forms.
    pub form: &'static str,
    run: Run,
}

impl Way {
    /// Repeats `operation`, whose result is a digest of what was found.
    pub fn new<F>(form: &'static str, operation: F) -> Self
    where
        F: AsyncFn() -> Outcome<u64> + 'static,
    {
        let operation = Rc::new(operation);
        let run = move |count| {
            let operation = Rc::clone(&operation);
            Box::pin(async move { measured(count, &*operation).await })
                as LocalBoxFuture<'static, _>
        };
        Self { form, run: Box::new(run) }
    }

    /// As [`new`](Self::new) between a beginning and an end that are not measured, such as those of a transaction.
    pub fn within<T, B, F, E>(form: &'static str, begin: B, operation: F, end: E) -> Self
    where
        T: 'static,
        B: AsyncFn() -> Outcome<T> + 'static,
        F: AsyncFn(&T) -> Outcome<u64> + 'static,
        E: AsyncFn(T) -> Outcome + 'static,
    {
        let all = Rc::new((begin, operation, end));
        let run = move |count| {
            let all = Rc::clone(&all);
            Box::pin(async move {
                let (begin, operation, end) = &*all;
                let it = begin().await?;
                let sample = measured(count, &async || operation(&it).await).await;
                end(it).await?;
                sample
            }) as LocalBoxFuture<'static, _>
        };
        Self { form, run: Box::new(run) }
    }

    /// Runs the operation once, and then as often as `count` says with the clocks on.
    pub(crate) async fn run(&self, count: usize) -> Outcome<Sample> {
        (self.run)(count).await
    }
}

async fn measured(count: usize, operation: &impl AsyncFn() -> Outcome<u64>) -> Outcome<Sample> {
    let digest = operation().await?;
    let mut times = Vec::with_capacity(count);
    let before = processor_time();
    for _ in 0..count {
        let begun = Instant::now();
        let found = operation().await?;
        times.push(begun.elapsed());
        if found != digest {
            return Err("the second time, another result was found".into());
        }
    }
    let used = processor_time().saturating_sub(before);
    times.sort_unstable();
    let wall = times.get(count / 2).copied().unwrap_or_default();
    let micros = |time: Duration| time.as_secs_f64() * 1e6;
    Ok(Sample { wall: micros(wall), cpu: micros(used) / count.max(1) as f64, digest })
}
