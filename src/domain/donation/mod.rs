//! Donations (specification 002): food that a restaurant gives away, on a board that its donors and NGOs share.

mod near;
mod shelf;
mod status;

pub use near::{Boxes, Near};
pub use shelf::Shelf;
pub use status::DonationStatus;

use super::{
    ids::{DonationId, RestaurantId, UserId},
    text::{Label, Name, Note},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;

/// Most pictures of one donation.
pub const MAX_IMAGES: usize = 10;

/// Where the food is, in degrees (WGS 84), and in words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Location {
    pub lat: f64,
    pub lng: f64,
    pub address: Name,
}

/// Coordinates are checked numbers: never NaN.
impl Eq for Location {}

/// What a donor says of a donation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    pub name: Name,
    pub food_type: Name,
    /// As people say it: `5`, `2-3`, `half a dozen`.
    pub quantity: Label,
    pub unit: Label,
    pub description: Option<Note>,
    pub location: Location,
    /// From then on nobody can have it any more.
    pub expires_at: Timestamp,
    /// HTTP addresses, at most [`MAX_IMAGES`].
    pub image_urls: Vec<String>,
}

/// Whose the donation is for now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// The NGO, as it was called then.
    pub ngo: RestaurantId,
    /// `None` of one that another service knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ngo_name: Option<Name>,
    pub by: UserId,
    pub at: Timestamp,
}

/// Something was done by somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub by: UserId,
    pub at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Donation {
    pub id: DonationId,
    /// The restaurant that gives it, as it was called then.
    pub donor: RestaurantId,
    pub donor_name: Name,
    pub offer: Offer,
    pub status: DonationStatus,
    pub created: Step,
    pub claim: Option<Claim>,
    pub picked_up: Option<Step>,
    pub delivered: Option<Step>,
    pub version: u32,
    pub updated_at: Timestamp,
}

impl Donation {
    /// How it is made.
    pub const FIRST_STATUS: DonationStatus = DonationStatus::Available;
    pub const FIRST_VERSION: u32 = 1;
}

/// What somebody wants done on a board. Its name is in metrics, logs and the scope of idempotency keys.
#[derive(Debug, Clone, PartialEq, Eq, IntoStaticStr)]
#[strum(const_into_str)]
pub enum DonationCommand {
    #[strum(serialize = "PostDonation")]
    Post {
        offer: Box<Offer>,
        /// What the sender's restaurant is called.
        donor_name: Name,
        /// Most donations that the restaurant may make in a minute; a setting.
        per_minute: u32,
    },
    #[strum(serialize = "ClaimDonation")]
    Claim {
        donation: DonationId,
        /// What the sender's NGO is called; `None` where only another service knows it.
        ngo_name: Option<Name>,
    },
    #[strum(serialize = "SetDonationStatus")]
    SetStatus { donation: DonationId, to: DonationStatus },
    /// The clock's.
    #[strum(serialize = "ExpireDonation")]
    Expire { donation: DonationId },
}

impl DonationCommand {
    /// The donation that it is about; a new one has no name yet.
    pub const fn donation(&self) -> Option<DonationId> {
        match self {
            Self::Post { .. } => None,
            Self::Claim { donation, .. } | Self::SetStatus { donation, .. } | Self::Expire { donation } => {
                Some(*donation)
            }
        }
    }
}

/// What happened on a board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(strum::VariantNames), strum(serialize_all = "snake_case"))]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum DonationEvent {
    Created {
        donation: Box<Donation>,
    },
    Claimed {
        donation: DonationId,
        version: u32,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ngo_name: Option<Name>,
    },
    StatusChanged {
        donation: DonationId,
        version: u32,
        from: DonationStatus,
        to: DonationStatus,
    },
}
