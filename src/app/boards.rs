//! `comanda board`: donation boards, and who is on them. All of it may be said again: what is so already stays so.

use super::{Failure, database::Database, serve::say};
use crate::{
    config::Settings,
    domain::{
        ids::{BoardId, RestaurantId},
        text::Name,
    },
    store::{
        Store, StoreError,
        admin::{BoardWith, Kind},
    },
};

/// What the command line says of a board. Restaurants and NGOs by name or id.
pub struct BoardOrder {
    /// Without one all are listed.
    pub name: Option<String>,
    pub restaurants: Vec<String>,
    pub ngos: Vec<String>,
    /// NGOs to be taken off it.
    pub without: Vec<String>,
}

/// Makes the board where there is none, and puts on it and takes off it who is named; or lists all.
pub async fn board(settings: Settings, order: BoardOrder) -> Result<(), Failure> {
    let database = Database::visit(&settings).await?;
    let mut said = Vec::new();
    let done = carry_out(&database, &settings, order, &mut said).await;
    // What was done is told, also where the rest was not.
    say(&said);
    database.stop().await?;
    done
}

async fn carry_out(
    database: &Database,
    settings: &Settings,
    order: BoardOrder,
    said: &mut Vec<String>,
) -> Result<(), Failure> {
    let Some(name) = &order.name else {
        database.as_it_is().await?;
        said.extend(database.boards().await?.iter().flat_map(lines));
        return Ok(());
    };
    database.migrate().await?;
    let name = Name::parse(name).map_err(|e| Failure::mistake(format!("the board's name {e}")))?;
    // Who is misspelt is told before anything is changed.
    let restaurants = tenants(database, Kind::Restaurant, "--restaurant", &order.restaurants).await?;
    let ngos = tenants(database, Kind::Ngo, "--ngo", &order.ngos).await?;
    let without = tenants(database, Kind::Ngo, "--without", &order.without).await?;

    let store = database.connect(settings).await?;
    let failed = |error: StoreError| Failure::new(format!("cannot change the board: {error}"));
    // Nor is anything where somebody cannot leave.
    if let Some(board) = database.board(name.as_str()).await? {
        for (called, ngo) in &without {
            let its = store.boards(*ngo).await.map_err(failed)?;
            if its.iter().all(|one| one.board == board) {
                return Err(nowhere_else(called));
            }
        }
    }
    let (board, made) = found_or_made(database, &store, &name).await?;
    let is = if made { "made" } else { "there is" };
    said.push(format!("{is} board {name} {board}"));
    for (called, restaurant) in restaurants {
        let moved = store.move_to_board(restaurant, board).await.map_err(failed)?;
        said.push(told(moved, "restaurant", called, "is on it now", "was on it already"));
    }
    for (called, ngo) in ngos {
        let joined = store.join_board(ngo, board).await.map_err(failed)?;
        said.push(told(joined, "NGO", called, "is on it now", "was on it already"));
    }
    for (called, ngo) in &without {
        let left = store.leave_board(*ngo, board).await.map_err(failed)?;
        let stays = !left && store.boards(*ngo).await.map_err(failed)?.iter().any(|one| one.board == board);
        if stays {
            return Err(nowhere_else(called));
        }
        said.push(told(left, "NGO", called, "is off it now", "was not on it"));
        release(&store, called, *ngo, board, said).await.map_err(failed)?;
    }
    if !without.is_empty() {
        // Until then a server may believe that the NGO is on the board, and let it claim.
        tokio::time::sleep(*settings.auth.principal_ttl).await;
        for (called, ngo) in &without {
            release(&store, called, *ngo, board, said).await.map_err(failed)?;
        }
    }
    Ok(())
}

fn nowhere_else(called: &str) -> Failure {
    Failure::mistake(format!("--without: {called} is on no other board; put it on another first"))
}

/// What the NGO has claimed is everybody's again.
async fn release(
    store: &Store,
    called: &str,
    ngo: RestaurantId,
    board: BoardId,
    said: &mut Vec<String>,
) -> Result<(), StoreError> {
    let released = store.release_claims(ngo, board).await?;
    if released > 0 {
        said.push(format!("  NGO {called} gave back what it had claimed: {released}"));
    }
    Ok(())
}

async fn found_or_made(database: &Database, store: &Store, name: &Name) -> Result<(BoardId, bool), Failure> {
    if let Some(board) = database.board(name.as_str()).await? {
        return Ok((board, false));
    }
    let board = BoardId::generate();
    match store.create_board(board, name).await {
        Ok(()) => Ok((board, true)),
        // Somebody was quicker.
        Err(StoreError::Constraint(constraint)) if constraint == "boards_name_is_unique" => {
            let board = database.board(name.as_str()).await?;
            Ok((board.ok_or_else(|| Failure::new("the board came and went"))?, false))
        }
        Err(error) => Err(Failure::new(format!("cannot make the board: {error}"))),
    }
}

/// Each of them with its id. Errors: a mistake that names the option.
async fn tenants<'a>(
    database: &Database,
    kind: Kind,
    option: &str,
    called: &'a [String],
) -> Result<Vec<(&'a str, RestaurantId)>, Failure> {
    let mut found = Vec::new();
    for called in called {
        let tenant = database.known_tenant(kind, called).await?;
        found.push((called.as_str(), tenant.map_err(|e| Failure::mistake(format!("{option}: {e}")))?));
    }
    Ok(found)
}

fn told(changed: bool, what: &str, called: &str, now: &str, before: &str) -> String {
    format!("  {what} {called} {}", if changed { now } else { before })
}

fn lines(board: &BoardWith) -> Vec<String> {
    let tenant = |(kind, id, name): &(Kind, RestaurantId, String)| match kind {
        Kind::Restaurant => format!("  restaurant {id} {name}"),
        Kind::Ngo => format!("  NGO        {id} {name}"),
    };
    let head = format!("board {} {}", board.name, board.board);
    [head].into_iter().chain(board.tenants.iter().map(tenant)).collect()
}
