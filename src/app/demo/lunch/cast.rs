//! Who plays a lunch hour, and with what: the restaurant's own people, its free tables, its menu.

use super::schedule::Course;
use crate::{
    actors::order_registry::OrdersHandle,
    code::ErrorCode,
    domain::{
        command::{Command, IdempotencyKey, Reply},
        ids::{MenuItemId, OrderId, TableId},
        order::Order,
        principal::{Principal, Role},
    },
    store::{Store, StoreError, lane::Request, reads::PageRequest},
};
use jiff::Timestamp;
use std::{
    collections::HashSet,
    sync::{Arc, atomic::AtomicU64},
    time::Duration,
};
use uuid::Uuid;

/// Looked through for a waiter and a cook.
const PEOPLE: u32 = 100;
/// A command that could not be carried out now is tried so often,
const TRIES: u32 = 5;
/// with this pause.
const PAUSE: Duration = Duration::from_secs(1);

/// The actors and the stage.
pub struct Cast {
    store: Store,
    orders: OrdersHandle,
    pub waiter: Principal,
    pub cook: Principal,
    pub manager: Principal,
    /// At which nobody sat when the play began.
    pub tables: Vec<TableId>,
    /// Those that can be had.
    pub dishes: Vec<(MenuItemId, Course)>,
    /// Orders sent to the kitchen.
    pub sent: Arc<AtomicU64>,
}

impl Cast {
    /// Where the restaurant has no waiter or no cook yet, the manager who asked does the work.
    pub async fn gather(
        store: &Store,
        manager: &Principal,
        orders: OrdersHandle,
        sent: Arc<AtomicU64>,
    ) -> Result<Self, StoreError> {
        let restaurant = manager.restaurant;
        let people = store.people(restaurant, None, &PageRequest { limit: PEOPLE, after: None }).await?;
        let who = |role: Role| {
            let found = people.rows.iter().find(|person| person.role == role);
            found.map_or_else(|| manager.clone(), |person| Principal::of(person.user, role, restaurant))
        };
        let board = store.board(restaurant, Timestamp::now()).await?;
        let taken: HashSet<TableId> = board.sessions.iter().map(|session| session.table).collect();
        let (_, menu) = store.menu(restaurant).await?;
        let dishes = menu.iter().filter(|dish| dish.available && dish.remaining.is_none());
        Ok(Self {
            store: store.clone(),
            orders,
            waiter: who(Role::Waiter),
            cook: who(Role::Kitchen),
            manager: manager.clone(),
            tables: board.tables.iter().map(|table| table.id).filter(|id| !taken.contains(id)).collect(),
            dishes: dishes.map(|dish| (dish.id, course(dish.course.as_ref().map(|c| c.as_str())))).collect(),
            sent,
        })
    }

    pub fn courses(&self) -> Vec<Course> {
        self.dishes.iter().map(|(_, course)| *course).collect()
    }

    /// What an order is now.
    pub async fn looks(&self, order: OrderId) -> Option<Order> {
        self.store.order(self.manager.restaurant, order).await.ok().flatten()
    }

    /// Has it done; `None` where the house says no, as it does where somebody who is real was quicker.
    pub async fn does(&self, who: &Principal, command: Command) -> Option<Reply> {
        let name = command.name();
        let key = IdempotencyKey { key: Uuid::now_v7().to_string(), fingerprint: [0; 32] };
        for _ in 0..TRIES {
            let request = Request {
                principal: who.clone(),
                command: command.clone(),
                if_match: None,
                key: Some(key.clone()),
            };
            match self.orders.execute(request).await {
                Ok(executed) => {
                    let refused = |code: ErrorCode| tracing::debug!(command = name, error.code = %code, "not in this play");
                    return executed.outcome.inspect_err(|rejection| refused(rejection.code)).ok();
                }
                Err(ErrorCode::ShuttingDown) => return None,
                Err(_) => tokio::time::sleep(PAUSE).await,
            }
        }
        None
    }
}

/// By the names that the demo's menu has; what has none is a main course.
fn course(name: Option<&str>) -> Course {
    match name {
        Some("drink") => Course::Drink,
        Some("starter") => Course::Starter,
        Some("dessert") => Course::Dessert,
        _ => Course::Main,
    }
}
