//! What a group of commands needs to know, in one round trip.

use super::{
    Request, StoreError, Tx, board,
    named::Named,
    resources,
    work::{Before, Work},
};
use crate::{
    domain::{
        command::Outcome,
        ids::{RestaurantId, StreamId, UserId},
        stream::{Epoch, Seq, Stream},
        workspace::Workspace,
    },
    store::{rows, sql, tx::Params},
};
use futures_util::try_join;
use jiff::Timestamp;
use tokio_postgres::Row;
use uuid::Uuid;

/// The stream's owner as far as the group needs it.
pub(super) struct Loaded {
    pub(super) epoch: Epoch,
    pub(super) seq: Seq,
    pub(super) work: Work,
    pub(super) keys: Vec<StoredKey>,
}

/// An answer that was given under a key.
pub(super) struct StoredKey {
    pub(super) user: UserId,
    pub(super) scope: String,
    pub(super) key: String,
    pub(super) fingerprint: Vec<u8>,
    pub(super) outcome: Outcome,
}

/// Asks only where the commands named something.
async fn rows_if(wanted: bool, tx: &Tx, sql: &str, params: Params<'_>) -> Result<Vec<Row>, StoreError> {
    if wanted { tx.query(sql, params).await } else { Ok(Vec::new()) }
}

/// `None` for a stream that does not exist.
pub(super) async fn load(
    tx: &Tx,
    stream: Stream,
    requests: &[Request],
    at: Timestamp,
) -> Result<Option<Loaded>, StoreError> {
    let id = StreamId::from(stream).0;
    // The lock must be held before anything else is read.
    let Some(locked) = tx.query_opt(sql!("lane/lock"), &[&id]).await? else { return Ok(None) };
    let answered = answered(tx, id, requests);
    let (keys, work) = match stream {
        Stream::Restaurant(id) => try_join!(answered, restaurant(tx, id, requests))?,
        Stream::Board(id) => {
            let (keys, shelf) = try_join!(answered, board::load(tx, id, requests, at))?;
            (keys, Some(Work::Board(shelf)))
        }
    };
    Ok(work.map(|work| Loaded {
        epoch: Epoch(locked.get::<_, &str>("epoch").into()),
        seq: locked.get::<_, i64>("seq") as Seq,
        work,
        keys,
    }))
}

/// The answers that were given under the requests' keys.
async fn answered(tx: &Tx, stream: Uuid, requests: &[Request]) -> Result<Vec<StoredKey>, StoreError> {
    let keyed = || requests.iter().filter_map(|request| Some((request, request.key.as_ref()?)));
    let users: Vec<Uuid> = keyed().map(|(request, _)| request.principal.user.0).collect();
    let scopes: Vec<&str> = keyed().map(|(request, _)| request.command.name()).collect();
    let keys: Vec<&str> = keyed().map(|(_, key)| key.key.as_str()).collect();
    let by_key: Params<'_> = &[&stream, &users, &scopes, &keys];
    let found = rows_if(!keys.is_empty(), tx, sql!("lane/keys"), by_key).await?;
    found.iter().map(stored_key).collect()
}

