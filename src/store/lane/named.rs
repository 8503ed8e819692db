//! Which rows a group of commands needs, by the ids that they name.

use super::Request;
use crate::domain::{command::Command, moving::Moved};
use uuid::Uuid;

/// Ids that the commands name.
#[derive(Default)]
pub(super) struct Named {
    pub(super) orders: Vec<Uuid>,
    /// Of these, those whose table session matters, and those whose dishes do.
    pub(super) seated: Vec<Uuid>,
    pub(super) served_from_menu: Vec<Uuid>,
    pub(super) sessions: Vec<Uuid>,
    /// Sessions to be closed or moved, whose open orders stand in the way or go along.
    pub(super) closing: Vec<Uuid>,
    pub(super) tables: Vec<Uuid>,
    pub(super) table_names: Vec<String>,
    pub(super) menu: Vec<Uuid>,
    /// True where a command asks at which station a line is made.
    pub(super) stations: bool,
    /// Stations that may be called otherwise from now on, or be gone.
    pub(super) moving: Vec<Uuid>,
    /// Bumps to be taken back.
    pub(super) batches: Vec<Uuid>,
    /// True where a command is about the menu's order, and where it may be about any dish.
    pub(super) categories: bool,
    pub(super) whole_menu: bool,
    /// Ticket numbers, and those of customers.
    pub(super) numbers: Vec<i64>,
    pub(super) customers: Vec<i64>,
    pub(super) production: Vec<Uuid>,
}

impl Named {
    pub(super) fn of(requests: &[Request]) -> Self {
        let mut named = Self::default();
        for request in requests {
            match &request.command {
                Command::CreateTable { name } => named.table_names.push(name.to_string()),
                Command::OpenTableSession { table, .. } => named.tables.push(table.0),
                Command::CloseTableSession { session } => {
                    named.sessions.push(session.0);
                    named.closing.push(session.0);
                }
                Command::OpenOrder { session, .. } => named.sessions.push(session.0),
                Command::AddItem { order, line } => {
                    named.stations = true;
                    named.orders.push(order.0);
                    named.seated.push(order.0);
                    named.menu.extend(line.menu_item.map(|id| id.0));
                }
                // A number beyond the column's is nobody's.
                Command::PlaceCounterOrder { customer, .. } => {
                    named.customers.extend(customer.and_then(|number| i64::try_from(number).ok()));
                }
                Command::ShipOrder { number } => named.numbers.extend(i64::try_from(*number)),
                Command::ConfirmOrder { order } | Command::ChangeItem { order, .. } => {
                    named.stations |= matches!(request.command, Command::ChangeItem { .. });
                    named.orders.push(order.0);
                    named.served_from_menu.push(order.0);
                }
                Command::RemoveItem { order, .. }
                | Command::SetItemStatus { order, .. }
                | Command::CancelOrder { order, .. }
                | Command::Order(order, _)
                | Command::AcknowledgeOrder { order, .. } => named.orders.push(order.0),
                Command::CreateStation { .. } => named.stations = true,
                Command::BumpOrder { order, station } => {
                    named.stations |= station.is_some();
                    named.orders.push(order.0);
                }
                Command::UndoBatch { batch } => named.batches.push(batch.0),
                Command::MoveTableSession { session, table } => {
                    named.sessions.push(session.0);
                    named.closing.push(session.0);
                    named.tables.push(table.0);
                }
                Command::CreateCategory { .. }
                | Command::CreateDish { .. }
                | Command::ChangeCategory { .. }
                | Command::RemoveCategory { .. } => {
                    (named.categories, named.stations, named.whole_menu) = (true, true, true);
                }
                Command::ChangeDish { dish, .. } => {
                    (named.categories, named.stations) = (true, true);
                    named.menu.push(dish.0);
                }
                Command::RemoveDish { dish }
                | Command::SetAvailability { dish, .. }
                | Command::PassAvailability { dish } => named.menu.push(dish.0),
                Command::MergeTableSessions { session, into } => {
                    named.sessions.extend([session.0, into.0]);
                    named.closing.push(session.0);
                }
                Command::ChangeStation { station, .. } | Command::RemoveStation { station } => {
                    named.stations = true;
                    named.moving.push(station.0);
                }
                Command::Donation(_) => {}
                Command::CreateProductionOrder { .. } => {}
                Command::UpdateProductionOrder { order, .. } | Command::DeleteProductionOrder { order } => {
                    named.production.push(order.0);
                }
                // Named apart.
                Command::ChangeResources(_) => {}
                Command::MoveIn(moving) => named.moved_in(&moving.thing),
            }
        }
        named
    }

    fn moved_in(&mut self, thing: &Moved) {
        match thing {
            Moved::Table { name } => self.table_names.push(name.to_string()),
            Moved::Production { .. } => {}
            Moved::Dish { .. } => (self.categories, self.stations, self.whole_menu) = (true, true, true),
            // Named apart, but for who has its number.
            Moved::Document { number, .. } => {
                self.customers.extend(number.and_then(|number| i64::try_from(number).ok()))
            }
            Moved::Order(open) => {
                self.stations = true;
                self.tables.extend(open.table.map(|id| id.0));
                self.customers.extend(open.customer.and_then(|number| i64::try_from(number).ok()));
                self.menu.extend(open.lines.iter().filter_map(|line| Some(line.line.menu_item?.0)));
            }
        }
    }
}
