//! What a restaurant is, in plain values and pure functions: no actors, no SQL, no framing.

pub mod ids;
pub mod money;
pub mod moving;
pub mod text;

pub mod principal;
pub mod stream;

pub mod attention;
pub mod batch;
pub mod customer;
pub mod donation;
pub mod item;
pub mod menu;
pub mod network;
pub mod order;
pub mod people;
pub mod production;
pub mod profile;
pub mod resource;
pub mod station;
pub mod table;
pub mod times;

pub mod audit;
pub mod board;
pub mod command;
pub mod context;
pub mod event;
pub mod rejection;
pub mod workspace;

#[cfg(test)]
mod floor_tests;
#[cfg(test)]
mod kitchen_tests;
#[cfg(test)]
mod laws;
#[cfg(test)]
mod menu_tests;
