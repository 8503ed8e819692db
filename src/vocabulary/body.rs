//! The JSON shapes of orders, lines, tables and sessions, shared by REST answers and events.
//!
//! camelCase; keys in the specifications' order, additions last; times RFC 3339, UTC, milliseconds; money fixed-scale text.

use super::names::{AttentionName, ItemStatusName, OrderStatusName, TableSessionStatusName};
use crate::domain::{
    attention::Attention,
    batch::Batch,
    item::{Item, ItemStatus},
    order::{Order, OrderStatus},
    station::Station,
    table::{Table, TableSession},
};
use crate::wire::time::Written;
use jiff::Timestamp;
use serde::{Deserialize, Serialize, Serializer};
use utoipa::ToSchema;
use uuid::Uuid;

/// A time as the contracts have it: `2024-01-01T00:00:00.000Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, format = DateTime, examples("2024-01-01T00:00:00.000Z"))]
pub struct Time(pub Timestamp);

impl std::fmt::Display for Time {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        Written(self.0).fmt(f)
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A line of an order.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Item)]
pub struct ItemBody {
    pub id: Uuid,
    pub order_id: Uuid,
    pub name: String,
    pub qty: u32,
    /// Fixed scale, e.g. `"15.50"`.
    pub unit_price: String,
    #[schema(value_type = ItemStatusName)]
    pub status: ItemStatus,
    pub notes: Option<String>,
    pub created_at: Time,
    pub updated_at: Time,
    pub menu_item_id: Option<Uuid>,
    pub course: Option<String>,
    pub station: Option<String>,
    /// True where it was added after the order was confirmed.
    pub late: bool,
    pub version: u32,
    /// When the kitchen could begin: sent, or fired where it was held.
    pub sent_at: Option<Time>,
    pub started_at: Option<Time>,
    pub ready_at: Option<Time>,
    pub served_at: Option<Time>,
    /// The bump that made it ready, for `POST /undo`.
    pub batch_id: Option<Uuid>,
    /// What the kitchen has not acknowledged yet.
    #[schema(value_type = Option<AttentionName>)]
    pub attention: Option<Attention>,
    pub acknowledged_at: Option<Time>,
}

impl From<&Item> for ItemBody {
    fn from(item: &Item) -> Self {
        Self {
            id: item.id.0,
            order_id: item.order.0,
            name: item.name.to_string(),
            qty: item.qty,
            unit_price: item.unit_price.to_string(),
            status: item.status,
            notes: item.notes.as_ref().map(ToString::to_string).filter(|notes| !notes.is_empty()),
            created_at: Time(item.created_at),
            updated_at: Time(item.updated_at),
            menu_item_id: item.menu_item.map(|id| id.0),
            course: item.course.as_ref().map(ToString::to_string),
            station: item.station.as_ref().map(ToString::to_string),
            late: item.late,
            version: item.version,
            sent_at: item.times.sent.map(Time),
            started_at: item.times.started.map(Time),
            ready_at: item.times.ready.map(Time),
            served_at: item.times.served.map(Time),
            batch_id: item.batch.map(|batch| batch.0),
            attention: item.attention,
            acknowledged_at: item.acknowledged_at.map(Time),
        }
    }
}

/// An order with its lines.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Order)]
pub struct OrderBody {
    pub id: Uuid,
    pub restaurant_id: Uuid,
    pub table_session_id: Option<Uuid>,
    #[schema(value_type = OrderStatusName)]
    pub status: OrderStatus,
    pub items: Vec<ItemBody>,
    pub created_at: Time,
    pub updated_at: Time,
    /// Ticket number, from confirmation on.
    pub number: Option<u64>,
    pub note: Option<String>,
    pub table_id: Option<Uuid>,
    pub table_name: Option<String>,
    /// Sum of the live lines, fixed scale.
    pub total: String,
    pub currency: &'static str,
    pub confirmed_at: Option<Time>,
    pub created_by: Uuid,
    pub version: u32,
    /// 0 is usual; what has more comes first.
    pub priority: u8,
    /// When the kitchen acknowledged the order as a whole.
    pub acknowledged_at: Option<Time>,
    /// What another system called it, where it moved in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
}

