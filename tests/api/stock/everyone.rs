//! One service, and everyone who can listen: what each is told is the log, to the letter.

use super::{
    hears,
    kinds::{KINDS, Kind},
    logged,
};
use crate::{
    display::Display,
    poller::Poller,
    stock_client::Client,
    stream::Reader,
    support::{
        House, TestApp,
        evening::{every_event, kind},
        house::id,
        spawn_app,
    },
};
use comanda::domain::principal::Role;
use serde_json::{Value, json};

/// Whoever listens.
enum Listener {
    Stock(Kind, Client),
    Plain(Display),
    Stream(Reader),
    ByHand(Poller),
}

impl Listener {
    fn name(&self) -> String {
        match self {
            Listener::Stock(kind, _) => format!("{kind:?}"),
            Listener::Plain(_) => "plain WebSocket".into(),
            Listener::Stream(_) => "server-sent events".into(),
            Listener::ByHand(_) => "long-polling by hand".into(),
        }
    }

    async fn hears(&mut self, count: usize) -> Vec<Value> {
        let mut heard = Vec::new();
        while heard.len() < count {
            heard.push(match self {
                Listener::Stock(_, client) => hears(client, 1).await.remove(0),
                // A plain frame says its `seq` beside its payload too.
                Listener::Plain(display) => {
                    let frame = display.event().await;
                    assert_eq!(frame["seq"], frame["data"]["seq"]);
                    json!({ "event": frame["event"], "data": frame["data"] })
                }
                Listener::Stream(reader) => reader.event().await,
                Listener::ByHand(poller) => poller.event().await,
            });
        }
        heard
    }
}

/// All of them, in the kitchen's room.
async fn everyone(app: &TestApp, house: &House) -> Vec<Listener> {
    let mut listeners = Vec::new();
    for kind in KINDS {
        let mut client = kind.start(&app.url(""), house.kitchen.token.as_deref().unwrap());
        client.connected().await;
        listeners.push(Listener::Stock(kind, client));
    }
    listeners.push(Listener::Plain(Display::join(&house.kitchen).await));
    listeners.push(Listener::Stream(Reader::open(&house.kitchen).await));
    listeners.push(Listener::ByHand(Poller::join(&house.kitchen).await));
    listeners
}

impl House {
    /// Everyone who works signs in by password.
    async fn signs_in(&mut self) {
        self.waiter = self.log_in(Role::Waiter).await.client;
        self.kitchen = self.log_in(Role::Kitchen).await.client;
        self.manager = self.log_in(Role::Manager).await.client;
        self.cashier = self.log_in(Role::Cashier).await.client;
    }

    /// Whatever a line can go through: held and fired, begun and not, recalled, served and not, voided, taken back.
    async fn trouble(&self) {
        let session = self.open_table().await;
        let order = self.open_order(&session).await;
        let [meat, fish, wine] = [
            self.add_item(&order, "Entrecot \"al punto\" 🥩").await,
            self.add_item(&order, "Lubina").await,
            self.add_item(&order, "Vino").await,
        ];
        self.confirm(&order).await.expect(200);
        let path = |item: &Value| format!("/api/v1/orders/{order}/items/{}", id(item));
        let (waiter, kitchen) = (&self.waiter, &self.kitchen);
        for (who, status) in [(waiter, "HELD"), (waiter, "PENDING"), (kitchen, "IN_PROGRESS")] {
            self.set(who, &fish, status).await.expect(200);
        }
        for status in ["IN_PROGRESS", "PENDING", "PENDING", "IN_PROGRESS"] {
            self.set(kitchen, &meat, status).await.expect(200);
        }
        let spoiled = json!({ "status": "VOIDED", "reason": "se quemó" });
        self.manager.post(&format!("{}/status", path(&meat)), spoiled).await.expect(200);
        waiter.patch(&path(&wine), json!({ "qty": 3 })).await.expect(200);
        waiter.delete(&path(&wine)).await.expect(204);
        self.add_item(&order, "Agua").await;
        for (who, status) in [
            (kitchen, "READY"),
            (kitchen, "IN_PROGRESS"),
            (kitchen, "READY"),
            (waiter, "SERVED"),
            (waiter, "READY"),
        ] {
            self.set(who, &fish, status).await.expect(200);
        }
        let cancelled = json!({ "reason": "se van" });
        self.manager.post(&format!("/api/v1/orders/{order}/cancel"), cancelled).await.expect(200);
        waiter.press(&format!("/api/v1/table-sessions/{session}/close")).await.expect(200);
    }
}

#[actix_web::test]
async fn every_client_on_every_transport_is_told_the_log() {
    let app = spawn_app().await;
    let mut house = app.restaurant().await;
    house.signs_in().await;
    let mut listeners = everyone(&app, &house).await;
    house.evening().await;
    house.trouble().await;
    let log = logged(&house).await;
    for name in every_event() {
        assert!(log.iter().any(|event| kind(event) == name), "no {name}");
    }
    for listener in &mut listeners {
        let heard = listener.hears(log.len()).await;
        for (n, (heard, logged)) in heard.iter().zip(&log).enumerate() {
            assert_eq!(heard, logged, "{}: event {n}", listener.name());
        }
    }
    // What comes next is the next: nobody was told more.
    house.open_table().await;
    let last = logged(&house).await.split_off(log.len());
    for listener in &mut listeners {
        assert_eq!(listener.hears(1).await, last, "{}", listener.name());
    }
}
