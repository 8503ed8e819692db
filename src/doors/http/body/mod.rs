//! Bodies: read within limits, parsed by ourselves, so that every fault is reported at once in class-validator's words.

mod reader;

pub use crate::vocabulary::fields::{BadJson, Fields, uuid};
pub use reader::read;
