//! Laws that hold for every history: properties over random commands by random roles.

#[cfg(test)]
mod moves;

use super::{
    board::Board,
    command::{Command, NewLine, Reply},
    context::Context,
    event::{Event, Recorded},
    ids::{EventId, OrderId, RestaurantId, TableId, UserId},
    item::ItemStatus,
    money::Currency,
    order::{Lifecycle, LineChange, OrderCommand, OrderStatus, derive},
    principal::{Principal, Role},
    table::Table,
    text::{Name, Reason},
    workspace::Workspace,
};
use crate::code::ErrorCode;
use jiff::Timestamp;
use proptest::prelude::*;

/// A restaurant with one table, its log and the board that a display makes of it.
pub(super) struct House {
    pub(super) workspace: Workspace,
    pub(super) table: TableId,
    pub(super) log: Vec<Recorded>,
    pub(super) board: Board,
}

pub(super) fn name(text: &str) -> Name {
    Name::parse(text).expect("a name")
}

pub(super) fn line() -> NewLine {
    NewLine {
        menu_item: None,
        name: Some(name("Hamburguesa")),
        qty: 2,
        unit_price: Some("15.5".parse().expect("a decimal")),
        notes: None,
        course: None,
        station: None,
    }
}

impl House {
    pub(super) fn new() -> Self {
        let euro = Currency::from_code("EUR").expect("a currency");
        let mut workspace = Workspace::new(RestaurantId::generate(), euro, 0);
        let table = Table::new(TableId::generate(), name("1"), Timestamp::UNIX_EPOCH);
        workspace.load_table(table.clone());
        Self { workspace, table: table.id, log: Vec::new(), board: Board::default() }
    }

    pub(super) fn run(&mut self, role: Role, command: &Command) -> Result<Reply, ErrorCode> {
        self.run_later(role, command, 0)
    }

    /// `later` seconds after the last event.
    pub(super) fn run_later(
        &mut self,
        role: Role,
        command: &Command,
        later: i64,
    ) -> Result<Reply, ErrorCode> {
        let by = Principal::of(UserId::generate(), role, self.workspace.restaurant);
        let at = Timestamp::from_second(1_700_000_000 + self.log.len() as i64 + later).expect("a time");
        let ctx = Context { by: &by, at, if_match: None };
        let done = self.workspace.execute(command, &ctx).map_err(|rejection| rejection.code)?;
        for event in done.events {
            let recorded = Recorded {
                id: EventId::generate(),
                stream: by.restaurant.into(),
                restaurant: by.restaurant,
                seq: self.log.len() as u64 + 1,
                at,
                by: by.user,
                event,
            };
            self.board.apply(&recorded);
            self.log.push(recorded);
        }
        Ok(done.reply)
    }

    pub(super) fn open_order(&mut self) -> OrderId {
        let session = self.run(Role::Waiter, &Command::OpenTableSession { table: self.table, covers: None });
        let Ok(Reply::TableSession(session)) = session else { panic!("{session:?}") };
        let order = self.run(Role::Waiter, &Command::OpenOrder { session: session.id, note: None });
        let Ok(Reply::Order(order)) = order else { panic!("{order:?}") };
        order.id
    }
}

/// A step of a random history; which line it is about is taken modulo the lines there are.
#[derive(Debug, Clone)]
enum Step {
    Add,
    Change(usize, u32),
    Remove(usize),
    Status(usize, ItemStatus),
    Confirm,
    Cancel,
    Close,
    Reopen,
    Ship,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        2 => Just(Step::Add),
        1 => (any::<usize>(), 1u32..5).prop_map(|(i, qty)| Step::Change(i, qty)),
        1 => any::<usize>().prop_map(Step::Remove),
        12 => (any::<usize>(), prop::sample::select(ItemStatus::ALL.to_vec())).prop_map(|(i, to)| Step::Status(i, to)),
        2 => Just(Step::Confirm),
        1 => Just(Step::Cancel),
        1 => Just(Step::Close),
        1 => Just(Step::Reopen),
        1 => Just(Step::Ship),
    ]
}

