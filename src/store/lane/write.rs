//! What a group of commands changed, in one round trip. Every update repeats the state it was decided on.

use super::{
    Results, StoreError, Tx, board, catalogue, production, resources,
    work::{Before, Work},
};
use crate::{
    domain::{
        attention::Attention,
        batch::Batch,
        ids::{EventId, RestaurantId, StreamId},
        item::Item,
        order::Order,
        stream::Stream,
        workspace::{Row, Workspace},
    },
    store::{
        pipeline::{Pipeline, params},
        sql,
    },
};
use jiff::Timestamp;
use serde_json::Value;

/// Writes the dirty rows, the drafts' audit and the kept answers.
pub(super) async fn write(
    tx: &Tx,
    stream: Stream,
    work: &Work,
    results: &Results<'_>,
    at: Timestamp,
) -> Result<(), StoreError> {
    let mut pipeline = Pipeline::default();
    match work {
        Work::Restaurant { workspace, before } => {
            restaurant(&mut pipeline, workspace, *before, results, at)?;
        }
        Work::Board(shelf) => board::write(&mut pipeline, stream, shelf),
    }
    for kept in &results.kept {
        let outcome = serde_json::to_value(&kept.outcome).map_err(corrupt)?;
        let (key, fingerprint) = (kept.key.key.clone(), kept.key.fingerprint.to_vec());
        let id = StreamId::from(stream).0;
        let params = params![id, kept.user.0, kept.scope, key, fingerprint, outcome, at];
        pipeline.add(sql!("lane/insert_key"), 1, params);
    }
    if pipeline.is_empty() { Ok(()) } else { pipeline.run(tx).await }
}

fn restaurant(
    pipeline: &mut Pipeline,
    workspace: &Workspace,
    before: Before,
    results: &Results<'_>,
    at: Timestamp,
) -> Result<(), StoreError> {
    let id = workspace.restaurant;
    for row in workspace.dirty_tables() {
        let table = &row.now;
        let external_id = table.external_id.as_ref().map(ToString::to_string);
        match &row.loaded {
            None => {
                let params = params![id.0, table.id.0, table.name.to_string(), table.created_at, external_id];
                pipeline.add(sql!("lane/insert_table"), 1, params);
            }
            // All else about a table stays.
            Some(_) => pipeline.add(sql!("lane/name_table"), 1, params![id.0, table.id.0, external_id]),
        }
    }
    // The closed first, then the moved, then the opened: a table may see all in one group, and has one open session at most.
    for is_open in [false, true] {
        for row in workspace.dirty_sessions().filter(|row| row.now.is_open() == is_open) {
            let (session, Some(before)) = (&row.now, &row.loaded) else { continue };
            let params = params![id.0, session.id.0, session.table.0, session.closed_at, before.table.0];
            pipeline.add(sql!("lane/update_session"), 1, params);
        }
    }
    for row in workspace.dirty_sessions().filter(|row| row.loaded.is_none()) {
        let session = &row.now;
        pipeline.add(
            sql!("lane/insert_session"),
            1,
            params![
                id.0,
                session.id.0,
                session.table.0,
                session.covers.map(|covers| covers as i32),
                session.opened_by.0,
                session.opened_at,
                session.closed_at,
            ],
        );
    }
    catalogue::write(pipeline, workspace);
    if workspace.last_order_number != before.order_number {
        let params = params![id.0, workspace.last_order_number as i64, before.order_number as i64];
        pipeline.add(sql!("lane/update_number"), 1, params);
    }
    for row in workspace.dirty_orders() {
        order(pipeline, id, row);
    }
    for row in workspace.dirty_batches() {
        batch(pipeline, id, row)?;
    }
    for row in workspace.dirty_production_orders() {
        production::write(pipeline, id, row);
    }
    resources::write(pipeline, id, workspace.shelf(), before.customer_number, at);
    for caused in &results.audit {
        let step = serde_json::to_value(&caused.fact.step).map_err(corrupt)?;
        let kind = step.get("kind").and_then(Value::as_str).unwrap_or_default().to_owned();
        let body = step.get("body").cloned();
        let params = params![id.0, EventId::generate().0, caused.fact.order.0, at, caused.by.0, kind, body];
        pipeline.add(sql!("lane/insert_audit"), 1, params);
    }
    Ok(())
}

