//! Who acts, when, and which version they saw.

use super::{
    principal::{Principal, Role},
    rejection::Rejection,
};
use crate::code::ErrorCode;
use jiff::Timestamp;

/// The versions an `If-Match` names (RFC 9110 §13.1.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IfMatch {
    Any,
    OneOf(Vec<u32>),
}

/// The circumstances of one command.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    pub by: &'a Principal,
    pub at: Timestamp,
    pub if_match: Option<&'a IfMatch>,
}

impl Context<'_> {
    /// Forbidden unless the sender has one of `roles`.
    pub fn require(&self, roles: &[Role]) -> Result<(), Rejection> {
        if self.by.role.any_of(roles) { Ok(()) } else { Err(Rejection::forbidden()) }
    }

    /// Refused where the sender saw another version than the current one.
    pub fn require_version(&self, version: u32) -> Result<(), Rejection> {
        match self.if_match {
            None | Some(IfMatch::Any) => Ok(()),
            Some(IfMatch::OneOf(seen)) if seen.contains(&version) => Ok(()),
            Some(IfMatch::OneOf(_)) => Err(Rejection::new(
                ErrorCode::PreconditionFailed,
                format!("the current version is {version}"),
            )),
        }
    }
}
