//! What tests say: `spawn_app()`, `app.restaurant()`, `waiter.post(…)`, `display.expect("order.new")`.

pub mod app;
pub mod client;
pub mod database;
pub mod display;
pub mod house;

pub use app::{TestApp, spawn_app, spawn_app_with};
pub use client::{Answer, Client};
pub use display::Display;
pub use house::House;
