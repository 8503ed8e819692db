//! comanda: a realtime order server for restaurants. This page is the map of the house, in reading order.
//!
//! ```text
//! domain ← wire, store ← session, vocabulary ← actors ← doors ← app
//! code, config, flaws, telemetry stand below all of them; auth stands beside session
//! ```
//!
//! A command comes in through a door, goes to the `OrderRegistry`, is persisted by the store together with its
//! events, and only then are the events handed to the restaurant's room, which hands them to every connected socket.
//!
//! Where the next thing goes:
//!
//! - an event: a variant in [`domain::event`] and its order there, an arm and a payload in [`vocabulary::restaurant`], an arm
//!   in [`domain::board`], a command that causes it; README, "How to add an event", has one whole, with what holds it to that;
//! - an entity: its noun in [`domain`], a migration and `sql/queries/<aggregate>`, a file in [`store`];
//! - a door: a folder in [`doors`], hung in by `app::doors`; it asks the store, and gives the registry its commands.

// Every way something can be refused, with its face for each kind of client.
pub mod code;
// Settings: layered, typed, validated once.
pub mod config;
// Logs, metrics, panics.
pub mod telemetry;
// What is wrong on purpose, in builds for tests.
pub mod flaws;

// What a restaurant is: values and pure functions.
pub mod domain;

// PostgreSQL, the truth: the log, the lanes' transactions, reads, migrations, a private cluster.
pub mod store;
// Bytes ↔ packets of every protocol, pure.
pub mod wire;

// Who is calling.
pub mod auth;
// One connected socket's state, pure: the stream's cursor, plain WebSocket, Engine.IO, Socket.IO, event streams.
pub mod session;
// From events to what is said of them.
pub mod vocabulary;

// Rooms, their directory, the registry, and the supervision of all.
pub mod actors;
// The ways in: HTTP, WebSocket, Socket.IO, server-sent events.
pub mod doors;

// The application: started and stopped in order.
pub mod app;
