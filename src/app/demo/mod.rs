//! The demo: two restaurants whose passwords everyone knows, seeded once into an empty database.

mod menu;

use super::{Failure, database::Database};
use crate::{
    auth::Passwords,
    domain::{
        ids::{MenuItemId, RestaurantId, TableId, UserId},
        menu::MenuItem,
        money::{Currency, Money},
        principal::Role,
        table::Table,
        text::{Label, Name},
    },
    store::{Store, seed::NewRestaurant, users::NewUser},
};
use jiff::Timestamp;
use secrecy::SecretString;

/// The password of every demo user.
pub const PASSWORD: &str = "password123";
/// Name and mail domain of the demo's restaurants.
const RESTAURANTS: [(&str, &str); 2] = [("Restaurante", "restaurante.com"), ("Trattoria", "trattoria.com")];
const TABLES: u32 = 12;
const STAFF: [Role; 6] = Role::ALL;

/// Addresses of the demo's users, for the start lines.
pub fn sign_ins() -> Vec<String> {
    let user = |domain: &str| STAFF.map(|role| address(role, domain)).to_vec();
    RESTAURANTS.iter().flat_map(|(_, domain)| user(domain)).collect()
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
    let broken = |e: crate::store::StoreError| Failure(format!("cannot look into the database: {e}"));
    let is_demo = store.instance_value("demo").await.map_err(broken)?.is_some();
    match (demo, is_demo) {
        (false, false) | (true, true) => Ok(()),
        (false, true) => Err(Failure(
            "this database holds the demo, whose passwords everyone knows; serve it with --demo, or give another database".into(),
        )),
        (true, false) if database.has_restaurants().await? => Err(Failure(
            "this database holds restaurants that are not the demo's; serve it without --demo, or give an empty one".into(),
        )),
        (true, false) => {
            seed(store, passwords).await?;
            // Last, so that a demo that was killed half-way is not taken for whole.
            database.mark_as_demo().await
        }
    }
}

async fn seed(store: &Store, passwords: &Passwords) -> Result<(), Failure> {
    let failed = |e: &dyn std::fmt::Display| Failure(format!("cannot seed the demo: {e}"));
    let euro = Currency::from_code("EUR").ok_or_else(|| failed(&"no euro"))?;
    let hash = passwords.hash(SecretString::from(PASSWORD)).await.map_err(|e| failed(&e))?;
    for (name, domain) in RESTAURANTS {
        let id = RestaurantId::generate();
        let tables = (1..=TABLES).map(|n| Ok(Table { id: TableId::generate(), name: text(&n.to_string())?, created_at: Timestamp::now() }));
        let tables = tables.collect::<Result<Vec<_>, Failure>>()?;
        let menu = menu::MENU.iter().map(|dish| menu_item(dish, euro)).collect::<Result<Vec<_>, Failure>>()?;
        let people: Vec<(Role, String)> = STAFF.iter().map(|&role| (role, address(role, domain))).collect();
        let names: Vec<String> = STAFF.iter().map(|role| capitalised(role.name())).collect();
        let users: Vec<NewUser<'_>> = people
            .iter()
            .zip(&names)
            .map(|((role, email), name)| NewUser {
                user: UserId::generate(),
                restaurant: id,
                email,
                name,
                role: *role,
                password_hash: &hash,
            })
            .collect();
        let new = NewRestaurant { id, name: text(name)?, currency: euro, tables: &tables, menu: &menu, users: &users };
        store.create_restaurant(&new).await.map_err(|e| failed(&e))?;
    }
    Ok(())
}

fn menu_item((name, category, cents, course, station): &menu::Dish, currency: Currency) -> Result<MenuItem, Failure> {
    let label = |text: &str| Label::parse(text).map_err(|e| Failure(format!("demo menu: {text} {e}")));
    Ok(MenuItem {
        id: MenuItemId::generate(),
        name: text(name)?,
        category: label(category)?,
        price: Money { minor: *cents, currency },
        course: Some(label(course)?),
        station: Some(label(station)?),
        available: true,
        remaining: None,
    })
}

fn text(text: &str) -> Result<Name, Failure> {
    Name::parse(text).map_err(|e| Failure(format!("demo: {text} {e}")))
}

fn capitalised(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| format!("{first}{}", letters.as_str().to_lowercase())).unwrap_or_default()
}
