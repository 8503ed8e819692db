//! Repeated events: a client that heard no acknowledgement in time sends the event again under the same key.
//!
//! `socket.io-client`'s `retries` do so, and take any acknowledgement for success: a twin of an event that is being
//! handled waits for that one's answer, and the twin of an answered one gets the same answer again, unless that was a
//! failure that may pass. Beyond the connection, and beyond these bounds, the database's idempotency keys decide.

use crate::wire::{json::Json, socketio::Content};
use bytes::Bytes;
use bytestring::ByteString;
use smallvec::SmallVec;
use std::collections::VecDeque;

/// Keys that one socket's connection remembers: three burst allowances of events, and `retries` send one event after
/// the other.
pub const MAX_KEYS: usize = 128;
/// Bytes of the answers that are kept for repeating, together; the newest is kept whatever its size.
pub const MAX_KEPT: usize = 64 * 1024;
/// Repetitions of one event that wait for its answer; a client that repeats an event this often has given up on it.
pub const MAX_TWINS: usize = 64;

/// Acknowledgement numbers of one event's repetitions.
pub type Twins = SmallVec<[u64; 4]>;

/// What becomes of an event that came with a key.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Begun {
    /// It is the first.
    First,
    /// Its twin is being handled: answered with that one, or nobody waits for an answer.
    Waits,
    /// Its twin was answered with this.
    Answered(Content),
    /// The key stood for another event.
    Reused,
    /// More are being handled at once than is remembered.
    Full,
}

/// The keys of one socket, oldest first.
#[derive(Debug, Default)]
pub(super) struct Keys {
    entries: VecDeque<Entry>,
    /// Bytes of the answers that are kept.
    kept: usize,
}

#[derive(Debug)]
struct Entry {
    key: ByteString,
    fingerprint: [u8; 32],
    state: State,
}

#[derive(Debug)]
enum State {
    /// Being handled; `first` asked for an acknowledgement, and so did its twins.
    Running {
        first: u64,
        twins: Twins,
    },
    Answered(Content),
    /// Asked for no acknowledgement.
    Silent,
}

impl Keys {
    /// An event came with `key`; `ack` where it waits for an answer. Events of another fingerprint are no twins.
    pub fn begin(&mut self, key: &str, fingerprint: [u8; 32], ack: Option<u64>) -> Begun {
        if let Some(entry) = self.entries.iter_mut().find(|entry| entry.key == key) {
            return entry.twin(fingerprint, ack);
        }
        if self.entries.len() == MAX_KEYS {
            let done = |entry: &Entry| !matches!(entry.state, State::Running { .. });
            let Some(oldest) = self.entries.iter().position(done) else { return Begun::Full };
            self.remove(oldest);
        }
        let state = ack.map_or(State::Silent, |first| State::Running { first, twins: Twins::new() });
        // Copies, here and below: a slice would keep the packet it came in.
        self.entries.push_back(Entry { key: ByteString::from(key.to_owned()), fingerprint, state });
        Begun::First
    }

    /// The event with this number is answered: so are its twins, whose numbers these are.
    pub fn answer(&mut self, ack: u64, content: &Content) -> Twins {
        let Some((mut index, twins)) = self.running(ack) else { return Twins::new() };
        let content = copy(content);
        self.kept += size(&content);
        self.entries[index].state = State::Answered(content);
        let answered = |entry: &Entry| matches!(entry.state, State::Answered(_));
        while self.kept > MAX_KEPT {
            let other = |(other, entry): (usize, &Entry)| other != index && answered(entry);
            let Some(oldest) = self.entries.iter().enumerate().position(other) else { break };
            self.remove(oldest);
            index -= usize::from(oldest < index);
        }
        twins
    }

    /// The event with this number is answered, for now only: its twins hear it too, and the key is as new.
    pub fn forget(&mut self, ack: u64) -> Twins {
        let Some((index, twins)) = self.running(ack) else { return Twins::new() };
        self.remove(index);
        twins
    }

    /// The event with this number that is being handled: where it stands, and the twins that wait for it.
    fn running(&mut self, ack: u64) -> Option<(usize, Twins)> {
        self.entries.iter_mut().enumerate().find_map(|(index, entry)| match &mut entry.state {
            State::Running { first, twins } if *first == ack => Some((index, std::mem::take(twins))),
            _ => None,
        })
    }

    fn remove(&mut self, index: usize) {
        if let Some(Entry { state: State::Answered(content), .. }) = self.entries.remove(index) {
            self.kept -= size(&content);
        }
    }
}

impl Entry {
    fn twin(&mut self, fingerprint: [u8; 32], ack: Option<u64>) -> Begun {
        if self.fingerprint != fingerprint {
            return Begun::Reused;
        }
        match (&mut self.state, ack) {
            (State::Running { twins, .. }, Some(_)) if twins.len() == MAX_TWINS => Begun::Full,
            (State::Running { twins, .. }, ack) => {
                twins.extend(ack);
                Begun::Waits
            }
            (State::Answered(content), Some(_)) => Begun::Answered(content.clone()),
            (State::Answered(_) | State::Silent, None) => Begun::Waits,
            // There is no answer to repeat; the caller asks for what it did not ask for then.
            (State::Silent, Some(_)) => Begun::Reused,
        }
    }
}

fn copy(content: &Content) -> Content {
    let values = content.values.iter().map(|value| Json::trusted(value.as_str().to_owned())).collect();
    let copied = |list: &Vec<Bytes>| list.iter().map(|bytes| Bytes::copy_from_slice(bytes)).collect();
    Content { values, attachments: content.attachments.as_ref().map(copied) }
}

fn size(content: &Content) -> usize {
    let values: usize = content.values.iter().map(|value| value.as_str().len()).sum();
    values + content.attachments.iter().flatten().map(Bytes::len).sum::<usize>()
}

#[cfg(test)]
#[path = "keys_tests.rs"]
mod tests;
