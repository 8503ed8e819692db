//! comanda: a realtime order server for restaurants. This page is the map of the house, in reading order.
//!
//! ```text
//! domain ← wire, store ← session, vocabulary ← actors ← doors ← app
//! code, config, telemetry stand below all of them; auth stands beside session
//! ```
//!
//! A command comes in through a door, goes to the `OrderRegistry`, is persisted by the store together with its
//! events, and only then are the events handed to the restaurant's room, which hands them to every connected socket.

pub mod code;
pub mod config;
pub mod telemetry;

pub mod domain;

pub mod store;
pub mod wire;

pub mod auth;
pub mod session;
pub mod vocabulary;

pub mod actors;
pub mod doors;

pub mod app;
