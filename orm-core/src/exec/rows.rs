//! [`Rows`]: the rows of one statement, as they arrive. [`Reader`] is what reads them, whatever their type.

use crate::error::{Error, Result};
use crate::exec::executor::Lease;
use crate::exec::row::{RawRow, ReadRow, as_raw};
use crate::exec::{Session, errors};
use crate::query::node::Statement;
use crate::types::known::Lookup;
use futures_util::Stream;
use futures_util::future::BoxFuture;
use std::collections::VecDeque;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::time::{Instant, Sleep};
use tokio_postgres::types::Oid;
use tokio_postgres::{Row as DriverRow, RowStream};

/// The rows of a statement, as they arrive: a stream.
///
/// It holds a session until its end. Dropped before, the server is told to stop once the session goes back to the pool. Whoever
/// keeps the session, as in a transaction, has the next statement wait until the server has sent the rows that are left.
///
/// The program holds a few rows at a time, whatever their number. There is one exception: where a row holds a value of a
/// type of the database's own within a record (rows of a relation, `ROW(..)`) that no query of this pool has met before, the
/// rows after it are taken in while the type is looked up.
pub struct Rows<'a, T> {
    reader: Reader<'a>,
    row: PhantomData<fn() -> T>,
}

impl<'a, T: ReadRow> Rows<'a, T> {
    pub(super) fn new(reader: Reader<'a>) -> Self {
        Self { reader, row: PhantomData }
    }

    /// Those of SQL that a user wrote, and that runs.
    pub(super) fn running(lease: Lease<'a>, rows: RowStream, sql: &str) -> Self {
        Self::new(Reader::running(Running::new(lease, rows, Arc::from(sql))).of_raw_sql())
    }
}

impl<T: ReadRow> Stream for Rows<'_, T> {
    type Item = Result<T>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut next = None;
        let mut read = |row: RawRow<'_>| {
            next = Some(T::from_row(row)?);
            Ok(())
        };
        let polled = ready!(self.reader.poll_row(cx, &mut read));
        Poll::Ready(match polled {
            Some(Err(error)) => Some(Err(error)),
            _ => next.map(Ok),
        })
    }
}

impl<T> std::fmt::Debug for Rows<'_, T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rows").finish_non_exhaustive()
    }
}

/// A statement that runs, and the session that it runs on.
pub(super) struct Running<'a> {
    rows: Held<'a>,
    /// No row is left, or an error was the end.
    is_over: bool,
    /// What came instead of a row, and was not seen to yet.
    end: Option<Option<Result<DriverRow, tokio_postgres::Error>>>,
    limit: Option<Limit>,
    sql: Text<'a>,
    /// Names what an error is about.
    statement: About<'a>,
    // Given back after what came from it is dropped.
    lease: Lease<'a>,
}

/// What the rows come from. Where its reader is waited for where it is made, nothing is allocated for it.
enum Held<'a> {
    Boxed(Pin<Box<RowStream>>),
    Pinned(Pin<&'a mut RowStream>),
}

impl Held<'_> {
    fn poll_next(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<DriverRow, tokio_postgres::Error>>> {
        match self {
            Self::Boxed(rows) => rows.as_mut().poll_next(cx),
            Self::Pinned(rows) => rows.as_mut().poll_next(cx),
        }
    }
}

/// The SQL that runs.
pub(super) enum Text<'a> {
    Shared(Arc<str>),
    Borrowed(&'a str),
}

impl From<Arc<str>> for Text<'_> {
    fn from(text: Arc<str>) -> Self {
        Self::Shared(text)
    }
}

impl<'a> From<&'a str> for Text<'a> {
    fn from(text: &'a str) -> Self {
        Self::Borrowed(text)
    }
}

impl std::ops::Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::Shared(text) => text,
            Self::Borrowed(text) => text,
        }
    }
}

/// The statement that runs, where it is one of ours.
enum About<'a> {
    Unknown,
    Ours(Box<Statement>),
    Borrowed(&'a Statement),
}

/// How long the next row may take.
struct Limit {
    length: Duration,
    end: Pin<Box<Sleep>>,
}

impl Limit {
    /// Waits until the time is over. Gives what to tell the caller.
    fn poll_over(&mut self, session: &Session, sql: &str, cx: &mut Context<'_>) -> Poll<Error> {
        loop {
            ready!(self.end.as_mut().poll(cx));
            let limit = session.query_timeout().unwrap_or(self.length);
            if !session.state.is_shared() {
                // The server may still run it: the session stays busy.
                return Poll::Ready(errors::out_of_time(limit, sql));
            }
            match session.still_waits() {
                Some(rest) => self.end.as_mut().reset(Instant::now() + rest),
                None => return Poll::Ready(session.give_up(limit, sql)),
            }
        }
    }
}

impl<'a> Running<'a> {
    /// `rows` is the answer of a statement that [`Session::start`] gave.
    pub(super) fn new(lease: Lease<'a>, rows: RowStream, sql: impl Into<Text<'a>>) -> Self {
        Self::held(lease, Held::Boxed(Box::pin(rows)), sql.into(), About::Unknown)
    }

