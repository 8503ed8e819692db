//! What a room reads of the log, as a trait, so that rooms can be tried without a database.

use crate::{
    domain::{ids::RestaurantId, stream::Seq},
    store::{
        Store, StoreError,
        log::{Head, LogPage},
    },
};
use futures_util::future::{BoxFuture, FutureExt};

/// A stream's log; `None` for a restaurant that does not exist.
pub trait LogReader: Send + Sync {
    /// Where the stream stands.
    fn head(&self, restaurant: RestaurantId) -> BoxFuture<'static, Result<Option<Head>, StoreError>>;

    /// Up to `limit` events after `after`, and where the stream stood when they were read.
    fn after(
        &self,
        restaurant: RestaurantId,
        after: Seq,
        limit: u32,
    ) -> BoxFuture<'static, Result<Option<LogPage>, StoreError>>;
}

impl LogReader for Store {
    fn head(&self, restaurant: RestaurantId) -> BoxFuture<'static, Result<Option<Head>, StoreError>> {
        let store = self.clone();
        async move { store.head(restaurant).await }.boxed()
    }

    fn after(
        &self,
        restaurant: RestaurantId,
        after: Seq,
        limit: u32,
    ) -> BoxFuture<'static, Result<Option<LogPage>, StoreError>> {
        let store = self.clone();
        async move { store.events_after(restaurant, after, limit).await }.boxed()
    }
}
