//! Supervision of our own: an actor that panics is restarted in place and keeps its address and queued mail.
//!
//! `actix::Supervisor` restarts only what stopped by itself; a panic ends the task it runs in. Here the context future
//! is polled under `catch_unwind`, and `ContextFut::restart()` makes it ready again: it drops what was spawned, calls
//! `Supervised::restarting`, and the next poll calls `Actor::started` once more.
//!
//! For actors run like this: never cancel a spawned future (a cancellation left over from before a restart would hit
//! its namesake after it), and spawn in `started` only while the state is `Running` (dropping the context polls it
//! once more).

use actix::{
    Actor, Addr, ArbiterHandle, Context, Supervised,
    dev::{
        ContextFut,
        channel::{self, AddressReceiver},
    },
};
use std::{
    any::Any,
    collections::VecDeque,
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    task::{self, Poll},
    time::{Duration, Instant},
};

/// Mail beyond which `try_send` and `send` to a supervised actor wait; `do_send` is not bound by it.
const MAILBOX: usize = 256;

/// How many panics are forgiven: up to `panics` within any `window`.
#[derive(Debug, Clone, Copy)]
pub struct Tolerance {
    pub panics: u32,
    pub window: Duration,
}

/// Told what becomes of an actor, on its thread. None of these may panic.
pub trait Overseer: Unpin + 'static {
    /// It panicked and is about to be restarted; `recent` panics lie within the window, this one included.
    fn panicked(&self, recent: usize, cause: &str);
    /// It panicked more often than is tolerated. Called before the actor is dropped.
    fn gave_up(&self, cause: &str);
    /// It stopped by itself, or nobody has its address any more. Called before the actor is dropped.
    fn ended(&self);
}

/// Starts an actor, made by `make` on the arbiter's thread. Where the arbiter is gone the address is a closed one.
pub fn start<A, F, O>(arbiter: &ArbiterHandle, tolerance: Tolerance, overseer: O, make: F) -> Addr<A>
where
    A: Supervised + Actor<Context = Context<A>>,
    F: FnOnce() -> A + Send + 'static,
    O: Overseer + Send,
{
    let (sender, mail): (_, AddressReceiver<A>) = channel::channel(MAILBOX);
    arbiter.spawn_fn(move || {
        let actor = Context::with_receiver(mail).into_future(make());
        let panics = Panics { tolerance, at: VecDeque::new() };
        actix::spawn(Supervision { actor: Some(Box::new(actor)), panics, overseer });
    });
    Addr::new(sender)
}

/// The times of the newest panics.
struct Panics {
    tolerance: Tolerance,
    at: VecDeque<Instant>,
}

impl Panics {
    /// Counts one more; returns how many lie within the window.
    fn count(&mut self, now: Instant) -> usize {
        self.at.push_back(now);
        while self.at.front().is_some_and(|&first| now.duration_since(first) >= self.tolerance.window) {
            self.at.pop_front();
        }
        self.at.len()
    }
}

/// An actor and those who watch it.
struct Supervision<A: Supervised + Actor<Context = Context<A>>, O: Overseer> {
    /// `None` when it is over.
    actor: Option<Box<ContextFut<A, Context<A>>>>,
    panics: Panics,
    overseer: O,
}

/// What the actor did when it was last polled.
enum Turn {
    Waits,
    Ended,
    Panicked,
}

impl<A: Supervised + Actor<Context = Context<A>>, O: Overseer> Supervision<A, O> {
    /// Ends it. Dropping a context calls `stopping` and `stopped`, and maybe `started`: any of them may panic.
    fn bury(&mut self) {
        let actor = self.actor.take();
        let _ = catch_unwind(AssertUnwindSafe(move || drop(actor)));
    }
}

impl<A: Supervised + Actor<Context = Context<A>>, O: Overseer> Future for Supervision<A, O> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut task::Context<'_>) -> Poll<()> {
        let this = self.get_mut();
        let mut turn = Turn::Waits;
        loop {
            let Some(actor) = this.actor.as_mut() else { return Poll::Ready(()) };
            // `restarting` is the actor's code too: its panics count like any other.
            let result = catch_unwind(AssertUnwindSafe(|| match turn {
                Turn::Panicked if !actor.restart() => Turn::Ended,
                _ => match Pin::new(actor).poll(cx) {
                    Poll::Pending => Turn::Waits,
                    Poll::Ready(()) => Turn::Ended,
                },
            }));
            match result {
                Ok(Turn::Ended) => {
                    this.overseer.ended();
                    this.bury();
                }
                Ok(_) => return Poll::Pending,
                Err(payload) => {
                    turn = Turn::Panicked;
                    let recent = this.panics.count(Instant::now());
                    let cause = cause(payload.as_ref());
                    if recent > this.panics.tolerance.panics as usize {
                        this.overseer.gave_up(cause);
                        this.bury();
                    } else {
                        this.overseer.panicked(recent, cause);
                    }
                }
            }
        }
    }
}

impl<A: Supervised + Actor<Context = Context<A>>, O: Overseer> Drop for Supervision<A, O> {
    fn drop(&mut self) {
        self.bury();
    }
}

/// The text of a panic.
fn cause(payload: &(dyn Any + Send)) -> &str {
    match (payload.downcast_ref::<&str>(), payload.downcast_ref::<String>()) {
        (Some(text), _) => text,
        (_, Some(text)) => text,
        _ => "no text",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_panics_within_the_window_count() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let tolerance = Tolerance { panics: 5, window: Duration::from_secs(10) };
        let mut panics = Panics { tolerance, at: VecDeque::new() };
        let counts: Vec<_> =
            [0, 1, 2, 9, 10, 11, 25].into_iter().map(|second| panics.count(at(second))).collect();
        assert_eq!(counts, [1, 2, 3, 4, 4, 4, 1]);
    }
}
