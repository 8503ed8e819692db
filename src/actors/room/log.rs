//! What a room reads of the log, as a trait, so that rooms can be tried without a database.

use crate::{
    domain::stream::{Seq, Stream},
    store::{
        Store, StoreError,
        log::{Head, LogPage},
    },
};
use futures_util::future::{BoxFuture, FutureExt};

/// A stream's log; `None` for one that does not exist.
pub trait LogReader: Send + Sync {
    /// Where the stream stands.
    fn head(&self, stream: Stream) -> BoxFuture<'static, Result<Option<Head>, StoreError>>;

    /// Up to `limit` events after `after`, and where the stream stood when they were read.
    fn after(
        &self,
        stream: Stream,
        after: Seq,
        limit: u32,
    ) -> BoxFuture<'static, Result<Option<LogPage>, StoreError>>;
}

impl LogReader for Store {
    fn head(&self, stream: Stream) -> BoxFuture<'static, Result<Option<Head>, StoreError>> {
        let store = self.clone();
        async move { store.head(stream).await }.boxed()
    }

    fn after(
        &self,
        stream: Stream,
        after: Seq,
        limit: u32,
    ) -> BoxFuture<'static, Result<Option<LogPage>, StoreError>> {
        let store = self.clone();
        async move { store.events_after(stream, after, limit).await }.boxed()
    }
}
