//! Statements that leave in one write and are carried out in order: one round trip for all that a group of commands writes.

use super::{StoreError, Tx};
use futures_util::future::BoxFuture;
use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};
use tokio_postgres::types::ToSql;

/// An owned parameter.
pub(super) type Param = Box<dyn ToSql + Sync + Send>;

/// A statement's parameters, owned.
macro_rules! params {
    ($($value:expr),* $(,)?) => { vec![$(Box::new($value) as crate::store::pipeline::Param),*] };
}
pub(super) use params;

struct Call {
    sql: &'static str,
    params: Vec<Param>,
    /// Rows that must be touched; another number means that something changed behind our back.
    rows: u64,
}

/// A list of statements for one transaction.
#[derive(Default)]
pub(super) struct Pipeline {
    calls: Vec<Call>,
}

impl Pipeline {
    /// Adds a statement that must touch exactly `rows` rows.
    pub(super) fn add(&mut self, sql: &'static str, rows: u64, params: Vec<Param>) {
        self.calls.push(Call { sql, params, rows });
    }

    pub(super) fn is_empty(&self) -> bool {
        self.calls.is_empty()
    }

    /// Sends all, then reads all answers. The first failure fails the transaction.
    pub(super) async fn run(self, tx: &Tx) -> Result<(), StoreError> {
        // Prepared first, so that nothing waits between two statements and overtakes.
        let mut statements = Vec::with_capacity(self.calls.len());
        for call in &self.calls {
            statements.push(tx.prepare(call.sql).await?);
        }
        let answers = self.calls.iter().zip(&statements).map(|(call, statement)| {
            let params: Vec<&(dyn ToSql + Sync)> = call.params.iter().map(|param| &**param as _).collect();
            let answer: BoxFuture<'_, Result<u64, StoreError>> =
                Box::pin(async move { tx.execute_prepared(statement, &params).await });
            Some(answer)
        });
        let rows = InOrder { waiting: answers.collect(), done: vec![0; self.calls.len()] }.await?;
        match self.calls.iter().zip(rows).find(|(call, rows)| call.rows != *rows) {
            None => Ok(()),
            Some((call, rows)) => {
                let statement = call.sql.lines().find(|line| !line.starts_with("--")).unwrap_or_default();
                Err(StoreError::Conflict(format!("{rows} rows instead of {}: {statement}", call.rows)))
            }
        }
    }
}

/// Polls its futures strictly in order the first time, which is when the driver sends them.
struct InOrder<'a> {
    waiting: Vec<Option<BoxFuture<'a, Result<u64, StoreError>>>>,
    done: Vec<u64>,
}

impl Future for InOrder<'_> {
    type Output = Result<Vec<u64>, StoreError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        let (mut pending, mut failed) = (false, None);
        for (index, (slot, done)) in this.waiting.iter_mut().zip(&mut this.done).enumerate() {
            let Some(answer) = slot else { continue };
            match answer.as_mut().poll(cx) {
                Poll::Ready(Ok(rows)) => {
                    *done = rows;
                    *slot = None;
                }
                Poll::Ready(Err(error)) => {
                    failed = Some((index, error));
                    break;
                }
                Poll::Pending => pending = true,
            }
        }
        if let Some((index, error)) = failed {
            // The answers to those before it came meanwhile, from another thread: one of them may be the cause, and this
            // no more than its echo.
            let mut earlier = this.waiting[..index].iter_mut().flatten().map_while(|answer| {
                match answer.as_mut().poll(cx) {
                    Poll::Ready(answer) => Some(answer),
                    Poll::Pending => None,
                }
            });
            return Poll::Ready(Err(earlier.find_map(Result::err).unwrap_or(error)));
        }
        if pending { Poll::Pending } else { Poll::Ready(Ok(std::mem::take(&mut this.done))) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Answered at the poll of this number.
    fn at_poll(
        number: u32,
        mut answer: Option<Result<u64, StoreError>>,
    ) -> Option<BoxFuture<'static, Result<u64, StoreError>>> {
        let mut polls = 0;
        Some(Box::pin(std::future::poll_fn(move |cx| {
            polls += 1;
            cx.waker().wake_by_ref();
            if polls < number { Poll::Pending } else { Poll::Ready(answer.take().unwrap()) }
        })))
    }

    fn error(text: &str) -> Option<Result<u64, StoreError>> {
        Some(Err(StoreError::NoSpace(text.into())))
    }

    async fn run(waiting: Vec<Option<BoxFuture<'_, Result<u64, StoreError>>>>) -> String {
        let done = vec![0; waiting.len()];
        match (InOrder { waiting, done }).await {
            Ok(rows) => format!("{rows:?}"),
            Err(error) => error.to_string(),
        }
    }

    /// Between two polls of one pass both answers came: a full disk was told as an echo of it, which is a bug's answer.
    #[actix::test]
    async fn the_first_statement_that_failed_is_the_cause() {
        let cause = "database cannot write: cause";
        let all = vec![at_poll(1, Some(Ok(1))), at_poll(2, error("cause")), at_poll(1, error("echo"))];
        assert_eq!(run(all).await, cause);
        let all = vec![at_poll(2, Some(Ok(1))), at_poll(2, error("cause")), at_poll(1, error("echo"))];
        assert_eq!(run(all).await, cause);
        let all = vec![at_poll(2, Some(Ok(1))), at_poll(1, error("cause")), at_poll(1, error("echo"))];
        assert_eq!(run(all).await, cause);
        assert_eq!(run(vec![at_poll(3, Some(Ok(1))), at_poll(1, Some(Ok(2)))]).await, "[1, 2]");
    }
}
