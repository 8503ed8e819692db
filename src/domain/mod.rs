//! What a restaurant is, in plain values and pure functions: no actors, no SQL, no framing.

pub mod ids;
pub mod money;
pub mod text;

pub mod principal;
pub mod stream;

pub mod customer;
pub mod item;
pub mod menu;
pub mod order;
pub mod production;
pub mod resource;
pub mod table;

pub mod audit;
pub mod board;
pub mod command;
pub mod context;
pub mod event;
pub mod rejection;
pub mod workspace;

#[cfg(test)]
mod laws;
