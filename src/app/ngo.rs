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
        Store, StoreError,
        admin::{Kind, NgoWith},
        seed::NewOrganization,
        users::NewUser,
    },
};

/// What the command line says of an NGO.
pub struct NgoOrder {
    /// Its name, or the id of one that exists; without it all are listed.
    pub name: Option<String>,
    /// Of a user it shall have.
    pub email: Option<String>,
    /// Names; without any a new NGO is on `default`.
    pub boards: Vec<String>,
    /// Of users it shall have no longer.
    pub without: Vec<String>,
}

/// Makes the NGO where there is none of this name, with a user who can log in; gives one that exists a user more, or takes
/// users from it. Or lists all.
pub async fn ngo(settings: Settings, order: NgoOrder) -> Result<(), Failure> {
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
    order: NgoOrder,
    said: &mut Vec<String>,
) -> Result<(), Failure> {
    let Some(called) = &order.name else {
        database.as_it_is().await?;
        said.extend(database.ngos().await?.iter().map(line));
        return Ok(());
    };
    database.migrate().await?;
    let name = Name::parse(called).map_err(|e| Failure::mistake(format!("the NGO's name {e}")))?;
    let address = |option: &str, text: &str| {
        Email::parse(text).map_err(|error| Failure::mistake(format!("{option}: {error}")))
    };
    let email = order.email.as_deref().map(|text| address("--email", text)).transpose()?;
    let without: Vec<Email> =
        order.without.iter().map(|text| address("--without", text)).collect::<Result<_, _>>()?;
    let boards = boards(database, &order.boards).await?;
    let known = known(database, &name).await?;
    // Who is misspelt is told before anything is changed.
    for email in &without {
        let its = database.tenant_of(email.as_str()).await?;
        if its.is_none() || its != known {
            return Err(Failure::mistake(format!("--without: {} is no user of {name}", email.as_str())));
        }
    }
    let its_own = match &email {
        Some(email) => match database.tenant_of(email.as_str()).await? {
            Some(tenant) if known != Some(tenant) => return Err(taken()),
            its => its.is_some(),
        },
        None => false,
    };

    let store = database.connect(settings).await?;
    if let Some(email) = &email {
        seat(&store, NewSeat { name, known, its_own, email, boards: &boards }, said).await?;
    }
    if let Some(id) = known {
        for email in &without {
            let removed = store.remove_user(id, email.as_str()).await.map_err(failed)?;
            let is = if removed { "removed" } else { "gone already:" };
            said.push(format!("{is} user {}", email.as_str()));
        }
    }
    Ok(())
}

/// A user who is to have a seat, and where.
struct NewSeat<'a> {
    name: Name,
    /// The NGO, where it exists.
    known: Option<RestaurantId>,
    /// True where it has this user already.
    its_own: bool,
    email: &'a Email,
    boards: &'a [(&'a str, BoardId)],
}

async fn seat(store: &Store, new: NewSeat<'_>, said: &mut Vec<String>) -> Result<(), Failure> {
    let NewSeat { name, known, its_own, email, boards } = new;
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
    match known {
        None => {
            let users = vec![user().await?];
            let named: Vec<BoardId> = boards.iter().map(|(_, board)| *board).collect();
            let boards = if named.is_empty() { vec![BoardId::DEFAULT] } else { named };
            let new = NewOrganization { id, name: name.clone(), boards, users };
            store.create_tenants(&[], &[new], None).await.map_err(failed)?;
            said.push(format!("made NGO {id}, user {}", email.as_str()));
        }
        Some(_) if its_own => {
            let stays = "its password stays as it is";
            said.push(format!("there is NGO {id}, and its user {}; {stays}", email.as_str()));
        }
        Some(_) => {
            store.create_user(&user().await?).await.map_err(failed)?;
            said.push(format!("there is NGO {id}; made user {}", email.as_str()));
        }
    }
    for (name, board) in boards {
        let joined = known.is_some() && store.join_board(id, *board).await.map_err(failed)?;
        said.push(format!("  it is on board {name}{}", if joined { " now" } else { "" }));
    }
    Ok(())
}

fn failed(error: StoreError) -> Failure {
    match error {
        // Somebody was quicker.
        StoreError::Constraint(name) if name == "users_email_key" => taken(),
        error => Failure::new(format!("cannot change the NGO: {error}")),
    }
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
