//! Streams, and positions in one: `epoch` names one life of the log, `seq` counts its events without a gap from 1.

use super::ids::{BoardId, RestaurantId, StreamId};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr, sync::Arc};

/// Whose log: a restaurant's own, or a donation board's that donors and NGOs share. It is also what a transaction may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stream {
    Restaurant(RestaurantId),
    Board(BoardId),
}

impl From<RestaurantId> for Stream {
    fn from(id: RestaurantId) -> Self {
        Self::Restaurant(id)
    }
}

impl From<BoardId> for Stream {
    fn from(id: BoardId) -> Self {
        Self::Board(id)
    }
}

impl From<Stream> for StreamId {
    fn from(stream: Stream) -> Self {
        match stream {
            Stream::Restaurant(id) => id.into(),
            Stream::Board(id) => Self(id.0),
        }
    }
}

impl fmt::Display for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        StreamId::from(*self).fmt(f)
    }
}

/// Number of an event in its stream; 0 is "before the first".
pub type Seq = u64;

/// The name of one life of a log: made with the stream, changed only by a restore. Never contains a colon.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Epoch(pub Arc<str>);

impl fmt::Display for Epoch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A place in a log, written `epoch:seq`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Position {
    pub epoch: Epoch,
    pub seq: Seq,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.epoch, self.seq)
    }
}

/// The text was not of the form `epoch:seq`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a stream position of the form epoch:seq")]
pub struct NotAPosition;

impl FromStr for Position {
    type Err = NotAPosition;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (epoch, seq) = text.split_once(':').ok_or(NotAPosition)?;
        let digits = !seq.is_empty() && seq.bytes().all(|b| b.is_ascii_digit());
        let plain = !epoch.is_empty() && epoch.len() <= 64 && epoch.bytes().all(|b| b.is_ascii_graphic());
        if !digits || !plain {
            return Err(NotAPosition);
        }
        let seq = seq.parse().map_err(|_| NotAPosition)?;
        Ok(Self { epoch: Epoch(epoch.into()), seq })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_round_trip_and_refuse_the_rest() {
        let position: Position = "01JD:42".parse().expect("a position");
        assert_eq!((position.epoch.0.as_ref(), position.seq), ("01JD", 42));
        assert_eq!(position.to_string(), "01JD:42");
        for bad in ["", ":", "a:", ":1", "a:-1", "a:+1", "a:1x", "a:99999999999999999999", "a b:1", "a:1:2"] {
            assert_eq!(bad.parse::<Position>(), Err(NotAPosition), "{bad:?}");
        }
    }
}
