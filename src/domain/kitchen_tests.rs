//! What the kitchen does with an order, as tables and laws: stations, bump and undo.

use super::{
    batch::Batch,
    command::{Command, NewLine, Reply},
    event::Event,
    ids::{BatchId, OrderId, StationId},
    item::{Item, ItemStatus},
    laws::{House, line},
    order::LineChange,
    principal::Role,
    station::{Station, StationChange},
    text::Label,
};
use crate::code::ErrorCode;
use proptest::prelude::*;

fn label(text: &str) -> Label {
    Label::parse(text).expect("a label")
}

impl House {
    fn station(&mut self, name: &str) -> Station {
        let command = Command::CreateStation { name: label(name), change: StationChange::default() };
        let Ok(Reply::Station(station)) = self.run(Role::Manager, &command) else { panic!("no station") };
        station
    }

    fn add(&mut self, order: OrderId, station: Option<&str>) -> Item {
        let line = NewLine { station: station.map(label), ..line() };
        let added = self.run(Role::Waiter, &Command::AddItem { order, line });
        let Ok(Reply::Item(item)) = added else { panic!("{added:?}") };
        item
    }

    fn default_station(&self) -> Vec<StationId> {
        let stations = self.workspace.dirty_stations().map(|row| &row.now);
        stations.filter(|station| station.is_default).map(|station| station.id).collect()
    }
}

#[test]
fn one_station_is_the_default_whatever_happens() {
    let mut house = House::new();
    let (hot, cold, bar) = (house.station("hot"), house.station("cold"), house.station("bar"));
    assert_eq!(house.default_station(), [hot.id]);
    let flag = |station, is_default| Command::ChangeStation {
        station,
        change: StationChange { is_default: Some(is_default), ..StationChange::default() },
    };
    house.run(Role::Manager, &flag(bar.id, true)).expect("the flag");
    assert_eq!(house.default_station(), [bar.id]);
    assert_eq!(house.run(Role::Manager, &flag(bar.id, false)), Err(ErrorCode::ValidationFailed));
    house.run(Role::Manager, &flag(cold.id, false)).expect("nothing to do");
    // The oldest of the others is the heir.
    house.run(Role::Manager, &Command::RemoveStation { station: bar.id }).expect("it goes");
    assert_eq!(house.default_station(), [hot.id]);
    let again = house.run(Role::Manager, &Command::RemoveStation { station: bar.id });
    assert_eq!(again, Err(ErrorCode::NotFound));
    for role in [Role::Waiter, Role::Cashier, Role::Expo, Role::Kitchen] {
        assert_eq!(house.run(role, &flag(cold.id, true)), Err(ErrorCode::Forbidden), "{role}");
    }
}

/// A display shows the lines of its station by name: under another name, or without it, none may drop out of sight.
#[test]
fn unfinished_lines_follow_their_station() {
    let mut house = House::new();
    let (hot, cold) = (house.station("hot"), house.station("cold"));
    let order = house.open_order();
    let (soup, salad) = (house.add(order, Some("cold")), house.add(order, Some("cold")));
    let bread = house.add(order, None);
    assert_eq!(bread.station, Some(label("hot")), "the default's");
    house.run(Role::Waiter, &Command::ConfirmOrder { order }).expect("a confirmation");
    let to = |item, to| Command::SetItemStatus { order, item, to, expected: None, reason: None };
    for status in [ItemStatus::Ready, ItemStatus::Served] {
        house.run(Role::Owner, &to(salad.id, status)).expect("a move");
    }
    let logged = house.log.len();
    let rename = StationChange { name: Some(label("gardemanger")), ..StationChange::default() };
    house.run(Role::Manager, &Command::ChangeStation { station: cold.id, change: rename }).expect("a name");
    let told: Vec<_> = house.log[logged..].iter().map(|recorded| &recorded.event).collect();
    let [Event::ItemUpdated { item, .. }] = told[..] else { panic!("{told:?}") };
    assert_eq!((item.id, &item.station), (soup.id, &Some(label("gardemanger"))));
    house.run(Role::Manager, &Command::RemoveStation { station: cold.id }).expect("it goes");
    let stations = |house: &House| -> Vec<Option<Label>> {
        house.board.orders[&order].items.iter().map(|item| item.station.clone()).collect()
    };
    assert_eq!(stations(&house), [Some(label("hot")), Some(label("cold")), Some(label("hot"))]);
    // The last one takes no line along: there is nowhere to go, and no display that misses them.
    house.run(Role::Manager, &Command::RemoveStation { station: hot.id }).expect("it goes");
    assert_eq!(stations(&house)[0], Some(label("hot")));
    assert_eq!(house.board.orders.get(&order), house.workspace.orders().next());
}

