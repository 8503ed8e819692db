//! Writing production orders: what was made, what was changed, what was deleted.

use crate::store::pipeline::params;
use crate::{
    domain::{ids::RestaurantId, production::ProductionOrder, workspace::Row},
    store::{pipeline::Pipeline, sql},
};

/// Brings the row to what it is now.
pub(super) fn write(pipeline: &mut Pipeline, id: RestaurantId, row: &Row<Option<ProductionOrder>>) {
    let before = row.loaded.as_ref().and_then(Option::as_ref);
    match (before, &row.now) {
        // Made and deleted within one group.
        (None, None) => {}
        (None, Some(order)) => pipeline.add(
            sql!("lane/insert_production_order"),
            1,
            params![
                id.0,
                order.id.0,
                order.title.to_string(),
                order.customer_name.as_ref().map(ToString::to_string),
                order.status.to_string(),
                order.estimated_date,
                order.date_issued,
                order.version as i32,
                order.created_by.0,
                order.created_at,
                order.updated_at,
                order.external_id.as_ref().map(ToString::to_string),
            ],
        ),
        (Some(before), Some(order)) => pipeline.add(
            sql!("lane/update_production_order"),
            1,
            params![
                id.0,
                order.id.0,
                order.title.to_string(),
                order.customer_name.as_ref().map(ToString::to_string),
                order.status.to_string(),
                order.estimated_date,
                order.date_issued,
                order.version as i32,
                order.updated_at,
                before.version as i32,
                before.status.to_string(),
            ],
        ),
        (Some(before), None) => {
            let params = params![id.0, before.id.0, before.version as i32, before.status.to_string()];
            pipeline.add(sql!("lane/delete_production_order"), 1, params);
        }
    }
}
