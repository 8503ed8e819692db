//! The floor and the kitchen beyond specification 004: stations, bump and undo.

mod bump;
mod stations;
