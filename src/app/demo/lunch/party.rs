//! A party of guests, as the restaurant knows them: their table, their orders, the lines of each.

use super::{
    cast::Cast,
    scene::{Line, Meal, Step},
};
use crate::domain::{
    command::{Command, NewLine, Reply},
    ids::{ItemId, OrderId, TableSessionId},
    item::ItemStatus,
    order::{Order, OrderCommand},
    text::{Note, Reason},
};
use std::{collections::HashMap, sync::atomic::Ordering::Relaxed};

/// Nobody yet; each step finds what the ones before it have made, or does nothing.
#[derive(Default)]
pub struct Party {
    session: Option<TableSessionId>,
    orders: HashMap<Meal, Served>,
}

/// An order in the play.
struct Served {
    id: OrderId,
    /// In the order of the schedule; `None` where the house did not take one.
    lines: Vec<Option<ItemId>>,
}

impl Party {
    /// Anything but paying.
    pub async fn step(&mut self, cast: &Cast, step: Step) {
        match step {
            Step::Seat { table, covers } => self.sit(cast, table, covers).await,
            Step::Order { meal, lines } => self.order(cast, meal, &lines).await,
            Step::Late { meal, line } => {
                if let Some(order) = self.orders.get(&meal) {
                    add(cast, order.id, &line).await;
                }
            }
            Step::Start { meal, line } => self.cook(cast, meal, line, ItemStatus::InProgress).await,
            Step::Ready { meal, line } => self.cook(cast, meal, line, ItemStatus::Ready).await,
            Step::Bump { meal } => self.bump(cast, meal).await,
            Step::See { meal } => self.see(cast, meal).await,
            Step::Void { meal, line } => self.void(cast, meal, line).await,
            Step::Serve { meal } => self.serve(cast, meal).await,
            Step::Pay => {}
        }
    }

    async fn sit(&mut self, cast: &Cast, table: usize, covers: u32) {
        let Some(&table) = cast.tables.get(table) else { return };
        let seated = cast.does(&cast.waiter, Command::OpenTableSession { table, covers: Some(covers) }).await;
        self.session = match seated {
            Some(Reply::TableSession(session)) => Some(session.id),
            // Real guests sit there by now.
            _ => None,
        };
    }

    async fn order(&mut self, cast: &Cast, meal: Meal, lines: &[Line]) {
        let Some(session) = self.session else { return };
        let opened = cast.does(&cast.waiter, Command::OpenOrder { session, note: None }).await;
        let Some(Reply::Order(Order { id, .. })) = opened else { return };
        let mut taken = Vec::new();
        for line in lines {
            taken.push(add(cast, id, line).await);
        }
        self.orders.insert(meal, Served { id, lines: taken });
        if cast.does(&cast.waiter, Command::ConfirmOrder { order: id }).await.is_some() {
            cast.sent.fetch_add(1, Relaxed);
        }
    }

    async fn cook(&self, cast: &Cast, meal: Meal, line: usize, to: ItemStatus) {
        if let Some((order, item)) = self.line(meal, line) {
            let command = Command::SetItemStatus { order, item, to, expected: None, reason: None };
            cast.does(&cast.cook, command).await;
        }
    }

    async fn void(&self, cast: &Cast, meal: Meal, line: usize) {
        let (Some((order, item)), Ok(reason)) = (self.line(meal, line), Reason::parse("se cayó")) else {
            return;
        };
        let to = ItemStatus::Voided;
        let command = Command::SetItemStatus { order, item, to, expected: None, reason: Some(reason) };
        cast.does(&cast.manager, command).await;
        self.see(cast, meal).await;
    }

    async fn bump(&self, cast: &Cast, meal: Meal) {
        if let Some(order) = self.orders.get(&meal) {
            cast.does(&cast.cook, Command::BumpOrder { order: order.id, station: None }).await;
        }
    }

    async fn see(&self, cast: &Cast, meal: Meal) {
        if let Some(order) = self.orders.get(&meal) {
            cast.does(&cast.cook, Command::AcknowledgeOrder { order: order.id, item: None }).await;
        }
    }

    /// Whatever stands ready now, whoever made it so.
    async fn serve(&self, cast: &Cast, meal: Meal) {
        let Some(order) = self.orders.get(&meal) else { return };
        let Some(now) = cast.looks(order.id).await else { return };
        for item in now.items.iter().filter(|item| item.status == ItemStatus::Ready) {
            let (order, item, to) = (order.id, item.id, ItemStatus::Served);
            let command = Command::SetItemStatus { order, item, to, expected: None, reason: None };
            cast.does(&cast.waiter, command).await;
        }
    }

    fn line(&self, meal: Meal, line: usize) -> Option<(OrderId, ItemId)> {
        let order = self.orders.get(&meal)?;
        Some((order.id, (*order.lines.get(line)?)?))
    }

    /// They pay what they had; what they did not get is cancelled. The table is free.
    pub async fn go(self, cast: &Cast) {
        let Some(session) = self.session else { return };
        for (meal, order) in &self.orders {
            let close = Command::Order(order.id, OrderCommand::Close);
            if cast.does(&cast.manager, close).await.is_none() {
                let reason = Reason::parse("se fueron").ok();
                cast.does(&cast.manager, Command::CancelOrder { order: order.id, reason }).await;
                self.see(cast, *meal).await;
            }
        }
        cast.does(&cast.waiter, Command::CloseTableSession { session }).await;
    }
}

async fn add(cast: &Cast, order: OrderId, line: &Line) -> Option<ItemId> {
    let (dish, _) = cast.dishes.get(line.dish)?;
    let line = NewLine {
        menu_item: Some(*dish),
        name: None,
        qty: line.qty,
        unit_price: None,
        notes: line.note.and_then(|note| Note::parse(note).ok()),
        course: None,
        station: None,
    };
    match cast.does(&cast.waiter, Command::AddItem { order, line }).await {
        Some(Reply::Item(item)) => Some(item.id),
        _ => None,
    }
}
