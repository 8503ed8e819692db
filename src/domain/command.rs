//! Commands: what somebody wants to change, parsed and valid in itself, and the replies to them.

use super::{
    ids::{ItemId, MenuItemId, OrderId, ProductionOrderId, TableId, TableSessionId},
    item::{Item, ItemStatus},
    money::Decimal,
    order::{LineChange, Order},
    production::{NewProductionOrder, ProductionChange, ProductionOrder, Stages},
    rejection::Rejection,
    resource::{Document, ResourceCommand},
    table::{Table, TableSession},
    text::{Label, Name, Note, Reason},
};
use serde::{Deserialize, Serialize};

/// A line as a waiter types it; what is left out comes from the menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLine {
    pub menu_item: Option<MenuItemId>,
    pub name: Option<Name>,
    pub qty: u32,
    pub unit_price: Option<Decimal>,
    pub notes: Option<Note>,
    pub course: Option<Label>,
    pub station: Option<Label>,
}

/// Something that wants to change a restaurant's state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    CreateTable {
        name: Name,
    },
    OpenTableSession {
        table: TableId,
        covers: Option<u32>,
    },
    CloseTableSession {
        session: TableSessionId,
    },
    OpenOrder {
        session: TableSessionId,
        note: Option<Note>,
    },
    AddItem {
        order: OrderId,
        line: NewLine,
    },
    ChangeItem {
        order: OrderId,
        item: ItemId,
        change: LineChange,
    },
    RemoveItem {
        order: OrderId,
        item: ItemId,
    },
    ConfirmOrder {
        order: OrderId,
    },
    /// An order over the counter, confirmed at once.
    PlaceCounterOrder {
        total: Decimal,
        /// By number.
        customer: Option<u64>,
    },
    /// Hands a whole order out.
    ShipOrder {
        number: u64,
    },
    SetItemStatus {
        order: OrderId,
        item: ItemId,
        to: ItemStatus,
        expected: Option<ItemStatus>,
        reason: Option<Reason>,
    },
    CancelOrder {
        order: OrderId,
        reason: Option<Reason>,
    },
    CloseOrder {
        order: OrderId,
    },
    ReopenOrder {
        order: OrderId,
        reason: Option<Reason>,
    },
    /// Which stages there are is the house's setting; it comes with the command, since nothing here reads settings.
    CreateProductionOrder {
        new: NewProductionOrder,
        stages: Stages,
    },
    UpdateProductionOrder {
        order: ProductionOrderId,
        change: ProductionChange,
        stages: Stages,
    },
    DeleteProductionOrder {
        order: ProductionOrderId,
    },
    /// Documents of a declared entity.
    ChangeResources(ResourceCommand),
}

impl Command {
    /// Its name in metrics, logs and the scope of idempotency keys.
    pub const fn name(&self) -> &'static str {
        match self {
            Command::CreateTable { .. } => "CreateTable",
            Command::OpenTableSession { .. } => "OpenTableSession",
            Command::CloseTableSession { .. } => "CloseTableSession",
            Command::OpenOrder { .. } => "OpenOrder",
            Command::AddItem { .. } => "AddItem",
            Command::ChangeItem { .. } => "ChangeItem",
            Command::RemoveItem { .. } => "RemoveItem",
            Command::ConfirmOrder { .. } => "ConfirmOrder",
            Command::PlaceCounterOrder { .. } => "PlaceCounterOrder",
            Command::ShipOrder { .. } => "ShipOrder",
            Command::SetItemStatus { .. } => "SetItemStatus",
            Command::CancelOrder { .. } => "CancelOrder",
            Command::CloseOrder { .. } => "CloseOrder",
            Command::ReopenOrder { .. } => "ReopenOrder",
            Command::CreateProductionOrder { .. } => "CreateProductionOrder",
            Command::UpdateProductionOrder { .. } => "UpdateProductionOrder",
            Command::DeleteProductionOrder { .. } => "DeleteProductionOrder",
            Command::ChangeResources(command) => command.route.name(),
        }
    }
}

/// What a command that was done answers with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    Table(Table),
    TableSession(TableSession),
    Order(Order),
    Item(Item),
    /// The line is gone or ended; the production order is gone.
    Removed,
    ProductionOrder(ProductionOrder),
    Document(Document),
    Documents(Vec<Document>),
    /// How many documents are gone.
    Deleted(u64),
}

/// The final answer of the domain to a command; what an idempotency key brings back.
pub type Outcome = Result<Reply, Rejection>;

/// A client's name for one request, so that repeating it does nothing twice.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct IdempotencyKey {
    pub key: String,
    /// SHA-256 over what was asked: the same key with another request is refused.
    pub fingerprint: [u8; 32],
}
