//! The donations vocabulary (specification 002): what `/donations` says of a board's events, and REST of its donations.
//!
//! Payloads have the specification's keys in its order; `eventId` and `seq` are last in every one.

use super::{body::Time, names::DonationStatusName, words::words};
use crate::{
    domain::{
        donation::{Donation, DonationEvent, DonationStatus, Location},
        event::{Event, Recorded},
        ids::{DonationId, UserId},
        text::Name,
    },
    wire::event::WireEvent,
};
use serde::{Serialize, Serializer};
use utoipa::ToSchema;
use uuid::Uuid;

/// Where the food is.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Location)]
pub struct LocationBody {
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lng: f64,
    pub address: String,
}

impl From<&Location> for LocationBody {
    fn from(location: &Location) -> Self {
        Self { lat: location.lat, lng: location.lng, address: location.address.to_string() }
    }
}

/// `donation.created`.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DonationCreated {
    pub id: Uuid,
    pub name: String,
    pub food_type: String,
    pub quantity: String,
    pub unit: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    pub location: LocationBody,
    /// The restaurant's name.
    pub donor_name: String,
    pub expiry_time: Time,
    pub image_urls: Vec<String>,
    pub created_at: Time,
}

impl From<&Donation> for DonationCreated {
    fn from(donation: &Donation) -> Self {
        let offer = &donation.offer;
        Self {
            id: donation.id.0,
            name: offer.name.to_string(),
            food_type: offer.food_type.to_string(),
            quantity: offer.quantity.to_string(),
            unit: offer.unit.to_string(),
            description: offer.description.as_ref().map(ToString::to_string).filter(|text| !text.is_empty()),
            location: LocationBody::from(&offer.location),
            donor_name: donation.donor_name.to_string(),
            expiry_time: Time(offer.expires_at),
            image_urls: offer.image_urls.clone(),
            created_at: Time(donation.created.at),
        }
    }
}

/// `donation.claimed`.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct DonationClaimed {
    donation_id: Uuid,
    /// The user.
    claimed_by: Uuid,
    #[schema(value_type = DonationStatusName)]
    status: DonationStatus,
    claimed_at: Time,
    /// What the NGO was called then.
    #[serde(skip_serializing_if = "Option::is_none")]
    organization_name: Option<String>,
}

/// `donation.status.updated`.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct DonationStatusUpdated {
    donation_id: Uuid,
    #[schema(value_type = DonationStatusName)]
    status: DonationStatus,
    /// A user's id, or `system` of what the clock did.
    #[schema(value_type = String)]
    updated_by: Actor,
    updated_at: Time,
}

/// A user's id, or `system` of what the clock did.
#[derive(Debug)]
struct Actor(UserId);

impl Serialize for Actor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            UserId::NOBODY => serializer.serialize_str("system"),
            user => user.serialize(serializer),
        }
    }
}

impl DonationCreated {
    fn of(donation: &Donation, _: &Recorded) -> Self {
        Self::from(donation)
    }
}

impl DonationClaimed {
    fn of(donation: DonationId, ngo_name: Option<&Name>, recorded: &Recorded) -> Self {
        Self {
            donation_id: donation.0,
            claimed_by: recorded.by.0,
            status: DonationStatus::Claimed,
            claimed_at: Time(recorded.at),
            organization_name: ngo_name.map(ToString::to_string),
        }
    }
}

impl DonationStatusUpdated {
    fn of(donation: DonationId, status: DonationStatus, recorded: &Recorded) -> Self {
        let (updated_by, updated_at) = (Actor(recorded.by), Time(recorded.at));
        Self { donation_id: donation.0, status, updated_by, updated_at }
    }
}

words! {
    /// The wire form of an event; `None` for what is of no board, or cannot be read.
    pub fn encode(recorded, epoch) -> Option<WireEvent> {
        Event::Donation(DonationEvent::Created { donation }) => "donation.created": DonationCreated(donation),
        Event::Donation(DonationEvent::Claimed { donation, ngo_name, .. }) =>
            "donation.claimed": DonationClaimed(*donation, ngo_name.as_ref()),
        Event::Donation(DonationEvent::StatusChanged { donation, to, .. }) =>
            "donation.status.updated": DonationStatusUpdated(*donation, *to),
    }
    otherwise: _ => None
}

/// A donation as REST has it: the event's fields, and what became of it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Donation)]
pub struct DonationBody {
    #[serde(flatten)]
    pub created: DonationCreated,
    #[schema(value_type = DonationStatusName)]
    pub status: DonationStatus,
    /// The user who made it.
    pub donor_id: Uuid,
    /// The user who claimed it.
    pub claimed_by_id: Option<Uuid>,
    pub claimed_at: Option<Time>,
    pub picked_up_at: Option<Time>,
    pub picked_up_by: Option<Uuid>,
    pub delivered_at: Option<Time>,
    pub delivered_by: Option<Uuid>,
    pub updated_at: Time,
    /// The donor.
    pub restaurant_id: Uuid,
    /// The NGO that has claimed it.
    pub organization_id: Option<Uuid>,
    pub version: u32,
    /// What that was called then, for whoever opens the door to it.
    pub organization_name: Option<String>,
}

impl From<&Donation> for DonationBody {
    fn from(donation: &Donation) -> Self {
        let (claim, picked_up, delivered) = (donation.claim.as_ref(), donation.picked_up, donation.delivered);
        let organization_name = claim.and_then(|claim| claim.ngo_name.as_ref());
        Self {
            created: donation.into(),
            status: donation.status,
            donor_id: donation.created.by.0,
            claimed_by_id: claim.map(|claim| claim.by.0),
            claimed_at: claim.map(|claim| Time(claim.at)),
            picked_up_at: picked_up.map(|step| Time(step.at)),
            picked_up_by: picked_up.map(|step| step.by.0),
            delivered_at: delivered.map(|step| Time(step.at)),
            delivered_by: delivered.map(|step| step.by.0),
            updated_at: Time(donation.updated_at),
            restaurant_id: donation.donor.0,
            organization_id: claim.map(|claim| claim.ngo.0),
            version: donation.version,
            organization_name: organization_name.map(ToString::to_string),
        }
    }
}
