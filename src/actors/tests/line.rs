//! The way between a client and its carrier.

use crate::actors::delivery::Kill;
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering::SeqCst},
};
use tokio::sync::watch;

/// What it does to what is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Open,
    /// The client does not read: the carrier can neither send nor hear.
    Frozen,
    /// The client is gone, and the server is not told.
    Swallowing,
    /// Both ends know.
    Closed,
}

/// Cheap to clone.
#[derive(Clone)]
pub struct Line {
    way: watch::Sender<Way>,
    vanishes: Arc<AtomicBool>,
}

impl Line {
    pub fn open() -> Self {
        Self { way: watch::Sender::new(Way::Open), vanishes: Arc::default() }
    }

    pub fn way(&self) -> Way {
        *self.way.borrow()
    }

    /// Changes an open way, or a frozen one back; a client that is gone does not come back on it.
    pub fn turn(&self, to: Way) {
        self.way.send_if_modified(|way| {
            let turns = match *way {
                Way::Open | Way::Frozen => *way != to,
                Way::Swallowing => to == Way::Closed,
                Way::Closed => false,
            };
            if turns {
                *way = to;
            }
            turns
        });
    }

    pub fn close(&self) {
        self.turn(Way::Closed);
    }

    /// Its carrier ends as by a panic: nobody says that it left.
    pub fn vanish(&self) {
        self.vanishes.store(true, SeqCst);
        self.close();
    }

    pub fn vanishes(&self) -> bool {
        self.vanishes.load(SeqCst)
    }

    /// Returns when it is not open any more, or is again.
    pub async fn changed(&self) {
        let mut way = self.way.subscribe();
        let before = *way.borrow_and_update();
        if matches!(before, Way::Open | Way::Swallowing) {
            let _ = way.wait_for(|way| *way != before).await;
        }
    }

    /// Returns when it is not frozen.
    pub async fn thawed(&self) {
        let _ = self.way.subscribe().wait_for(|way| *way != Way::Frozen).await;
    }
}

impl Kill for Line {
    fn kill(&self) {
        self.close();
    }
}
