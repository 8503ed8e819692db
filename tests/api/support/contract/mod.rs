//! The served documents as a check: whatever a test sends and hears is held against `/openapi.json` and `/asyncapi.json`.
//!
//! Every client of these tests tells of what it hears (`client::WATCH`, `stock_client::HEARD`), so that each test of
//! anything is one of the documents too. Schemas are closed first: a member that no document names is a failure.

mod close;
mod rest;
mod sockets;

use crate::{
    client::{self, Watch},
    stock_client,
};
use close::Checks;
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

/// The documents of one kind of server, and what was seen of them.
pub struct Contract {
    pub openapi: Value,
    pub asyncapi: Value,
    rest: Checks,
    sockets: Checks,
    seen: Mutex<BTreeSet<String>>,
}

impl Contract {
    pub fn new(openapi: Value, asyncapi: Value) -> Self {
        let (rest, sockets) = (Checks::new(&openapi), Checks::new(&asyncapi));
        Self { openapi, asyncapi, rest, sockets, seen: Mutex::default() }
    }

    /// Asks a server for its documents.
    fn of(address: SocketAddr) -> Self {
        Self::new(get(address, "/openapi.json"), get(address, "/asyncapi.json"))
    }

    fn saw(&self, what: String) {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).insert(what);
    }

    pub fn seen(&self) -> BTreeSet<String> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Without any client of ours, which would tell of it. Only of a server that has answered before.
fn get(address: SocketAddr, path: &str) -> Value {
    let mut socket = TcpStream::connect(address).expect("a server");
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    socket.write_all(request.as_bytes()).expect("a request");
    let mut answer = String::new();
    socket.read_to_string(&mut answer).expect("an answer");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    serde_json::from_str(body).expect("a document")
}

/// Servers whose documents are their own, or whose traffic is counted by itself; asked for them when first heard of.
static OWN: Mutex<BTreeMap<SocketAddr, Option<Arc<Contract>>>> = Mutex::new(BTreeMap::new());

/// That of the server at this address: its own, or what all have that declare nothing.
fn contract(address: SocketAddr) -> Arc<Contract> {
    static USUAL: OnceLock<Arc<Contract>> = OnceLock::new();
    match OWN.lock().unwrap_or_else(PoisonError::into_inner).get_mut(&address) {
        Some(own) => own.get_or_insert_with(|| Arc::new(Contract::of(address))).clone(),
        None => USUAL.get_or_init(|| Arc::new(Contract::of(address))).clone(),
    }
}

/// A server begins to answer when its test lets it: what blocks may ask it only after that.
async fn answers(address: SocketAddr) {
    let client = reqwest::Client::new();
    client.get(format!("http://{address}/health/live")).send().await.expect("a server");
}

/// From here on this server's traffic is held against its own documents, and counted by itself.
pub async fn own(address: SocketAddr) -> Arc<Contract> {
    answers(address).await;
    begins(address, true);
    contract(address)
}

/// A new server has this address: what another one had there is over. `own`: its documents may be like no other's.
pub fn begins(address: SocketAddr, own: bool) {
    let mut all = OWN.lock().unwrap_or_else(PoisonError::into_inner);
    all.remove(&address);
    if own {
        all.insert(address, None);
    }
}

/// What answers at `proxy` is the server at `address`, whose documents are its own.
pub async fn also_at(proxy: SocketAddr, address: SocketAddr) {
    answers(address).await;
    let own = contract(address);
    OWN.lock().unwrap_or_else(PoisonError::into_inner).insert(proxy, Some(own));
}

/// Every client of this program tells of what it hears.
pub fn watch() {
    client::WATCH.get_or_init(|| Watch {
        exchange: |address, method, path, sent, answer| {
            contract(address).exchange(method, path, sent, answer).unwrap_or_else(|why| panic!("{why}"));
        },
        heard: |address, channel, frame| {
            contract(address).heard(channel, frame).unwrap_or_else(|why| panic!("{why}"));
        },
        asked: |address, channel, event, data| {
            contract(address).asked(channel, event, data).unwrap_or_else(|why| panic!("{why}"));
        },
    });
    stock_client::HEARD.get_or_init(|| {
        |address, namespace, what| {
            let Some(frame) = sockets::of_stock_client(what) else { return };
            let Some(channel) = sockets::channel(namespace) else { return };
            contract(address).heard(channel, &frame).unwrap_or_else(|why| panic!("{why}"));
        }
    });
}
