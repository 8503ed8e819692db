//! The part of a board that a group of commands needs, in memory; what `Workspace` is to a restaurant.

use super::{
    Claim, Donation, DonationCommand, DonationEvent, DonationStatus, Offer, Step,
    status::{Relation, transition},
};
use crate::{
    code::ErrorCode,
    domain::{
        command::{Command, Reply},
        context::Context,
        event::Event,
        ids::{DonationId, RestaurantId},
        principal::Role,
        rejection::Rejection,
        text::Name,
        workspace::{Done, Row},
    },
};
use std::collections::HashMap;

/// What a group of commands works on.
#[derive(Debug, Default)]
pub struct Shelf {
    donations: HashMap<DonationId, Row<Donation>>,
    /// Donations of the last minute, by restaurant.
    lately: HashMap<RestaurantId, u64>,
}

impl Shelf {
    pub fn load(&mut self, donation: Donation) {
        self.donations.insert(donation.id, Row { loaded: Some(donation.clone()), now: donation });
    }

    /// How many donations the restaurant has made in the last minute.
    pub fn load_made(&mut self, donor: RestaurantId, made: u64) {
        self.lately.insert(donor, made);
    }

    /// Rows to write.
    pub fn dirty(&self) -> impl Iterator<Item = &Row<Donation>> {
        self.donations.values().filter(|row| row.is_dirty())
    }

    /// Carries out `command`, or refuses it and leaves everything as it was.
    pub fn execute(&mut self, command: &Command, ctx: &Context<'_>) -> Result<Done, Rejection> {
        match command {
            Command::Donation(DonationCommand::Post { offer, donor_name, per_minute }) => {
                self.post(ctx, offer, donor_name, *per_minute)
            }
            Command::Donation(DonationCommand::Claim { donation, ngo_name }) => {
                self.claim(ctx, *donation, ngo_name.as_ref())
            }
            Command::Donation(DonationCommand::SetStatus { donation, to }) => {
                self.set_status(ctx, *donation, *to)
            }
            Command::Donation(DonationCommand::Expire { donation }) => self.expire(ctx, *donation),
            // Its lane is a restaurant's; a board knows nothing else.
            _ => Err(Rejection::forbidden()),
        }
    }

    fn post(
        &mut self,
        ctx: &Context<'_>,
        offer: &Offer,
        donor_name: &Name,
        per_minute: u32,
    ) -> Result<Done, Rejection> {
        ctx.require(&[Role::Waiter])?;
        if offer.expires_at <= ctx.at {
            return Err(Rejection::invalid("expiryTime must be a time to come"));
        }
        let made = self.lately.entry(ctx.by.restaurant).or_default();
        if *made >= u64::from(per_minute) {
            let message = format!("a restaurant may make {per_minute} donations a minute");
            return Err(Rejection::new(ErrorCode::TooManyRequests, message));
        }
        *made += 1;
        let donation = Donation {
            id: DonationId::generate(),
            donor: ctx.by.restaurant,
            donor_name: donor_name.clone(),
            offer: offer.clone(),
            status: Donation::FIRST_STATUS,
            created: Step { by: ctx.by.user, at: ctx.at },
            claim: None,
            picked_up: None,
            delivered: None,
            version: Donation::FIRST_VERSION,
            updated_at: ctx.at,
        };
        self.donations.insert(donation.id, Row { loaded: None, now: donation.clone() });
        let event = DonationEvent::Created { donation: Box::new(donation.clone()) };
        Ok(done(donation, Some(event)))
    }

    /// A compare and set: whoever comes first in the lane has it.
    fn claim(
        &mut self,
        ctx: &Context<'_>,
        id: DonationId,
        ngo_name: Option<&Name>,
    ) -> Result<Done, Rejection> {
        ctx.require(&[Role::Ngo])?;
        let mut donation = self.donation(ctx, id)?.clone();
        match &donation.claim {
            // The winner again: its answer may have been lost.
            Some(claim)
                if donation.status == DonationStatus::Claimed
                    && (claim.ngo, claim.by) == (ctx.by.restaurant, ctx.by.user) =>
            {
                return Ok(done(donation, None));
            }
            None if donation.status == DonationStatus::Available && ctx.at < donation.offer.expires_at => {}
            _ => {
                let message = "Donation is not available for claiming";
                return Err(Rejection::new(ErrorCode::DonationUnavailable, message).at(donation.status));
            }
        }
        let ngo_name = ngo_name.cloned();
        let claim = Claim { ngo: ctx.by.restaurant, ngo_name: ngo_name.clone(), by: ctx.by.user, at: ctx.at };
        donation.claim = Some(claim);
        let version = move_to(&mut donation, ctx, DonationStatus::Claimed);
        self.put(donation.clone());
        Ok(done(donation, Some(DonationEvent::Claimed { donation: id, version, ngo_name })))
    }

    fn set_status(
        &mut self,
        ctx: &Context<'_>,
        id: DonationId,
        to: DonationStatus,
    ) -> Result<Done, Rejection> {
        let mut donation = self.donation(ctx, id)?.clone();
        let from = donation.status;
        if !transition(from, to, Relation::of(ctx.by, &donation))? {
            return Ok(done(donation, None));
        }
        let step = Some(Step { by: ctx.by.user, at: ctx.at });
        match to {
            DonationStatus::Available => donation.claim = None,
            DonationStatus::PickedUp => donation.picked_up = step,
            DonationStatus::Delivered => donation.delivered = step,
            DonationStatus::Claimed | DonationStatus::Expired | DonationStatus::Cancelled => {}
        }
        let version = move_to(&mut donation, ctx, to);
        self.put(donation.clone());
        Ok(done(donation, Some(DonationEvent::StatusChanged { donation: id, version, from, to })))
    }

    /// The clock's: on whichever node it strikes, and however often, the donation expires once. One that was claimed
    /// meanwhile, or is not due, stays as it is.
    fn expire(&mut self, ctx: &Context<'_>, id: DonationId) -> Result<Done, Rejection> {
        let donation = self.donation(ctx, id)?;
        let is_due = donation.offer.expires_at <= ctx.at;
        if donation.status != DonationStatus::Available || !is_due {
            return Ok(done(donation.clone(), None));
        }
        self.set_status(ctx, id, DonationStatus::Expired)
    }

    fn donation(&self, ctx: &Context<'_>, id: DonationId) -> Result<&Donation, Rejection> {
        let row = self.donations.get(&id).ok_or_else(|| Rejection::not_found("Donation", id))?;
        ctx.require_version(row.now.version)?;
        Ok(&row.now)
    }

    fn put(&mut self, donation: Donation) {
        if let Some(row) = self.donations.get_mut(&donation.id) {
            row.now = donation;
        }
    }
}

/// The donation's new version.
fn move_to(donation: &mut Donation, ctx: &Context<'_>, to: DonationStatus) -> u32 {
    donation.status = to;
    donation.version += 1;
    donation.updated_at = ctx.at;
    donation.version
}

fn done(donation: Donation, event: Option<DonationEvent>) -> Done {
    let events = event.map(Event::Donation).into_iter().collect();
    Done { reply: Reply::Donation(donation), events, audit: Vec::new() }
}

#[cfg(test)]
#[path = "shelf_tests.rs"]
mod tests;
