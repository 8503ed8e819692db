//! What moves in, as tables and as a law: whatever an order was elsewhere, its log rebuilds it here.

use super::*;
use crate::domain::{
    command::{Command, NewLine},
    ids::{MenuItemId, TableId, UserId},
    laws::{House, line, name},
    menu::{DishChange, MenuItem},
    money::Money,
    moving::{OPEN_STATUSES, OpenLine},
    order::{OrderStatus, derive},
    text::Label,
};
use jiff::Timestamp;
use proptest::prelude::*;

fn called(text: &str) -> ExternalId {
    ExternalId::parse(text).expect("an id")
}

fn arrives(house: &mut House, text: &str, thing: Moved) -> Result<Reply, ErrorCode> {
    let moving = MoveIn { external_id: called(text), thing };
    house.run(Role::Owner, &Command::MoveIn(Box::new(moving)))
}

fn open(table: Option<TableId>, statuses: &[ItemStatus]) -> OpenOrder {
    OpenOrder {
        table,
        customer: None,
        waiter: None,
        note: None,
        created_at: None,
        lines: statuses.iter().map(|&status| OpenLine { line: line(), status }).collect(),
    }
}

fn order(reply: Result<Reply, ErrorCode>) -> Order {
    let Ok(Reply::Order(order)) = reply else { panic!("{reply:?}") };
    order
}

fn kinds(house: &House, from: usize) -> Vec<&'static str> {
    let kind = |event: &Event| match event {
        Event::TableSessionOpened(_) => "seated",
        Event::OrderConfirmed(_) => "new",
        Event::OrderStatusChanged(_) => "order",
        Event::ItemStatusChanged(_) => "line",
        _ => "other",
    };
    house.log[from..].iter().map(|recorded| kind(&recorded.event)).collect()
}

#[test]
fn an_open_order_is_told_like_any_other() {
    use ItemStatus::*;
    let mut house = House::new();
    let table = house.table;
    let (waiter, taken) = (UserId::generate(), Timestamp::UNIX_EPOCH);
    let first = OpenOrder {
        waiter: Some(waiter),
        created_at: Some(taken),
        ..open(Some(table), &[Pending, InProgress, Served])
    };
    let first = order(arrives(&mut house, "o-1", Moved::Order(first)));
    assert_eq!(kinds(&house, 0), ["seated", "new", "order", "line", "order", "line", "line"]);
    assert_eq!((first.number, first.status()), (Some(1), OrderStatus::InProgress));
    assert_eq!((first.created_by, first.created_at), (waiter, taken));
    assert_eq!(first.external_id, Some(called("o-1")));
    assert!(
        first.items.iter().all(|item| item.times.sent.is_some() && !item.late && item.attention.is_none())
    );

    // The guests sit there: the next of their orders opens no session.
    let seen = house.log.len();
    let second = order(arrives(&mut house, "o-2", Moved::Order(open(Some(table), &[Held]))));
    assert_eq!(kinds(&house, seen), ["new", "order", "line"]);
    assert_eq!((second.number, second.place), (Some(2), first.place));
    let counter = order(arrives(&mut house, "o-3", Moved::Order(open(None, &[Served]))));
    assert_eq!((counter.status(), counter.place), (OrderStatus::Served, None));
}

