//! The stages that production orders pass, in their order; which there are is the house's decision.
//!
//! | from | to | by |
//! |---|---|---|
//! | a stage | the same | WAITER, no change |
//! | a stage | any later one | WAITER |
//! | a stage | any earlier one | MANAGER, with a message |
//! | a stage that there is no longer | any stage | WAITER: nobody can say that it is a step back |
//! | any | what is no stage | nobody |

use super::super::{
    principal::Role,
    text::{BadText, Stage},
};
use crate::code::ErrorCode;
use std::{fmt, sync::Arc};

/// Why there can be no such stages.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadStages {
    #[error("there has to be a stage")]
    None,
    #[error("a stage's name {0}")]
    Name(#[from] BadText),
    #[error("{0} stands there twice")]
    Twice(Stage),
}

/// One stage at least, each once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stages {
    first: Stage,
    all: Arc<[Stage]>,
}

impl Stages {
    pub fn new<T: AsRef<str>>(names: impl IntoIterator<Item = T>) -> Result<Self, BadStages> {
        let mut all: Vec<Stage> = Vec::new();
        for name in names {
            let stage = Stage::parse(name.as_ref())?;
            if all.contains(&stage) {
                return Err(BadStages::Twice(stage));
            }
            all.push(stage);
        }
        let first = all.first().ok_or(BadStages::None)?.clone();
        Ok(Self { first, all: all.into() })
    }

    /// Where an order begins.
    pub fn first(&self) -> &Stage {
        &self.first
    }

    fn place(&self, stage: &Stage) -> Option<usize> {
        self.all.iter().position(|known| known == stage)
    }

    pub fn contains(&self, stage: &Stage) -> bool {
        self.place(stage).is_some()
    }

    /// Decides a move by `role`, who gives a reason or does not: `Ok(true)` a change, `Ok(false)` already there.
    ///
    /// What is no stage is `ValidationFailed` for everyone, a step of another role `Forbidden`, one that needs a reason
    /// `ReasonRequired`.
    pub fn step(&self, from: &Stage, to: &Stage, role: Role, has_reason: bool) -> Result<bool, ErrorCode> {
        let allowed =
            |role: Role, other: Role| if role.includes(other) { Ok(()) } else { Err(ErrorCode::Forbidden) };
        if from == to {
            return allowed(role, Role::Waiter).map(|()| false);
        }
        let to = self.place(to).ok_or(ErrorCode::ValidationFailed)?;
        match self.place(from) {
            Some(from) if to < from => {
                allowed(role, Role::Manager)?;
                if has_reason { Ok(true) } else { Err(ErrorCode::ReasonRequired) }
            }
            Some(_) | None => allowed(role, Role::Waiter).map(|()| true),
        }
    }
}

/// Their names, comma separated.
impl fmt::Display for Stages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.all.iter().map(Stage::as_str).collect();
        f.write_str(&names.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stage(name: &str) -> Stage {
        Stage::parse(name).expect("a stage")
    }

    const NAMES: [&str; 5] = ["In Production", "In Printing", "In Binding", "Packaging", "Delivery"];

    /// The table at the head of this file, told by names: what may follow on what, and who may take it back.
    #[test]
    fn every_from_to_role_and_reason() {
        let stages = Stages::new(NAMES).expect("stages");
        let (gone, never) = ("Varnishing", "in printing");
        let waiters = [Role::Owner, Role::Manager, Role::Waiter];
        for from in NAMES.into_iter().chain([gone]) {
            for to in NAMES.into_iter().chain([gone, never]) {
                for role in Role::ALL {
                    for has_reason in [true, false] {
                        let may = if waiters.contains(&role) { Ok(()) } else { Err(ErrorCode::Forbidden) };
                        let place = |name| NAMES.iter().position(|known| *known == name);
                        let expected = match (place(from), place(to)) {
                            _ if from == to => may.map(|()| false),
                            (_, None) => Err(ErrorCode::ValidationFailed),
                            (Some(from), Some(to)) if to < from => match role {
                                Role::Owner | Role::Manager if has_reason => Ok(true),
                                Role::Owner | Role::Manager => Err(ErrorCode::ReasonRequired),
                                _ => Err(ErrorCode::Forbidden),
                            },
                            _ => may.map(|()| true),
                        };
                        let step = stages.step(&stage(from), &stage(to), role, has_reason);
                        assert_eq!(step, expected, "{from} → {to} by {role}, with a reason: {has_reason}");
                    }
                }
            }
        }
    }

    #[test]
    fn stages_are_one_at_least_and_each_once() {
        let stages = Stages::new([" Cut ", "Sew"]).expect("stages");
        assert_eq!((stages.first().as_str(), stages.to_string()), ("Cut", "Cut, Sew".into()));
        assert!(stages.contains(&stage("Sew")) && !stages.contains(&stage("sew")));
        assert_eq!(Stages::new([""; 0]), Err(BadStages::None));
        assert_eq!(Stages::new(["Cut", " "]), Err(BadStages::Name(BadText::Empty)));
        assert_eq!(Stages::new(["x".repeat(51)]), Err(BadStages::Name(BadText::TooLong(50))));
        assert_eq!(Stages::new(["Cut", "Sew", "Cut "]), Err(BadStages::Twice(stage("Cut"))));
    }
}
