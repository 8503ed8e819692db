//! A room: the actor of one stream on this node. It knows who is connected and hands on what was committed.
//!
//! | life | what happens |
//! |---|---|
//! | started | reads from the log where the stream stands; joins wait for that |
//! | standing | joins are answered, publishes go to every member, gaps are read from the log |
//! | panicked | members stay, the rest is read anew, and each is told where the log stands |
//! | empty for `rooms.idle` | leaves the directory, then stops; a join still in its mail is dropped, and made again by the directory |
//! | dropped otherwise | members are told to come back |

mod dismissed;
mod house;
mod join;
mod load;
mod log;
mod members;
mod moved;
mod places;
mod present;
mod publish;
mod ring;
mod rings;
mod traffic;

#[cfg(any(test, feature = "faults"))]
mod fault;
#[cfg(test)]
mod tests;

pub use house::House;
pub use join::{Dismiss, Join, Leave, Seen};
pub use log::LogReader;
pub use members::Whom;
pub use moved::Move;
pub use present::{Attendance, Delivered, Presence, Present};
pub use publish::{Look, Publish, Settle};
pub use traffic::{Traffic, Turn};

#[cfg(any(test, feature = "faults"))]
pub use fault::{Panic, Place};

use crate::{
    code::ErrorCode,
    domain::stream::{Epoch, Seq, Stream},
    store::log::Head,
};
use actix::{Actor, ActorContext, ActorState, AsyncContext, Context, Supervised};
use join::Waiting;
use members::Members;
use rings::Rings;
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, atomic::Ordering::SeqCst},
    time::Duration,
};
use tokio::time::Instant;

/// Between two looks for members that are gone without a word; they are forgotten within a second.
const SWEEP: Duration = Duration::from_millis(500);

/// One read of the log; the store's own limits are shorter, this one is for what they miss.
const READ_WITHIN: Duration = Duration::from_secs(3);

/// Waits after the first failed read, and at most; each failure doubles the wait.
const RETRY: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(2));

/// The actor.
pub struct Room {
    stream: Stream,
    house: Arc<House>,
    traffic: Arc<Traffic>,
    /// Removes this room, and no successor of it, from the directory.
    retire: Box<dyn Fn() + Send>,
    members: Members,
    /// Joins that cannot be answered yet.
    waiting: Vec<Waiting>,
    /// Known since the first load; another one later means that the log was restored.
    epoch: Option<Epoch>,
    /// Where the room stands: everything up to here has gone out. `None` until the log was read.
    head: Option<Head>,
    rings: Rings,
    /// The log reaches at least this far.
    target: Seq,
    /// Why joins are refused while the log cannot be read.
    refusal: Option<ErrorCode>,
    /// Reads that failed one after another.
    failures: u32,
    /// A read of what follows `head` is under way, or due after a wait.
    catching: bool,
    /// Reads of what follows `head` that were begun.
    reads: u64,
    /// Somebody asked for a read begun after so many.
    looked: Option<u64>,
    restarted: bool,
    /// Out of the directory: publishes go elsewhere, so nobody may join here.
    retired: bool,
    empty_since: Option<Instant>,
    #[cfg(any(test, feature = "faults"))]
    fault: Option<Place>,
}

impl Room {
    pub fn new(
        stream: Stream,
        house: Arc<House>,
        traffic: Arc<Traffic>,
        retire: impl Fn() + Send + 'static,
    ) -> Self {
        house.metrics.room_started();
        Self {
            stream,
            members: Members::new(house.clone()),
            rings: Rings::new(house.rooms.ring_events, *house.rooms.ring_bytes),
            house,
            traffic,
            retire: Box::new(retire),
            waiting: Vec::new(),
            epoch: None,
            head: None,
            target: 0,
            refusal: None,
            failures: 0,
            catching: false,
            looked: None,
            reads: 0,
            restarted: false,
            retired: false,
            empty_since: None,
            #[cfg(any(test, feature = "faults"))]
            fault: None,
        }
    }

    /// Forgets who is gone; retires where nobody has been here for long.
    fn tick(&mut self, ctx: &mut Context<Self>) {
        self.members.sweep();
        self.traffic.lags(self.head.as_ref().map_or(0, |head| self.members.lag(head.seq)));
        if !self.members.is_empty() || !self.waiting.is_empty() {
            self.empty_since = None;
        } else if self.empty_since.get_or_insert_with(Instant::now).elapsed() >= *self.house.rooms.idle {
            // First out of the directory: from here on whoever looks finds, or starts, another room.
            self.retired = true;
            (self.retire)();
            ctx.stop();
        }
    }

    /// How long to wait after one more failed read.
    fn failed(&mut self) -> Duration {
        self.failures += 1;
        let (first, most) = RETRY;
        most.min(first.saturating_mul(1 << (self.failures - 1).min(16)))
    }
}

impl Actor for Room {
    type Context = Context<Self>;

    /// At the start, and again after every restart.
    fn started(&mut self, ctx: &mut Self::Context) {
        if ctx.state() != ActorState::Running {
            return;
        }
        #[cfg(any(test, feature = "faults"))]
        self.panic_if(Place::Started);
        ctx.run_interval(SWEEP.min(*self.house.rooms.idle).max(Duration::from_millis(1)), Self::tick);
        self.load(ctx);
    }

    #[cfg(any(test, feature = "faults"))]
    fn stopped(&mut self, _: &mut Self::Context) {
        self.panic_if(Place::Stopped);
    }
}

impl Supervised for Room {
    /// After a panic: who is here is sure, what was sent is not.
    fn restarting(&mut self, ctx: &mut Self::Context) {
        if self.retired {
            return ctx.stop();
        }
        #[cfg(any(test, feature = "faults"))]
        self.panic_if(Place::Restarting);
        self.rings.clear();
        (self.head, self.target, self.refusal) = (None, 0, None);
        (self.catching, self.looked) = (false, None);
        (self.failures, self.restarted) = (0, true);
    }
}

impl Drop for Room {
    /// Nobody stays behind in silence, whatever ended the room. May run while a panic unwinds.
    fn drop(&mut self) {
        let code = match self.house.closing.load(SeqCst) {
            true => ErrorCode::ShuttingDown,
            false => ErrorCode::RoomRestarting,
        };
        let _ = catch_unwind(AssertUnwindSafe(|| {
            self.members.dismiss(Whom::Everyone, code);
            self.refuse_waiting(Whom::Everyone, code);
            self.house.metrics.room_stopped();
        }));
    }
}
