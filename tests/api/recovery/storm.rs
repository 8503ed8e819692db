//! Events are committed without a pause while clients are cut off and come back, over and over, at moments that nobody chose.

use super::{Listener, logged};
use crate::{
    proxy::Proxy,
    support::{House, spawn_app_with},
};
use futures_util::future::join_all;
use std::{
    sync::atomic::{AtomicUsize, Ordering::SeqCst},
    time::Duration,
};
use tokio::sync::watch;

/// So often each client comes back, and so many cuts it may take: some hit it before it was in again.
const RETURNS: usize = 10;
const CUTS: usize = 1_000;
/// Bytes a second: some thirty events.
const SLOW: u32 = 10_000;
/// Printed where the test fails; another one is another night.
const SEED: u64 = 0x5EED_0F4B_AD11;

/// A generator of Marsaglia's (xorshift64), so that a failed night can be had again.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }

    async fn pause(&mut self, most: u64) {
        tokio::time::sleep(Duration::from_millis(self.below(most))).await;
    }
}

async fn writes(house: &House, done: watch::Receiver<bool>) {
    while !*done.borrow() {
        house.evening().await;
    }
}

/// Short and long outages, some of which end within a handshake, a replay or an upgrade. Where the network is slow a
/// replay takes its time: a cut falls between its events, and between them and CONNECT's answer.
async fn storms(proxy: &Proxy, returns: &[AtomicUsize], done: &watch::Sender<bool>) {
    let mut dice = Dice(SEED);
    for _ in 0..CUTS {
        if returns.iter().all(|returns| returns.load(SeqCst) >= RETURNS) {
            break;
        }
        dice.pause(400).await;
        proxy.heal();
        match dice.below(4) {
            0 => {
                proxy.refuse();
                proxy.cut();
                dice.pause(600).await;
                proxy.accept();
            }
            1 => {
                proxy.throttle(SLOW);
                proxy.cut();
                dice.pause(1_000).await;
                proxy.cut();
            }
            _ => proxy.cut(),
        }
    }
    proxy.heal();
    done.send_replace(true);
}

async fn weathers(listener: &mut Listener, returns: &AtomicUsize, mut done: watch::Receiver<bool>) {
    loop {
        tokio::select! {
            _ = done.wait_for(|done| *done) => return,
            _ = listener.next() => returns.store(listener.connects.len() - 1, SeqCst),
        }
    }
}

/// A small ring, so that replays come from the log too.
#[actix_web::test]
async fn however_often_a_client_is_cut_off_it_hears_the_log() {
    let app = spawn_app_with(&[("COMANDA__ROOMS__RING_EVENTS", "16")]).await;
    let house = app.restaurant().await;
    let proxy = Proxy::start(app.address);
    let mut listeners = Listener::each(&proxy, &house).await;
    let returns: Vec<_> = listeners.iter().map(|_| AtomicUsize::new(0)).collect();
    let done = watch::Sender::new(false);
    let each = listeners.iter_mut().zip(&returns);
    let all = join_all(each.map(|(listener, returns)| weathers(listener, returns, done.subscribe())));
    tokio::join!(writes(&house, done.subscribe()), storms(&proxy, &returns, &done), all);
    house.open_table().await;
    let log = logged(&house).await;
    for listener in &mut listeners {
        listener.hears(log.len()).await;
        let returned = &listener.connects[1..];
        assert!(returned.len() >= RETURNS, "only {} returns", returned.len());
        let id = &listener.connects[0]["id"];
        assert!(
            returned.iter().all(|again| again["recovered"] == true && again["id"] == *id),
            "{returned:?}"
        );
        assert_eq!(listener.heard.len(), log.len(), "seed {SEED:#x}");
        assert_eq!(listener.heard, log, "seed {SEED:#x}");
        assert!(listener.resyncs.is_empty());
    }
    eprintln!("{} events", log.len());
    for source in ["ring", "log"] {
        let replays = app.metric(&format!("comanda_replays_total{{source=\"{source}\"}}")).await;
        assert!(replays > 0.0, "none from the {source}");
    }
}
