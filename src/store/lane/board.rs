//! A group of a donation board: its donations by id, and how many each donor has made lately.

use super::{Request, StoreError, Tx};
use crate::{
    domain::{
        command::Command,
        donation::{Donation, DonationCommand, Shelf},
        ids::{BoardId, RestaurantId, StreamId},
        stream::Stream,
        workspace::Row,
    },
    store::{
        donations,
        pipeline::{Pipeline, params},
        sql,
    },
};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

/// The donations that the commands name, and what their limit needs to know.
pub(super) async fn load(
    tx: &Tx,
    board: BoardId,
    requests: &[Request],
    at: Timestamp,
) -> Result<Shelf, StoreError> {
    let (mut ids, mut donors) = (Vec::<Uuid>::new(), Vec::<Uuid>::new());
    for request in requests {
        let Command::Donation(command) = &request.command else { continue };
        ids.extend(command.donation().map(|id| id.0));
        if let DonationCommand::Post { .. } = command {
            donors.push(request.principal.restaurant.0);
        }
    }
    let mut shelf = Shelf::default();
    if !ids.is_empty() {
        for row in tx.query(sql!("donations/by_ids"), &[&board.0, &ids]).await? {
            shelf.load(donations::donation(&row)?);
        }
    }
    if !donors.is_empty() {
        let since = at - SignedDuration::from_mins(1);
        for row in tx.query(sql!("donations/made_lately"), &[&board.0, &donors, &since]).await? {
            shelf.load_made(RestaurantId(row.get("restaurant_id")), row.get::<_, i64>("made") as u64);
        }
    }
    Ok(shelf)
}

pub(super) fn write(pipeline: &mut Pipeline, stream: Stream, shelf: &Shelf) {
    let board = StreamId::from(stream).0;
    for row in shelf.dirty() {
        if row.loaded.is_none() {
            insert(pipeline, board, &row.now);
        }
        // One that was made in this group may have been changed in it as well.
        if row.loaded.is_some() || row.now.version > 1 {
            update(pipeline, board, row);
        }
    }
}

/// As it was made.
fn insert(pipeline: &mut Pipeline, board: Uuid, donation: &Donation) {
    let offer = &donation.offer;
    pipeline.add(
        sql!("donations/insert"),
        1,
        params![
            board,
            donation.id.0,
            donation.donor.0,
            donation.donor_name.to_string(),
            donation.created.by.0,
            offer.name.to_string(),
            offer.food_type.to_string(),
            offer.quantity.to_string(),
            offer.unit.to_string(),
            offer.description.as_ref().map(ToString::to_string),
            offer.location.lat,
            offer.location.lng,
            offer.location.address.to_string(),
            offer.expires_at,
            offer.image_urls.clone(),
            Donation::FIRST_STATUS.name(),
            Donation::FIRST_VERSION as i32,
            donation.created.at,
            donation.created.at,
        ],
    );
}

fn update(pipeline: &mut Pipeline, board: Uuid, row: &Row<Donation>) {
    let donation = &row.now;
    let before = row.loaded.as_ref().map(|before| (before.version, before.status));
    let (version, status) = before.unwrap_or((Donation::FIRST_VERSION, Donation::FIRST_STATUS));
    pipeline.add(
        sql!("donations/update"),
        1,
        params![
            board,
            donation.id.0,
            donation.status.name(),
            donation.claim.as_ref().map(|claim| claim.ngo.0),
            donation.claim.as_ref().map(|claim| claim.by.0),
            donation.claim.as_ref().map(|claim| claim.at),
            donation.picked_up.map(|step| step.at),
            donation.picked_up.map(|step| step.by.0),
            donation.delivered.map(|step| step.at),
            donation.delivered.map(|step| step.by.0),
            donation.version as i32,
            donation.updated_at,
            version as i32,
            status.name(),
            donation.claim.as_ref().and_then(|claim| claim.ngo_name.as_ref()).map(ToString::to_string),
        ],
    );
}
