//! The menu: what orders take from it, what people and the clock make of it.

use super::{
    command::{Command, NewLine, Reply},
    event::Event,
    ids::{CategoryId, MenuItemId},
    laws::{House, line, name},
    menu::{Availability, Category, DishChange, MenuItem},
    money::Money,
    order::LineChange,
    principal::Role,
    text::Label,
};
use crate::code::ErrorCode;
use jiff::{SignedDuration, Timestamp};

fn dish(house: &House, title: &str, remaining: Option<u32>) -> MenuItem {
    let price = Money { minor: 1550, currency: house.workspace.currency };
    let category = Label::parse("Carnes").expect("a label");
    let id = MenuItemId::generate();
    let dish = MenuItem::new(id, name(title), category, price, Timestamp::UNIX_EPOCH);
    MenuItem { remaining, ..dish }
}

/// Found in review: one burger left, ordered once, then "make it nine" sold eight that were not there.
#[test]
fn more_of_a_counted_dish_is_taken_from_the_menu() {
    let mut house = House::new();
    let order = house.open_order();
    let dish = dish(&house, "Hamburguesa", Some(3));
    house.workspace.load_menu_item(dish.clone());
    let counted = NewLine { menu_item: Some(dish.id), qty: 1, unit_price: None, ..line() };
    let Ok(Reply::Item(item)) = house.run(Role::Waiter, &Command::AddItem { order, line: counted }) else {
        panic!()
    };
    house.run(Role::Waiter, &Command::ConfirmOrder { order }).expect("a confirmation");
    let qty = |qty| {
        let change = LineChange { qty: Some(qty), ..LineChange::default() };
        Command::ChangeItem { order, item: item.id, change }
    };
    assert_eq!(house.run(Role::Waiter, &qty(9)), Err(ErrorCode::ItemUnavailable));
    house.run(Role::Waiter, &qty(3)).expect("the last three");
    let left: Vec<_> =
        house.workspace.dirty_menu_items().map(|row| (row.now.remaining, row.now.available)).collect();
    assert_eq!(left, [(Some(0), false)]);
}

/// One portion of `dish`, sent.
fn send(house: &mut House, dish: &MenuItem) -> Result<Reply, ErrorCode> {
    let session = house.run(Role::Waiter, &Command::OpenTableSession { table: house.table, covers: None });
    let session = match session {
        Ok(Reply::TableSession(session)) => session.id,
        _ => *house.board.sessions.keys().next().expect("a session"),
    };
    let Ok(Reply::Order(order)) = house.run(Role::Waiter, &Command::OpenOrder { session, note: None }) else {
        panic!()
    };
    let one = NewLine { menu_item: Some(dish.id), qty: 1, unit_price: None, ..line() };
    house.run(Role::Waiter, &Command::AddItem { order: order.id, line: one }).expect("a line");
    house.run(Role::Waiter, &Command::ConfirmOrder { order: order.id })
}

/// What was told of dishes since `from`: available, portions left.
fn told(house: &House, from: usize) -> Vec<(bool, Option<u32>)> {
    let moved = |event: &Event| match event {
        Event::MenuItemAvailabilityChanged(moved) => Some((moved.available, moved.remaining)),
        _ => None,
    };
    house.log[from..].iter().filter_map(|recorded| moved(&recorded.event)).collect()
}

#[test]
fn the_last_portion_and_no_other_is_news() {
    let mut house = House::new();
    let dish = dish(&house, "Flan", Some(2));
    house.workspace.load_menu_item(dish.clone());
    send(&mut house, &dish).expect("the first");
    assert_eq!(told(&house, 0), []);
    send(&mut house, &dish).expect("the last");
    assert_eq!(told(&house, 0), [(false, Some(0))]);
    assert_eq!(send(&mut house, &dish), Err(ErrorCode::ItemUnavailable));
    assert_eq!(told(&house, 0).len(), 1);
}

