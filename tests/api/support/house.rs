//! A restaurant under test, with a client for each role and the verbs of a service.

use super::{TestApp, app::SECRET};
use crate::client::{Answer, Client};
use comanda::{
    auth::{Claims, Keys, Passwords},
    domain::{
        ids::{CustomerId, MenuItemId, RestaurantId, TableId, UserId},
        menu::MenuItem,
        money::{Currency, Money},
        principal::Role,
        table::Table,
        text::{Contact, Label, Name},
    },
    store::{customers::NewCustomer, seed::NewRestaurant, users::NewUser},
};
use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::OnceCell;

pub const PASSWORD: &str = "password123";

/// A restaurant and whoever works there.
pub struct House {
    pub id: RestaurantId,
    pub domain: String,
    pub tables: Vec<Table>,
    pub menu: Vec<MenuItem>,
    pub owner: Client,
    pub manager: Client,
    pub waiter: Client,
    pub cashier: Client,
    pub expo: Client,
    pub kitchen: Client,
    users: Vec<UserId>,
    next_table: AtomicUsize,
}

/// A login of a user.
pub struct LoggedIn {
    pub client: Client,
    pub refresh_token: String,
}

impl LoggedIn {
    pub async fn log_out(&self) {
        self.client
            .post("/api/v1/auth/logout", json!({ "refreshToken": self.refresh_token }))
            .await
            .expect(204);
    }

    pub async fn refresh(&self) -> Answer {
        self.client.post("/api/v1/auth/refresh", json!({ "refreshToken": self.refresh_token })).await
    }
}

pub async fn hash() -> &'static str {
    static HASH: OnceCell<String> = OnceCell::const_new();
    HASH.get_or_init(|| async {
        Passwords::new(1, 1).unwrap().hash(SecretString::from(PASSWORD)).await.unwrap()
    })
    .await
}

/// A token of this user, as another service with the same secret would sign it.
pub fn token(user: UserId, restaurant: RestaurantId, role: Role, lives: SignedDuration) -> String {
    signed(user, restaurant, role, lives, None)
}

/// The same for an hour, naming donation boards.
pub fn token_naming(user: UserId, ngo: RestaurantId, role: Role, boards: Option<&[&str]>) -> String {
    let boards = boards.map(|names| names.iter().map(|&name| name.to_owned()).collect());
    signed(user, ngo, role, SignedDuration::from_hours(1), boards)
}

fn signed(
    user: UserId,
    restaurant: RestaurantId,
    role: Role,
    lives: SignedDuration,
    boards: Option<Vec<String>>,
) -> String {
    let mut settings = comanda::config::load(
        std::path::Path::new("/nowhere"),
        &std::collections::BTreeMap::from([("JWT_SECRET".to_owned(), SECRET.to_owned())]),
        comanda::config::Purpose::Token,
    )
    .unwrap()
    .auth;
    settings.jwt_secret = Some(SECRET.to_owned().into());
    let now = Timestamp::now();
    let claims = Claims { user, restaurant, role, login: None, boards, expires_at: now + lives };
    Keys::new(&settings).unwrap().sign(&claims, now).unwrap()
}

impl House {
    pub async fn create(app: &TestApp) -> Self {
        let (id, domain) = (RestaurantId::generate(), format!("{}.example", uuid::Uuid::now_v7().simple()));
        let euro = Currency::from_code("EUR").unwrap();
        let tables: Vec<Table> = (1..=12)
            .map(|n| Table::new(TableId::generate(), Name::parse(&n.to_string()).unwrap(), Timestamp::now()))
            .collect();
        let label = |text| Label::parse(text).unwrap();
        let dish = |name: &str, minor: i64| {
            let (name, price) = (Name::parse(name).unwrap(), Money { minor, currency: euro });
            let dish = MenuItem::new(MenuItemId::generate(), name, label("Carnes"), price, Timestamp::now());
            MenuItem { course: Some(label("main")), station: Some(label("grill")), ..dish }
        };
        let menu = vec![dish("Hamburguesa", 1550), dish("Entrecot", 2290)];
        let customer = |name: &str| NewCustomer {
            id: CustomerId::generate(),
            name: Name::parse(name).unwrap(),
            email: Some(Contact::parse("ana@example.com").unwrap()),
            phone: None,
            created_at: Timestamp::now(),
        };
        // Their numbers are 1 and 2.
        let customers = ["Ana", "Luis"].map(customer);
        let mut users = Vec::new();
        for role in Role::ALL {
            users.push(NewUser {
                user: UserId::generate(),
                restaurant: id,
                email: format!("{}@{domain}", role.name().to_lowercase()),
                name: role.name().to_owned(),
                role,
                password_hash: hash().await.to_owned(),
            });
        }
        let ids: Vec<UserId> = users.iter().map(|user| user.user).collect();
        let client = |role: Role| {
            let user = users.iter().find(|user| user.role == role).unwrap().user;
            Client::anonymous(app.address).with_token(token(user, id, role, SignedDuration::from_hours(1)))
        };
        let [owner, manager, waiter, cashier, expo, kitchen] = Role::ALL.map(client);
        let new = NewRestaurant {
            id,
            name: Name::parse("Restaurante").unwrap(),
            currency: euro,
            tables: tables.clone(),
            menu: menu.clone(),
            stations: Vec::new(),
            customers: customers.into(),
            users,
        };
        app.store.create_restaurants(&[new], None).await.unwrap();
        let next_table = AtomicUsize::new(0);
        let users = ids;
        Self { id, domain, tables, menu, owner, manager, waiter, cashier, expo, kitchen, users, next_table }
    }

