//! What a client of the plain WebSocket may ask for, parsed from its frames.

use crate::{
    domain::stream::{Epoch, Position, Seq},
    session::cursor,
    wire::{
        event::Vocabulary,
        json::object,
        said::{Auth, Seen, Token},
    },
};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::value::RawValue;

/// A frame's meaning.
#[derive(Debug)]
pub enum Request {
    Auth {
        token: SecretString,
        since: Option<Position>,
    },
    Refresh {
        token: SecretString,
    },
    Seen {
        seq: Seq,
    },
    /// Specification 002's own, on its board only.
    Ping,
    /// Test builds only: a handler with a bug.
    #[cfg(feature = "faults")]
    Poison,
}

/// Why a frame has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotARequest {
    UnknownEvent,
    BadData,
}

/// Reads `data` as what `event` needs.
pub fn read(vocabulary: Vocabulary, event: &str, data: Option<&RawValue>) -> Result<Request, NotARequest> {
    match event {
        "auth" => {
            let Auth { token, epoch, since } = parse(data)?;
            Ok(Request::Auth { token, since: since.map(|seq| position(epoch, seq)) })
        }
        "auth-refresh" => parse(data).map(|Token { token }| Request::Refresh { token }),
        "seen" => parse(data).map(|Seen { seq }| Request::Seen { seq }),
        "test" if vocabulary == Vocabulary::Donations => Ok(Request::Ping),
        #[cfg(feature = "faults")]
        "poison" => Ok(Request::Poison),
        _ => Err(NotARequest::UnknownEvent),
    }
}

/// The position a client names; without an epoch it means the current one.
pub fn position(epoch: Option<Epoch>, seq: Seq) -> Position {
    match epoch {
        Some(epoch) if !epoch.0.is_empty() => Position { epoch, seq },
        _ => cursor::bare(seq),
    }
}

fn parse<'a, T: Deserialize<'a>>(data: Option<&'a RawValue>) -> Result<T, NotARequest> {
    object(data.ok_or(NotARequest::BadData)?.get()).map_err(|_| NotARequest::BadData)
}
