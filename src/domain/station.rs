//! Stations: where in the kitchen a line is made, and when it is late there.
//!
//! A line carries its station's name. As long as a restaurant has stations one of them is the default: the first made, until
//! another is flagged. It gets every line that names no station.

use super::{ids::StationId, menu::MenuItem, rejection::Rejection, text::Label};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Most stations of a restaurant, and most categories of one.
pub const MAX_STATIONS: usize = 100;
pub const MAX_CATEGORIES: usize = 200;
/// Seconds after which a line is shown as ageing, and as late, where nobody says otherwise; and the most of either.
pub const WARN_AFTER_S: u32 = 300;
pub const LATE_AFTER_S: u32 = 480;
pub const MAX_AFTER_S: u32 = 86_400;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Station {
    pub id: StationId,
    pub name: Label,
    /// Of the menu: their dishes are made here unless a dish names another station.
    pub categories: Vec<Label>,
    pub warn_after_s: u32,
    pub late_after_s: u32,
    pub is_default: bool,
    pub version: u32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// A station to be made, or new values for one; `None` leaves a value as it is, for a new one as usual.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StationChange {
    pub name: Option<Label>,
    pub categories: Option<Vec<Label>>,
    pub warn_after_s: Option<u32>,
    pub late_after_s: Option<u32>,
    pub is_default: Option<bool>,
}

impl Station {
    /// Takes over what `change` names, but for the flag, which is the restaurant's to give.
    pub fn adopt(&mut self, change: &StationChange) -> Result<(), Rejection> {
        self.name = change.name.clone().unwrap_or_else(|| self.name.clone());
        self.categories = change.categories.clone().unwrap_or_else(|| self.categories.clone());
        self.warn_after_s = change.warn_after_s.unwrap_or(self.warn_after_s);
        self.late_after_s = change.late_after_s.unwrap_or(self.late_after_s);
        if self.late_after_s <= self.warn_after_s {
            return Err(Rejection::invalid("lateAfterS must be greater than warnAfterS"));
        }
        Ok(())
    }
}

/// Refuses a label that none of these stations has; without stations a label is free text.
pub fn require(stations: &[&Station], label: Option<&Label>) -> Result<(), Rejection> {
    match label {
        Some(label) if !stations.is_empty() && stations.iter().all(|station| station.name != *label) => {
            let names: Vec<&str> = stations.iter().map(|station| station.name.as_str()).collect();
            let names = names.join(", ");
            Err(Rejection::invalid(format!("station must be one of the following values: {names}")))
        }
        _ => Ok(()),
    }
}

/// The station that makes a line with this label; `None` only where there are no stations.
pub fn of_line<'a>(stations: &[&'a Station], label: Option<&Label>) -> Option<&'a Station> {
    let named = stations.iter().find(|station| Some(&station.name) == label);
    named.or_else(|| stations.iter().find(|station| station.is_default)).copied()
}

/// The label of a new line: as asked, else its dish's station, else the one that lists the dish's category, else the
/// default. Without stations a label is free text.
pub fn label(stations: &[&Station], asked: Option<&Label>, dish: Option<&MenuItem>) -> Option<Label> {
    let of_dish = dish.and_then(|dish| dish.station.as_ref());
    if asked.is_some() || stations.is_empty() {
        return asked.or(of_dish).cloned();
    }
    let named = stations.iter().find(|station| Some(&station.name) == of_dish);
    let lists = |station: &&&Station| dish.is_some_and(|dish| station.categories.contains(&dish.category));
    let found = named.or_else(|| stations.iter().find(lists)).copied();
    found.or_else(|| of_line(stations, None)).map(|station| station.name.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        ids::MenuItemId,
        money::{Currency, Money},
        text::Name,
    };

    fn named(text: &str) -> Label {
        Label::parse(text).expect("a label")
    }

    fn station(name: &str, categories: &[&str], is_default: bool) -> Station {
        Station {
            id: StationId::generate(),
            name: named(name),
            categories: categories.iter().map(|name| named(name)).collect(),
            warn_after_s: WARN_AFTER_S,
            late_after_s: LATE_AFTER_S,
            is_default,
            version: 1,
            created_at: Timestamp::UNIX_EPOCH,
            updated_at: Timestamp::UNIX_EPOCH,
        }
    }

    fn dish(category: &str, station: Option<&str>) -> MenuItem {
        let currency = Currency::from_code("EUR").expect("a currency");
        let (name, price) = (Name::parse("Sopa").expect("a name"), Money { minor: 500, currency });
        let id = MenuItemId::generate();
        let dish = MenuItem::new(id, name, named(category), price, Timestamp::UNIX_EPOCH);
        MenuItem { station: station.map(named), ..dish }
    }

    #[test]
    fn a_lines_station_by_table() {
        let (hot, cold) = (station("hot", &["Carnes"], true), station("cold", &["Postres"], false));
        let all = [&hot, &cold];
        for (asked, dish, none, some) in [
            (None, None, None, Some("hot")),
            (Some("bar"), None, Some("bar"), Some("bar")),
            (Some("bar"), Some(dish("Carnes", Some("cold"))), Some("bar"), Some("bar")),
            (None, Some(dish("Carnes", Some("cold"))), Some("cold"), Some("cold")),
            (None, Some(dish("Postres", None)), None, Some("cold")),
            (None, Some(dish("Postres", Some("gone"))), Some("gone"), Some("cold")),
            (None, Some(dish("Vinos", Some("gone"))), Some("gone"), Some("hot")),
        ] {
            let asked = asked.map(named);
            let found = |stations: &[&Station]| {
                label(stations, asked.as_ref(), dish.as_ref()).map(|label| label.to_string())
            };
            assert_eq!(found(&[]).as_deref(), none, "{asked:?} {dish:?}");
            assert_eq!(found(&all).as_deref(), some, "{asked:?} {dish:?}");
        }
        for (label, maker) in [(Some("cold"), "cold"), (Some("gone"), "hot"), (None, "hot")] {
            let label = label.map(named);
            assert_eq!(of_line(&all, label.as_ref()).map(|made| made.name.as_str()), Some(maker));
            assert_eq!(of_line(&[], label.as_ref()), None);
        }
    }
}
