//! Every message of every channel of the AsyncAPI document, brought about at least once.

use crate::{
    people::{reset::token, smtp::MailServer},
    support::{
        Client, Display, House, Ngo, Poller, Reader, TestApp, contract,
        database::TestDatabase,
        house::{PASSWORD, id},
        ngo::{offer, set},
    },
};
use comanda::domain::principal::Role;
use serde_json::{Value, json};

/// What cannot be brought about here, and why.
const NOT_HERE: &[(&str, &str)] = &[];

const ENTITIES: &str = r#"
    webSocket = true
    [[entities]]
    name = "Product"
    path = "products"
    broadcast = true
    fields = [{ name = "name", type = "string", required = true }, { name = "price", type = "number" }]
    [[entities]]
    name = "Chat"
    path = "chats"
    broadcast = "legacy"
    fields = [{ name = "text", type = "string", required = true }]
    [[entities]]
    name = "Customer"
    path = "customers"
    [[entities]]
    name = "User"
    path = "users"
"#;

/// Whoever asks over a socket.
enum Line {
    Poll(Poller),
    Plain(Box<Display>),
}

impl Line {
    /// The data of the answer: of the acknowledgement, or of the event that comes in its place.
    async fn ask(&mut self, acknowledged: bool, event: &str, data: Value) -> Value {
        let mut answer = match self {
            Line::Poll(poller) if !acknowledged => {
                poller.say(event, data).await;
                return poller.until(event).await;
            }
            Line::Poll(poller) => poller.ask(event, data).await,
            Line::Plain(display) => display.ask_among_events(event, data).await,
        };
        assert_eq!(answer["event"], event, "{answer}");
        answer["data"].take()
    }
}

#[actix_web::test]
async fn everything_that_is_documented_is_said_and_heard() {
    let mut mail = MailServer::start().await;
    let url = mail.url();
    let settings = [
        ("COMANDA__MAIL__SMTP", url.as_str()),
        ("COMANDA__MAIL__FROM", "Comanda <orders@example.com>"),
        ("COMANDA__MAIL__RESET_PAGE", "https://orders.example.com/reset"),
        ("COMANDA__AUTH__ANONYMOUS_NAMESPACES", "/,/api"),
        ("COMANDA__AUTH__REGISTRATIONS_PER_HOUR", "1000"),
        ("COMANDA__AUTH__RESETS_PER_ACCOUNT", "1000"),
        ("COMANDA__AUTH__WELCOMES_PER_HOUR", "1000"),
        ("COMANDA__SOCKETS__EVENTS_PER_SECOND", "1000"),
        ("COMANDA__SOCKETS__EVENTS_BURST", "1000"),
    ];
    // Before all else somebody connects, who comes back at the end and is told all of it; and an event is stored that a
    // later server cannot read.
    let app = TestApp::start_patient_declaring(TestDatabase::create().await, ENTITIES, &settings).await;
    let mut house = app.restaurant().await;
    let (_, connected) = Poller::enter(&house.kitchen, &json!({ "token": house.kitchen.token })).await;
    let pid = serde_json::from_str::<Value>(&connected[2..]).unwrap()["pid"].take();
    house.confirmed(1).await;
    let admin = app.database.admin().await;
    admin.execute("UPDATE events SET body = '{}' WHERE seq = 3", &[]).await.unwrap();
    drop(admin);
    let database = app.stop().await;
    let app = TestApp::start_patient_declaring(database, ENTITIES, &settings).await;
    house.moves_to(app.address);
    let contract = contract::own(app.address).await;

    // Before new users are written to.
    accounts(&house, &mut mail).await;
    entities(&house).await;
    counter(&house).await;
    house.evening().await;
    let ngo = app.ngo().await;
    board(&house, &ngo).await;
    for (who, namespace) in
        [(&house.owner, "/"), (&house.owner, "/admin"), (&ngo.client, "/donations"), (&house.owner, "/api")]
    {
        manners(who, namespace).await;
    }
    plain(&house, &ngo).await;

    let log = house.log().await;
    let last = log.last().unwrap();
    let epoch = Display::join(&house.kitchen).await.epoch;
    let mut display = Display::resume(&house.kitchen, "", 0).await;
    display.events(log.len()).await;
    let mut reader = Reader::resume(&house.kitchen, "0").await;
    reader.events(log.len()).await;
    let auth = json!({ "token": house.kitchen.token, "pid": pid, "offset": format!("{epoch}:0") });
    let (mut back, _) = Poller::enter(&house.kitchen, &auth).await;
    while back.event().await["data"]["seq"] != last["seq"] {}
    let mut lost = Reader::resume(&house.kitchen, "another:1").await;
    assert_eq!(lost.said().await.flatten().unwrap()["event"], "resync");

    let seen = contract.seen();
    let missing: Vec<String> = contract
        .all_messages()
        .into_iter()
        .filter(|what| !seen.contains(what) && !NOT_HERE.iter().any(|(here, _)| here == what))
        .collect();
    assert!(missing.is_empty(), "not seen: {missing:#?}");
}

