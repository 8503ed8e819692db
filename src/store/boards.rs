//! Donation boards: making them, and who is on which. A restaurant gives on one, an NGO takes from any number.

use super::{
    Store, StoreError,
    lane::{Executed, Request},
    people, sql, users,
};
use crate::domain::{
    command::Command,
    donation::{DonationCommand, DonationStatus},
    ids::{BoardId, DonationId, RestaurantId, UserId},
    people::{Deed, Detail},
    principal::{Membership, Principal, Role},
    text::Name,
};
use jiff::Timestamp;
use std::sync::Arc;
use tokio_postgres::Row;

/// Donations that are given back in one transaction of the board's lane, which others wait for.
const GROUP: usize = 64;

impl Store {
    /// Makes a donation board with its stream. A taken name is a `Constraint`.
    pub async fn create_board(&self, board: BoardId, name: &Name) -> Result<(), StoreError> {
        let tx = self.write(board).await?;
        tx.execute(sql!("seed/insert_stream"), &[&board.0]).await?;
        tx.execute(sql!("boards/insert"), &[&board.0, &name.as_str()]).await?;
        tx.commit().await
    }

    /// The boards that a restaurant or an NGO is on, the oldest membership first.
    pub async fn boards(&self, tenant: RestaurantId) -> Result<Arc<[Membership]>, StoreError> {
        let tx = self.read(tenant).await?;
        let boards = users::boards(&tx, tenant).await?;
        tx.commit().await?;
        Ok(boards)
    }

    /// Puts a restaurant on another board; what it gave before stays where it was. False where it is there already, or is
    /// no restaurant.
    pub async fn move_to_board(&self, restaurant: RestaurantId, board: BoardId) -> Result<bool, StoreError> {
        let tx = self.write(restaurant).await?;
        let moved = tx.execute(sql!("boards/move"), &[&restaurant.0, &board.0]).await?;
        tx.commit().await?;
        Ok(moved == 1)
    }

    /// Puts an NGO on one more board; false where it is on it already.
    pub async fn join_board(&self, ngo: RestaurantId, board: BoardId) -> Result<bool, StoreError> {
        let tx = self.write(ngo).await?;
        let joined = tx.execute(sql!("boards/join"), &[&ngo.0, &board.0]).await?;
        tx.commit().await?;
        Ok(joined == 1)
    }

    /// Takes an NGO off a board; see [`Store::release_claims`] for what it has claimed there. False where it is not on it, or
    /// on no other: everyone is on some board.
    pub async fn leave_board(&self, ngo: RestaurantId, board: BoardId) -> Result<bool, StoreError> {
        let tx = self.write(ngo).await?;
        // First, for its lock: of two that leave one board each, one would leave the last.
        tx.execute(sql!("boards/touch"), &[&ngo.0]).await?;
        let left = tx.execute(sql!("boards/leave"), &[&ngo.0, &board.0]).await? == 1;
        match left {
            true => tx.commit().await?,
            false => tx.rollback().await?,
        }
        Ok(left)
    }

    /// Gives back what an NGO has claimed on a board and not picked up, with an event each, as whoever claimed it could: off
    /// the board nobody of it can, and others should have the food. How many that were.
    pub async fn release_claims(&self, ngo: RestaurantId, board: BoardId) -> Result<usize, StoreError> {
        let tx = self.read(board).await?;
        let claimed = tx.query(sql!("donations/claimed_for"), &[&board.0, &ngo.0]).await?;
        tx.commit().await?;
        let release = |row: &Row| {
            let (donation, by) = (DonationId(row.get("id")), UserId(row.get("claimed_by")));
            let principal = Principal { board, ..Principal::of(by, Role::Ngo, ngo) };
            let back = DonationCommand::SetStatus { donation, to: DonationStatus::Available };
            Request { principal, command: Command::Donation(back), if_match: None, key: None }
        };
        let mut released = 0;
        for group in claimed.chunks(GROUP) {
            let requests: Vec<Request> = group.iter().map(release).collect();
            let (committed, _) = self.run_group(None, board, &requests, Timestamp::now()).await?;
            // One that was picked up or released meanwhile is refused, and needs nothing.
            let done = |answer: &&Result<Executed, _>| answer.as_ref().is_ok_and(|done| done.outcome.is_ok());
            released += committed.answers.iter().filter(done).count();
        }
        Ok(released)
    }

    /// As nobody, who has the command line: removes the user of a restaurant or an NGO with this lower-case address: tokens and sockets end within 5 s, the
    /// address is free again. False where it has no such user.
    pub async fn remove_user(&self, tenant: RestaurantId, email: &str) -> Result<bool, StoreError> {
        let tx = self.write(tenant).await?;
        let user = tx.query_opt(sql!("users/by_email"), &[&email]).await?;
        let user = user.map(|row| row.try_get("id").map(UserId)).transpose()?;
        let removed = match user {
            Some(user) => users::remove(&tx, tenant, user).await?,
            None => false,
        };
        if let (Some(user), true) = (user, removed) {
            let detail = Detail::default();
            people::note(&tx, tenant, UserId::NOBODY, Deed::UserRemoved, user.0, &detail).await?;
        }
        tx.commit().await?;
        Ok(removed)
    }

    /// As nobody: a user more, of a restaurant or an NGO that exists. A taken e-mail address is a `Constraint`.
    pub async fn create_user(&self, user: &users::NewUser) -> Result<(), StoreError> {
        let tx = self.write(user.restaurant).await?;
        users::insert(&tx, user).await?;
        let detail = Detail::of(user.role);
        people::note(&tx, user.restaurant, UserId::NOBODY, Deed::UserMade, user.user.0, &detail).await?;
        tx.commit().await
    }
}
