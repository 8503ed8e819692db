//! Donation boards: making them, and who is on which. A restaurant gives on one, an NGO takes from any number.

use super::{Store, StoreError, sql, users};
use crate::domain::{
    ids::{BoardId, RestaurantId, UserId},
    principal::Membership,
    text::Name,
};
use std::sync::Arc;

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

    /// Takes an NGO off a board; what it has claimed there stays its own, and it comes back to it when it is on the board
    /// again. False where it is not on it, or on no other: everyone is on some board.
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

    /// Removes the user of a restaurant or an NGO with this lower-case address: tokens and sockets end within 5 s, the
    /// address is free again. False where it has no such user.
    pub async fn remove_user(&self, tenant: RestaurantId, email: &str) -> Result<bool, StoreError> {
        let tx = self.write(tenant).await?;
        let removed = match tx.query_opt(sql!("users/by_email"), &[&email]).await? {
            Some(user) => users::remove(&tx, tenant, UserId(user.try_get("id")?)).await?,
            None => false,
        };
        tx.commit().await?;
        Ok(removed)
    }

    /// A user more, of a restaurant or an NGO that exists. A taken e-mail address is a `Constraint`.
    pub async fn create_user(&self, user: &users::NewUser) -> Result<(), StoreError> {
        let tx = self.write(user.restaurant).await?;
        users::insert(&tx, user).await?;
        tx.commit().await
    }
}
