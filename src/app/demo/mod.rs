//! The demo: two restaurants and two NGOs whose passwords everyone knows, seeded once into an empty database.

mod hour;
mod lunch;
mod menu;
mod rest;

pub use hour::{Hour, play};
pub use lunch::lunches;

use super::{Failure, database::Database};
use crate::{
    auth::Passwords,
    domain::{
        ids::{BoardId, CustomerId, MenuItemId, RestaurantId, StationId, TableId, UserId},
        menu::MenuItem,
        money::{Currency, Money},
        principal::Role,
        station::{LATE_AFTER_S, Station, WARN_AFTER_S},
        table::Table,
        text::{Contact, Label, Name},
    },
    store::{
        Store,
        customers::NewCustomer,
        seed::{NewOrganization, NewRestaurant},
        users::NewUser,
    },
};
use jiff::Timestamp;
use secrecy::SecretString;

/// The password of every demo user.
pub const PASSWORD: &str = "password123";
/// Name and mail domain of the demo's restaurants.
const RESTAURANTS: [(&str, &str); 2] = [("Restaurante", "restaurante.com"), ("Trattoria", "trattoria.com")];
/// Name and mail domain of its NGOs, on the board that the restaurants are on.
const NGOS: [(&str, &str); 2] = [("Banco de Alimentos", "banco.org"), ("Mesa Solidaria", "mesa.org")];
/// Name, e-mail address and telephone number; their numbers are 1, 2, 3.
const CUSTOMERS: [(&str, &str, &str); 3] = [
    ("Ana García", "ana@example.com", "+34 600 000 001"),
    ("Luis Pérez", "luis@example.com", "+34 600 000 002"),
    ("María López", "maria@example.com", "+34 600 000 003"),
];
const TABLES: u32 = 12;
const STAFF: [Role; 6] = Role::ALL;

/// Each restaurant and NGO with the addresses of its users, for the start lines.
pub fn sign_ins() -> impl Iterator<Item = (&'static str, String)> {
    let staff =
        |(name, domain): &(&'static str, &str)| (*name, STAFF.map(|role| address(role, domain)).join(" "));
    RESTAURANTS.iter().map(staff).chain(NGOS.iter().map(|(name, domain)| (*name, address(Role::Ngo, domain))))
}

fn address(role: Role, domain: &str) -> String {
    format!("{}@{domain}", role.name().to_lowercase())
}

/// Sees to it that the demo runs on a demo database and nothing else does; seeds an empty one.
pub async fn settle(
    demo: bool,
    database: &Database,
    store: &Store,
    passwords: &Passwords,
) -> Result<(), Failure> {
    let broken = |e: crate::store::StoreError| Failure::new(format!("cannot look into the database: {e}"));
    let is_demo = store.instance_value("demo").await.map_err(broken)?.is_some();
    match (demo, is_demo) {
        (false, false) | (true, true) => Ok(()),
        (false, true) => Err(Failure::new(
            "this database holds the demo, whose passwords everyone knows; serve it with --demo, or give another database",
        )),
        (true, false) if database.has_restaurants().await? => Err(Failure::new(
            "this database holds restaurants that are not the demo's; serve it without --demo, or give an empty one",
        )),
        (true, false) => seed(store, passwords).await,
    }
}

async fn seed(store: &Store, passwords: &Passwords) -> Result<(), Failure> {
    let failed = |e: &dyn std::fmt::Display| Failure::new(format!("cannot seed the demo: {e}"));
    let currency = Currency::from_code("EUR").ok_or_else(|| failed(&"no euro"))?;
    let hash = passwords.hash(SecretString::from(PASSWORD)).await.map_err(|e| failed(&e))?;
    let menu = |dish| menu_item(dish, currency);
    let user = |restaurant, domain: &str, role: Role| NewUser {
        user: UserId::generate(),
        restaurant,
        email: address(role, domain),
        name: capitalised(role.name()),
        role,
        password_hash: hash.clone(),
    };
    let mut restaurants = Vec::new();
    for (name, domain) in RESTAURANTS {
        let id = RestaurantId::generate();
        restaurants.push(NewRestaurant {
            id,
            name: text(name)?,
            currency,
            tables: (1..=TABLES).map(table).collect::<Result<_, _>>()?,
            menu: menu::MENU.iter().map(menu).collect::<Result<_, _>>()?,
            stations: menu::STATIONS.iter().map(station).collect::<Result<_, _>>()?,
            customers: CUSTOMERS.iter().map(customer).collect::<Result<_, _>>()?,
            users: STAFF.map(|role| user(id, domain, role)).into(),
        });
    }
    let mut ngos = Vec::new();
    for (name, domain) in NGOS {
        let id = RestaurantId::generate();
        let users = vec![user(id, domain, Role::Ngo)];
        ngos.push(NewOrganization { id, name: text(name)?, boards: vec![BoardId::DEFAULT], users });
    }
    let mark = Some(("demo", "true"));
    store.create_tenants(&restaurants, &ngos, mark).await.map_err(|e| failed(&e))
}

fn table(number: u32) -> Result<Table, Failure> {
    Ok(Table::new(TableId::generate(), text(&number.to_string())?, Timestamp::now()))
}

fn station((name, categories, is_default): &menu::Place) -> Result<Station, Failure> {
    let now = Timestamp::now();
    Ok(Station {
        id: StationId::generate(),
        name: label(name)?,
        categories: categories.iter().map(|name| label(name)).collect::<Result<_, _>>()?,
        warn_after_s: WARN_AFTER_S,
        late_after_s: LATE_AFTER_S,
        is_default: *is_default,
        version: 1,
        created_at: now,
        updated_at: now,
    })
}

fn label(text: &str) -> Result<Label, Failure> {
    Label::parse(text).map_err(|e| Failure::new(format!("demo: {text} {e}")))
}

fn customer((name, email, phone): &(&str, &str, &str)) -> Result<NewCustomer, Failure> {
    let contact = |text: &str| Contact::parse(text).map_err(|e| Failure::new(format!("demo: {text} {e}")));
    Ok(NewCustomer {
        id: CustomerId::generate(),
        name: text(name)?,
        email: Some(contact(email)?),
        phone: Some(contact(phone)?),
        created_at: Timestamp::now(),
    })
}

fn menu_item(
    (name, category, cents, course, station): &menu::Dish,
    currency: Currency,
) -> Result<MenuItem, Failure> {
    let (id, price) = (MenuItemId::generate(), Money { minor: *cents, currency });
    let dish = MenuItem::new(id, text(name)?, label(category)?, price, Timestamp::now());
    Ok(MenuItem { course: Some(label(course)?), station: Some(label(station)?), ..dish })
}

fn text(text: &str) -> Result<Name, Failure> {
    Name::parse(text).map_err(|e| Failure::new(format!("demo: {text} {e}")))
}

fn capitalised(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| format!("{first}{}", letters.as_str().to_lowercase())).unwrap_or_default()
}
