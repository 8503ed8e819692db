//! Who is calling: passwords, access tokens, refresh tokens, and whether what they say still holds.
//!
//! ```text
//! login    e-mail, password -> attempts -> password -> access token + refresh token
//! refresh  refresh token -> rotation, or the end of the family where one is reused
//! request  access token -> claims (signature, times) -> standing (still employed? still that role?) -> Principal
//! ```

mod attempts;
mod cache;
mod claims;
mod crypto;
mod email;
mod error;
mod foreign_hashes;
#[cfg(test)]
mod forged;
mod gate;
pub mod mail;
mod password;
pub mod people;
mod refresh_token;
mod revocations;
mod rotation;
mod standing;
mod stored_hash;
mod throttle;
mod tokens;
mod verifier;

pub use claims::{Claims, Keys};
pub use email::{Email, NotAnEmail};
pub use error::AuthError;
pub use password::Passwords;
pub use revocations::Revocations;
pub use stored_hash::{BadHash, HashKind, StoredHash};
pub use tokens::{LoginAnswer, Me, Refreshed, Tokens};
pub use verifier::Verifier;
