//! A lunch hour in the demo, a restaurant: planned beforehand ([`schedule`]), then played by the restaurant's own people
//! through the commands that everybody gives ([`party`]).

mod cast;
mod dice;
mod party;
mod scene;
mod schedule;

use crate::{
    actors::order_registry::OrdersHandle,
    domain::{ids::RestaurantId, principal::Principal},
    doors::http::lunch::{Lunch, Lunches, Playing},
    store::Store,
};
use cast::Cast;
use futures_util::future::LocalBoxFuture;
use jiff::Timestamp;
use party::Party;
use scene::{Moment, Step};
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};
use tokio::{sync::watch, time::Instant};

/// What plays them.
pub fn lunches(store: Store, orders: OrdersHandle) -> Arc<dyn Lunches> {
    Arc::new(Player { store, orders, hours: Arc::default() })
}

/// Plays lunch hours. A cheap handle.
#[derive(Clone)]
struct Player {
    store: Store,
    orders: OrdersHandle,
    hours: Arc<Mutex<HashMap<RestaurantId, Hour>>>,
}

/// Takes an hour off the list when it is over, also where its task panics or the server stops.
struct Over<'a>(&'a Player, RestaurantId);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.hours().remove(&self.1);
    }
}

/// One that is being played.
struct Hour {
    lunch: Lunch,
    since: Timestamp,
    orders: Arc<AtomicU64>,
    /// True: let the guests go.
    stop: watch::Sender<bool>,
}

impl Player {
    fn hours(&self) -> MutexGuard<'_, HashMap<RestaurantId, Hour>> {
        self.hours.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Plays to the end, or until told to stop; either way nobody of the play is left in the restaurant.
    async fn play(self, manager: Principal, lunch: Lunch, sent: Arc<AtomicU64>, stop: watch::Receiver<bool>) {
        let restaurant = manager.restaurant;
        let _over = Over(&self, restaurant);
        match Cast::gather(&self.store, &manager, self.orders.clone(), sent).await {
            Ok(cast) => {
                perform(&cast, lunch, stop).await;
                tracing::info!(restaurant.id = %restaurant, "the lunch hour is over");
            }
            Err(error) => tracing::warn!(restaurant.id = %restaurant, %error, "no lunch hour can be played"),
        }
    }
}

async fn perform(cast: &Cast, lunch: Lunch, mut stop: watch::Receiver<bool>) {
    let moments = schedule::lunch(lunch.seed, lunch.minutes, cast.tables.len(), &cast.courses());
    let begun = Instant::now();
    let mut parties: HashMap<usize, Party> = HashMap::new();
    for Moment { at, party, step } in moments {
        tokio::select! {
            () = tokio::time::sleep_until(begun + at / lunch.speed) => {}
            // Closed: the server stops, and with it the play.
            _ = stop.wait_for(|stop| *stop) => break,
        }
        if step == Step::Pay {
            if let Some(party) = parties.remove(&party) {
                party.go(cast).await;
            }
        } else {
            parties.entry(party).or_default().step(cast, step).await;
        }
    }
    for party in parties.into_values() {
        party.go(cast).await;
    }
}

impl Lunches for Player {
    fn playing(&self, manager: &Principal) -> Option<Playing> {
        let hours = self.hours();
        let Hour { lunch, since, orders, .. } = hours.get(&manager.restaurant)?;
        Some(Playing { lunch: *lunch, since: *since, orders: orders.load(Relaxed) })
    }

    fn start(&self, manager: &Principal, lunch: Lunch) -> bool {
        let mut hours = self.hours();
        if hours.contains_key(&manager.restaurant) {
            return false;
        }
        let (stop, stopped) = watch::channel(false);
        let orders = Arc::new(AtomicU64::new(0));
        let hour = Hour { lunch, since: Timestamp::now(), orders: orders.clone(), stop };
        hours.insert(manager.restaurant, hour);
        actix::spawn(self.clone().play(manager.clone(), lunch, orders, stopped));
        true
    }

    fn stop(&self, manager: &Principal) -> LocalBoxFuture<'static, ()> {
        /// Between two looks whether it is over.
        const LOOK_EVERY: Duration = Duration::from_millis(20);
        let (player, restaurant) = (self.clone(), manager.restaurant);
        if let Some(hour) = player.hours().get(&restaurant) {
            hour.stop.send_replace(true);
        }
        Box::pin(async move {
            while player.hours().contains_key(&restaurant) {
                tokio::time::sleep(LOOK_EVERY).await;
            }
        })
    }
}
