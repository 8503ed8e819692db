//! Actors: rooms and what finds, feeds and restarts them.

pub mod delivery;
pub mod directory;
pub mod room;
pub mod supervise;
