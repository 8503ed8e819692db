//! What the kitchen must see and has not acknowledged yet.
//!
//! | what happens to a line that the kitchen has | attention |
//! |---|---|
//! | it was added late | NEW |
//! | quantity, notes, course or station changed | CHANGED, or NEW still |
//! | cancelled or voided | VOIDED |
//! | acknowledged | none |

use serde::{Deserialize, Serialize};

/// Why a line wants to be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Attention {
    New,
    Changed,
    Voided,
}

impl Attention {
    pub const ALL: [Attention; 3] = [Attention::New, Attention::Changed, Attention::Voided];

    pub const fn name(self) -> &'static str {
        match self {
            Attention::New => "NEW",
            Attention::Changed => "CHANGED",
            Attention::Voided => "VOIDED",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|attention| attention.name() == name)
    }
}
