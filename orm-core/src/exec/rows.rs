//! [`Rows`]: the rows of one statement, as they arrive.

use crate::error::Result;
use crate::exec::errors;
use crate::exec::session::Watch;
use futures_util::Stream;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::{Instant, Sleep};
use tokio_postgres::{Row, RowStream};

/// The rows of a statement, as they arrive.
///
/// Dropped before the last one, the server is told to stop once the session goes back to the pool. Whoever keeps the
/// session, as in a transaction, has the next statement wait until the server has sent the rows that are left.
pub struct Rows<'a> {
    stream: Pin<Box<RowStream>>,
    watch: Option<Watch<'a>>,
    sql: &'a str,
    limit: Option<Limit>,
}

/// How long the next row may take.
struct Limit {
    length: Duration,
    end: Pin<Box<Sleep>>,
}

impl<'a> Rows<'a> {
    pub(super) fn new(
        stream: RowStream,
        watch: Watch<'a>,
        sql: &'a str,
        limit: Option<Duration>,
    ) -> Self {
        let limit = limit.map(|length| Limit { length, end: Box::pin(tokio::time::sleep(length)) });
        Self { stream: Box::pin(stream), watch: Some(watch), sql, limit }
    }
}

impl Stream for Rows<'_> {
    type Item = Result<Row>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = match self.stream.as_mut().poll_next(cx) {
            Poll::Ready(next) => next,
            Poll::Pending => {
                let Some(limit) = &mut self.limit else { return Poll::Pending };
                if limit.end.as_mut().poll(cx).is_pending() {
                    return Poll::Pending;
                }
                let length = limit.length;
                return Poll::Ready(Some(Err(errors::out_of_time(length, self.sql))));
            }
        };
        if let Some(limit) = &mut self.limit {
            limit.end.as_mut().reset(Instant::now() + limit.length);
        }
        Poll::Ready(match (next, self.watch.take()) {
            (Some(Ok(row)), watch) => {
                self.watch = watch;
                Some(Ok(row))
            }
            (Some(Err(error)), watch) => {
                let error = errors::statement_failed(error, self.sql);
                Some(Err(match watch {
                    Some(watch) => watch.failed(error),
                    None => error,
                }))
            }
            (None, watch) => {
                if let Some(watch) = watch {
                    watch.answered();
                }
                None
            }
        })
    }
}

impl std::fmt::Debug for Rows<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rows").finish_non_exhaustive()
    }
}
