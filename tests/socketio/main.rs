//! Socket.IO's door on a real server with an in-memory house behind it: stock clients, and requests by hand.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a helper that fails fails its test")]

mod abandoned;
mod acks;
mod by_hand;
mod client;
mod desk;
mod house;
mod limits;
mod msgpack;
mod server;
mod stock;
mod upgrade;
mod volatile;
mod writes;
