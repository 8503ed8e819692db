//! People over the wire: users, invites, registration, passwords, devices.

mod devices;
mod guests;
mod invites;
mod log;
mod profiles;
mod purging;
mod register;
pub mod reset;
pub mod secrets;
pub mod smtp;
mod sockets;
mod transports;
mod users;