/// `None` for a restaurant that does not exist.
async fn restaurant(
    tx: &Tx,
    restaurant: RestaurantId,
    requests: &[Request],
) -> Result<Option<Work>, StoreError> {
    let id = restaurant.0;
    let mut named = Named::of(requests);
    if !named.closing.is_empty() {
        let open = tx.query(sql!("lane/open_orders"), &[&id, &named.closing]).await?;
        named.orders.extend(open.iter().map(|row| row.get::<_, Uuid>("id")));
    }
    if !named.moving.is_empty() {
        let moving: Params<'_> = &[&id, &named.moving];
        let lines = tx.query(sql!("lane/orders_at_stations"), moving).await?;
        let dishes = tx.query(sql!("lane/dishes_of_stations"), moving).await?;
        named.orders.extend(lines.iter().map(|row| row.get::<_, Uuid>("id")));
        named.menu.extend(dishes.iter().map(|row| row.get::<_, Uuid>("id")));
    }
    let by_batch: Params<'_> = &[&id, &named.batches];
    let batches = rows_if(!named.batches.is_empty(), tx, sql!("lane/batches"), by_batch).await?;
    named.orders.extend(batches.iter().map(|row| row.get::<_, Uuid>("order_id")));

    if !named.numbers.is_empty() {
        let numbered = tx.query(sql!("lane/orders_by_number"), &[&id, &named.numbers]).await?;
        named.orders.extend(numbered.iter().map(|row| row.get::<_, Uuid>("id")));
    }

    let orders = !named.orders.is_empty();
    let sessions = !named.sessions.is_empty() || !named.seated.is_empty() || !named.tables.is_empty();
    let tables = !named.tables.is_empty() || !named.table_names.is_empty();
    let menu = !named.menu.is_empty() || !named.served_from_menu.is_empty() || named.whole_menu;
    let by_restaurant: Params<'_> = &[&id];
    let by_order: Params<'_> = &[&id, &named.orders];
    let by_session: Params<'_> = &[&id, &named.sessions, &named.seated, &named.tables];
    let by_table: Params<'_> = &[&id, &named.tables, &named.table_names];
    let by_dish: Params<'_> = &[&id, &named.menu, &named.served_from_menu, &named.whole_menu];
    let by_customer: Params<'_> = &[&id, &named.customers];
    let by_production: Params<'_> = &[&id, &named.production];
    // All of it leaves together.
    let (house, orders, items, sessions, tables, menu, stations, categories, customers, production) = try_join!(
        tx.query_opt(sql!("lane/restaurant"), by_restaurant),
        rows_if(orders, tx, sql!("lane/orders"), by_order),
        rows_if(orders, tx, sql!("lane/items"), by_order),
        rows_if(sessions, tx, sql!("lane/sessions"), by_session),
        rows_if(tables, tx, sql!("lane/tables"), by_table),
        rows_if(menu, tx, sql!("lane/menu"), by_dish),
        rows_if(named.stations, tx, sql!("lane/stations"), by_restaurant),
        rows_if(named.categories, tx, sql!("lane/categories"), by_restaurant),
        rows_if(!named.customers.is_empty(), tx, sql!("lane/customers"), by_customer),
        rows_if(!named.production.is_empty(), tx, sql!("lane/production_orders"), by_production),
    )?;

    let Some(house) = house else { return Ok(None) };
    let currency = rows::currency(&house)?;
    let last_order_number = house.get::<_, i64>("last_order_number") as u64;
    let last_customer_number = house.get::<_, i64>("last_customer_number") as u64;
    let mut workspace = Workspace::new(restaurant, currency, last_order_number);
    workspace.shelf_mut().last_customer_number = last_customer_number;
    resources::Named::of(requests).load(tx, restaurant, workspace.shelf_mut()).await?;
    for order in rows::orders(&orders, &items, restaurant, currency)? {
        workspace.load_order(order);
    }
    for row in &sessions {
        workspace.load_session(rows::table_session(row)?);
    }
    for row in &tables {
        workspace.load_table(rows::table(row)?);
    }
    for row in &menu {
        workspace.load_menu_item(rows::menu_item(row, currency)?);
    }
    for row in &stations {
        workspace.load_station(rows::station(row)?);
    }
    for row in &categories {
        workspace.load_category(rows::category(row)?);
    }
    for row in &batches {
        workspace.load_batch(rows::batch(row)?);
    }
    for row in &customers {
        workspace.load_customer(rows::customer(row)?);
    }
    for row in &production {
        workspace.load_production_order(rows::production_order(row)?);
    }
    let before = Before { order_number: last_order_number, customer_number: last_customer_number };
    Ok(Some(Work::Restaurant { workspace: Box::new(workspace), before }))
}

fn stored_key(row: &Row) -> Result<StoredKey, StoreError> {
    let outcome = serde_json::from_value(row.get("outcome"));
    Ok(StoredKey {
        user: UserId(row.get("user_id")),
        scope: row.get("scope"),
        key: row.get("key"),
        fingerprint: row.get("fingerprint"),
        outcome: outcome.map_err(|e| StoreError::Corrupt(format!("a stored answer: {e}")))?,
    })
}
