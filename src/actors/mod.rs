//! Actors: thin shells around plain structs; rooms, the registry, and the supervision of both.

pub mod delivery;
pub mod directory;
pub mod order_registry;
pub mod publisher;
pub mod queue;
pub mod room;
pub mod supervise;

#[cfg(test)]
mod tests;
