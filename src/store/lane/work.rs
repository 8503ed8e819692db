//! What a group's commands work on: a restaurant's workspace, or a board's donations.

use crate::domain::{
    command::Command,
    context::Context,
    donation::Shelf,
    rejection::Rejection,
    workspace::{Done, Workspace},
};

/// What a group's commands work on.
pub(super) enum Work {
    Restaurant { workspace: Box<Workspace>, before: Before },
    Board(Shelf),
}

/// The last numbers that were given out before the group.
#[derive(Clone, Copy)]
pub(super) struct Before {
    pub(super) order_number: u64,
    pub(super) customer_number: u64,
}

impl Work {
    pub(super) fn execute(&mut self, command: &Command, ctx: &Context<'_>) -> Result<Done, Rejection> {
        match self {
            Self::Restaurant { workspace, .. } => workspace.execute(command, ctx),
            Self::Board(shelf) => shelf.execute(command, ctx),
        }
    }
}
