//! Specification 003: declared entities over REST and over sockets.

mod broadcasts;
mod isolation;
mod recovery;
mod rest;
mod sockets;
mod stored;