fn corrupt(error: serde_json::Error) -> StoreError {
    StoreError::Corrupt(error.to_string())
}

fn order(pipeline: &mut Pipeline, id: RestaurantId, row: &Row<Order>) {
    let order = &row.now;
    let (number, status) = (order.number.map(|number| number as i64), order.status().name());
    let note = order.note.as_ref().map(ToString::to_string);
    match &row.loaded {
        None => pipeline.add(
            sql!("lane/insert_order"),
            1,
            params![
                id.0,
                order.id.0,
                order.place.as_ref().map(|place| place.session.0),
                number,
                order.lifecycle.name(),
                status,
                note,
                order.version as i32,
                order.created_by.0,
                order.created_at,
                order.confirmed_at,
                order.updated_at,
                order.customer.map(|customer| customer.id.0),
                order.external_id.as_ref().map(ToString::to_string),
            ],
        ),
        Some(before) => pipeline.add(
            sql!("lane/update_order"),
            1,
            params![
                id.0,
                order.id.0,
                number,
                order.lifecycle.name(),
                status,
                note,
                order.version as i32,
                order.confirmed_at,
                order.updated_at,
                before.version as i32,
                before.lifecycle.name(),
                order.place.as_ref().map(|place| place.session.0),
                i16::from(order.priority),
                order.acknowledged_at,
            ],
        ),
    }
    let before = row.loaded.as_ref().map(|order| order.items.as_slice()).unwrap_or_default();
    for gone in before.iter().filter(|item| order.item(item.id).is_err()) {
        pipeline.add(sql!("lane/delete_item"), 1, params![id.0, gone.id.0, gone.version as i32]);
    }
    for item in &order.items {
        match before.iter().find(|old| old.id == item.id) {
            None => insert_item(pipeline, id, item),
            Some(old) if old != item => update_item(pipeline, id, old, item),
            Some(_) => {}
        }
    }
}

/// A batch is made, and at most once undone.
fn batch(pipeline: &mut Pipeline, id: RestaurantId, row: &Row<Batch>) -> Result<(), StoreError> {
    let batch = &row.now;
    if row.loaded.is_some() {
        pipeline.add(sql!("lane/undo_batch"), 1, params![id.0, batch.id.0, batch.undone_at]);
        return Ok(());
    }
    let (station, lines) =
        (batch.station.map(|station| station.0), serde_json::to_value(&batch.lines).map_err(corrupt)?);
    let Batch { made_by, made_at, undone_at, .. } = *batch;
    let params = params![id.0, batch.id.0, batch.order.0, station, made_by.0, made_at, undone_at, lines];
    pipeline.add(sql!("lane/insert_batch"), 1, params);
    Ok(())
}

fn insert_item(pipeline: &mut Pipeline, id: RestaurantId, item: &Item) {
    pipeline.add(
        sql!("lane/insert_item"),
        1,
        params![
            id.0,
            item.id.0,
            item.order.0,
            item.name.to_string(),
            item.qty as i32,
            item.unit_price.minor,
            item.status.name(),
            item.notes.as_ref().map(ToString::to_string),
            item.menu_item.map(|dish| dish.0),
            item.course.as_ref().map(ToString::to_string),
            item.station.as_ref().map(ToString::to_string),
            item.late,
            item.version as i32,
            item.created_at,
            item.updated_at,
            item.times.sent,
            item.times.started,
            item.times.ready,
            item.times.served,
            item.batch.map(|batch| batch.0),
            item.attention.map(Attention::name),
            item.acknowledged_at,
        ],
    );
}

fn update_item(pipeline: &mut Pipeline, id: RestaurantId, old: &Item, item: &Item) {
    pipeline.add(
        sql!("lane/update_item"),
        1,
        params![
            id.0,
            item.id.0,
            item.qty as i32,
            item.status.name(),
            item.notes.as_ref().map(ToString::to_string),
            item.course.as_ref().map(ToString::to_string),
            item.station.as_ref().map(ToString::to_string),
            item.version as i32,
            item.updated_at,
            old.version as i32,
            old.status.name(),
            item.times.sent,
            item.times.started,
            item.times.ready,
            item.times.served,
            item.batch.map(|batch| batch.0),
            item.attention.map(Attention::name),
            item.acknowledged_at,
        ],
    );
}