#[test]
fn a_line_names_a_station_that_there_is() {
    let mut house = House::new();
    let order = house.open_order();
    let free = house.add(order, Some("anywhere"));
    house.station("hot");
    let strange = NewLine { station: Some(label("anywhere")), ..line() };
    let added = house.run(Role::Waiter, &Command::AddItem { order, line: strange });
    assert_eq!(added, Err(ErrorCode::ValidationFailed));
    for (station, expected) in [("anywhere", Err(ErrorCode::ValidationFailed)), ("hot", Ok(()))] {
        let change = LineChange { station: Some(Some(label(station))), ..LineChange::default() };
        let changed = house.run(Role::Waiter, &Command::ChangeItem { order, item: free.id, change });
        assert_eq!(changed.map(|_| ()), expected, "{station}");
    }
}

#[test]
fn names_categories_and_ages_are_kept_apart() {
    let mut house = House::new();
    let change = |categories: &[&str], warn, late| StationChange {
        categories: Some(categories.iter().map(|name| label(name)).collect()),
        warn_after_s: warn,
        late_after_s: late,
        ..StationChange::default()
    };
    for (name, change, expected) in [
        ("hot", change(&["Carnes"], None, None), Ok((300, 480))),
        ("hot", change(&[], None, None), Err(ErrorCode::NameTaken)),
        ("cold", change(&["Postres", "Carnes"], None, None), Err(ErrorCode::NameTaken)),
        ("cold", change(&["Postres"], Some(480), None), Err(ErrorCode::ValidationFailed)),
        ("cold", change(&["Postres"], None, Some(300)), Err(ErrorCode::ValidationFailed)),
        ("cold", change(&["Postres"], Some(60), Some(61)), Ok((60, 61))),
    ] {
        let made = house.run(Role::Manager, &Command::CreateStation { name: label(name), change });
        let ages = made.map(|reply| match reply {
            Reply::Station(station) => (station.warn_after_s, station.late_after_s),
            other => panic!("{other:?}"),
        });
        assert_eq!(ages, expected, "{name}");
    }
}

fn bump(order: OrderId) -> Command {
    Command::BumpOrder { order, station: None }
}

fn batch_of(reply: Result<Reply, ErrorCode>) -> Option<Batch> {
    let Ok(Reply::Bumped { batch, .. }) = reply else { panic!("{reply:?}") };
    batch
}

/// A confirmed order whose lines have these statuses.
fn order_with(house: &mut House, statuses: &[ItemStatus]) -> OrderId {
    let order = house.open_order();
    let items: Vec<Item> = statuses.iter().map(|_| house.add(order, None)).collect();
    house.run(Role::Waiter, &Command::ConfirmOrder { order }).expect("a confirmation");
    for (item, status) in items.iter().zip(statuses) {
        let to = |to| {
            let reason = super::text::Reason::parse("spilled").ok();
            Command::SetItemStatus { order, item: item.id, to, expected: None, reason }
        };
        let path: &[ItemStatus] = match status {
            ItemStatus::Served => &[ItemStatus::Ready, ItemStatus::Served],
            ItemStatus::Voided => &[ItemStatus::InProgress, ItemStatus::Voided],
            ItemStatus::Pending => &[],
            status => std::slice::from_ref(status),
        };
        for step in path {
            house.run(Role::Owner, &to(*step)).expect("a legal path");
        }
    }
    order
}

#[test]
fn a_bump_moves_what_the_kitchen_has_to_do_and_nothing_else() {
    use ItemStatus::*;
    let mut house = House::new();
    let order = order_with(&mut house, &ItemStatus::ALL);
    for role in [Role::Waiter, Role::Cashier] {
        assert_eq!(house.run(role, &bump(order)), Err(ErrorCode::Forbidden), "{role}");
    }
    let logged = house.log.len();
    let batch = batch_of(house.run(Role::Kitchen, &bump(order))).expect("a batch");
    let from: Vec<ItemStatus> = batch.lines.iter().map(|line| line.from).collect();
    assert_eq!(from, [Pending, InProgress]);
    let statuses: Vec<ItemStatus> = house.board.orders[&order].items.iter().map(|item| item.status).collect();
    assert_eq!(statuses, [Ready, Held, Ready, Ready, Served, Cancelled, Voided]);
    assert_eq!(house.log.len(), logged + 2, "HELD keeps the order from being READY: no status event");
    // The second cook.
    assert_eq!(batch_of(house.run(Role::Expo, &bump(order))), None);
    assert_eq!(house.log.len(), logged + 2);
    let draft = house.workspace.orders().next().expect("an order").clone();
    let gone = house
        .run(Role::Kitchen, &Command::BumpOrder { order: draft.id, station: Some(StationId::generate()) });
    assert_eq!(gone, Err(ErrorCode::NotFound));
}

