//! Displays on every transport, each behind a network of its own, which come back as their kind does.

use crate::{
    client::Client,
    display::Display,
    journal::Journal,
    screen::{CatchUp, Screen},
    stock_client::Client as Stock,
    stream::Reader,
    trial::Trial,
};
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::{Semaphore, mpsc, watch},
    time::{Instant, sleep, timeout, timeout_at},
};

/// Heartbeats come every 2 s, so silence for so long is a dead connection.
const STALE: Duration = Duration::from_secs(5);
/// Between two attempts to connect; npm's client waits by itself.
const AGAIN: Duration = Duration::from_millis(100);
/// After the log's head, for what must not come.
const SILENCE: Duration = Duration::from_millis(300);
/// From the end of all faults to the log's head: a client that was frozen notices after ping interval and timeout, 18 s.
const CATCH_UP_WITHIN: Duration = Duration::from_secs(90);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Plain,
    Stream,
    /// npm's client on these transports.
    Stock(&'static [&'static str]),
    /// The same by WebSocket, without recovery: it reads the log of what it missed whenever it comes back.
    Forgetful,
}

pub const KINDS: [(&str, Kind); 6] = [
    ("plain", Kind::Plain),
    ("stream", Kind::Stream),
    ("polling", Kind::Stock(&["polling"])),
    ("websocket", Kind::Stock(&["websocket"])),
    ("upgrade", Kind::Stock(&["polling", "websocket"])),
    ("forgetful", Kind::Forgetful),
];

/// One connection, or the way to it.
enum Link {
    Plain(Option<Box<Display>>),
    Stream(Option<Box<Reader>>),
    Stock(Box<Stock>),
}

/// What a display is told.
enum Said {
    Welcome {
        recovered: bool,
        /// Where it asked to go on.
        since: Option<u64>,
    },
    Event(Value),
    Resync,
    /// Heartbeats, and the end of a connection.
    Nothing,
}

/// What a display is told from outside the system, and tells.
pub struct Wires {
    pub trial: Trial,
    pub journal: Journal,
    /// Its number in the journal.
    pub number: usize,
    /// The log's head, once nothing is written any more.
    pub end: watch::Receiver<Option<u64>>,
    /// To let go and connect again.
    pub reconnect: mpsc::UnboundedReceiver<()>,
    /// Gets a permit when the display has connected for the first time.
    pub connected: Arc<Semaphore>,
    /// Up to where it has shown the log, or has a board of it.
    pub position: watch::Sender<u64>,
    /// Events that a client may have missed and still be recovered.
    pub cap: u64,
}

/// Shows events until the head has been shown.
pub async fn run(who: Client, kind: Kind, wires: Wires) -> Screen {
    let Wires { trial, journal, number, mut end, mut reconnect, connected, position, cap } = wires;
    let mut link = match kind {
        Kind::Plain => Link::Plain(None),
        Kind::Stream => Link::Stream(None),
        Kind::Stock(transports) => stock_link(&who, transports, true),
        Kind::Forgetful => stock_link(&who, &["websocket"], false),
    };
    let how = if kind == Kind::Forgetful { CatchUp::Log } else { CatchUp::Board };
    let mut screen = Screen::new(number, journal, trial, who.clone(), how, cap);
    let mut late = None;
    loop {
        let head = *end.borrow_and_update();
        if let Some(head) = head {
            let late = *late.get_or_insert_with(|| Instant::now() + CATCH_UP_WITHIN);
            if screen.seq() >= head || Instant::now() > late {
                break;
            }
        }
        tokio::select! {
            said = link.next(&who, &screen) => {
                let first = screen.counts.connections() == 0;
                show(&mut screen, said).await;
                position.send_replace(screen.seq());
                connected.add_permits(usize::from(first && screen.counts.connections() > 0));
            }
            Some(()) = reconnect.recv() => link.drop_connection().await,
            _ = end.changed(), if head.is_none() => {}
        }
    }
    let silence = Instant::now() + SILENCE;
    while let Ok(said) = timeout_at(silence, link.next(&who, &screen)).await {
        show(&mut screen, said).await;
    }
    screen
}

