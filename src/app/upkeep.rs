//! What runs beside the requests: telling live sockets of revoked logins, dishes whose time has come, the log's partitions, old answers, gauges.

use crate::{
    actors::{directory::RoomDirectory, order_registry::OrdersHandle},
    auth::{Revocations, Verifier},
    code::ErrorCode,
    config::sections::Log,
    domain::{
        command::Command,
        ids::{MenuItemId, RestaurantId},
        principal::Principal,
    },
    store::{Store, lane::Request, logins::Change},
    telemetry::metrics::Metrics,
};
use jiff::Timestamp;
use std::time::Duration;
use tokio::time::timeout;

/// A revoked login must be felt within 5 s; this leaves room for a slow database.
const REVOCATIONS: Duration = Duration::from_secs(1);
/// One look; a frozen database keeps no time itself.
const POLL_WITHIN: Duration = Duration::from_secs(2);
/// People look at a clock in minutes.
const MENU: Duration = Duration::from_secs(1);
/// Dishes of one look; the rest is due in the next.
const DISHES: i32 = 1_000;
const GAUGES: Duration = Duration::from_secs(1);
/// Partitions are made months ahead and answers kept for days: an hour is soon enough for both.
const CHORES: Duration = Duration::from_secs(3600);
/// Rows a purge deletes in one transaction; it goes on until none is left.
const PURGE: i32 = 5_000;

/// Ends live sockets whose login, user or role has changed, for as long as it is polled.
pub async fn watch_revocations(store: Store, verifier: Verifier, rooms: RoomDirectory) {
    let mut revocations = loop {
        match Revocations::start(store.clone(), verifier.clone()).await {
            Ok(revocations) => break revocations,
            Err(error) => tracing::warn!(%error, "cannot watch for revoked logins yet"),
        }
        tokio::time::sleep(REVOCATIONS).await;
    };
    loop {
        tokio::time::sleep(REVOCATIONS).await;
        // Nothing is lost by a look that fails: the next one tells it.
        match timeout(POLL_WITHIN, revocations.poll()).await {
            Ok(Ok(changes)) => changes.iter().for_each(|change| dismiss(&rooms, change)),
            Ok(Err(error)) => tracing::warn!(%error, "cannot look for revoked logins"),
            Err(_) => tracing::warn!("cannot look for revoked logins: no answer"),
        }
    }
}

fn dismiss(rooms: &RoomDirectory, change: &Change) {
    match *change {
        Change::LoginRevoked(login, _) => rooms.dismiss_login(login, ErrorCode::Removed),
        Change::UserRemoved(user) => rooms.dismiss_user(user, ErrorCode::Removed),
        // Who has another role now comes back, and is then what the database says.
        Change::RoleChanged(user) => rooms.dismiss_user(user, ErrorCode::TokenExpired),
    }
}

/// Lets the clock make dishes available, or sold out, through the registry like anyone else.
pub async fn watch_menu(store: Store, orders: OrdersHandle) {
    loop {
        tokio::time::sleep(MENU).await;
        match timeout(POLL_WITHIN, store.due_menu_items(Timestamp::now(), DISHES)).await {
            Ok(Ok(due)) => {
                for (restaurant, dish) in due {
                    pass(&orders, restaurant, dish).await;
                }
            }
            Ok(Err(error)) => tracing::warn!(%error, "cannot look for dishes whose time has come"),
            Err(_) => tracing::warn!("cannot look for dishes whose time has come: no answer"),
        }
    }
}

/// What fails is due still, and tried again with the next look.
async fn pass(orders: &OrdersHandle, restaurant: RestaurantId, dish: MenuItemId) {
    let principal = Principal::system(restaurant);
    let command = Command::PassAvailability { dish };
    let request = Request { principal, command, if_match: None, key: None };
    if let Err(code) = orders.execute(request).await {
        tracing::warn!(restaurant.id = %restaurant, error.code = %code, "a dish's time has come and it waits");
    }
}

/// Keeps the gauges current that nobody moves by itself.
pub async fn watch_gauges(store: Store, rooms: RoomDirectory, metrics: Metrics) {
    loop {
        metrics.display_lag(rooms.lag());
        let (size, available, waiting) = store.connections();
        metrics.pool(size, available, waiting);
        tokio::time::sleep(GAUGES).await;
    }
}

/// Makes partitions and purges old answers, now and every hour.
pub async fn chores(store: Store, log: Log) {
    loop {
        if let Err(error) = store.make_partitions(log.partitions_ahead).await {
            tracing::error!(%error, "cannot make the log's next partitions");
        }
        loop {
            match store.purge_keys(*log.idempotency_ttl, PURGE).await {
                Ok(gone) if gone >= i64::from(PURGE) => {}
                Ok(_) => break,
                Err(error) => {
                    tracing::warn!(%error, "cannot purge old answers");
                    break;
                }
            }
        }
        tokio::time::sleep(CHORES).await;
    }
}
