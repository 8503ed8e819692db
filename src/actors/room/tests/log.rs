//! A log in memory that can be made slow or broken.

use crate::{
    actors::room::LogReader,
    domain::{
        event::{Event, Recorded},
        ids::{EventId, OrderId, RestaurantId, UserId},
        stream::{Epoch, Seq},
    },
    store::{
        StoreError,
        log::{Head, LogPage},
    },
};
use futures_util::future::{BoxFuture, FutureExt};
use jiff::Timestamp;
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
};
use tokio::sync::watch;
use uuid::Uuid;

/// Some event at `seq`.
pub fn recorded(restaurant: RestaurantId, seq: Seq) -> Recorded {
    Recorded {
        id: EventId(Uuid::nil()),
        stream: restaurant.into(),
        restaurant,
        seq,
        at: Timestamp::now(),
        by: UserId(Uuid::nil()),
        event: Event::OrderClosed { order: OrderId(Uuid::nil()), order_version: 1 },
    }
}

pub struct Log {
    heads: Mutex<HashMap<RestaurantId, Seq>>,
    pub epoch: Mutex<Epoch>,
    pub broken: AtomicBool,
    pub reads: AtomicUsize,
    /// Rooms that began, or began again.
    pub loads: AtomicUsize,
    /// False holds every read back.
    pub open: watch::Sender<bool>,
}

impl Log {
    pub fn new() -> Arc<Self> {
        Arc::new(Self {
            heads: Mutex::default(),
            epoch: Mutex::new(Epoch("e".into())),
            broken: AtomicBool::new(false),
            reads: AtomicUsize::new(0),
            loads: AtomicUsize::new(0),
            open: watch::Sender::new(true),
        })
    }

    /// Commits `count` events and returns them.
    pub fn append(&self, restaurant: RestaurantId, count: u64) -> Vec<Recorded> {
        let mut heads = self.heads.lock().unwrap();
        let head = heads.entry(restaurant).or_default();
        *head += count;
        (*head + 1 - count..=*head).map(|seq| recorded(restaurant, seq)).collect()
    }

    pub fn at(&self, restaurant: RestaurantId) -> Seq {
        self.heads.lock().unwrap().get(&restaurant).copied().unwrap_or(0)
    }

    fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce() -> Result<T, StoreError>,
    ) -> BoxFuture<'static, Result<T, StoreError>> {
        self.reads.fetch_add(1, SeqCst);
        let answer = match self.broken.load(SeqCst) {
            true => Err(StoreError::Unavailable("broken on purpose".into())),
            false => read(),
        };
        let mut open = self.open.subscribe();
        async move {
            let _ = open.wait_for(|open| *open).await;
            answer
        }
        .boxed()
    }

    fn head_of(&self, restaurant: RestaurantId) -> Head {
        Head { epoch: self.epoch.lock().unwrap().clone(), seq: self.at(restaurant) }
    }
}

impl LogReader for Log {
    fn head(&self, restaurant: RestaurantId) -> BoxFuture<'static, Result<Option<Head>, StoreError>> {
        self.loads.fetch_add(1, SeqCst);
        self.read(|| Ok(Some(self.head_of(restaurant))))
    }

    fn after(
        &self,
        restaurant: RestaurantId,
        after: Seq,
        limit: u32,
    ) -> BoxFuture<'static, Result<Option<LogPage>, StoreError>> {
        self.read(|| {
            let head = self.head_of(restaurant);
            let last = head.seq.min(after + u64::from(limit));
            let events = (after + 1..=last).map(|seq| recorded(restaurant, seq)).collect();
            Ok(Some(LogPage { head, events }))
        })
    }
}
