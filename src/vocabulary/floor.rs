//! What the restaurant vocabulary says of table sessions.

use super::restaurant::TableSessionChanged;
use crate::domain::event::{Recorded, Reseated, SessionMerge, SessionMove};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

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