impl From<&Order> for OrderBody {
    fn from(order: &Order) -> Self {
        let place = order.place.as_ref();
        Self {
            id: order.id.0,
            restaurant_id: order.restaurant.0,
            table_session_id: place.map(|place| place.session.0),
            status: order.status(),
            items: order.items.iter().map(ItemBody::from).collect(),
            created_at: Time(order.created_at),
            updated_at: Time(order.updated_at),
            number: order.number,
            note: order.note.as_ref().map(ToString::to_string).filter(|note| !note.is_empty()),
            table_id: place.map(|place| place.table.0),
            table_name: place.map(|place| place.table_name.to_string()),
            total: order.total().to_string(),
            currency: order.currency.code(),
            confirmed_at: order.confirmed_at.map(Time),
            created_by: order.created_by.0,
            version: order.version,
            priority: order.priority,
            acknowledged_at: order.acknowledged_at.map(Time),
            external_id: order.external_id.as_ref().map(ToString::to_string),
        }
    }
}

/// A table.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Table)]
pub struct TableBody {
    pub id: Uuid,
    pub name: String,
    pub created_at: Time,
    /// What another system called it, where it moved in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
}

impl From<&Table> for TableBody {
    fn from(table: &Table) -> Self {
        Self {
            id: table.id.0,
            name: table.name.to_string(),
            created_at: Time(table.created_at),
            external_id: table.external_id.as_ref().map(ToString::to_string),
        }
    }
}

/// A session of guests at a table.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = TableSession)]
pub struct TableSessionBody {
    pub id: Uuid,
    pub table_id: Uuid,
    #[schema(value_type = TableSessionStatusName)]
    pub status: &'static str,
    pub opened_at: Time,
    pub closed_at: Option<Time>,
    pub covers: Option<u32>,
    pub table_name: String,
    pub opened_by: Uuid,
}

impl From<&TableSession> for TableSessionBody {
    fn from(session: &TableSession) -> Self {
        Self {
            id: session.id.0,
            table_id: session.table.0,
            status: session.status(),
            opened_at: Time(session.opened_at),
            closed_at: session.closed_at.map(Time),
            covers: session.covers,
            table_name: session.table_name.to_string(),
            opened_by: session.opened_by.0,
        }
    }
}

/// Where in the kitchen lines are made.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Station)]
pub struct StationBody {
    pub id: Uuid,
    /// What a line's `station` says.
    pub name: String,
    /// Of the menu; their dishes are made here unless a dish names another station.
    pub categories: Vec<String>,
    /// Seconds after which a line is ageing.
    pub warn_after_s: u32,
    /// Seconds after which it is late.
    pub late_after_s: u32,
    /// True for the one that gets the lines which name no station.
    pub is_default: bool,
    pub created_at: Time,
    pub updated_at: Time,
    pub version: u32,
}

impl From<&Station> for StationBody {
    fn from(station: &Station) -> Self {
        Self {
            id: station.id.0,
            name: station.name.to_string(),
            categories: station.categories.iter().map(ToString::to_string).collect(),
            warn_after_s: station.warn_after_s,
            late_after_s: station.late_after_s,
            is_default: station.is_default,
            created_at: Time(station.created_at),
            updated_at: Time(station.updated_at),
            version: station.version,
        }
    }
}

/// Lines that were bumped together, and the order since.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Batch)]
pub struct BatchBody {
    /// Null where nothing was left to bump.
    pub batch_id: Option<Uuid>,
    /// The lines that moved.
    pub item_ids: Vec<Uuid>,
    /// Until when `POST /undo` takes it back.
    pub undo_until: Option<Time>,
    pub undone_at: Option<Time>,
    pub order: OrderBody,
}

impl BatchBody {
    pub fn of(batch: Option<&Batch>, order: &Order) -> Self {
        Self {
            batch_id: batch.map(|batch| batch.id.0),
            item_ids: batch
                .map_or_else(Vec::new, |batch| batch.lines.iter().map(|line| line.item.0).collect()),
            undo_until: batch.map(|batch| Time(batch.undo_until())),
            undone_at: batch.and_then(|batch| batch.undone_at).map(Time),
            order: OrderBody::from(order),
        }
    }
}
