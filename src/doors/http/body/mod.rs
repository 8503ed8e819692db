//! Bodies: read within limits, parsed by ourselves, so that every fault is reported at once in class-validator's words.

mod fields;
mod json;
mod reader;

pub use fields::{Fields, uuid};
pub use json::BadJson;
pub use reader::read;
