//! The floor and the kitchen beyond specification 004: stations, bump and undo, what was seen, priority, move and merge, menu, reports.

mod attention;
mod bump;
mod menu;
mod menu_clock;
mod moving;
mod reports;
mod stations;
