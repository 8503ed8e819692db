//! Through which lane a command goes, and whether it is of documents.

use super::Command;
use crate::domain::{moving::Moved, principal::Principal, resource::ResourceCommand, stream::Stream};

impl Command {
    /// What it does to documents of a declared entity.
    pub fn of_resources(&self) -> Option<&ResourceCommand> {
        match self {
            Command::ChangeResources(command) => Some(command),
            Command::MoveIn(moving) => match &moving.thing {
                Moved::Document { command, .. } => Some(command),
                _ => None,
            },
            _ => None,
        }
    }

    /// The stream, and lane, of this command of `by`'s.
    pub fn stream(&self, by: &Principal) -> Stream {
        match self {
            Command::Donation(_) => by.board.into(),
            _ => by.restaurant.into(),
        }
    }
}
