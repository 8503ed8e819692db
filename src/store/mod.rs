//! PostgreSQL: the truth. The only place that knows SQL; one statement a file under `sql/queries`.

mod connect;
mod documents;
mod error;
mod migrate;
mod pipeline;
mod pool;
mod rows;
mod tx;

pub mod admin;
pub mod backup;
mod boards;
pub mod customers;
pub mod declared;
pub mod donations;
pub mod embedded;
pub mod import;
pub mod lane;
pub mod log;
pub mod logins;
pub mod people;
pub mod reads;
pub mod seed;
pub mod upkeep;
pub mod users;

pub use error::StoreError;
pub use migrate::{MigrateError, OLDEST_POSTGRES, behind, migrate};
pub use pool::{ConnectError, DatabaseUrls, Store};
pub use tx::{Connection, Tx};

/// The text of `sql/queries/<name>.sql`, embedded.
macro_rules! sql {
    ($name:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/sql/queries/", $name, ".sql"))
    };
}
pub(crate) use sql;
