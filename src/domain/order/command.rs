//! Commands that need one order and nothing else: each is a variant with its name, and an arm with what it does.

use super::{
    super::{context::Context, event::Event, rejection::Rejection, text::Reason},
    Order, attending, ending,
};
use strum::IntoStaticStr;

/// What somebody wants done to one order. Its name is in metrics, logs and the scope of idempotency keys.
#[derive(Debug, Clone, PartialEq, Eq, IntoStaticStr)]
#[strum(const_into_str)]
pub enum OrderCommand {
    #[strum(serialize = "CloseOrder")]
    Close,
    #[strum(serialize = "ReopenOrder")]
    Reopen { reason: Option<Reason> },
    #[strum(serialize = "PrioritiseOrder")]
    Prioritise { priority: u8 },
}

impl OrderCommand {
    /// Changes the order, which is answered with; the events tell it.
    pub fn execute(self, order: &mut Order, ctx: &Context<'_>) -> Result<Vec<Event>, Rejection> {
        match self {
            Self::Close => ending::close(order, ctx),
            Self::Reopen { reason } => ending::reopen(order, ctx, reason),
            Self::Prioritise { priority } => attending::prioritise(order, ctx, priority),
        }
    }
}
