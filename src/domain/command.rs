//! Commands: what somebody wants to change, parsed and valid in itself, and the replies to them.

mod key;
mod lane;

pub use key::IdempotencyKey;

use super::{
    batch::Batch,
    donation::{Donation, DonationCommand},
    ids::{
        BatchId, CategoryId, ItemId, MenuItemId, OrderId, ProductionOrderId, StationId, TableId,
        TableSessionId,
    },
    item::{Item, ItemStatus},
    menu::{Availability, Category, DishChange, MenuItem},
    money::Decimal,
    moving::MoveIn,
    order::{LineChange, Order, OrderCommand},
    production::{NewProductionOrder, ProductionChange, ProductionOrder, Stages},
    rejection::Rejection,
    resource::{Document, ResourceCommand},
    station::{Station, StationChange},
    table::{Table, TableSession},
    text::{Label, Name, Note, Reason},
};
use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;

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
#[derive(Debug, Clone, PartialEq, Eq, IntoStaticStr)]
#[strum(const_into_str)]
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
    /// What needs nothing but the order.
    Order(OrderId, OrderCommand),
    CreateStation {
        name: Label,
        /// What is not the usual; its name is left out.
        change: StationChange,
    },
    ChangeStation {
        station: StationId,
        change: StationChange,
    },
    RemoveStation {
        station: StationId,
    },
    BumpOrder {
        order: OrderId,
        /// Of this station's lines only.
        station: Option<StationId>,
    },
    UndoBatch {
        batch: BatchId,
    },
    AcknowledgeOrder {
        order: OrderId,
        /// One line only.
        item: Option<ItemId>,
    },
    MoveTableSession {
        session: TableSessionId,
        table: TableId,
    },
    CreateCategory {
        name: Label,
        /// Behind all others where it is left out.
        position: Option<u32>,
    },
    ChangeCategory {
        category: CategoryId,
        name: Option<Label>,
        position: Option<u32>,
    },
    RemoveCategory {
        category: CategoryId,
    },
    CreateDish {
        name: Name,
        category: Label,
        price: Decimal,
        /// What else is known of it.
        change: DishChange,
    },
    ChangeDish {
        dish: MenuItemId,
        change: DishChange,
    },
    RemoveDish {
        dish: MenuItemId,
    },
    SetAvailability {
        dish: MenuItemId,
        availability: Availability,
    },
    /// The clock has passed the dish's `until`.
    PassAvailability {
        dish: MenuItemId,
    },
    MergeTableSessions {
        session: TableSessionId,
        into: TableSessionId,
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
    /// Something comes from another system.
    MoveIn(Box<MoveIn>),
    /// Goes through the lane of the sender's board.
    Donation(DonationCommand),
}

impl Command {
    /// The key that a client gave, as it is stored. Whether it may give it is told before: by now it may have grown.
    pub fn scoped(&self, key: Option<IdempotencyKey>) -> Option<IdempotencyKey> {
        match self {
            Self::ChangeResources(command) => key.map(|key| command.scoped(key)),
            _ => key,
        }
    }

    /// Its name in metrics, logs and the scope of stored idempotency keys: a variant that is renamed keeps it by `strum`.
    pub const fn name(&self) -> &'static str {
        match self {
            Command::Order(_, command) => command.into_str(),
            Command::ChangeResources(command) => command.route.name(),
            Command::Donation(command) => command.into_str(),
            _ => self.into_str(),
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
    Donation(Donation),
    /// The line is gone or ended; the production order is gone.
    Removed,
    Station(Station),
    Category(Category),
    Dish(MenuItem),
    /// What was bumped, if anything was, or taken back; and the order since.
    Bumped {
        batch: Option<Batch>,
        order: Order,
    },
    ProductionOrder(ProductionOrder),
    Document(Document),
    Documents(Vec<Document>),
    /// How many documents are gone.
    Deleted(u64),
}

/// The final answer of the domain to a command; what an idempotency key brings back.
pub type Outcome = Result<Reply, Rejection>;
