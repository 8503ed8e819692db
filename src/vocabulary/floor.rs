//! What the restaurant vocabulary says of table sessions.

use super::{body::Time, names::TableSessionStatusName};
use crate::domain::{
    event::{Recorded, Reseated, SessionMerge, SessionMove},
    table::TableSession,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// `table.session.opened`, `table.session.closed`.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TableSessionChanged {
    pub table_session_id: Uuid,
    pub table_id: Uuid,
    pub restaurant_id: Uuid,
    #[schema(value_type = TableSessionStatusName)]
    pub status: &'static str,
    pub table_name: String,
    pub covers: Option<u32>,
    pub opened_at: Time,
    pub closed_at: Option<Time>,
    pub updated_at: Time,
}

/// An order that belongs to another table now.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReseatedOrder {
    pub order_id: Uuid,
    pub order_version: u32,
}

fn reseated(orders: &[Reseated]) -> Vec<ReseatedOrder> {
    let body =
        |moved: &Reseated| ReseatedOrder { order_id: moved.order.0, order_version: moved.order_version };
    orders.iter().map(body).collect()
}

/// `table.session.moved`: the session at its new table.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TableSessionMoved {
    #[serde(flatten)]
    pub session: TableSessionChanged,
    pub previous_table_id: Uuid,
    pub orders: Vec<ReseatedOrder>,
}

impl TableSessionMoved {
    pub fn of(moved: &SessionMove, recorded: &Recorded) -> Self {
        Self {
            session: TableSessionChanged::of(&moved.session, recorded),
            previous_table_id: moved.from.0,
            orders: reseated(&moved.orders),
        }
    }
}

/// `table.session.merged`: the session that ended, and the one that has its open orders now.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TableSessionMerged {
    #[serde(flatten)]
    pub session: TableSessionChanged,
    pub into_id: Uuid,
    pub into_table_id: Uuid,
    pub into_table_name: String,
    pub orders: Vec<ReseatedOrder>,
}

impl TableSessionMerged {
    pub fn of(merged: &SessionMerge, recorded: &Recorded) -> Self {
        Self {
            session: TableSessionChanged::of(&merged.session, recorded),
            into_id: merged.into.id.0,
            into_table_id: merged.into.table.0,
            into_table_name: merged.into.table_name.to_string(),
            orders: reseated(&merged.orders),
        }
    }
}

impl TableSessionChanged {
    pub fn of(session: &TableSession, recorded: &Recorded) -> Self {
        Self {
            table_session_id: session.id.0,
            table_id: session.table.0,
            restaurant_id: recorded.restaurant.0,
            status: session.status(),
            table_name: session.table_name.to_string(),
            covers: session.covers,
            opened_at: Time(session.opened_at),
            closed_at: session.closed_at.map(Time),
            updated_at: Time(recorded.at),
        }
    }
}
