//! Moving in: what comes from another system, under the names it had there.

use super::{
    ids::{TableId, UserId},
    item::ItemStatus,
    menu::DishChange,
    money::Decimal,
    production::{NewProductionOrder, Stages},
    resource::ResourceCommand,
    text::{ExternalId, Label, Name, Note},
};
use crate::domain::command::NewLine;
use jiff::Timestamp;

/// One thing, and what it was called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MoveIn {
    pub external_id: ExternalId,
    pub thing: Moved,
}

/// What can move in through a restaurant's lane; users do not pass one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Moved {
    /// A table of this name that is there already is taken for it.
    Table {
        name: Name,
    },
    /// Its category is made where the menu has none of that name.
    Dish {
        name: Name,
        category: Label,
        price: Decimal,
        change: DishChange,
    },
    /// A customer, or a document of a declared entity; one of them.
    Document {
        command: ResourceCommand,
        /// What a customer is numbered where nobody has that number: clients of the other system know it by that.
        number: Option<u64>,
    },
    Order(OpenOrder),
    /// A production order, in one of the house's stages.
    Production {
        new: NewProductionOrder,
        stages: Stages,
    },
}

/// An order that the kitchen of the other system had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenOrder {
    /// Where the guests sit: in the table's open session, or in one that opens. None: an order over the counter.
    pub table: Option<TableId>,
    /// By number.
    pub customer: Option<u64>,
    pub waiter: Option<UserId>,
    pub note: Option<Note>,
    /// When it was taken there.
    pub created_at: Option<Timestamp>,
    pub lines: Vec<OpenLine>,
}

/// A line, and how far it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenLine {
    pub line: NewLine,
    pub status: ItemStatus,
}

/// Statuses that a line of an open order can have: what was taken back stays behind.
pub const OPEN_STATUSES: [ItemStatus; 5] =
    [ItemStatus::Pending, ItemStatus::Held, ItemStatus::InProgress, ItemStatus::Ready, ItemStatus::Served];
