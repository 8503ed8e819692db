//! The HTTP door: the REST calls of specification 004, the OpenAPI document, health and metrics.
//!
//! The application has `Data<HttpState>` and wraps all doors, outermost first, in [`trace::logger`],
//! `from_fn` of [`trace::request_id`], `from_fn` of [`origin::check`], [`origin::cors`]; it registers the other doors
//! first and [`configure`] last, since that answers what nobody else does.

mod address;
mod answers;
mod auth;
mod board;
mod body;
mod caller;
mod conditions;
mod error;
mod events;
mod floor;
mod health;
mod history;
mod idempotency;
mod items;
mod menu;
mod openapi;
mod orders;
mod page;
mod pages;
mod query;
mod requests;
mod routes;
mod schema;
mod state;
mod tickets;

pub mod origin;
pub mod trace;

pub use error::HttpError;
pub use openapi::document;
pub use routes::configure;
pub use state::{HttpState, OpenStream};
pub use tickets::Tickets;
