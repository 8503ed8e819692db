//! What orders take from the menu.

use super::{
    command::{Command, NewLine, Reply},
    ids::MenuItemId,
    laws::{House, line, name},
    menu::MenuItem,
    money::Money,
    order::LineChange,
    principal::Role,
    text::Label,
};
use crate::code::ErrorCode;

/// Found in review: one burger left, ordered once, then "make it nine" sold eight that were not there.
#[test]
fn more_of_a_counted_dish_is_taken_from_the_menu() {
    let mut house = House::new();
    let order = house.open_order();
    let currency = house.workspace.currency;
    let dish = MenuItem {
        id: MenuItemId::generate(),
        name: name("Hamburguesa"),
        category: Label::parse("Carnes").expect("a label"),
        price: Money { minor: 1550, currency },
        course: None,
        station: None,
        available: true,
        remaining: Some(3),
    };
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
