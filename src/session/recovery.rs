//! The `pid` of a Socket.IO connection: which socket it was, whose, and where it began in the log, sealed, so that a server
//! stores nothing to take it up again.
//!
//! The key comes from the secret that signs tokens: it is what a restarted server still has, and what every node of an
//! installation shares; a file in a data folder would be one node's own. Whoever changes that secret makes every `pid`
//! unreadable together with every token.

use crate::{
    domain::{
        ids::{RestaurantId, SocketId, UserId},
        principal::Principal,
        stream::{Epoch, Position, Seq},
    },
    wire::offset::{Offset, Outside},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::{
    aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    error::Unspecified,
    hkdf::{HKDF_SHA256, Salt},
    rand::{SecureRandom, SystemRandom},
};
use std::fmt;
use uuid::Uuid;

/// What else the secret serves has other labels (HKDF, RFC 5869 §3.2).
const LABEL: &[u8] = b"comanda socket.io recovery";
/// Of the layout below. It is not secret, but sealed with the rest: what one version wrote no other reads as its own.
const VERSION: u8 = 1;
/// Bytes of an epoch, and of a namespace that can be recovered: one byte holds the length.
pub const MAX_NAME: usize = 64;
/// Before the two names: three ids, a number.
const FIXED: usize = 3 * size_of::<Uuid>() + size_of::<Seq>();
/// Version, nonce, contents, tag.
const MAX_BYTES: usize = 1 + NONCE_LEN + FIXED + 1 + MAX_NAME + MAX_NAME + 16;
/// Longest text that is looked at: what is longer costs nothing.
const MAX_TEXT: usize = MAX_BYTES.div_ceil(3) * 4;

/// What a `pid` says. It stays the same for the life of a socket, over all its connections.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pid {
    /// As the client knows it.
    pub sid: SocketId,
    pub user: UserId,
    pub restaurant: RestaurantId,
    pub namespace: String,
    /// Where the log stood at the first CONNECT.
    pub began: Position,
}

impl Pid {
    /// True where the one who is verified may take this socket up.
    pub fn is_of(&self, principal: &Principal, namespace: &str) -> bool {
        (self.user, self.restaurant) == (principal.user, principal.restaurant) && self.namespace == namespace
    }

    /// Up to where its client has everything. A stock client keeps an offset for good, also from before a `pid` that it was
    /// given later: one of another epoch, or from before this socket began, says nothing.
    pub fn position(&self, offset: Option<&Position>) -> Position {
        offset.filter(|offset| self.is_newer(offset)).unwrap_or(&self.began).clone()
    }

    fn is_newer(&self, offset: &Position) -> bool {
        offset.epoch == self.began.epoch && offset.seq > self.began.seq
    }

    /// True where this socket's client last heard that it is outside the room of production orders. An event says so where
    /// its position counts; what stands at the very beginning must name this socket, or it is of an earlier one.
    pub fn is_outside(&self, offset: Option<&Offset>) -> bool {
        offset.is_some_and(|offset| match offset.outside {
            Outside::No => false,
            Outside::Yes => self.is_newer(&offset.position),
            Outside::Socket(sid) => sid == self.sid,
        })
    }
}

/// Seals and opens, for the namespaces that can be recovered.
pub struct Recovery {
    key: LessSafeKey,
    random: SystemRandom,
    namespaces: Vec<String>,
}

impl Recovery {
    /// # Errors
    /// None that can happen: `ring` refuses lengths that are constants here.
    pub fn new(secret: &[u8], namespaces: Vec<String>) -> Result<Self, Unspecified> {
        let extracted = Salt::new(HKDF_SHA256, &[]).extract(secret);
        let key = UnboundKey::from(extracted.expand(&[LABEL], &CHACHA20_POLY1305)?);
        Ok(Self { key: LessSafeKey::new(key), random: SystemRandom::new(), namespaces })
    }

    /// True where connections to this namespace can be recovered.
    pub fn covers(&self, namespace: &str) -> bool {
        self.namespaces.iter().any(|covered| covered == namespace)
    }

    /// The text that a client keeps; `None` where a name is too long, or the system has no randomness to give.
    ///
    /// A random nonce is safe for some 2^32 seals under one key (RFC 8439 §4, SP 800-38D §8.3): a fresh connection costs
    /// one, so a thousand of them a second last for fifty days without a break, an evening's for centuries.
    pub fn seal(&self, pid: &Pid) -> Option<String> {
        let mut nonce = [0; NONCE_LEN];
        self.random.fill(&mut nonce).ok()?;
        let mut sealed = encode(pid)?;
        let tag = self
            .key
            .seal_in_place_separate_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from([VERSION]),
                &mut sealed,
            )
            .ok()?;
        let parts: [&[u8]; 4] = [&[VERSION], &nonce, &sealed, tag.as_ref()];
        Some(URL_SAFE_NO_PAD.encode(parts.concat()))
    }

    /// What was sealed with this key, and nothing else; the work is bounded, whatever comes.
    pub fn open(&self, text: &str) -> Option<Pid> {
        if text.len() > MAX_TEXT {
            return None;
        }
        let mut bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (&mut [version], rest) = bytes.split_first_chunk_mut()?;
        if version != VERSION {
            return None;
        }
        let (&mut nonce, sealed) = rest.split_first_chunk_mut()?;
        let nonce = Nonce::assume_unique_for_key(nonce);
        decode(self.key.open_in_place(nonce, Aad::from([version]), sealed).ok()?)
    }
}

impl fmt::Debug for Recovery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recovery").field("namespaces", &self.namespaces).finish_non_exhaustive()
    }
}

fn encode(Pid { sid, user, restaurant, namespace, began }: &Pid) -> Option<Vec<u8>> {
    let epoch = began.epoch.0.as_bytes();
    if epoch.len() > MAX_NAME || namespace.len() > MAX_NAME {
        return None;
    }
    let length = u8::try_from(epoch.len()).ok()?;
    let (ids, seq) = ([sid.0, user.0, restaurant.0].map(Uuid::into_bytes), began.seq.to_be_bytes());
    let parts: [&[u8]; 5] = [ids.as_flattened(), &seq, &[length], epoch, namespace.as_bytes()];
    Some(parts.concat())
}

fn decode(bytes: &[u8]) -> Option<Pid> {
    let (sid, bytes) = bytes.split_first_chunk()?;
    let (user, bytes) = bytes.split_first_chunk()?;
    let (restaurant, bytes) = bytes.split_first_chunk()?;
    let (seq, bytes) = bytes.split_first_chunk()?;
    let (length, bytes) = bytes.split_first()?;
    let (epoch, namespace) = bytes.split_at_checked((*length).into())?;
    if epoch.len() > MAX_NAME || namespace.len() > MAX_NAME {
        return None;
    }
    Some(Pid {
        sid: SocketId(Uuid::from_bytes(*sid)),
        user: UserId(Uuid::from_bytes(*user)),
        restaurant: RestaurantId(Uuid::from_bytes(*restaurant)),
        namespace: str::from_utf8(namespace).ok()?.to_owned(),
        began: Position { epoch: Epoch(str::from_utf8(epoch).ok()?.into()), seq: Seq::from_be_bytes(*seq) },
    })
}

#[cfg(test)]
#[path = "recovery_tests.rs"]
mod tests;