    pub fn email(&self, role: Role) -> String {
        format!("{}@{}", role.name().to_lowercase(), self.domain)
    }

    pub fn client(&self, role: Role) -> &Client {
        match role {
            Role::Owner => &self.owner,
            Role::Manager => &self.manager,
            Role::Waiter => &self.waiter,
            Role::Cashier => &self.cashier,
            Role::Expo => &self.expo,
            Role::Kitchen => &self.kitchen,
            Role::Ngo | Role::Public => panic!("nobody of a restaurant"),
        }
    }

    pub fn user(&self, role: Role) -> UserId {
        self.users[Role::ALL.iter().position(|&each| each == role).unwrap()]
    }

    /// The user of this role with a token that lives so long.
    pub fn for_a_while(&self, role: Role, lives: SignedDuration) -> Client {
        self.owner.with_token(token(self.user(role), self.id, role, lives))
    }

    /// The same people at another server.
    pub fn moves_to(&mut self, address: std::net::SocketAddr) {
        let Self { owner, manager, waiter, cashier, expo, kitchen, .. } = self;
        for client in [owner, manager, waiter, cashier, expo, kitchen] {
            client.address = address;
        }
    }

    /// Logs in by password.
    pub async fn log_in(&self, role: Role) -> LoggedIn {
        let anonymous = Client::anonymous(self.owner.address);
        let body = json!({ "email": self.email(role), "password": PASSWORD });
        let answer = anonymous.post("/api/v1/auth/login", body).await.expect(200);
        let text = |name: &str| answer[name].as_str().unwrap().to_owned();
        LoggedIn { client: anonymous.with_token(text("accessToken")), refresh_token: text("refreshToken") }
    }

    /// The next table that nobody was seated at; its id.
    pub async fn free_table(&self) -> String {
        let n = self.next_table.fetch_add(1, Ordering::Relaxed);
        match self.tables.get(n) {
            Some(table) => table.id.to_string(),
            None => {
                let body = json!({ "name": format!("extra {n}") });
                id(&self.manager.post("/api/v1/tables", body).await.expect(201))
            }
        }
    }

    /// Opens a session at the next free table; its id.
    pub async fn open_table(&self) -> String {
        let table = self.free_table().await;
        id(&self.waiter.post("/api/v1/table-sessions", json!({ "tableId": table })).await.expect(201))
    }

    /// A draft at a table session; its id.
    pub async fn open_order(&self, session: &str) -> String {
        id(&self.waiter.post("/api/v1/orders", json!({ "tableSessionId": session })).await.expect(201))
    }

    pub async fn add_item(&self, order: &str, name: &str) -> Value {
        let body = json!({ "name": name, "qty": 2, "unitPrice": 15.5 });
        self.waiter.post(&format!("/api/v1/orders/{order}/items"), body).await.expect(201)
    }

    /// An order with `items` lines at a table of its own, not sent yet.
    pub async fn draft(&self, items: usize) -> String {
        let order = self.open_order(&self.open_table().await).await;
        for n in 0..items {
            self.add_item(&order, &format!("Plato {n}")).await;
        }
        order
    }

    /// The same, sent to the kitchen; the whole order.
    pub async fn confirmed(&self, items: usize) -> Value {
        let order = self.draft(items).await;
        self.confirm(&order).await.expect(200)
    }

    pub async fn confirm(&self, order: &str) -> Answer {
        self.waiter.press(&format!("/api/v1/orders/{order}/confirm")).await
    }

    /// The whole log, as `GET /events` has it.
    pub async fn log(&self) -> Vec<Value> {
        let mut log: Vec<Value> = Vec::new();
        loop {
            let page =
                self.owner.get(&format!("/api/v1/events?after={}&limit=1000", log.len())).await.expect(200);
            let events = page["events"].as_array().unwrap();
            log.extend(events.iter().cloned());
            if log.len() as u64 == page["seq"].as_u64().unwrap() {
                return log;
            }
            assert!(!events.is_empty(), "the log ends before its head: {page}");
        }
    }

    /// Moves a line, as `who`.
    pub async fn set(&self, who: &Client, item: &Value, status: &str) -> Answer {
        let (order, item) = (item["orderId"].as_str().unwrap(), item["id"].as_str().unwrap());
        who.post(&format!("/api/v1/orders/{order}/items/{item}/status"), json!({ "status": status })).await
    }
}

/// The `id` member of a body.
pub fn id(body: &Value) -> String {
    body["id"].as_str().unwrap_or_else(|| panic!("no id in {body}")).to_owned()
}
