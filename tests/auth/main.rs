//! Authentication against a real PostgreSQL, below the doors: logins, rotation, revocation, tenants apart.

#![expect(clippy::unwrap_used, reason = "a helper that cannot go on fails its test")]

mod login;
mod passwords;
#[path = "../support/postgres.rs"]
mod postgres;
mod refresh;
mod standing;
mod tenants;
mod world;
