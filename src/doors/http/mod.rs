//! The HTTP door: the REST calls of specifications 004 and 000, the OpenAPI and AsyncAPI documents, health and metrics.
//!
//! `app::doors` wraps it and the other doors, outermost first: [`trace::logger`], [`trace::request_id`],
//! [`shield::shield`], [`origin::check`] (which finds `Data<Origins>` in the app; Engine.IO's requests pass it by, that
//! door checks them itself), [`origin::cors`]. It registers [`configure`] last: that answers what nobody else does.

mod account;
mod answers;
mod asyncapi;
mod auth;
mod board;
pub mod bodies;
mod body;
mod caller;
mod categories;
mod conditions;
mod counter;
mod declared;
mod devices;
mod documents;
mod donations;
mod done;
mod error;
mod events;
mod floor;
mod guests;
mod health;
mod history;
mod idempotency;
mod invites;
mod items;
mod kitchen;
mod live;
pub mod lunch;
mod menu;
mod on_board;
mod openapi;
mod orders;
mod page;
mod pages;
mod people;
mod people_log;
mod production;
mod public;
mod query;
mod reports;
mod requests;
pub mod resources;
mod routes;
mod schema;
mod screens;
mod state;
mod stations;

pub mod origin;
pub mod shield;
pub mod trace;

pub use auth::{TokensBody, UserBody, counted};
pub use documents::Documents;
pub use done::{Changed, LoggedOut, Sent};
pub use error::HttpError;
pub use guests::Guests;
pub use openapi::document;
pub use routes::{configure, reserved_paths};
pub use state::HttpState;