/// All routes on all sockets that have them, with an acknowledgement and without; who listens is told what is broadcast.
async fn entities(house: &House) {
    for channel in ["/", "/api", "/ws"] {
        let mut listener = Poller::join_at(&house.kitchen, "/api").await;
        for acknowledged in [true, false] {
            let mut line = match channel {
                "/ws" if !acknowledged => continue,
                "/ws" => Line::Plain(Box::new(Display::join(&house.manager).await)),
                namespace => Line::Poll(Poller::join_at(&house.manager, namespace).await),
            };
            for (entity, field) in
                [("product", "price"), ("chat", "text"), ("customer", "phone"), ("user", "name")]
            {
                routes(&mut line, acknowledged, entity, field).await;
            }
        }
        // The last of them.
        listener.until("chat-delete-many").await;
    }
}

/// One that is like no other.
fn new(entity: &str) -> Value {
    match entity {
        "product" => json!({ "name": "Cosa", "price": 1.5 }),
        "chat" => json!({ "text": "hola" }),
        "customer" => json!({ "name": "Eva" }),
        _ => json!({ "name": "Luis", "email": format!("{}@example.com", uuid::Uuid::now_v7()) }),
    }
}

async fn routes(line: &mut Line, acknowledged: bool, entity: &str, field: &str) {
    let with = |mut body: Value, name: &str, value: Value| {
        body[name] = value;
        body
    };
    let changed = |n: u8| if field == "price" { json!(n) } else { json!(format!("{n}")) };
    // An address is nobody else's.
    let copied = |what: Value| match new(entity)["email"].take() {
        Value::Null => what,
        email => with(what, "email", email),
    };
    let mut ask =
        async |route: &str, data: Value| line.ask(acknowledged, &format!("{route}-{entity}"), data).await;
    let made = ask("create-one", new(entity)).await;
    let one = json!({ "id": made["id"] });
    ask("get-one", one.clone()).await;
    ask("update-one", with(one.clone(), field, changed(2))).await;
    let whole = with(new(entity), "id", made["id"].clone());
    ask("replace-one", with(whole, field, changed(3))).await;
    ask("duplicate-one", copied(one.clone())).await;
    let many = ask("create-many", json!({ "list": [new(entity), new(entity)] })).await;
    // A page with another one behind it.
    ask("get-many", json!({ "page": 1, "limit": 1 })).await;
    let ids = json!({ "ids": [many[0]["id"], many[1]["id"]] });
    ask("update-many", with(ids.clone(), field, changed(4))).await;
    ask("duplicate-many", copied(json!({ "ids": [many[0]["id"]] }))).await;
    ask("delete-one", one).await;
    ask("delete-many", ids).await;
}

/// `auth-*`, where they are answered.
async fn accounts(house: &House, mail: &mut MailServer) {
    let anyone = Client::anonymous(house.owner.address);
    for (n, (namespace, acknowledged)) in
        [("/", true), ("/", false), ("/api", true), ("/api", false)].into_iter().enumerate()
    {
        let guest = async || Line::Poll(Poller::enter_at(&anyone, namespace, &json!({})).await.0);
        let mut new = guest().await;
        let invite = house.owner.post("/api/v1/invites", json!({ "role": "WAITER" })).await.expect(201);
        let email = format!("nueva{n}@{}", house.domain);
        let registration =
            json!({ "email": email, "password": PASSWORD, "name": "Nueva", "inviteCode": invite["code"] });
        new.ask(acknowledged, "auth-register", registration).await;
        let mut line = guest().await;
        let mut ask = async |event: &str, data: Value| line.ask(acknowledged, event, data).await;
        let tokens = ask("auth-login", json!({ "email": email, "password": PASSWORD })).await;
        let tokens = ask("auth-refresh-token", json!({ "refreshToken": tokens["refreshToken"] })).await;
        ask("auth-refresh", json!({ "token": tokens["accessToken"] })).await;
        ask("auth-get-account", json!({})).await;
        ask("auth-update-account", json!({ "name": "Ana" })).await;
        ask("auth-reset-password", json!({ "email": house.email(Role::Expo) })).await;
        let reset = token(&mail.letter().await.text);
        ask("auth-change-password", json!({ "resetPasswordToken": reset, "newPassword": PASSWORD })).await;
        ask("auth-logout", json!({})).await;
    }
}