fn stock_link(who: &Client, transports: &[&str], recovery: bool) -> Link {
    let (url, auth) =
        (format!("http://{}", who.address), json!({ "token": who.token, "recovery": recovery }));
    let settings = json!({ "url": url, "auth": auth, "options": { "transports": transports } });
    Link::Stock(Box::new(Stock::with(&settings)))
}

async fn show(screen: &mut Screen, said: Said) {
    match said {
        Said::Welcome { recovered, since } => screen.welcome(recovered, since).await,
        Said::Resync => screen.resync().await,
        Said::Event(data) => screen.event(&data),
        Said::Nothing => {}
    }
}

impl Link {
    async fn next(&mut self, who: &Client, screen: &Screen) -> Said {
        match self {
            Link::Plain(socket) => plain(socket, who, screen).await,
            Link::Stream(reader) => stream(reader, who, screen).await,
            Link::Stock(client) => stock(client).await,
        }
    }

    /// Lets go, as a page that is loaded again does; npm's client then comes by long-polling again where it has both.
    async fn drop_connection(&mut self) {
        match self {
            Link::Plain(socket) => *socket = None,
            Link::Stream(reader) => *reader = None,
            Link::Stock(client) => client.says(&json!({ "drop": true })).await,
        }
    }
}

async fn plain(socket: &mut Option<Box<Display>>, who: &Client, screen: &Screen) -> Said {
    let Some(display) = socket else {
        let has = screen.has().await;
        let since = (!screen.epoch.is_empty()).then_some((screen.epoch.as_str(), has));
        let Ok(Ok(display)) = timeout(STALE, Display::try_join(who, since)).await else {
            sleep(AGAIN).await;
            return Said::Nothing;
        };
        let recovered = display.ready["recovered"] == true;
        *socket = Some(Box::new(display));
        return Said::Welcome { recovered, since: since.map(|(_, seq)| seq) };
    };
    match timeout(STALE, display.next()).await {
        Ok(Some(mut frame)) => match frame["event"].as_str() {
            Some("heartbeat") => Said::Nothing,
            Some("resync") => Said::Resync,
            _ => Said::Event(frame["data"].take()),
        },
        Ok(None) | Err(_) => {
            *socket = None;
            Said::Nothing
        }
    }
}

async fn stream(open: &mut Option<Box<Reader>>, who: &Client, screen: &Screen) -> Said {
    let Some(reader) = open else {
        let last = format!("{}:{}", screen.epoch, screen.has().await);
        let last = (!screen.epoch.is_empty()).then_some(last.as_str());
        let Ok(Some(reader)) = timeout(STALE, Reader::try_open(who, last)).await else {
            sleep(AGAIN).await;
            return Said::Nothing;
        };
        // The welcome's id is where it goes on; elsewhere a resync follows.
        let since = last.map(|_| screen.seq());
        let recovered = since == Some(reader.seq);
        *open = Some(Box::new(reader));
        return Said::Welcome { recovered, since };
    };
    match timeout(STALE, reader.said()).await {
        Ok(Some(Some(event))) if event["event"] == "resync" => Said::Resync,
        Ok(Some(Some(mut event))) => Said::Event(event["data"].take()),
        Ok(Some(None)) => Said::Nothing,
        Ok(None) | Err(_) => {
            *open = None;
            Said::Nothing
        }
    }
}

/// It comes back by itself; its silence is its own affair.
async fn stock(client: &mut Stock) -> Said {
    let Ok(mut next) = timeout(STALE, client.next()).await else { return Said::Nothing };
    match next["what"].as_str() {
        Some("connect") => Said::Welcome { recovered: next["recovered"] == true, since: None },
        Some("event") if next["name"] == "resync" => Said::Resync,
        Some("event") => Said::Event(next["args"][0].take()),
        Some("connect_error") if next["active"] == false => panic!("it stays away: {next}"),
        Some("disconnect") if next["active"] == false => panic!("it stays away: {next}"),
        _ => Said::Nothing,
    }
}
