//! An NGO under test, and the verbs of a donation board.

use super::{
    House, TestApp,
    house::{PASSWORD, hash, id, token},
};
use crate::client::{Answer, Client};
use comanda::{
    domain::{
        ids::{BoardId, RestaurantId, UserId},
        principal::Role,
        text::Name,
    },
    store::{seed::NewOrganization, users::NewUser},
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// An NGO with one user.
pub struct Ngo {
    pub id: RestaurantId,
    pub user: UserId,
    pub client: Client,
    pub email: String,
}

impl Ngo {
    pub fn token(&self) -> &str {
        self.client.token.as_deref().unwrap()
    }

    pub async fn claim(&self, donation: &str) -> Answer {
        self.client.press(&format!("/api/v1/donations/{donation}/claim")).await
    }

    /// Logs in by password, as its people do.
    pub async fn log_in(&self) -> Value {
        let body = json!({ "email": self.email, "password": PASSWORD });
        Client::anonymous(self.client.address).post("/api/v1/auth/login", body).await.expect(200)
    }
}

impl TestApp {
    /// An NGO on the board `default`.
    pub async fn ngo(&self) -> Ngo {
        self.ngos(1, BoardId::DEFAULT).await.pop().unwrap()
    }

    /// So many NGOs on this board.
    pub async fn ngos(&self, count: usize, board: BoardId) -> Vec<Ngo> {
        let (mut organizations, mut ngos) = (Vec::new(), Vec::new());
        // One pool of connections: making a thousand takes longer than what they do.
        let anonymous = Client::anonymous(self.address);
        for _ in 0..count {
            let (organization, user) = (RestaurantId::generate(), UserId::generate());
            let email = format!("ngo@{}.example", organization.0.simple());
            let new = NewUser {
                user,
                restaurant: organization,
                email: email.clone(),
                name: "Ngo".into(),
                role: Role::Ngo,
                password_hash: hash().await.to_owned(),
            };
            let name = Name::parse("Banco de Alimentos").unwrap();
            organizations.push(NewOrganization {
                id: organization,
                name,
                boards: vec![board],
                users: vec![new],
            });
            let token = token(user, organization, Role::Ngo, SignedDuration::from_hours(1));
            let client = anonymous.with_token(token);
            ngos.push(Ngo { id: organization, user, client, email });
        }
        self.store.create_tenants(&[], &organizations, None).await.unwrap();
        ngos
    }

    /// A board that nobody is on yet.
    pub async fn board(&self, name: &str) -> BoardId {
        let board = BoardId::generate();
        self.store.create_board(board, &Name::parse(name).unwrap()).await.unwrap();
        board
    }
}

/// What a donor says of a donation that is good for an hour.
pub fn offer(name: &str) -> Value {
    json!({
        "name": name, "foodType": "Bakery", "quantity": "5", "unit": "kg", "description": "of today",
        "location": { "lat": 40.4168, "lng": -3.7038, "address": "Puerta del Sol 1" },
        "expiryTime": (Timestamp::now() + SignedDuration::from_hours(1)).to_string(),
        "imageUrls": ["https://images.example/pan.jpg"],
    })
}

impl House {
    /// Gives something away; the donation.
    pub async fn donate(&self, name: &str) -> Value {
        self.waiter.post("/api/v1/donations", offer(name)).await.expect(201)
    }
}

/// Says what became of a donation, as `who`.
pub async fn set(who: &Client, donation: &str, status: &str) -> Answer {
    who.patch(&format!("/api/v1/donations/{donation}/status"), json!({ "status": status })).await
}

/// The id of a donation that this house gives away.
pub async fn donated(house: &House, name: &str) -> String {
    id(&house.donate(name).await)
}
