//! `comanda ngo`: NGOs, their people, and the boards they take from.

use super::{Failure, database::Database, restaurant::password_hash, serve::say};
use crate::{
    auth::Email,
    config::Settings,
    domain::{
        ids::{BoardId, RestaurantId, UserId},
        principal::Role,
        text::Name,
    },
    store::{
        StoreError,
        admin::{Kind, NgoWith},
        seed::NewOrganization,
        users::NewUser,
    },
};

/// What the command line says of an NGO.
pub struct NgoOrder {
    /// Its name, or the id of one that exists; without it all are listed.
    pub name: Option<String>,
    pub email: Option<String>,
    /// Names; without any a new NGO is on `default`.
    pub boards: Vec<String>,
}

/// Makes the NGO where there is none of this name, with a user who can log in; gives one that exists a user more. Or lists
/// all.
pub async fn ngo(settings: Settings, order: NgoOrder) -> Result<(), Failure> {
    let database = Database::visit(&settings).await?;
    let said = carry_out(&database, &settings, order).await;
    database.stop().await?;
    say(&said?);
    Ok(())
}

async fn carry_out(
    database: &Database,
    settings: &Settings,
    order: NgoOrder,
) -> Result<Vec<String>, Failure> {
    database.migrate().await?;
    let (Some(called), Some(email)) = (&order.name, &order.email) else {
        return Ok(database.ngos().await?.iter().map(line).collect());
    };
    let name = Name::parse(called).map_err(|e| Failure::mistake(format!("the NGO's name {e}")))?;
    let email = Email::parse(email).map_err(|e| Failure::mistake(format!("--email: {e}")))?;
    let boards = boards(database, &order.boards).await?;
    let known = known(database, &name).await?;
    let its_own = match database.tenant_of(email.as_str()).await? {
        Some(tenant) if known != Some(tenant) => return Err(taken()),
        its => its.is_some(),
    };

    let store = database.connect(settings).await?;
    let failed = |error: StoreError| match error {
        // Somebody was quicker.
        StoreError::Constraint(name) if name == "users_email_key" => taken(),
        error => Failure::new(format!("cannot make the NGO: {error}")),
    };
    let id = known.unwrap_or_else(RestaurantId::generate);
    let user = async || -> Result<NewUser, Failure> {
        Ok(NewUser {
            user: UserId::generate(),
            restaurant: id,
            email: email.as_str().to_owned(),
            name: name.to_string(),
            role: Role::Ngo,
            password_hash: password_hash().await?,
        })
    };
    let mut said = Vec::new();
    match known {
        None => {
            let users = vec![user().await?];
            let boards = boards.iter().map(|(_, board)| *board);
            let boards: Vec<_> =
                if order.boards.is_empty() { vec![BoardId::DEFAULT] } else { boards.collect() };
            let new = NewOrganization { id, name, boards, users };
            store.create_tenants(&[], &[new], None).await.map_err(failed)?;
            said.push(format!("made NGO {id}, user {}", email.as_str()));
        }
        Some(_) if its_own => said.push(format!("there is NGO {id}, and its user {}", email.as_str())),
        Some(_) => {
            store.create_user(&user().await?).await.map_err(failed)?;
            said.push(format!("there is NGO {id}; made user {}", email.as_str()));
        }
    }
    for (name, board) in boards {
        let joined = known.is_some() && store.join_board(id, board).await.map_err(failed)?;
        said.push(format!("  it is on board {name}{}", if joined { " now" } else { "" }));
    }
    Ok(said)
}

/// The NGO that is meant, if there is one. Errors: several have this name.
async fn known(database: &Database, name: &Name) -> Result<Option<RestaurantId>, Failure> {
    let called = name.as_str();
    let found = database.tenant(Kind::Ngo, called).await?.map_err(Failure::mistake)?;
    if found.is_none() && called.parse::<uuid::Uuid>().is_ok() {
        return Err(Failure::mistake(format!("there is no NGO with the id {called}")));
    }
    Ok(found)
}

async fn boards<'a>(database: &Database, names: &'a [String]) -> Result<Vec<(&'a str, BoardId)>, Failure> {
    let mut found = Vec::new();
    for name in names {
        let board = database.board(name).await?;
        let missing =
            || Failure::mistake(format!("--board: there is no board \"{name}\"; make it with comanda board"));
        found.push((name.as_str(), board.ok_or_else(missing)?));
    }
    Ok(found)
}

fn taken() -> Failure {
    Failure::mistake("--email: there is a user with this address already")
}

fn line(ngo: &NgoWith) -> String {
    let NgoWith { id, name, boards, users } = ngo;
    format!("NGO {id} {name}: boards {}; users {}", boards.join(", "), users.join(", "))
}
