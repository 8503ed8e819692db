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
        let mut pending = false;
        for (slot, done) in this.waiting.iter_mut().zip(&mut this.done) {
            let Some(answer) = slot else { continue };
            match answer.as_mut().poll(cx) {
                Poll::Ready(Ok(rows)) => {
                    *done = rows;
                    *slot = None;
                }
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                Poll::Pending => pending = true,
            }
        }
        if pending { Poll::Pending } else { Poll::Ready(Ok(std::mem::take(&mut this.done))) }
    }
}
