//! What the kitchen does with an order, as tables: stations.

use super::{
    command::{Command, NewLine, Reply},
    event::Event,
    ids::{OrderId, StationId},
    item::{Item, ItemStatus},
    laws::{House, line},
    order::LineChange,
    principal::Role,
    station::{Station, StationChange},
    text::Label,
};
use crate::code::ErrorCode;

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
