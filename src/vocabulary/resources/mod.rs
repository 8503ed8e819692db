//! Resources (specification 003): declared entities, what clients may say of them, and what they are told.

pub mod bodies;
pub mod calls;
mod catalog;
pub(super) mod declaration;
mod naming;
pub mod shapes;

pub use catalog::Catalog;
