//! A WebSocket's hold on the session, as the door has it: it changes the state, and the session's actor hears of it later.

use super::{
    super::{
        Flaw,
        app::App,
        room::{Mail, Room},
    },
    State,
};
use comanda::session::{
    Now,
    engine::{polling::takeover::Switch, upgrade::Source},
};
use std::sync::{Arc, Mutex};

pub struct Taker {
    pub state: State,
    pub room: Arc<Mutex<Room>>,
    pub flaw: Flaw,
    pub moved: bool,
}

impl Taker {
    fn wake(&self) {
        self.room.lock().expect("nothing has failed yet").poller.push_back(Mail::Wake);
    }
}

impl Source<App> for Taker {
    fn probed(&mut self, now: Now) -> bool {
        let probed = self.state.lock().expect("as above").probed(now);
        self.wake();
        probed
    }

    fn switch(&mut self, _: Now) -> Switch<App> {
        let mut switch = self.state.lock().expect("as above").switch();
        if let Switch::Done(moving) = &mut switch {
            self.moved = true;
            if self.flaw == Flaw::DropsQueue {
                moving.queued.clear();
            }
        }
        self.wake();
        switch
    }
}

impl Drop for Taker {
    fn drop(&mut self) {
        // Where a check has failed already, this one is not to hide it.
        if self.moved || std::thread::panicking() {
            return;
        }
        self.state.lock().expect("as above").abandon_upgrade();
        self.wake();
    }
}
