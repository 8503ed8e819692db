//! Donations: reading a board's, and what the clock looks for.

use super::{
    Store, StoreError,
    log::{self, Head},
    reads::{Cursor, Listed, PageRequest},
    rows::{known, number, optional, text},
    sql,
    tx::Params,
};
use crate::domain::{
    donation::{Boxes, Claim, Donation, DonationStatus, Location, Near, Offer, Step},
    ids::{BoardId, DonationId, RestaurantId, UserId},
    text::{Label, Name, Note},
};
use futures_util::try_join;
use jiff::Timestamp;
use tokio_postgres::Row;
use uuid::Uuid;

/// Donations whose distance is reckoned for one answer; 5,000 take some 10 ms. A board keeps those of years.
pub const MOST_LOOKED_AT: i64 = 5_000;

impl Store {
    /// A page of a board's donations, newest first, in any of `statuses`; none is any.
    pub async fn donations(
        &self,
        board: BoardId,
        statuses: &[DonationStatus],
        page: &PageRequest,
    ) -> Result<Listed<Donation>, StoreError> {
        let tx = self.read(board).await?;
        let ((at, id), limit, statuses) = (page.bound(), page.probe(), names(statuses));
        let params: Params<'_> = &[&board.0, &at, &id, &statuses, &limit];
        let (head, found) =
            try_join!(log::head(&tx, board_stream(board)), tx.query(sql!("donations/list"), params))?;
        tx.commit().await?;
        let donations = found.iter().map(donation).collect::<Result<_, _>>()?;
        let cursor = |donation: &Donation| Cursor { at: donation.created.at, id: donation.id.0 };
        Ok(Listed::new(stands(head)?, donations, page, cursor))
    }

    /// A board's donations within a distance, nearest first, `limit` at most; `None` where more than
    /// [`MOST_LOOKED_AT`] lie there.
    pub async fn donations_near(
        &self,
        board: BoardId,
        statuses: &[DonationStatus],
        near: Near,
        limit: u32,
    ) -> Result<Option<(Head, Vec<Donation>)>, StoreError> {
        let tx = self.read(board).await?;
        let Near { lat, lng, radius_km } = near;
        let Boxes { south, north, spans } = near.boxes();
        let (wests, easts): (Vec<f64>, Vec<f64>) = spans.into_iter().unzip();
        let (limit, statuses, probe) = (i64::from(limit), names(statuses), MOST_LOOKED_AT + 1);
        let params: Params<'_> = &[&board.0, &south, &north, &statuses, &wests, &easts, &probe];
        let found = tx.query_opt(sql!("donations/near_count"), params).await?;
        if found.is_none_or(|row| row.get::<_, i64>(0) > MOST_LOOKED_AT) {
            tx.rollback().await?;
            return Ok(None);
        }
        let params: Params<'_> =
            &[&board.0, &lat, &lng, &radius_km, &south, &north, &statuses, &wests, &easts, &limit];
        let (head, found) =
            try_join!(log::head(&tx, board_stream(board)), tx.query(sql!("donations/near"), params))?;
        tx.commit().await?;
        Ok(Some((stands(head)?, found.iter().map(donation).collect::<Result<_, _>>()?)))
    }

    /// One donation; `None` for an id unknown on this board.
    pub async fn donation(&self, board: BoardId, id: DonationId) -> Result<Option<Donation>, StoreError> {
        let tx = self.read(board).await?;
        let found = tx.query_opt(sql!("donations/by_ids"), &[&board.0, &vec![id.0]]).await?;
        tx.commit().await?;
        found.as_ref().map(donation).transpose()
    }

    /// What a restaurant or an NGO is called on a board; `None` for one that does not exist.
    pub async fn tenant_name(&self, tenant: RestaurantId) -> Result<Option<Name>, StoreError> {
        let tx = self.read(tenant).await?;
        let found = tx.query_opt(sql!("donations/tenant"), &[&tenant.0]).await?;
        tx.commit().await?;
        found.map(|row| text(Name::parse, &row, "name")).transpose()
    }

