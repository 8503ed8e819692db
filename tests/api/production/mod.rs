//! Production orders (specification 001), over the wire.

mod events;
mod rest;
mod rooms;
mod stages;