#[test]
fn drafts_and_ended_orders_are_not_bumped() {
    let mut house = House::new();
    let order = house.open_order();
    house.add(order, None);
    assert_eq!(house.run(Role::Kitchen, &bump(order)), Err(ErrorCode::OrderNotConfirmed));
    house.run(Role::Waiter, &Command::CancelOrder { order, reason: None }).expect("it ends");
    assert_eq!(house.run(Role::Kitchen, &bump(order)), Err(ErrorCode::OrderNotOpen));
}

#[test]
fn a_bump_is_undone_within_its_time_and_while_nothing_moved_on() {
    let mut house = House::new();
    let undo = |batch: &Batch| Command::UndoBatch { batch: batch.id };
    let order = order_with(&mut house, &[ItemStatus::Pending, ItemStatus::InProgress]);
    let before = house.board.orders[&order].clone();
    let batch = batch_of(house.run(Role::Kitchen, &bump(order))).expect("a batch");
    assert_eq!(house.run(Role::Waiter, &undo(&batch)), Err(ErrorCode::Forbidden));
    let unknown = Command::UndoBatch { batch: BatchId::generate() };
    assert_eq!(house.run(Role::Kitchen, &unknown), Err(ErrorCode::NotFound));

    // One line served: none comes back.
    let item = before.items[1].id;
    let to = |to| Command::SetItemStatus { order, item, to, expected: None, reason: None };
    house.run(Role::Waiter, &to(ItemStatus::Served)).expect("served");
    assert_eq!(house.run(Role::Kitchen, &undo(&batch)), Err(ErrorCode::StaleStatus));
    // Not even when it is READY again: that is no longer what the bump did.
    house.run(Role::Waiter, &to(ItemStatus::Ready)).expect("undone");
    assert_eq!(house.run(Role::Kitchen, &undo(&batch)), Err(ErrorCode::StaleStatus));
    house.run(Role::Kitchen, &to(ItemStatus::InProgress)).expect("recalled");

    let second = batch_of(house.run(Role::Kitchen, &bump(order))).expect("a batch");
    assert_eq!(second.lines.len(), 1);
    assert!(house.run_later(Role::Kitchen, &undo(&second), 15 * 60 + 1) == Err(ErrorCode::UndoExpired));
    house.run_later(Role::Kitchen, &undo(&second), 15 * 60 - 9).expect("just in time");
    let logged = house.log.len();
    // Again, even much later: it is undone, as was asked.
    house.run_later(Role::Kitchen, &undo(&second), 60 * 60).expect("nothing to do");
    assert_eq!(house.log.len(), logged);
}

#[derive(Debug, Clone)]
enum Act {
    Move(usize, ItemStatus),
    Bump,
    Undo(usize),
}

proptest! {
    /// Whatever the kitchen does in between: the board follows, and an undo that is allowed restores states and times.
    #[test]
    fn undo_restores_exactly_what_its_bump_took(
        acts in prop::collection::vec(prop_oneof![
            4 => (0usize..4, prop::sample::select(ItemStatus::ALL.to_vec())).prop_map(|(i, to)| Act::Move(i, to)),
            2 => Just(Act::Bump),
            2 => any::<usize>().prop_map(Act::Undo),
        ], 1..40)
    ) {
        let mut house = House::new();
        let order = order_with(&mut house, &[ItemStatus::Pending; 4]);
        let state = |house: &House| house.board.orders[&order].items.clone();
        let mut bumps: Vec<(Batch, Vec<Item>)> = Vec::new();
        for act in acts {
            let before = state(&house);
            let result = match &act {
                Act::Move(i, to) => {
                    let reason = super::text::Reason::parse("spilled").ok();
                    let item = before[*i].id;
                    house.run(Role::Owner, &Command::SetItemStatus { order, item, to: *to, expected: None, reason })
                }
                Act::Bump => house.run(Role::Kitchen, &bump(order)),
                Act::Undo(_) if bumps.is_empty() => continue,
                Act::Undo(n) => {
                    let (batch, former) = bumps[n % bumps.len()].clone();
                    let done = house.run(Role::Kitchen, &Command::UndoBatch { batch: batch.id });
                    let moved = state(&house) != before;
                    prop_assert!(done.is_ok() || !moved);
                    for line in batch.lines.iter().filter(|_| moved) {
                        let of = |items: &[Item]| items.iter().find(|item| item.id == line.item).cloned();
                        let (now, then) = (of(&state(&house)).expect("a line"), of(&former).expect("a line"));
                        prop_assert_eq!((now.status, now.times), (then.status, then.times));
                    }
                    done
                }
            };
            if let Ok(Reply::Bumped { batch: Some(batch), .. }) = result && matches!(act, Act::Bump) {
                bumps.push((batch, before));
            }
            prop_assert_eq!(house.board.orders.get(&order), house.workspace.orders().next());
        }
    }
}
