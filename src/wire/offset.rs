//! What ends an event of a recoverable Socket.IO connection: the text that a stock client keeps of the last one and
//! repeats when it comes back.
//!
//! It is all that such a client brings besides its `pid`, which stays as it is. So whether the socket has left the room of
//! production orders stands in it too, and outlives the connection, the server and the node without being stored.

use crate::domain::{
    ids::SocketId,
    stream::{NotAPosition, Position},
};
use std::{fmt, str::FromStr};

/// Whether a socket has left the room of production orders (specification 001).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outside {
    No,
    /// As an event of the log says it: the same text for all who are outside.
    Yes,
    /// As an answer says it. It may stand where the socket began, as one of an earlier socket of the same client may, whose
    /// word it is not; so it names its own.
    Socket(SocketId),
}

/// `epoch:seq`, `epoch:seq-`, `epoch:seq-socket`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offset {
    /// Up to where the client has everything.
    pub position: Position,
    pub outside: Outside,
}

impl fmt::Display for Offset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let position = &self.position;
        match self.outside {
            Outside::No => write!(f, "{position}"),
            Outside::Yes => write!(f, "{position}-"),
            Outside::Socket(sid) => write!(f, "{position}-{sid}"),
        }
    }
}

impl FromStr for Offset {
    type Err = NotAPosition;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let colon = text.find(':').ok_or(NotAPosition)?;
        let dash = text[colon..].find('-').map(|at| colon + at);
        let (position, outside) = match dash {
            None => (text, Outside::No),
            Some(dash) => match &text[dash + 1..] {
                "" => (&text[..dash], Outside::Yes),
                sid => (&text[..dash], Outside::Socket(sid.parse().map_err(|_| NotAPosition)?)),
            },
        };
        Ok(Self { position: position.parse()?, outside })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn offsets_round_trip_and_refuse_the_rest() {
        let sid = "0190163d-8694-739b-aea5-966c26f8ad91";
        let socket = Outside::Socket(sid.parse().unwrap());
        for (text, outside) in [
            ("e:7", Outside::No),
            ("a-b:7", Outside::No),
            ("a-b:7-", Outside::Yes),
            (&format!("e:7-{sid}"), socket),
        ] {
            let offset: Offset = text.parse().unwrap();
            assert_eq!(
                (offset.position.seq, offset.outside, offset.to_string().as_str()),
                (7, outside, text)
            );
        }
        for bad in
            ["", ":", "e:", "e:-", "e:-7", "e:7-x", "e:7--", "e7-", "e:7 -", "an event's last argument"]
        {
            assert_eq!(bad.parse::<Offset>(), Err(NotAPosition), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_answered(text in any::<String>()) {
            if let Ok(offset) = text.parse::<Offset>() {
                prop_assert_eq!(offset.to_string().parse::<Offset>(), Ok(offset));
            }
        }
    }
}