    /// The board on which a donation lies that this restaurant gave, whichever it gives on now; `None` for any other.
    pub async fn board_of_own(
        &self,
        donor: RestaurantId,
        donation: DonationId,
    ) -> Result<Option<BoardId>, StoreError> {
        let tx = self.read(donor).await?;
        let found = tx.query_opt(sql!("donations/board_of_own"), &[&donation.0]).await?;
        tx.commit().await?;
        Ok(found.and_then(|row| row.get::<_, Option<Uuid>>("board_id")).map(BoardId))
    }

    /// Available donations whose time is over, `most` at most, the longest overdue first; of no board more than `each`, so
    /// that none waits for another.
    pub async fn due_donations(
        &self,
        each: u32,
        most: u32,
    ) -> Result<Vec<(BoardId, DonationId)>, StoreError> {
        let tx = self.untenanted().await?;
        let [each, most] = [each, most].map(|number| i32::try_from(number).unwrap_or(i32::MAX));
        let found = tx.query(sql!("donations/due"), &[&each, &most]).await?;
        tx.commit().await?;
        Ok(found.iter().map(|row| (BoardId(row.get(0)), DonationId(row.get(1)))).collect())
    }
}

fn board_stream(board: BoardId) -> crate::domain::ids::StreamId {
    crate::domain::stream::Stream::from(board).into()
}

fn stands(head: Option<Head>) -> Result<Head, StoreError> {
    // A principal's board exists: a foreign key says so.
    head.ok_or_else(|| StoreError::Corrupt("a board without a stream".into()))
}

/// Without any all are meant: both queries look at one status after the other.
fn names(statuses: &[DonationStatus]) -> Vec<&'static str> {
    // Each once, though a client may name one twice.
    let wanted = |status: &&DonationStatus| statuses.is_empty() || statuses.contains(status);
    DonationStatus::ALL.iter().filter(wanted).map(|status| status.name()).collect()
}

/// All columns of `donations` but `board_id`.
pub(super) fn donation(row: &Row) -> Result<Donation, StoreError> {
    let user = |column: &str| row.get::<_, Option<Uuid>>(column).map(UserId);
    let time = |column: &str| row.get::<_, Option<Timestamp>>(column);
    let step = |by: &str, at: &str| Some(Step { by: user(by)?, at: time(at)? });
    let ngo_name = optional(Name::parse, row, "claimed_for_name")?;
    let claim = || {
        let ngo = row.get::<_, Option<Uuid>>("claimed_for").map(RestaurantId)?;
        Some(Claim { ngo, ngo_name, by: user("claimed_by")?, at: time("claimed_at")? })
    };
    let offer = Offer {
        name: text(Name::parse, row, "name")?,
        food_type: text(Name::parse, row, "food_type")?,
        quantity: text(Label::parse, row, "quantity")?,
        unit: text(Label::parse, row, "unit")?,
        description: optional(Note::parse, row, "description")?,
        location: Location {
            lat: row.get("lat"),
            lng: row.get("lng"),
            address: text(Name::parse, row, "address")?,
        },
        expires_at: row.get("expires_at"),
        image_urls: row.get("image_urls"),
    };
    Ok(Donation {
        id: DonationId(row.get("id")),
        donor: RestaurantId(row.get("restaurant_id")),
        donor_name: text(Name::parse, row, "donor_name")?,
        offer,
        status: known(DonationStatus::from_name(row.get("status")), "status")?,
        created: Step { by: UserId(row.get("donor_id")), at: row.get("created_at") },
        claim: claim(),
        picked_up: step("picked_up_by", "picked_up_at"),
        delivered: step("delivered_by", "delivered_at"),
        version: number(row, "version")?,
        updated_at: row.get("updated_at"),
    })
}
