//! The REST calls of specification 004, over the wire.

mod errors;
mod flow;
mod late;
mod lists;
mod login;
mod repeats;
mod tenants;
