//! What must be so, whatever was done.

use super::{INTERVAL, LINGER, TIMEOUT, World};

impl World {
    /// What must be so after every step.
    pub fn check(&self) {
        assert!(self.client.received <= self.room().head, "out of nothing");
        assert!(self.client.waiting.len() <= 1, "a second GET ends the session");
        let silent = self.ms.saturating_sub(self.heard);
        // What has changed from outside is noticed when the mail is taken up.
        let told = !self.polls || self.room().poller.is_empty();
        assert!(
            self.ended || !told || silent <= INTERVAL + TIMEOUT + LINGER,
            "silent for {silent} ms, and still here"
        );
        if self.ended && !self.polls {
            assert!(self.client.waiting.is_empty(), "a GET waits for what has ended");
        }
    }

    /// All comes to rest, and a client that is still there has everything.
    pub fn finish(&mut self) {
        self.client.loses = false;
        self.settle();
        if !self.client.switched {
            self.websocket_is_reset();
            self.settle();
        }
        for _ in 0..3 {
            if !self.client.switched && self.client.waiting.is_empty() {
                self.get(false);
            }
            self.settle();
        }
        self.check();
        if !self.ended {
            let free = self.live || {
                let mut state = self.state.lock().expect("as above");
                let free = state.begin_upgrade();
                state.abandon_upgrade();
                free
            };
            assert!(free, "an upgrade that was given up stands in the way of the next");
            assert_eq!(self.client.received, self.room().head, "the client lives and lacks something");
        }
        self.delay(INTERVAL + TIMEOUT + LINGER + 1);
        assert!(self.ended, "a silent client was never given up");
        let received = self.client.received;
        self.room().send();
        self.get(true);
        self.settle();
        assert_eq!(self.client.received, received, "sent after the end");
    }
}
