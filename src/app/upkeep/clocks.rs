//! What happens by the clock, through the registry like anyone's command: dishes are there again, or sold out; donations
//! expire. The database says which are due, so a restart forgets none.

use super::POLL_WITHIN;
use crate::{
    actors::order_registry::OrdersHandle,
    code::ErrorCode,
    domain::{
        command::{Command, Reply},
        donation::{DonationCommand, DonationStatus},
        ids::{BoardId, DonationId, MenuItemId, RestaurantId},
        principal::Principal,
    },
    store::{
        Store, StoreError,
        lane::{Executed, Request},
    },
};
use futures_util::future::join_all;
use jiff::Timestamp;
use std::time::Duration;
use tokio::time::timeout;

/// People look at a clock in minutes.
const MENU: Duration = Duration::from_secs(1);
/// Of one restaurant or board after one look: fewer than may wait in a lane, which others want to pass.
const EACH: u32 = 64;
/// The same of all: fewer than may wait in all lanes.
const IN_ALL: u32 = 1_024;

/// Lets the clock make dishes available, or sold out.
pub async fn watch_menu(store: Store, orders: OrdersHandle) {
    let look = async || store.due_menu_items(Timestamp::now(), EACH, IN_ALL).await;
    let act = async |(restaurant, dish)| pass(&orders, restaurant, dish).await;
    by_the_clock("dishes whose time has come", MENU, look, act).await;
}

/// Expires donations whose time is over. A node that another was quicker than finds the donation expired, in the board's
/// lane, and says nothing of it.
pub async fn expire_donations(store: Store, orders: OrdersHandle, every: Duration) {
    let look = async || store.due_donations(EACH, IN_ALL).await;
    let act = async |(board, donation)| expire(&orders, board, donation).await;
    by_the_clock("donations whose time is over", every, look, act).await;
}

/// Looks every `every` for what is due and does it, for as long as it is polled. `act` is true where that is done.
async fn by_the_clock<T>(
    what: &'static str,
    every: Duration,
    look: impl AsyncFn() -> Result<Vec<T>, StoreError>,
    act: impl AsyncFn(T) -> bool,
) {
    loop {
        match timeout(POLL_WITHIN, look()).await {
            Ok(Ok(due)) => {
                // Together: one tenant's go in one group, and one that cannot be done holds none of the others up.
                let more = due.len() >= EACH as usize;
                let done = join_all(due.into_iter().map(|one| act(one))).await;
                // Many are due at once: the next are not late for that. Those that failed would come at once.
                if more && done.into_iter().all(|done| done) {
                    continue;
                }
            }
            Ok(Err(error)) => tracing::warn!(%error, "cannot look for {what}"),
            Err(_) => tracing::warn!("cannot look for {what}: no answer"),
        }
        tokio::time::sleep(every).await;
    }
}

async fn pass(orders: &OrdersHandle, restaurant: RestaurantId, dish: MenuItemId) -> bool {
    let (principal, command) = (Principal::system(restaurant), Command::PassAvailability { dish });
    match executed(orders, principal, command).await {
        Ok(_) => true,
        Err(None) => false,
        Err(Some(code)) => {
            tracing::warn!(restaurant.id = %restaurant, error.code = %code, "a dish's time has come and it waits");
            false
        }
    }
}

async fn expire(orders: &OrdersHandle, board: BoardId, donation: DonationId) -> bool {
    let command = Command::Donation(DonationCommand::Expire { donation });
    match executed(orders, Principal::clock(board), command).await {
        // Available still where the database's clock is ahead of ours.
        Ok(reply) => {
            !matches!(reply, Reply::Donation(donation) if donation.status == DonationStatus::Available)
        }
        Err(None) => false,
        Err(Some(code)) => {
            tracing::warn!(donation.id = %donation, error.code = %code, "cannot expire a donation yet");
            false
        }
    }
}

/// What fails is due still, and found again by the next look. An error without a code is nobody's fault: we stop.
async fn executed(
    orders: &OrdersHandle,
    principal: Principal,
    command: Command,
) -> Result<Reply, Option<ErrorCode>> {
    match orders.execute(Request { principal, command, if_match: None, key: None }).await {
        Ok(Executed { outcome: Ok(reply), .. }) => Ok(reply),
        Ok(Executed { outcome: Err(rejection), .. }) => Err(Some(rejection.code)),
        Err(ErrorCode::ShuttingDown) => Err(None),
        Err(code) => Err(Some(code)),
    }
}