/// What every namespace answers, and how it refuses.
async fn manners(who: &Client, namespace: &str) {
    let mut poller = Poller::join_at(who, namespace).await;
    let token = json!({ "token": who.token });
    assert_eq!(poller.ask("auth-refresh", token.clone()).await["event"], "auth-refresh");
    poller.say("auth-refresh", token.clone()).await;
    poller.until("auth-refresh").await;
    assert_eq!(poller.ask("seen", json!({ "seq": 0 })).await["event"], "seen");
    assert!(poller.ask("dance", json!({})).await.get("error").is_some());
    poller.until("exception").await;
    if namespace == "/" {
        for event in ["leaveRoom", "joinRoom"] {
            assert_eq!(poller.ask(event, json!({})).await["event"], event);
            poller.until(event).await;
        }
    }
    let void = json!({ "token": who.token, "pid": "of another server" });
    let (mut lost, _) = Poller::enter_at(who, namespace, &void).await;
    lost.until("resync").await;
    let (_, refused) = Poller::enter_at(who, namespace, &json!({ "token": "none" })).await;
    assert!(refused.starts_with("44"), "{refused}");
}

async fn counter(house: &House) {
    let mut admin = Poller::join_at(&house.cashier, "/admin").await;
    let made = admin.ask("new_order", json!({ "total": 12.5, "customerId": 1 })).await;
    admin.until("new_order").await;
    house.cashier.patch(&format!("/orders/{}/ship", made["data"]["id"]), json!({})).await.expect(200);
    admin.until("order_shipped").await;
}

async fn board(house: &House, ngo: &Ngo) {
    let named = json!({ "token": ngo.client.token, "board": "default" });
    let (mut poller, _) = Poller::enter_at(&ngo.client, "/donations", &named).await;
    let donation = id(&house.waiter.post("/api/v1/donations", offer("Pan")).await.expect(201));
    ngo.claim(&donation).await.expect(200);
    set(&ngo.client, &donation, "PICKED_UP").await.expect(200);
    for name in ["donation.created", "donation.claimed", "donation.status.updated"] {
        poller.until(name).await;
    }
    poller.say("test", json!({})).await;
    poller.until("test-response").await;
    assert_eq!(poller.ask("test", json!({})).await["event"], "test-response");
}

/// Both plain sockets, but for the events of the restaurant's log.
async fn plain(house: &House, ngo: &Ngo) {
    for on_board in [false, true] {
        let who = if on_board { &ngo.client } else { &house.kitchen };
        let mut display = if on_board {
            Display::anonymous_on_board(who.address).await
        } else {
            Display::anonymous(who.address).await
        };
        display.authenticate(who, None).await;
        while display.next().await.unwrap()["event"] != "heartbeat" {}
        display.send_text("nonsense".into()).await;
        assert_eq!(display.said().await["event"], "error");
        assert!(display.ask("dance", json!({})).await.get("error").is_some());
        display.ask("auth-refresh", json!({ "token": who.token })).await;
        display.ask("seen", json!({ "seq": 0 })).await;
        let joined = if on_board {
            display.ask("test", json!({})).await;
            // Without an id it is an event.
            display.send_text(json!({ "event": "test" }).to_string()).await;
            assert_eq!(display.said().await["event"], "test-response");
            Display::on_board(who, Some(("", 0))).await.events(3).await;
            Display::on_board(who, Some(("another", 1))).await
        } else {
            Display::resume(who, "another", 1).await
        };
        let mut lost = joined;
        lost.expect_resync().await;
    }
}
