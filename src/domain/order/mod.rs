//! An order: its lines, its stored life (draft, live, cancelled, closed) and the status derived from both.
//!
//! | from | to | by |
//! |---|---|---|
//! | – | CONFIRMED (a counter order) | WAITER, CASHIER, the public where it may |
//! | DRAFT | CONFIRMED, CANCELLED | WAITER |
//! | CONFIRMED | CANCELLED | WAITER |
//! | IN_PROGRESS, READY | CANCELLED | MANAGER, with a reason |
//! | CONFIRMED, IN_PROGRESS, READY | SERVED (ship) | WAITER, CASHIER, EXPO, the public where it may |
//! | SERVED | CLOSED | WAITER, CASHIER |
//! | READY | CLOSED | MANAGER |
//! | CLOSED | derived (reopen) | MANAGER |
//!
//! Every other move of a live order is a move of its lines.

mod attending;
mod bumping;
mod command;
mod counter;
mod ending;
mod lines;
mod status;

pub use attending::{MAX_PRIORITY, acknowledge};
pub use bumping::{bump, undo};
pub use command::OrderCommand;
pub use counter::{place, ship};
pub use ending::{cancel, confirm};
pub(crate) use lines::too_much;
pub use lines::{LineChange, add_line, change_line, relabel, remove_line, set_status};
pub use status::{Lifecycle, OrderStatus, derive};

use super::{
    attention::Attention,
    context::Context,
    customer::CustomerRef,
    event::{Event, ItemMove, StatusMove},
    ids::{ItemId, OrderId, RestaurantId, TableId, TableSessionId, UserId},
    item::{Item, ItemStatus},
    money::{Currency, Money},
    rejection::Rejection,
    table::TableSession,
    text::{ExternalId, Name, Note, Reason},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Most lines of one order; a kitchen ticket beyond it is a mistake or an attack.
pub const MAX_ITEMS: usize = 300;

/// The table session an order belongs to; a counter order has none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub session: TableSessionId,
    pub table: TableId,
    pub table_name: Name,
}

impl Place {
    pub fn of(session: &TableSession) -> Self {
        Self { session: session.id, table: session.table, table_name: session.table_name.clone() }
    }
}

/// An order with its lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    pub id: OrderId,
    pub restaurant: RestaurantId,
    pub currency: Currency,
    pub place: Option<Place>,
    /// Orders that were stored before there were customers have none.
    #[serde(default)]
    pub customer: Option<CustomerRef>,
    /// The ticket number a cook calls out; given at confirmation.
    pub number: Option<u64>,
    pub lifecycle: Lifecycle,
    pub note: Option<Note>,
    pub items: Vec<Item>,
    /// Counts the commands that changed the order or one of its lines.
    pub version: u32,
    pub created_by: UserId,
    pub created_at: Timestamp,
    pub confirmed_at: Option<Timestamp>,
    pub updated_at: Timestamp,
    /// 0 is usual; what has more comes first.
    #[serde(default)]
    pub priority: u8,
    /// When the kitchen acknowledged the order as a whole, its notes that is.
    #[serde(default)]
    pub acknowledged_at: Option<Timestamp>,
    /// Where it moved in from another system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<ExternalId>,
}

impl Order {
    /// The status that everyone sees: stored where a person decided it, derived from the lines otherwise.
    pub fn status(&self) -> OrderStatus {
        match self.lifecycle {
            Lifecycle::Draft => OrderStatus::Draft,
            Lifecycle::Cancelled => OrderStatus::Cancelled,
            Lifecycle::Closed => OrderStatus::Closed,
            Lifecycle::Live => derive(self.items.iter().map(|item| item.status)),
        }
    }

    /// Sum of the live lines.
    pub fn total(&self) -> Money {
        let lines = self.items.iter().filter(|item| item.status.is_live());
        lines.fold(Money::zero(self.currency), |sum, item| {
            sum.plus(item.unit_price.times(item.qty).unwrap_or(Money::zero(self.currency)))
        })
    }

    /// The line with this id, or the answer for an unknown one.
    pub fn item(&self, id: ItemId) -> Result<&Item, Rejection> {
        self.items.iter().find(|item| item.id == id).ok_or_else(|| Rejection::not_found("Item", id))
    }

    fn item_mut(&mut self, id: ItemId) -> Result<&mut Item, Rejection> {
        self.items.iter_mut().find(|item| item.id == id).ok_or_else(|| Rejection::not_found("Item", id))
    }
}

/// Moves a line, and its times, at `at`; the event that tells it.
pub fn move_line(
    order: OrderId,
    order_version: u32,
    item: &mut Item,
    to: ItemStatus,
    at: Timestamp,
    reason: Option<Reason>,
) -> ItemMove {
    let from = item.status;
    item.status = to;
    item.times = item.times.after(from, to, at);
    item.batch = None;
    if !to.is_live() {
        item.attract(Attention::Voided);
    }
    item.version += 1;
    item.updated_at = at;
    let (id, item_version, times) = (item.id, item.version, Some(item.times));
    ItemMove { order, order_version, item: id, item_version, from, to, reason, times, batch: None }
}

/// Runs one change: the version counts it, and `order.status.changed` follows if and only if the status moved.
///
/// `edit` says whether anything changed. What never left the draft makes no events.
fn change(
    order: &mut Order,
    ctx: &Context<'_>,
    edit: impl FnOnce(&mut Order, &mut Vec<Event>) -> Result<bool, Rejection>,
) -> Result<Vec<Event>, Rejection> {
    let before = order.status();
    let mut next = order.clone();
    next.version += 1;
    next.updated_at = ctx.at;
    let mut events = Vec::new();
    if !edit(&mut next, &mut events)? {
        return Ok(Vec::new());
    }
    let after = next.status();
    if before != after {
        let (order, order_version) = (next.id, next.version);
        events.push(Event::OrderStatusChanged(StatusMove { order, order_version, from: before, to: after }));
    }
    if before == OrderStatus::Draft && next.lifecycle != Lifecycle::Live {
        events.clear();
    }
    *order = next;
    Ok(events)
}
