//! A transaction of one tenant, or of one board: row-level security sees to it that it touches nothing of another.

use super::{StoreError, connect::Canceller, sql};
use crate::domain::stream::Stream;
use deadpool_postgres::Object;
use tokio_postgres::{Row, Statement, types::ToSql};

/// Parameters of a statement.
pub type Params<'a> = &'a [&'a (dyn ToSql + Sync)];

/// A connection out of the pool. Unless it is handed back idle it is closed: a dropped query goes on running, and the
/// connection's next user would wait behind it.
struct Lease(Option<Connection>);

impl Lease {
    fn client(&self) -> Result<&Object, StoreError> {
        let connection = self.0.as_ref().map(|connection| &connection.object);
        connection.ok_or_else(|| StoreError::Corrupt("the connection was handed back".into()))
    }

    fn hand_back(&mut self) {
        drop(self.0.take());
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(Connection { object, canceller }) = self.0.take() {
            let client = Object::take(object);
            // The server stops at the next message at the latest; cancelling spares it the work until then.
            let cancel = client.cancel_token();
            drop(client);
            if let Ok(runtime) = tokio::runtime::Handle::try_current() {
                runtime.spawn(canceller.cancel(cancel));
            }
        }
    }
}

/// An idle connection, kept by whoever has more to do: a busy lane does not pay for the pool's check each time.
pub struct Connection {
    pub(super) object: Object,
    pub(super) canceller: Canceller,
}

/// A transaction. Dropped without [`Tx::commit`] or [`Tx::rollback`] it is rolled back and its connection closed.
pub struct Tx {
    lease: Lease,
}

/// How a transaction sees the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Each statement sees what was committed before it.
    Write,
    /// All statements see one moment; nothing can be changed.
    Snapshot,
}

/// What the policies go by: a restaurant, or a board, or neither.
fn names(whose: Option<Stream>) -> (String, String) {
    match whose {
        Some(Stream::Restaurant(id)) => (id.to_string(), String::new()),
        Some(Stream::Board(id)) => (String::new(), id.to_string()),
        None => (String::new(), String::new()),
    }
}

impl Tx {
    /// Begins on `connection`, as `whose`; without one every tenant table looks empty.
    pub(super) async fn begin(
        connection: Connection,
        mode: Mode,
        whose: Option<Stream>,
    ) -> Result<Self, StoreError> {
        let tx = Self { lease: Lease(Some(connection)) };
        let client = tx.lease.client()?;
        let begin = match mode {
            Mode::Write => "BEGIN",
            Mode::Snapshot => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        };
        let (restaurant, board) = names(whose);
        let set = client.prepare_cached(sql!("log/set_tenant")).await.map_err(StoreError::of)?;
        // Both leave at once: one round trip.
        let (begun, set) = futures_util::future::join(
            client.batch_execute(begin),
            client.query(&set, &[&restaurant, &board]),
        )
        .await;
        begun.map_err(StoreError::of)?;
        set.map_err(StoreError::of)?;
        Ok(tx)
    }

    /// From here on the transaction is that one's; for making several at once.
    pub(super) async fn become_tenant(&self, whose: impl Into<Stream>) -> Result<(), StoreError> {
        let (restaurant, board) = names(Some(whose.into()));
        self.query(sql!("log/set_tenant"), &[&restaurant, &board]).await.map(drop)
    }

    /// The prepared statement for this text, kept with the connection.
    pub(super) async fn prepare(&self, sql: &str) -> Result<Statement, StoreError> {
        self.lease.client()?.prepare_cached(sql).await.map_err(StoreError::of)
    }

    /// All rows. Calls that are polled together leave in one write and are carried out in that order.
    pub(super) async fn query(&self, sql: &str, params: Params<'_>) -> Result<Vec<Row>, StoreError> {
        let statement = self.prepare(sql).await?;
        self.lease.client()?.query(&statement, params).await.map_err(StoreError::of)
    }

    /// The one row, or none.
    pub(super) async fn query_opt(&self, sql: &str, params: Params<'_>) -> Result<Option<Row>, StoreError> {
        let statement = self.prepare(sql).await?;
        self.lease.client()?.query_opt(&statement, params).await.map_err(StoreError::of)
    }

    /// Rows touched.
    pub(super) async fn execute(&self, sql: &str, params: Params<'_>) -> Result<u64, StoreError> {
        let statement = self.prepare(sql).await?;
        self.execute_prepared(&statement, params).await
    }

    /// Rows touched, without a look into the cache of statements.
    pub(super) async fn execute_prepared(
        &self,
        statement: &Statement,
        params: Params<'_>,
    ) -> Result<u64, StoreError> {
        self.lease.client()?.execute(statement, params).await.map_err(StoreError::of)
    }

    /// Makes it durable; an error leaves the outcome unknown, which only an idempotency key settles.
    pub async fn commit(self) -> Result<(), StoreError> {
        self.finish().await.map(drop)
    }

    /// Commits and keeps the connection for the next transaction of the same owner.
    pub(super) async fn finish(mut self) -> Result<Connection, StoreError> {
        self.lease.client()?.batch_execute("COMMIT").await.map_err(StoreError::of)?;
        let connection = self.lease.0.take();
        connection.ok_or_else(|| StoreError::Corrupt("the connection was handed back".into()))
    }

    /// Undoes it and hands the connection back.
    pub async fn rollback(mut self) -> Result<(), StoreError> {
        self.lease.client()?.batch_execute("ROLLBACK").await.map_err(StoreError::of)?;
        self.lease.hand_back();
        Ok(())
    }
}
