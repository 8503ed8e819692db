//! Socket.IO's door on a real server with an in-memory house behind it: stock clients, and requests by hand.

mod by_hand;
mod client;
mod house;
mod stock;
mod upgrade;
