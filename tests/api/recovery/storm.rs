//! Events are committed without a pause while clients are cut off and come back, over and over, at moments that nobody chose.

use super::{Listener, logged};
use crate::{
    proxy::Proxy,
    support::{House, spawn_app_with},
};
use std::{
    sync::atomic::{AtomicBool, Ordering::SeqCst},
    time::Duration,
};

/// Cuts of the network under all clients.
const CUTS: usize = 40;
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

async fn writes(house: &House, done: &AtomicBool) {
    while !done.load(SeqCst) {
        house.evening().await;
    }
}

/// Short and long outages, some of which end within a handshake, a replay or an upgrade. A small ring, so that replays
/// come from the log too.
async fn storms(proxy: &Proxy, dice: &mut Dice) {
    for _ in 0..CUTS {
        dice.pause(400).await;
        if dice.below(3) == 0 {
            proxy.refuse();
            proxy.cut();
            dice.pause(600).await;
            proxy.accept();
        } else {
            proxy.cut();
        }
    }
}

#[actix_web::test]
async fn however_often_a_client_is_cut_off_it_hears_the_log() {
    let app = spawn_app_with(&[("COMANDA__ROOMS__RING_EVENTS", "16")]).await;
    let house = app.restaurant().await;
    let proxy = Proxy::start(app.address);
    let mut listeners = Listener::each(&proxy, &house).await;
    let (done, mut dice) = (AtomicBool::new(false), Dice(SEED));
    let storm = async {
        storms(&proxy, &mut dice).await;
        done.store(true, SeqCst);
    };
    tokio::join!(writes(&house, &done), storm);
    house.open_table().await;
    let log = logged(&house).await;
    for listener in &mut listeners {
        let (id, mut returns) = (listener.connected["id"].clone(), 0);
        loop {
            if listener.heard.last().is_some_and(|event| event["data"]["seq"] == log.len()) {
                break;
            }
            let next = listener.next().await;
            if next["what"] == "connect" {
                assert_eq!((&next["recovered"], &next["id"]), (&true.into(), &id), "{next}");
                returns += 1;
            }
        }
        assert!(returns > CUTS / 8, "only {returns} returns");
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
