//! Names that clients give their requests, so that repeating one does nothing twice.

use crate::{
    code::ErrorCode,
    domain::{
        principal::{Principal, Role},
        rejection::Rejection,
    },
};

/// A client's name for one request, so that repeating it does nothing twice.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct IdempotencyKey {
    pub key: String,
    /// SHA-256 over what was asked: the same key with another request is refused.
    pub fingerprint: [u8; 32],
}

/// Characters of a key that nobody else comes upon: 128 random bits in base64. A UUID has 36.
const UNGUESSABLE: usize = 22;

impl IdempotencyKey {
    /// Characters of the longest; a UUID has 36.
    pub const MAX_LEN: usize = 255;

    /// Whether a client may call a request so: visible ASCII.
    pub fn is_legal(text: &str) -> bool {
        (1..=Self::MAX_LEN).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
    }

    /// Whether this sender may give such a key. A key is its user's own; all who come without a token are one user, and
    /// nothing else tells them apart that cannot be forged. So theirs has to be random: two guests who both count from
    /// "1" would have one order between them.
    ///
    /// # Errors
    /// The answer for the client.
    pub fn check(&self, sender: &Principal) -> Result<(), Rejection> {
        if sender.role == Role::Public && self.key.len() < UNGUESSABLE {
            let message =
                format!("without a token a key must be random, of {UNGUESSABLE} characters at least: a UUID");
            return Err(Rejection::new(ErrorCode::BadRequest, message));
        }
        Ok(())
    }
}
