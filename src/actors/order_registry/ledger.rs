//! What the registry asks of the store, as a trait, so that it can be tried without a database.

use crate::{
    domain::stream::Stream,
    store::{
        Connection, Store, StoreError,
        lane::{Committed, Request},
    },
};
use futures_util::future::{BoxFuture, FutureExt};
use jiff::Timestamp;

/// A group that was committed, and the connection that it had, to be used again.
pub(in crate::actors) type Done = (Committed, Option<Connection>);

/// Where commands are carried out and kept.
pub(in crate::actors) trait Ledger: Send + Sync {
    /// Carries out a group of one stream in one transaction, over `connection` where there is one. An
    /// [`Unavailable`](StoreError::Unavailable) may have been committed, or be so yet.
    fn run<'a>(
        &'a self,
        connection: Option<Connection>,
        stream: Stream,
        requests: &'a [Request],
        at: Timestamp,
    ) -> BoxFuture<'a, Result<Done, StoreError>>;

    /// Returns once no transaction that was writing to this stream is in doubt; errors: not yet.
    fn settled(&self, stream: Stream) -> BoxFuture<'_, Result<(), StoreError>>;

    /// True where nothing will be carried out any more.
    fn is_closed(&self) -> bool;

    /// True where somebody waits for a connection.
    fn is_short(&self) -> bool;
}

impl Ledger for Store {
    fn run<'a>(
        &'a self,
        connection: Option<Connection>,
        stream: Stream,
        requests: &'a [Request],
        at: Timestamp,
    ) -> BoxFuture<'a, Result<Done, StoreError>> {
        async move {
            let (committed, connection) = self.run_group(connection, stream, requests, at).await?;
            Ok((committed, Some(connection)))
        }
        .boxed()
    }

    fn settled(&self, stream: Stream) -> BoxFuture<'_, Result<(), StoreError>> {
        self.stream_is_settled(stream).boxed()
    }

    fn is_closed(&self) -> bool {
        Store::is_closed(self)
    }

    fn is_short(&self) -> bool {
        let (.., waiting) = self.connections();
        waiting > 0
    }
}