    /// The same where the answer stays in its place until all of it is read.
    pub(super) fn pinned(
        lease: Lease<'a>,
        rows: Pin<&'a mut RowStream>,
        sql: impl Into<Text<'a>>,
        statement: Option<&'a Statement>,
    ) -> Self {
        let about = statement.map_or(About::Unknown, About::Borrowed);
        Self::held(lease, Held::Pinned(rows), sql.into(), about)
    }

    fn held(lease: Lease<'a>, rows: Held<'a>, sql: Text<'a>, statement: About<'a>) -> Self {
        let limit = lease.answer_limit();
        let limit = limit.map(|length| Limit { length, end: Box::pin(tokio::time::sleep(length)) });
        Self { rows, is_over: false, end: None, limit, sql, statement, lease }
    }

    /// Those of a statement of ours.
    pub(super) fn of(mut self, statement: Statement) -> Self {
        self.statement = About::Ours(Box::new(statement));
        self
    }

    /// An error with the table and column that it is about.
    #[cold]
    fn placed(&self, error: Error) -> Error {
        match &self.statement {
            About::Ours(statement) => errors::placed(error, statement, &[]),
            About::Borrowed(statement) => errors::placed(error, statement, &[]),
            About::Unknown => error,
        }
    }

    pub(super) fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<DriverRow>>> {
        if self.is_over {
            return Poll::Ready(None);
        }
        let polled = match self.end.take() {
            Some(end) => Poll::Ready(end),
            None => self.rows.poll_next(cx),
        };
        let next = match polled {
            Poll::Ready(next) => next,
            Poll::Pending => {
                let Some(limit) = &mut self.limit else { return Poll::Pending };
                let error = ready!(limit.poll_over(&self.lease, &self.sql, cx));
                self.is_over = true;
                return Poll::Ready(Some(Err(error)));
            }
        };
        if let Some(limit) = &mut self.limit {
            limit.end.as_mut().reset(Instant::now() + limit.length);
        }
        Poll::Ready(match next {
            Some(Ok(row)) => Some(Ok(row)),
            Some(Err(error)) => {
                self.is_over = true;
                let error = self.placed(errors::statement_failed(error, &self.sql));
                Some(Err(self.lease.watched().failed(error)))
            }
            None => {
                self.is_over = true;
                self.lease.watched().answered();
                None
            }
        })
    }
}

/// How often types may be looked up for one statement: a level of nested rows needs one. A server that names other
/// types in each row comes to an end here.
const LOOKUPS_MAX: usize = 32;

/// Reads the rows of one statement. It is compiled once; only the reading of a row is made for each type of rows:
/// compile time is a speed too.
pub(super) struct Reader<'a> {
    phase: Phase<'a>,
    /// Rows that arrived before their types were known.
    waiting: VecDeque<DriverRow>,
    /// Types to look up once the session has sent its last row.
    missing: Vec<Oid>,
    lookups_left: usize,
    /// Types that were read by position.
    composites: Vec<Oid>,
    /// The SQL is a user's.
    is_raw: bool,
}

enum Phase<'a> {
    Starting(BoxFuture<'a, Result<Option<Running<'a>>>>),
    Running(Running<'a>),
    /// Types are looked up, or it is asked whether they are still what they were.
    Asking(BoxFuture<'static, Result<()>>, Running<'a>),
    Done,
}

/// Reads one row after another.
pub(super) trait TakeRow: Send {
    /// Reads the next row.
    fn take_row(&mut self, row: RawRow<'_>) -> Result<()>;
}

impl<Read: FnMut(RawRow<'_>) -> Result<()> + Send> TakeRow for Read {
    fn take_row(&mut self, row: RawRow<'_>) -> Result<()> {
        self(row)
    }
}

impl<'a> Reader<'a> {
    /// Reads what that future starts; none is no rows.
    pub(super) fn starting(start: BoxFuture<'a, Result<Option<Running<'a>>>>) -> Self {
        Self::new(Phase::Starting(start))
    }

    pub(super) fn running(running: Running<'a>) -> Self {
        Self::new(Phase::Running(running))
    }

    fn new(phase: Phase<'a>) -> Self {
        Self {
            phase,
            waiting: VecDeque::new(),
            missing: Vec::new(),
            lookups_left: LOOKUPS_MAX,
            composites: Vec::new(),
            is_raw: false,
        }
    }

    /// A column that cannot be read has no struct that declares it.
    pub(super) fn of_raw_sql(mut self) -> Self {
        self.is_raw = true;
        self
    }

    /// Reads all rows.
    pub(super) async fn each(mut self, read: &mut dyn TakeRow) -> Result<()> {
        while let Some(row) = std::future::poll_fn(|cx| self.poll_row(cx, read)).await {
            row?;
        }
        Ok(())
    }

