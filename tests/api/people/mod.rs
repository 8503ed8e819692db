//! People over the wire: users, invites, registration, passwords, devices.

mod devices;
mod invites;
mod register;
mod reset;
pub mod secrets;
mod smtp;
mod sockets;
mod users;
