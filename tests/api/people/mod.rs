//! People over the wire: users, invites, registration, passwords, devices.

mod devices;
mod guests;
mod invites;
mod log;
mod profiles;
mod purging;
mod register;
mod reset;
pub mod secrets;
mod smtp;
mod sockets;
mod transports;
mod users;