    /// Reads the next row. The last thing may be an error although rows were read: their types have changed meanwhile.
    pub(super) fn poll_row(
        &mut self,
        cx: &mut Context<'_>,
        read: &mut dyn TakeRow,
    ) -> Poll<Option<Result<()>>> {
        // Nearly every row: it is the next one of the server, nothing waits, and its types are known.
        if let Some(row) = self.next_at_hand(cx) {
            match self.read(&row, read) {
                Ok(true) => return Poll::Ready(Some(Ok(()))),
                Ok(false) => self.waiting.push_front(row),
                Err(error) => {
                    self.phase = Phase::Done;
                    return Poll::Ready(Some(Err(error)));
                }
            }
        }
        loop {
            let polled = self.poll_phase(cx, read);
            match ready!(polled) {
                Ok(Step::Again) => {}
                Ok(Step::Row) => return Poll::Ready(Some(Ok(()))),
                Ok(Step::End) => {
                    self.phase = Phase::Done;
                    return Poll::Ready(None);
                }
                Err(error) => {
                    self.phase = Phase::Done;
                    return Poll::Ready(Some(Err(error)));
                }
            }
        }
    }

    /// The next row, where it is here and nothing else is to be seen to.
    fn next_at_hand(&mut self, cx: &mut Context<'_>) -> Option<DriverRow> {
        let Phase::Running(running) = &mut self.phase else { return None };
        let is_plain = running.limit.is_none()
            && !running.is_over
            && self.missing.is_empty()
            && self.waiting.is_empty();
        if !is_plain {
            return None;
        }
        match running.rows.poll_next(cx) {
            Poll::Ready(Some(Ok(row))) => Some(row),
            Poll::Ready(end) => {
                running.end = Some(end);
                None
            }
            Poll::Pending => None,
        }
    }

    fn poll_phase(&mut self, cx: &mut Context<'_>, read: &mut dyn TakeRow) -> Poll<Result<Step>> {
        match &mut self.phase {
            Phase::Done => Poll::Ready(Ok(Step::End)),
            Phase::Starting(start) => {
                let Some(running) = ready!(start.as_mut().poll(cx))? else {
                    return Poll::Ready(Ok(Step::End));
                };
                self.phase = Phase::Running(running);
                Poll::Ready(Ok(Step::Again))
            }
            Phase::Asking(asking, running) => {
                let answer = ready!(asking.as_mut().poll(cx));
                answer.map_err(|error| error.with_sql(&running.sql))?;
                if let Phase::Asking(_, running) = std::mem::replace(&mut self.phase, Phase::Done) {
                    self.phase = Phase::Running(running);
                }
                Poll::Ready(Ok(Step::Again))
            }
            Phase::Running(running) => {
                if !self.missing.is_empty() {
                    // The session answers in order: its rows come before what the catalog says.
                    while let Some(row) = ready!(running.poll_next(cx)) {
                        self.waiting.push_back(row?);
                    }
                    let missing = std::mem::take(&mut self.missing);
                    let ask =
                        |session: Arc<Session>| async move { session.look_up(&missing).await };
                    self.ask(ask);
                    return Poll::Ready(Ok(Step::Again));
                }
                let row = match self.waiting.pop_front() {
                    Some(row) => Some(row),
                    None => ready!(running.poll_next(cx)).transpose()?,
                };
                let Some(row) = row else { return Poll::Ready(Ok(self.at_end())) };
                if self.read(&row, read)? {
                    return Poll::Ready(Ok(Step::Row));
                }
                self.waiting.push_front(row);
                Poll::Ready(Ok(Step::Again))
            }
        }
    }

    /// Reads a row; false where its types have to be looked up first.
    fn read(&mut self, row: &DriverRow, read: &mut dyn TakeRow) -> Result<bool> {
        let Phase::Running(running) = &self.phase else { return Ok(true) };
        let types = running.lease.types();
        let lookup = Lookup::new(types);
        let answer = read.take_row(RawRow { row, lookup: &lookup, types });
        if answer.is_ok() && lookup.is_untouched() {
            return Ok(true);
        }
        let asked = lookup.asked();
        for composite in asked.composites {
            if !self.composites.contains(&composite) {
                self.composites.push(composite);
            }
        }
        match answer {
            Ok(()) => Ok(true),
            Err(_) if !asked.missing.is_empty() && self.lookups_left > 0 => {
                self.lookups_left -= 1;
                self.missing = asked.missing;
                Ok(false)
            }
            Err(error) => {
                let error = running.placed(error.with_sql(&running.sql));
                Err(if self.is_raw { as_raw(error) } else { error })
            }
        }
    }

    /// No row is left. Those that were read by position may have been read wrongly: the catalog is asked.
    fn at_end(&mut self) -> Step {
        let composites = std::mem::take(&mut self.composites);
        if composites.is_empty() {
            return Step::End;
        }
        self.ask(|session: Arc<Session>| async move { session.still_known(&composites).await });
        Step::Again
    }

    fn ask<F>(&mut self, question: impl FnOnce(Arc<Session>) -> F)
    where
        F: Future<Output = Result<()>> + Send + 'static,
    {
        if let Phase::Running(running) = std::mem::replace(&mut self.phase, Phase::Done) {
            let asking = Box::pin(question(Arc::clone(running.lease.session())));
            self.phase = Phase::Asking(asking, running);
        }
    }
}

/// What a poll has come to.
enum Step {
    /// Something has changed, and no row was read.
    Again,
    Row,
    End,
}
