//! The REST calls of specifications 004 and 000, over the wire.

mod counter;
mod errors;
mod flow;
mod late;
mod lists;
mod login;
mod public;
mod repeats;
mod tenants;
