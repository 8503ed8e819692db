//! What only the migrating role may do, on a connection of its own: looking across tenants.

use super::{StoreError, connect::connect, sql};
use crate::domain::ids::{BoardId, RestaurantId};
use std::fmt;
use tokio_postgres::{Client, Config, Row, types::ToSql};
use uuid::Uuid;

/// Which tenants are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Restaurant,
    Ngo,
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::Restaurant => "RESTAURANT",
            Self::Ngo => "NGO",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Restaurant => "restaurant",
            Self::Ngo => "NGO",
        })
    }
}

/// A board and whoever is on it.
#[derive(Debug, PartialEq, Eq)]
pub struct BoardWith {
    pub board: BoardId,
    pub name: String,
    /// What they are, and are called; restaurants first.
    pub tenants: Vec<(Kind, RestaurantId, String)>,
}

/// An NGO as a list shows it.
#[derive(Debug, PartialEq, Eq)]
pub struct NgoWith {
    pub id: RestaurantId,
    pub name: String,
    /// What its boards are called, the oldest membership first.
    pub boards: Vec<String>,
    /// Addresses.
    pub users: Vec<String>,
}

/// True where some restaurant exists.
pub async fn has_restaurants(url: &Config) -> Result<bool, StoreError> {
    let rows = query(url, sql!("admin/has_restaurants"), vec![]).await?;
    Ok(rows.iter().any(|row| row.get(0)))
}

/// The tenants of a kind with this id or name, two at most.
pub async fn tenants_called(url: &Config, kind: Kind, called: &str) -> Result<Vec<RestaurantId>, StoreError> {
    let rows = query(url, sql!("admin/tenants_called"), vec![called, kind.name()]).await?;
    Ok(rows.iter().map(|row| RestaurantId(row.get(0))).collect())
}

/// The board of this name.
pub async fn board_called(url: &Config, name: &str) -> Result<Option<BoardId>, StoreError> {
    let rows = query(url, sql!("admin/board_called"), vec![name]).await?;
    Ok(rows.first().map(|row| BoardId(row.get(0))))
}

/// Whose user has this lower-case address.
pub async fn tenant_of(url: &Config, email: &str) -> Result<Option<RestaurantId>, StoreError> {
    let rows = query(url, sql!("admin/user_with"), vec![email]).await?;
    Ok(rows.first().map(|row| RestaurantId(row.get(0))))
}

/// All boards, by name.
pub async fn boards(url: &Config) -> Result<Vec<BoardWith>, StoreError> {
    let mut boards: Vec<BoardWith> = Vec::new();
    for row in query(url, sql!("admin/boards"), vec![]).await? {
        let board = BoardId(row.get("board_id"));
        if boards.last().is_none_or(|last| last.board != board) {
            boards.push(BoardWith { board, name: row.get("board"), tenants: Vec::new() });
        }
        let tenant = row.get::<_, Option<Uuid>>("id").map(RestaurantId);
        if let (Some(tenant), Some(last)) = (tenant, boards.last_mut()) {
            let kind = match row.get("kind") {
                "NGO" => Kind::Ngo,
                _ => Kind::Restaurant,
            };
            last.tenants.push((kind, tenant, row.get("name")));
        }
    }
    Ok(boards)
}

/// All NGOs, by name.
pub async fn ngos(url: &Config) -> Result<Vec<NgoWith>, StoreError> {
    let rows = query(url, sql!("admin/ngos"), vec![]).await?;
    let ngo = |row: &Row| NgoWith {
        id: RestaurantId(row.get("id")),
        name: row.get("name"),
        boards: row.get("boards"),
        users: row.get("users"),
    };
    Ok(rows.iter().map(ngo).collect())
}

async fn query(url: &Config, sql: &'static str, texts: Vec<&str>) -> Result<Vec<Row>, StoreError> {
    let params: Vec<&(dyn ToSql + Sync)> = texts.iter().map(|text| text as &(dyn ToSql + Sync)).collect();
    let (client, driver): (Client, _) =
        connect(url).await.map_err(|error| StoreError::Unavailable(error.to_string()))?;
    let result = client.query(sql, &params).await.map_err(StoreError::of);
    driver.abort();
    result
}
