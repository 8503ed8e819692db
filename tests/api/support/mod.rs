//! What tests say: `spawn_app()`, `app.restaurant()`, `waiter.post(…)`, `display.expect("order.new")`.

pub mod app;
pub mod contract;
pub mod database;
pub mod evening;
pub mod hold;
pub mod house;
pub mod ngo;
pub mod production;
pub mod promise;
mod resources;
pub mod shown;
mod socket_io;
pub mod things;

pub use crate::{
    client::{Answer, Client},
    display::Display,
    mute::Mute,
    poller::Poller,
    stream::Reader,
};
pub use app::{TestApp, spawn_app, spawn_app_declaring, spawn_app_with, spawn_demo, spawn_patient_app};
pub use hold::Hold;
pub use house::House;
pub use ngo::Ngo;
pub use socket_io::SocketIo;