proptest! {
    #[test]
    fn status_is_derived_and_the_log_rebuilds_the_board(
        steps in prop::collection::vec((prop::sample::select(Role::ALL.to_vec()), step()), 1..60)
    ) {
        let mut house = House::new();
        let order = house.open_order();
        let reason = Some(Reason::parse("spilled").expect("a reason"));
        for (role, step) in steps {
            let now = house.workspace.orders().next().expect("the order").clone();
            let pick = |i: usize| now.items.get(i % now.items.len().max(1)).map(|item| item.id);
            let command = match step {
                Step::Add => Some(Command::AddItem { order, line: line() }),
                Step::Change(i, qty) => pick(i).map(|item| {
                    let change = LineChange { qty: Some(qty), ..LineChange::default() };
                    Command::ChangeItem { order, item, change }
                }),
                Step::Remove(i) => pick(i).map(|item| Command::RemoveItem { order, item }),
                Step::Status(i, to) => pick(i).map(|item| {
                    Command::SetItemStatus { order, item, to, expected: None, reason: reason.clone() }
                }),
                Step::Confirm => Some(Command::ConfirmOrder { order }),
                Step::Cancel => Some(Command::CancelOrder { order, reason: reason.clone() }),
                Step::Close => Some(Command::Order(order, OrderCommand::Close)),
                Step::Ship => now.number.map(|number| Command::ShipOrder { number }),
                Step::Reopen => Some(Command::Order(order, OrderCommand::Reopen { reason: None })),
            };
            let Some(command) = command else { continue };
            let logged = house.log.len();
            let result = house.run(role, &command);
            let after = house.workspace.orders().next().expect("the order");

            if result.is_err() {
                prop_assert_eq!(after, &now, "a refused command changed something");
                prop_assert_eq!(house.log.len(), logged);
            }
            for recorded in &house.log[logged..] {
                if matches!(recorded.event, Event::OrderShipped { .. }) {
                    prop_assert_eq!(after.status(), OrderStatus::Served);
                    prop_assert!(after.items.iter().all(|item| !item.status.is_live() || item.status == ItemStatus::Served));
                }
            }
            let expected = match after.lifecycle {
                Lifecycle::Draft => OrderStatus::Draft,
                Lifecycle::Cancelled => OrderStatus::Cancelled,
                Lifecycle::Closed => OrderStatus::Closed,
                Lifecycle::Live => derive(after.items.iter().map(|item| item.status)),
            };
            prop_assert_eq!(after.status(), expected);

            let told: Vec<_> = house.log[logged..].iter().filter_map(|recorded| match &recorded.event {
                Event::OrderStatusChanged(change) => Some((change.from, change.to)),
                _ => None,
            }).collect();
            let moved = now.status() != after.status() && after.confirmed_at.is_some();
            prop_assert_eq!(told, if moved { vec![(now.status(), after.status())] } else { vec![] });

            match after.confirmed_at {
                None => prop_assert!(house.board.orders.is_empty(), "a draft reached the kitchen"),
                Some(_) => prop_assert_eq!(house.board.orders.get(&order), Some(after)),
            }
        }
    }
}

#[test]
fn confirming_tells_the_order_first_and_its_status_next() {
    let mut house = House::new();
    let order = house.open_order();
    assert_eq!(house.run(Role::Waiter, &Command::ConfirmOrder { order }), Err(ErrorCode::OrderEmpty));
    house.run(Role::Waiter, &Command::AddItem { order, line: line() }).expect("a line");
    house.run(Role::Waiter, &Command::ConfirmOrder { order }).expect("a confirmation");
    let told: Vec<_> = house.log.iter().map(|recorded| &recorded.event).collect();
    assert!(matches!(
        told[..],
        [Event::TableSessionOpened(_), Event::OrderConfirmed(_), Event::OrderStatusChanged(_)]
    ));
    assert_eq!(house.run(Role::Waiter, &Command::ConfirmOrder { order }), Err(ErrorCode::InvalidTransition));
}

/// A waiter holds the dessert before sending the order; the kitchen gets the line grey and never as one to be made.
#[test]
fn a_line_of_a_draft_can_be_held_and_nothing_else() {
    let mut house = House::new();
    let order = house.open_order();
    let Ok(Reply::Item(item)) = house.run(Role::Waiter, &Command::AddItem { order, line: line() }) else {
        panic!()
    };
    let to = |to| Command::SetItemStatus { order, item: item.id, to, expected: None, reason: None };
    assert_eq!(house.run(Role::Kitchen, &to(ItemStatus::InProgress)), Err(ErrorCode::OrderNotConfirmed));
    assert_eq!(house.run(Role::Kitchen, &to(ItemStatus::Held)), Err(ErrorCode::Forbidden));
    house.run(Role::Waiter, &to(ItemStatus::Held)).expect("a held line");
    assert!(house.log.iter().all(|recorded| recorded.event.order().is_none()), "a draft reached the kitchen");
    house.run(Role::Waiter, &Command::ConfirmOrder { order }).expect("a confirmation");
    assert_eq!(house.board.orders[&order].items[0].status, ItemStatus::Held);
}
