//! Through which lane a command goes.

use super::Command;
use crate::domain::{principal::Principal, stream::Stream};

impl Command {
    /// The stream, and lane, of this command of `by`'s.
    pub fn stream(&self, by: &Principal) -> Stream {
        match self {
            Command::Donation(_) => by.board.into(),
            _ => by.restaurant.into(),
        }
    }
}
