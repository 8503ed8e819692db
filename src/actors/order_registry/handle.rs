//! `OrdersHandle`: how doors give the registry a command and wait for what became of it.

use super::Execute;
use crate::{
    code::ErrorCode,
    store::lane::{Executed, Request},
};
use actix::Recipient;
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::sync::{Notify, oneshot};

/// A cheap handle of the registry. It counts the commands under way, so that a flood is refused at the door and not
/// queued in a mailbox.
#[derive(Clone)]
pub struct OrdersHandle {
    recipient: Recipient<Execute>,
    gate: Arc<Gate>,
}

/// How many commands are between a door and their answer.
struct Gate {
    under_way: AtomicUsize,
    limit: usize,
    closed: AtomicBool,
    idle: Notify,
}

/// One command under way; counted until it is dropped, which is when it was answered.
pub(super) struct Ticket(Arc<Gate>);

#[cfg(test)]
impl Ticket {
    /// One that no gate counts.
    pub(super) fn free() -> Self {
        let gate = Gate {
            under_way: AtomicUsize::new(1),
            limit: 1,
            closed: AtomicBool::new(false),
            idle: Notify::new(),
        };
        Self(Arc::new(gate))
    }
}

impl Gate {
    fn enter(self: &Arc<Self>) -> Result<Ticket, ErrorCode> {
        let before = self.under_way.fetch_add(1, Ordering::SeqCst);
        let ticket = Ticket(self.clone());
        if self.closed.load(Ordering::SeqCst) {
            return Err(ErrorCode::ShuttingDown);
        }
        if before >= self.limit { Err(ErrorCode::Overloaded) } else { Ok(ticket) }
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        if self.0.under_way.fetch_sub(1, Ordering::SeqCst) == 1 {
            self.0.idle.notify_waiters();
        }
    }
}

impl OrdersHandle {
    pub(super) fn new(recipient: Recipient<Execute>, limit: usize) -> Self {
        let gate = Gate {
            under_way: AtomicUsize::new(0),
            limit,
            closed: AtomicBool::new(false),
            idle: Notify::new(),
        };
        Self { recipient, gate: Arc::new(gate) }
    }

    /// Has the command carried out and persisted. It is under way once this returns: the future only waits, and
    /// dropping it, polled or not, stops nothing.
    ///
    /// Errors are about the way there: `Overloaded`, `DatabaseUnavailable`, `ShuttingDown`, `IdempotencyInFlight`,
    /// `IdempotencyKeyReused`, `NotFound` (no such restaurant), `Internal`. What the domain says is in the answer.
    pub fn execute(&self, request: Request) -> impl Future<Output = Result<Executed, ErrorCode>> + use<> {
        let entered = self.gate.enter().map(|ticket| {
            let (reply, answer) = oneshot::channel();
            self.recipient.do_send(Execute { request, reply, ticket });
            answer
        });
        // A dropped reply: the registry restarted with the command in its queue, or its transaction's task panicked.
        async move { entered?.await.unwrap_or(Err(ErrorCode::Overloaded)) }
    }

    /// Commands that are queued or being carried out.
    pub fn under_way(&self) -> usize {
        self.gate.under_way.load(Ordering::SeqCst)
    }

    /// True while the registry takes commands.
    pub fn is_alive(&self) -> bool {
        self.recipient.connected() && !self.gate.closed.load(Ordering::SeqCst)
    }

    /// Takes no more commands and waits for those under way; false if some were left after `within`.
    pub async fn drain(&self, within: Duration) -> bool {
        self.gate.closed.store(true, Ordering::SeqCst);
        let empty = async {
            loop {
                let idle = self.gate.idle.notified();
                tokio::pin!(idle);
                // Enabled before the count is read, so that the last answer cannot slip by in between.
                idle.as_mut().enable();
                if self.under_way() == 0 {
                    return;
                }
                idle.await;
            }
        };
        tokio::time::timeout(within, empty).await.is_ok()
    }
}
