//! Moving in: one transaction that takes in what another system had, chunk by chunk, and holds the restaurant's lane to
//! its end. What moves in passes through the same commands as what is made here; users have no lane.

use super::{
    Store, StoreError, Tx,
    declared::{self, Differs},
    documents, lane, sql, users,
};
use crate::{
    code::ErrorCode,
    domain::{
        command::{Command, Outcome},
        ids::{EventId, RestaurantId, StreamId, UserId},
        money::Decimal,
        moving::MoveIn,
        people::Deed,
        principal::{Principal, Role},
        profile::Profile,
        resource::Entity,
        stream::Stream,
        text::{ExternalId, Name},
    },
};
use jiff::Timestamp;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// The transaction. Dropped without [`Import::commit`] nothing of it is there.
pub struct Import {
    tx: Tx,
    restaurant: RestaurantId,
    /// When all of it is made.
    pub at: Timestamp,
}

/// Something that moved in before.
pub struct Known {
    /// `table`, `user`, `customer`, `dish`, `document`, `order` or `production`.
    pub kind: String,
    /// Of a document.
    pub entity: Option<String>,
    pub external_id: String,
    pub id: Uuid,
    /// Of a customer and an order.
    pub number: Option<u64>,
    /// A user who was removed since.
    pub removed: bool,
}

/// What there is when somebody moves in.
pub struct Before {
    pub known: Vec<Known>,
    /// Of all customers.
    pub numbers: HashSet<u64>,
    /// The beginnings of hashes that are not of our making, of users of all restaurants.
    pub hashes: Vec<String>,
}

/// Whether somebody can move in.
pub enum Begun {
    Import(Box<Import>, Before),
    /// There is no such restaurant.
    NoLog,
    /// Whoever serves this database goes by another declaration.
    Differs(Differs),
}

/// A user to move in. The address is checked and lower-cased, the hash one that can be checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MovedUser {
    pub external_id: ExternalId,
    pub email: String,
    pub name: Name,
    pub role: Role,
    pub password_hash: String,
    pub profile: Profile,
}

/// What became of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seated {
    Made(UserId),
    /// Somebody of the restaurant logs in with this address; they have the external id now, all else stays.
    There(UserId),
    /// The same, and they have another external id.
    Another(String),
    /// The address is somebody's elsewhere.
    EmailTaken,
    /// The name to log in by is somebody's, here or elsewhere.
    LoginTaken,
}

/// What a document lends a line.
#[derive(Debug, Clone, Default)]
pub struct Offered {
    pub name: Option<Name>,
    pub price: Option<Decimal>,
}

impl Store {
    /// Begins, and says what is there. From here on the restaurant's commands wait, and so does a server that declares
    /// other `entities`. Errors: `Timeout` where somebody else holds the lane.
    pub async fn import(&self, restaurant: RestaurantId, entities: &[&Entity]) -> Result<Begun, StoreError> {
        let tx = self.write(restaurant).await?;
        tx.query_opt(sql!("import/take_time"), &[]).await?;
        if tx.query_opt(sql!("lane/lock"), &[&StreamId::from(restaurant).0]).await?.is_none() {
            tx.rollback().await?;
            return Ok(Begun::NoLog);
        }
        if let Err(differs) = declared::agree(&tx, entities).await? {
            tx.rollback().await?;
            return Ok(Begun::Differs(differs));
        }
        let rows = tx.query(sql!("import/known"), &[&restaurant.0]).await?;
        let known = rows.iter().map(|row| Known {
            kind: row.get("kind"),
            entity: row.get("entity"),
            external_id: row.get("external_id"),
            id: row.get("id"),
            number: row.get::<_, Option<i64>>("number").and_then(|number| u64::try_from(number).ok()),
            removed: row.get("removed"),
        });
        let known = known.collect();
        let rows = tx.query(sql!("import/customer_numbers"), &[&restaurant.0]).await?;
        let numbers = rows.iter().filter_map(|row| u64::try_from(row.get::<_, i64>("number")).ok()).collect();
        let hashes = users::foreign_hash_kinds(&tx).await?;
        let before = Before { known, numbers, hashes };
        Ok(Begun::Import(Box::new(Import { tx, restaurant, at: Timestamp::now() }), before))
    }
}

impl Import {
    /// Carries these out, as the owner of nobody's name; an answer for each, in their order.
    pub async fn move_in(&self, all: Vec<MoveIn>) -> Result<Vec<Outcome>, StoreError> {
        let principal = Principal::of(UserId::NOBODY, Role::Owner, self.restaurant);
        let request = |moving| lane::Request {
            principal: principal.clone(),
            command: Command::MoveIn(Box::new(moving)),
            if_match: None,
            key: None,
        };
        let requests: Vec<lane::Request> = all.into_iter().map(request).collect();
        let stream = Stream::Restaurant(self.restaurant);
        let done = lane::carry_out(&self.tx, stream, &requests, self.at).await?;
        let unkeyed = |code: ErrorCode| StoreError::Corrupt(format!("an answer without a key: {code}"));
        done.answers.into_iter().map(|answer| answer.map(|done| done.outcome).map_err(unkeyed)).collect()
    }

