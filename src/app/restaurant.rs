//! `comanda restaurant`: the first restaurant of a new installation, and any further one.

use super::{Failure, database::Database};
use crate::{
    auth::{Email, Passwords},
    config::Settings,
    domain::{
        ids::{RestaurantId, TableId, UserId},
        money::Currency,
        principal::Role,
        table::Table,
        text::Name,
    },
    store::{StoreError, seed::NewRestaurant, users::NewUser},
};
use jiff::Timestamp;
use secrecy::SecretString;
use std::io::{BufRead, Write};

/// Most tables made at once.
const MAX_TABLES: u32 = 500;

/// What the command line says of a new restaurant.
pub struct NewHouse {
    pub name: String,
    pub currency: String,
    pub owner: String,
    pub tables: u32,
}

/// Makes it, with an owner whose password is the first line of standard input.
pub async fn restaurant(settings: Settings, new: NewHouse) -> Result<(), Failure> {
    let name = Name::parse(&new.name).map_err(|e| Failure::mistake(format!("--name {e}")))?;
    let currency = Currency::from_code(&new.currency);
    let currency = currency.ok_or_else(|| Failure::mistake("--currency is an ISO 4217 code such as EUR"))?;
    let owner = Email::parse(&new.owner).map_err(|e| Failure::mistake(format!("--owner: {e}")))?;
    if new.tables > MAX_TABLES {
        return Err(Failure::mistake(format!("--tables is at most {MAX_TABLES}")));
    }
    let password_hash = password_hash().await?;
    let id = RestaurantId::generate();
    let house = NewRestaurant {
        id,
        name,
        currency,
        tables: (1..=new.tables).map(table).collect::<Result<_, _>>()?,
        menu: Vec::new(),
        stations: Vec::new(),
        customers: Vec::new(),
        users: vec![NewUser {
            user: UserId::generate(),
            restaurant: id,
            email: owner.as_str().to_owned(),
            name: "Owner".into(),
            role: Role::Owner,
            password_hash,
        }],
    };
    let database = Database::visit(&settings).await?;
    let made = make(&database, &settings, house).await;
    database.stop().await?;
    made?;
    // A closed standard output is nobody's loss: it is made.
    let _ = writeln!(std::io::stdout(), "made restaurant {id}, owner {}", owner.as_str());
    Ok(())
}

async fn make(database: &Database, settings: &Settings, house: NewRestaurant) -> Result<(), Failure> {
    database.migrate().await?;
    let store = database.connect(settings).await?;
    store.create_restaurants(&[house], None).await.map_err(|error| match error {
        StoreError::Constraint(name) if name == "users_email_key" => {
            Failure::mistake("--owner: there is a user with this address already")
        }
        error => Failure::new(format!("cannot make the restaurant: {error}")),
    })
}

fn table(number: u32) -> Result<Table, Failure> {
    let name = Name::parse(&number.to_string()).map_err(|e| Failure::new(format!("table {number} {e}")))?;
    Ok(Table::new(TableId::generate(), name, Timestamp::now()))
}

/// Of the first line of standard input. Never an argument: those are seen by every user of the machine.
pub(super) async fn password_hash() -> Result<String, Failure> {
    let passwords = Passwords::new(1, 1).map_err(|e| Failure::new(format!("cannot hash passwords: {e}")))?;
    let hashed = passwords.hash(password()?).await;
    hashed.map_err(|e| Failure::mistake(format!("the password (first line of standard input): {e}")))
}

fn password() -> Result<SecretString, Failure> {
    let mut line = String::new();
    let read = std::io::stdin().lock().read_line(&mut line);
    read.map_err(|error| Failure::new(format!("cannot read the password: {error}")))?;
    let password = line.trim_end_matches(['\r', '\n']);
    Ok(password.to_owned().into())
}
