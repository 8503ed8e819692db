//! The directory of engine sessions that long-polling requests, and WebSockets that take over, find by their id.

use super::poller::{Poller, Wake};
use crate::session::{Session, engine::polling::Polling};
use actix::Addr;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use bytestring::ByteString;
use dashmap::DashMap;
use ring::rand::{SecureRandom, SystemRandom};
use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

/// Random bytes of a session's id: it is a secret, and there is no second check.
const SID_BYTES: usize = 18;

/// Sessions at once, those that only opened one included; beyond, a handshake is answered 503. One that nothing comes
/// of is gone within `connect_timeout` and a second.
const MAX_SESSIONS: usize = 50_000;

/// One session. Its state is locked for moments, by its actor and by the WebSocket that takes over, never across a
/// wait; where both are one thread it is never contended.
pub struct Entry<S: Session> {
    pub actor: Addr<Poller<S>>,
    pub state: Arc<Mutex<Polling<S>>>,
    /// A POST is being read.
    pub posting: AtomicBool,
    tickets: AtomicU64,
}

impl<S: Session> Entry<S> {
    pub fn new(actor: Addr<Poller<S>>, state: Arc<Mutex<Polling<S>>>) -> Self {
        Self { actor, state, posting: AtomicBool::new(false), tickets: AtomicU64::new(0) }
    }

    /// The number of the next GET.
    pub fn ticket(&self) -> u64 {
        self.tickets.fetch_add(1, Ordering::Relaxed)
    }

    pub fn lock(&self) -> MutexGuard<'_, Polling<S>> {
        lock(&self.state)
    }

    /// The state was changed from outside: the actor looks what follows from it.
    pub fn wake(&self) {
        self.actor.do_send(Wake);
    }
}

/// A panic of the session ends its actor, and with it the session; until then its requests are refused or dropped.
pub fn lock<T>(state: &Mutex<T>) -> MutexGuard<'_, T> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Sessions by their secret ids.
pub struct Directory<S: Session> {
    sessions: DashMap<ByteString, Arc<Entry<S>>>,
    random: SystemRandom,
}

impl<S: Session> Default for Directory<S> {
    fn default() -> Self {
        Self { sessions: DashMap::new(), random: SystemRandom::new() }
    }
}

impl<S: Session> Directory<S> {
    /// A new id, safe in a URL; `None` where there are too many sessions, or the system has no randomness.
    pub fn sid(&self) -> Option<ByteString> {
        if self.sessions.len() >= MAX_SESSIONS {
            return None;
        }
        let mut bytes = [0; SID_BYTES];
        self.random.fill(&mut bytes).ok()?;
        Some(URL_SAFE_NO_PAD.encode(bytes).into())
    }

    pub fn find(&self, sid: &str) -> Option<Arc<Entry<S>>> {
        self.sessions.get(sid).map(|entry| Arc::clone(&entry))
    }

    pub fn insert(&self, sid: ByteString, entry: Arc<Entry<S>>) {
        self.sessions.insert(sid, entry);
    }

    pub fn remove(&self, sid: &str) {
        self.sessions.remove(sid);
    }

    /// Sessions on long-polling, and those that have left it for a WebSocket.
    pub fn len(&self) -> usize {
        self.sessions.len()
    }

    pub fn is_empty(&self) -> bool {
        self.sessions.is_empty()
    }
}