    /// Makes these users; what became of each, in their order.
    pub async fn seat(&self, users: &[MovedUser]) -> Result<Vec<Seated>, StoreError> {
        let id = self.restaurant.0;
        let emails: Vec<&str> = users.iter().map(|user| user.email.as_str()).collect();
        let rows = self.tx.query(sql!("import/users_called"), &[&id, &emails]).await?;
        let mut called: HashMap<String, (UserId, Option<String>)> = rows
            .iter()
            .map(|row| (row.get("email"), (UserId(row.get("id")), row.get("external_id"))))
            .collect();
        let (mut seated, mut new) = (Vec::with_capacity(users.len()), Vec::new());
        for user in users {
            seated.push(match called.get_mut(&user.email) {
                None => {
                    let id = UserId::generate();
                    new.push((id, user));
                    Seated::Made(id)
                }
                Some((_, Some(other))) => Seated::Another(other.clone()),
                Some((found, external_id @ None)) => {
                    let name = user.external_id.as_str();
                    self.tx.execute(sql!("import/name_user"), &[&id, &found.0, &name]).await?;
                    *external_id = Some(name.to_owned());
                    Seated::There(*found)
                }
            });
        }
        let made = self.insert(&new).await?;
        new.retain(|(id, _)| made.contains(&id.0));
        let nameless = self.keep_profiles(&new).await?;
        for outcome in &mut seated {
            match outcome {
                Seated::Made(id) if !made.contains(&id.0) => *outcome = Seated::EmailTaken,
                Seated::Made(id) if nameless.contains(&id.0) => *outcome = Seated::LoginTaken,
                _ => {}
            }
        }
        Ok(seated)
    }

    async fn insert(&self, new: &[(UserId, &MovedUser)]) -> Result<HashSet<Uuid>, StoreError> {
        let notes: Vec<Uuid> = new.iter().map(|_| EventId::generate().0).collect();
        let ids: Vec<Uuid> = new.iter().map(|(id, _)| id.0).collect();
        let column =
            |of: fn(&MovedUser) -> &str| -> Vec<&str> { new.iter().map(|(_, user)| of(user)).collect() };
        let external_ids = column(|user| user.external_id.as_str());
        let (emails, names) = (column(|user| &user.email), column(|user| user.name.as_str()));
        let (roles, hashes) = (column(|user| user.role.name()), column(|user| &user.password_hash));
        let (id, by, deed) = (self.restaurant.0, UserId::NOBODY.0, Deed::UserMade.name());
        let rows = self
            .tx
            .query(
                sql!("import/insert_users"),
                &[&id, &notes, &ids, &external_ids, &emails, &names, &roles, &hashes, &by, &deed],
            )
            .await?;
        Ok(rows.iter().map(|row| row.get("id")).collect())
    }

    /// Keeps what the house declares of its people; who could not have their name to log in by.
    async fn keep_profiles(&self, new: &[(UserId, &MovedUser)]) -> Result<HashSet<Uuid>, StoreError> {
        let (mut ids, mut logins, mut fields) = (Vec::new(), Vec::new(), Vec::new());
        for (id, MovedUser { profile, .. }) in new.iter().filter(|(_, user)| !user.profile.fields.is_empty())
        {
            ids.push(id.0);
            logins.push(profile.login.as_ref().map(|login| login.as_str()));
            fields.push(documents::column(&profile.fields));
        }
        if ids.is_empty() {
            return Ok(HashSet::new());
        }
        let id = self.restaurant.0;
        let kept = self.tx.query(sql!("import/insert_profiles"), &[&id, &ids, &logins, &fields]).await?;
        let mut nameless: HashSet<Uuid> = ids.into_iter().collect();
        for row in &kept {
            nameless.remove(&row.get("user_id"));
        }
        Ok(nameless)
    }

    /// What these documents lend.
    pub async fn offered(&self, documents: &[Uuid]) -> Result<HashMap<Uuid, Offered>, StoreError> {
        let rows = self.tx.query(sql!("import/offered"), &[&self.restaurant.0, &documents]).await?;
        let offered = |row: &tokio_postgres::Row| Offered {
            name: row.get::<_, Option<&str>>("name").and_then(|name| Name::parse(name).ok()),
            price: row.get::<_, Option<&str>>("price").and_then(|price| price.parse().ok()),
        };
        Ok(rows.iter().map(|row| (row.get("id"), offered(row))).collect())
    }

    /// Tells the database that whoever reads the file is still there.
    pub async fn still_here(&self) -> Result<(), StoreError> {
        self.tx.query(sql!("import/still_here"), &[]).await.map(drop)
    }

    /// Makes all of it durable.
    pub async fn commit(self) -> Result<(), StoreError> {
        self.tx.commit().await
    }

    /// Undoes all of it.
    pub async fn rollback(self) -> Result<(), StoreError> {
        self.tx.rollback().await
    }
}
