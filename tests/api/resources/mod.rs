//! Specification 003: declared entities over REST and over sockets.

mod broadcasts;
mod controllers;
mod declared;
mod isolation;
mod lists;
mod people;
mod profiles;
mod recovery;
mod rest;
mod sockets;
mod stored;
mod versions;
