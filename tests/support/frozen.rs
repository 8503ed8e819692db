//! Processes that stand still.

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

/// Until this is dropped, were it by a failing test.
pub struct Frozen(Vec<i32>);

impl Frozen {
    pub fn these(pids: Vec<i32>) -> Self {
        let frozen = Self(pids);
        frozen.tell(Signal::SIGSTOP);
        frozen
    }

    /// A backend whose client has gone may be gone as well.
    fn tell(&self, what: Signal) {
        for pid in &self.0 {
            let _ = kill(Pid::from_raw(*pid), what);
        }
    }
}

impl Drop for Frozen {
    fn drop(&mut self) {
        self.tell(Signal::SIGCONT);
    }
}
