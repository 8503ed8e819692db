//! The official conformance suites in our own words, RFC 6455 case by case, and what broke others, over the real wire.
//!
//! They run against the built example `protocol_echo` as a process of its own; only what must look into the server
//! (`broke_resets`, `broke_leftovers`) runs against the in-memory house of Socket.IO's tests.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a helper that fails fails its test")]

mod broke_leftovers;
mod broke_packets;
mod broke_requests;
mod broke_resets;
mod cases;
mod echo_close;
mod echo_fragments;
mod echo_frames;
mod echo_text;
mod engine_io;
mod example;
#[path = "../socketio/house.rs"]
#[expect(dead_code, reason = "the other tests of this house use more of it")]
mod house;
mod http;
mod program;
#[path = "../carrier/raw.rs"]
mod raw;
#[path = "../socketio/server.rs"]
#[expect(dead_code, reason = "as above")]
mod server;
mod socket;
mod socket_io;
mod socket_io_cases;
