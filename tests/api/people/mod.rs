//! People over the wire: users, invites, registration, passwords, devices.

mod devices;
mod invites;
mod register;
mod reset;
mod smtp;
mod users;
