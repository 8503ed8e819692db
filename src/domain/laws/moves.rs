//! Whole orders: every move of every status by every role, as the table at the head of `order` has it; counter orders.

use super::*;

/// The table at the head of `order`: every status × command × role.
#[test]
fn order_moves_by_status_and_role() {
    use OrderStatus::*;
    use Role::*;
    let reached = |status: OrderStatus| {
        let mut house = House::new();
        let order = house.open_order();
        let Ok(Reply::Item(item)) = house.run(Waiter, &Command::AddItem { order, line: line() }) else {
            panic!()
        };
        let to = |to| Command::SetItemStatus { order, item: item.id, to, expected: None, reason: None };
        let path: Vec<Command> = match status {
            Draft => vec![],
            Confirmed => vec![Command::ConfirmOrder { order }],
            InProgress => vec![Command::ConfirmOrder { order }, to(ItemStatus::InProgress)],
            Ready => vec![Command::ConfirmOrder { order }, to(ItemStatus::Ready)],
            Served => vec![Command::ConfirmOrder { order }, to(ItemStatus::Ready), to(ItemStatus::Served)],
            Cancelled => vec![Command::ConfirmOrder { order }, Command::CancelOrder { order, reason: None }],
            Closed => vec![
                Command::ConfirmOrder { order },
                to(ItemStatus::Ready),
                to(ItemStatus::Served),
                Command::Order(order, OrderCommand::Close),
            ],
        };
        for command in path {
            house.run(Owner, &command).expect("a legal path");
        }
        assert_eq!(house.workspace.orders().next().expect("the order").status(), status);
        (house, order)
    };
    let managers: &[Role] = &[Manager, Owner];
    let waiters: &[Role] = &[Waiter, Manager, Owner];
    let shippers: &[Role] = &[Waiter, Cashier, Expo, Manager, Owner, Public];
    let cashiers: &[Role] = &[Waiter, Cashier, Manager, Owner];
    let table: &[(&str, OrderStatus, &[Role])] = &[
        ("confirm", Draft, waiters),
        ("cancel", Draft, waiters),
        ("cancel", Confirmed, waiters),
        ("cancel", InProgress, managers),
        ("cancel", Ready, managers),
        ("ship", Confirmed, shippers),
        ("ship", InProgress, shippers),
        ("ship", Ready, shippers),
        ("close", Served, cashiers),
        ("close", Ready, managers),
        ("reopen", Closed, managers),
    ];
    let reason = Some(Reason::parse("left").expect("a reason"));
    for verb in ["confirm", "cancel", "ship", "close", "reopen"] {
        for status in OrderStatus::ALL {
            for role in Role::ALL.into_iter().chain([Public]) {
                let (mut house, order) = reached(status);
                let command = match verb {
                    "confirm" => Command::ConfirmOrder { order },
                    "cancel" => Command::CancelOrder { order, reason: reason.clone() },
                    // What never was confirmed has no number by which it could be named.
                    "ship" => match house.workspace.orders().next().and_then(|order| order.number) {
                        Some(number) => Command::ShipOrder { number },
                        None => continue,
                    },
                    "close" => Command::Order(order, OrderCommand::Close),
                    _ => Command::Order(order, OrderCommand::Reopen { reason: None }),
                };
                let expected = match table.iter().find(|(v, s, _)| (*v, *s) == (verb, status)) {
                    None => Err(ErrorCode::InvalidTransition),
                    Some((_, _, roles)) if roles.contains(&role) => Ok(()),
                    Some(_) => Err(ErrorCode::Forbidden),
                };
                assert_eq!(house.run(role, &command).map(|_| ()), expected, "{verb} of {status} by {role}");
            }
        }
    }
}

/// Confirmed at once: one line at the whole price, told as any other order, at no table, by whoever may sell.
#[test]
fn a_counter_order_is_confirmed_at_once() {
    use Role::*;
    let total = |text: &str| text.parse().expect("a decimal");
    let place = |text| Command::PlaceCounterOrder { total: total(text), customer: None };
    for role in Role::ALL.into_iter().chain([Public]) {
        let mut house = House::new();
        let placed = house.run(role, &place("15.5"));
        if ![Waiter, Cashier, Manager, Owner, Public].contains(&role) {
            assert_eq!(placed, Err(ErrorCode::Forbidden), "{role}");
            continue;
        }
        let Ok(Reply::Order(order)) = placed else { panic!("{role}: {placed:?}") };
        assert_eq!(
            (order.number, order.status(), order.place.is_none()),
            (Some(1), OrderStatus::Confirmed, true)
        );
        assert_eq!(order.total().to_string(), "15.50");
        let [Event::OrderConfirmed(told), Event::OrderStatusChanged(_)] =
            [&house.log[0].event, &house.log[1].event]
        else {
            panic!("{:?}", house.log)
        };
        assert_eq!(told, &order);
        assert_eq!(house.board.orders.get(&order.id), Some(&order));
    }
    let mut house = House::new();
    for text in ["15.555", "100000000.01"] {
        assert_eq!(house.run(Waiter, &place(text)), Err(ErrorCode::ValidationFailed), "{text}");
    }
    let nobody = Command::PlaceCounterOrder { total: total("1"), customer: Some(7) };
    assert_eq!(house.run(Waiter, &nobody), Err(ErrorCode::ValidationFailed));
    assert!(house.log.is_empty() && house.workspace.orders().next().is_none());
    assert_eq!(house.workspace.last_order_number, 0, "a refused order took a number");
}

/// Every live line moves and says so, then the order is shipped, then its status moves; what was taken back stays so.
#[test]
fn shipping_serves_what_is_live() {
    let mut house = House::new();
    let order = house.open_order();
    let mut items = Vec::new();
    for _ in 0..4 {
        let Ok(Reply::Item(item)) = house.run(Role::Waiter, &Command::AddItem { order, line: line() }) else {
            panic!()
        };
        items.push(item.id);
    }
    house.run(Role::Waiter, &Command::ConfirmOrder { order }).expect("a confirmation");
    let mut to = |item: usize, to| {
        let item = items[item];
        let command = Command::SetItemStatus { order, item, to, expected: None, reason: None };
        house.run(Role::Owner, &command).expect("a legal move");
    };
    to(0, ItemStatus::Cancelled);
    to(1, ItemStatus::Held);
    to(2, ItemStatus::Ready);
    to(2, ItemStatus::Served);
    let told = house.log.len();
    house.run(Role::Cashier, &Command::ShipOrder { number: 1 }).expect("a shipment");
    let told: Vec<_> = house.log[told..]
        .iter()
        .map(|recorded| match &recorded.event {
            Event::ItemStatusChanged(change) => format!("{} {}", change.from, change.to),
            Event::OrderShipped { number, .. } => format!("shipped {number:?}"),
            Event::OrderStatusChanged(change) => format!("order {} {}", change.from, change.to),
            other => format!("{other:?}"),
        })
        .collect();
    assert_eq!(told, ["HELD SERVED", "PENDING SERVED", "shipped Some(1)", "order IN_PROGRESS SERVED"]);
    assert_eq!(
        house.run(Role::Cashier, &Command::ShipOrder { number: 1 }),
        Err(ErrorCode::InvalidTransition)
    );
    assert_eq!(house.run(Role::Cashier, &Command::ShipOrder { number: 2 }), Err(ErrorCode::NotFound));
}