#[test]
fn nobody_but_an_owner_moves_in_and_a_refusal_changes_nothing() {
    let mut house = House::new();
    let table = house.table;
    let moving = |order| MoveIn { external_id: called("o-1"), thing: Moved::Order(order) };
    for role in [Role::Manager, Role::Waiter, Role::Kitchen, Role::Public] {
        let command = Command::MoveIn(Box::new(moving(open(None, &[ItemStatus::Pending]))));
        assert_eq!(house.run(role, &command), Err(ErrorCode::Forbidden), "{role}");
    }
    let priceless = NewLine { unit_price: None, ..line() };
    let mut bad = open(Some(table), &[ItemStatus::Pending]);
    bad.lines.push(OpenLine { line: priceless, status: ItemStatus::Ready });
    for (order, code) in [
        (bad, ErrorCode::ValidationFailed),
        (open(Some(table), &[]), ErrorCode::OrderEmpty),
        (open(Some(TableId::generate()), &[ItemStatus::Pending]), ErrorCode::NotFound),
        (OpenOrder { customer: Some(7), ..open(None, &[ItemStatus::Pending]) }, ErrorCode::ValidationFailed),
    ] {
        assert_eq!(arrives(&mut house, "o-1", Moved::Order(order)), Err(code));
    }
    let dish = |station| Moved::Dish {
        name: name("Flan"),
        category: Label::parse("Postres").expect("a label"),
        price: "1.234".parse().expect("a decimal"),
        change: DishChange { station, ..DishChange::default() },
    };
    assert_eq!(arrives(&mut house, "m-1", dish(None)), Err(ErrorCode::ValidationFailed), "of a cent a tenth");
    assert!(house.log.is_empty());
    let changed = house.workspace.dirty_sessions().count()
        + house.workspace.dirty_orders().count()
        + house.workspace.dirty_categories().count();
    assert_eq!((changed, house.workspace.last_order_number), (0, 0));
}

#[test]
fn a_table_that_is_there_takes_the_name_and_keeps_it() {
    let mut house = House::new();
    let there = house.table;
    let table = |title| Moved::Table { name: name(title) };
    let Ok(Reply::Table(found)) = arrives(&mut house, "t-1", table("1")) else { panic!() };
    assert_eq!((found.id, found.external_id), (there, Some(called("t-1"))));
    assert_eq!(arrives(&mut house, "t-9", table("1")), Err(ErrorCode::NameTaken));
    let Ok(Reply::Table(made)) = arrives(&mut house, "t-2", table("2")) else { panic!() };
    assert_ne!(made.id, there);
}

/// Those portions were taken where the order was made.
#[test]
fn no_portion_is_taken_and_none_has_to_be_left() {
    let mut house = House::new();
    let euro = house.workspace.currency;
    let category = Label::parse("Carnes").expect("a label");
    let price = Money { minor: 1550, currency: euro };
    let id = MenuItemId::generate();
    let dish = MenuItem {
        remaining: Some(0),
        available: false,
        ..MenuItem::new(id, name("Entrecot"), category, price, Timestamp::UNIX_EPOCH)
    };
    house.workspace.load_menu_item(dish);
    let of_menu = NewLine { menu_item: Some(id), name: None, unit_price: None, ..line() };
    let mut moving = open(None, &[]);
    moving.lines.push(OpenLine { line: of_menu, status: ItemStatus::Pending });
    let moved = order(arrives(&mut house, "o-1", Moved::Order(moving)));
    assert_eq!((moved.items[0].name.as_str(), moved.items[0].unit_price), ("Entrecot", price));
    assert_eq!(house.workspace.dirty_menu_items().count(), 0);
}

proptest! {
    /// However far its lines were: each is there, the status is theirs, and who only read the log has the same order.
    #[test]
    fn the_log_rebuilds_what_moved_in(
        orders in prop::collection::vec(
            (any::<bool>(), prop::collection::vec(prop::sample::select(OPEN_STATUSES.to_vec()), 1..6)), 1..5,
        ),
    ) {
        let mut house = House::new();
        for (n, (seated, statuses)) in orders.iter().enumerate() {
            let table = seated.then_some(house.table);
            let moved = order(arrives(&mut house, &format!("o-{n}"), Moved::Order(open(table, statuses))));
            let found: Vec<ItemStatus> = moved.items.iter().map(|item| item.status).collect();
            prop_assert_eq!(&found, statuses);
            prop_assert_eq!(moved.status(), derive(statuses.iter().copied()));
            prop_assert_eq!(moved.number, Some(n as u64 + 1));
            prop_assert_eq!(house.board.orders.get(&moved.id), Some(&moved));
        }
        prop_assert_eq!(house.workspace.dirty_sessions().count(), usize::from(orders.iter().any(|(seated, _)| *seated)));
    }
}