/// Found while it was written: a dish that is back since a second was refused until somebody had looked at the clock.
#[test]
fn the_clock_holds_also_where_nobody_looked_at_it() {
    let mut house = House::new();
    let (mut back, mut over) = (dish(&house, "Flan", None), dish(&house, "Tostada", Some(9)));
    let past = Timestamp::UNIX_EPOCH + SignedDuration::from_secs(1);
    (back.available, back.until, over.until) = (false, Some(past), Some(past));
    house.workspace.load_menu_item(back.clone());
    house.workspace.load_menu_item(over.clone());
    send(&mut house, &back).expect("it is back");
    assert_eq!(told(&house, 0), [(true, None)]);
    assert_eq!(send(&mut house, &over), Err(ErrorCode::ItemUnavailable));
    let logged = house.log.len();
    for _ in 0..2 {
        house.run(Role::Manager, &Command::PassAvailability { dish: over.id }).expect("the clock");
    }
    assert_eq!(told(&house, logged), [(false, None)], "once");
}

#[test]
fn availability_by_table() {
    let far = Timestamp::from_second(2_000_000_000).expect("a time");
    let near = Timestamp::from_second(1_000_000_000).expect("a time");
    let set = |available, remaining, until| Availability { available, remaining, until };
    let mut house = House::new();
    let dish = dish(&house, "Flan", None);
    house.workspace.load_menu_item(dish.clone());
    for (to, expected, events) in [
        (set(true, None, None), Ok(1), 0),
        (set(true, Some(5), None), Ok(2), 1),
        (set(true, Some(5), None), Ok(2), 0),
        (set(true, Some(4), Some(far)), Ok(3), 1),
        (set(false, None, Some(near)), Err(ErrorCode::ValidationFailed), 0),
        (set(false, None, Some(far)), Ok(4), 1),
        (set(false, None, None), Ok(5), 1),
    ] {
        let logged = house.log.len();
        let command = Command::SetAvailability { dish: dish.id, availability: to };
        let done = house.run(Role::Kitchen, &command).map(|reply| match reply {
            Reply::Dish(dish) => dish.version,
            other => panic!("{other:?}"),
        });
        assert_eq!((done, told(&house, logged).len()), (expected, events), "{to:?}");
        assert_eq!(house.run(Role::Waiter, &command), Err(ErrorCode::Forbidden));
    }
}

#[test]
fn a_dish_stands_in_a_category_and_may_go_and_the_category_after_it() {
    let mut house = House::new();
    let category = Category {
        id: CategoryId::generate(),
        name: Label::parse("Carnes").expect("a label"),
        position: 1,
        version: 1,
        created_at: Timestamp::UNIX_EPOCH,
        updated_at: Timestamp::UNIX_EPOCH,
    };
    house.workspace.load_category(category.clone());
    let new = |category: &str| Command::CreateDish {
        name: name("Pollo"),
        category: Label::parse(category).expect("a label"),
        price: "9.5".parse().expect("a decimal"),
        change: DishChange::default(),
    };
    assert_eq!(house.run(Role::Manager, &new("Aves")), Err(ErrorCode::ValidationFailed));
    let Ok(Reply::Dish(dish)) = house.run(Role::Manager, &new("Carnes")) else { panic!() };
    let renamed = Some(Label::parse("Aves").expect("a label"));
    let rename = Command::ChangeCategory { category: category.id, name: renamed.clone(), position: None };
    house.run(Role::Manager, &rename).expect("a name");
    let Some(row) = house.workspace.dirty_menu_items().find(|row| row.now.id == dish.id) else { panic!() };
    assert_eq!((Some(&row.now.category), row.now.version), (renamed.as_ref(), 2));
    let remove = Command::RemoveCategory { category: category.id };
    assert_eq!(house.run(Role::Manager, &remove), Err(ErrorCode::CategoryInUse));
    let logged = house.log.len();
    house.run(Role::Manager, &Command::RemoveDish { dish: dish.id }).expect("it goes");
    assert_eq!(told(&house, logged), [(false, None)]);
    house.run(Role::Manager, &remove).expect("it goes");
    assert_eq!(house.run(Role::Manager, &remove), Err(ErrorCode::NotFound));
    assert_eq!(house.run(Role::Manager, &Command::RemoveDish { dish: dish.id }), Err(ErrorCode::NotFound));
}
