//! Tests of the whole server: the real thing on port 0, a database of its own for each test, clients with verbs.

#[path = "../support/postgres.rs"]
mod postgres;
mod support;

mod sql;
