//! A database of its own with two restaurants and one user, and what authentication is made of.

use comanda::{
    auth::{AuthError, Keys, LoginAnswer, Passwords, Refreshed, Revocations, Tokens, Verifier},
    config::{
        sections::{Auth, Database, NewUserRole, Register},
        units::Span,
    },
    domain::{
        ids::{LoginId, RestaurantId, UserId},
        principal::Role,
    },
    store::{self, DatabaseUrls, Store, StoreError, people, users},
};
use secrecy::{ExposeSecret, SecretString};
use std::{
    net::{IpAddr, Ipv4Addr},
    sync::Arc,
    time::Duration,
};
use tokio_postgres::{Client, Config, NoTls};

pub const PASSWORD: &str = "password123";
pub const EMAIL: &str = "ana@mesa.org";
pub const TABLET: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1));
pub const ELSEWHERE: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 0, 0, 2));

pub struct World {
    pub store: Store,
    pub keys: Arc<Keys>,
    pub verifier: Verifier,
    pub tokens: Tokens,
    /// A waiter's restaurant, and another one.
    pub restaurant: RestaurantId,
    pub other: RestaurantId,
    pub user: UserId,
    database: Config,
}

fn span(seconds: u64) -> Span {
    Span(Duration::from_secs(seconds))
}

/// The defaults, but that standings are always read anew.
fn auth_settings() -> Auth {
    Auth {
        jwt_secret: Some("a test secret of more than 32 bytes, known to tests".into()),
        access_ttl: span(12 * 3600),
        refresh_ttl: span(30 * 86_400),
        issuer: None,
        audience: None,
        foreign_users: false,
        hash_concurrency: 2,
        hash_queue: 64,
        failures_per_account: 5,
        failures_per_address: 50,
        failure_window: span(900),
        principal_ttl: span(0),
        namespaces: Vec::new(),
        anonymous_namespaces: Vec::new(),
        login_field: "email".into(),
        additional_fields: Vec::new(),
        register: Some(Register::Invite),
        registrations_per_hour: 5,
        taken_per_hour: 20,
        invite_ttl: span(7 * 86_400),
        invites_kept: span(30 * 86_400),
        foreign_hashes_kept: span(90 * 86_400),
        reset_ttl: span(1800),
        resets_per_account: 3,
        resets_per_mailbox: 5,
        resets_per_address: 20,
        new_user_role: NewUserRole::Kitchen,
        welcomes_per_hour: 100,
        pairing_ttl: span(600),
        wrong_codes_per_hour: 5,
    }
}

fn database_settings() -> Database {
    Database {
        url: None,
        app_url: None,
        pool_size: 8,
        connect_within: span(3),
        wait_within: span(3),
        statement_within: span(3),
        lock_within: span(3),
        upkeep_every: span(3),
        allow_async_commit: true,
    }
}

pub async fn connect(database: &Config) -> Client {
    let (client, connection) = database.connect(NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

impl World {
    pub async fn new() -> Self {
        Self::with(|_| ()).await
    }

    pub async fn with(change: impl FnOnce(&mut Auth)) -> Self {
        let mut settings = auth_settings();
        change(&mut settings);
        let name = format!("auth_{}", UserId::generate().0.simple());
        let cluster = &crate::postgres::shared().postgres;
        connect(&cluster.config()).await.batch_execute(&format!("CREATE DATABASE {name}")).await.unwrap();
        let database = cluster.config_for(&name);
        store::migrate(&database).await.unwrap();
        let urls = DatabaseUrls { admin: database.clone(), app: None };
        let store = Store::connect(&database_settings(), &urls).await.unwrap();

        let keys = Arc::new(Keys::new(&settings).unwrap());
        let verifier = Verifier::new(keys.clone(), Arc::new(store.clone()), &settings);
        let passwords = Passwords::new(settings.hash_concurrency, settings.hash_queue).unwrap();
        let hash = passwords.hash(PASSWORD.into()).await.unwrap();
        let tokens = Tokens::new(store.clone(), keys.clone(), verifier.clone(), passwords, &settings);
        let (restaurant, other) = (RestaurantId::generate(), RestaurantId::generate());
        let user = UserId::generate();
        let world = Self { store, keys, verifier, tokens, restaurant, other, user, database };
        let sql = "INSERT INTO restaurants (id, name, currency) SELECT unnest($1::uuid[]), 'Mesa', 'EUR'";
        world.admin().await.execute(sql, &[&[restaurant.0, other.0].as_slice()]).await.unwrap();
        world.add_user(restaurant, user, EMAIL, &hash).await.unwrap();
        world
    }

    /// A connection that may do anything.
    pub async fn admin(&self) -> Client {
        connect(&self.database).await
    }

    pub async fn add_user(
        &self,
        restaurant: RestaurantId,
        user: UserId,
        email: &str,
        password_hash: &str,
    ) -> Result<(), StoreError> {
        let tx = self.store.write(restaurant).await?;
        let role = Role::Waiter;
        let (email, name, password_hash) = (email.to_owned(), "Ana".to_owned(), password_hash.to_owned());
        let new = users::NewUser { user, restaurant, email, name, role, password_hash };
        users::insert(&tx, &new).await?;
        tx.commit().await
    }

    pub async fn try_login(&self, email: &str, password: &str) -> Result<LoginAnswer, AuthError> {
        self.tokens.login(email, password.into(), None, TABLET).await
    }

    pub async fn login(&self) -> LoginAnswer {
        self.try_login(EMAIL, PASSWORD).await.unwrap()
    }

    /// The role a token gives now.
    pub async fn role(&self, token: &SecretString) -> Result<Role, AuthError> {
        self.verifier.verify(token.expose_secret()).await.map(|verified| verified.principal.role)
    }

    /// The new pair of tokens; else the login that died of it, if one did.
    pub async fn refresh(
        &self,
        from: &LoginAnswer,
        key: Option<&str>,
    ) -> Result<LoginAnswer, Option<LoginId>> {
        match self.tokens.refresh(from.refresh_token.clone(), key).await {
            Ok(Refreshed::Answer(answer)) => Ok(*answer),
            Ok(Refreshed::Reused { login, .. }) => Err(Some(login)),
            Err(AuthError::InvalidRefreshToken) => Err(None),
            Err(other) => panic!("{other:?}"),
        }
    }

    pub async fn revocations(&self) -> Revocations {
        let mut revocations = Revocations::start(self.store.clone(), self.verifier.clone()).await.unwrap();
        revocations.poll().await.unwrap();
        revocations
    }

    pub async fn set_role(&self, role: Role) {
        let tx = self.store.write(self.restaurant).await.unwrap();
        let to = people::Change { role: Some(role), ..people::Change::default() };
        let changed = people::change(&tx, self.restaurant, self.user, &to).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(changed.map(|person| person.role), Some(role));
    }

    pub async fn remove_user(&self) {
        let tx = self.store.write(self.restaurant).await.unwrap();
        assert!(users::remove(&tx, self.restaurant, self.user).await.unwrap());
        tx.commit().await.unwrap();
    }
}
