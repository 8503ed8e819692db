//! Displays by the hundred: plain WebSockets that come back by themselves and check that what they are told has no gap.

use crate::{client::Client, display::Display, trial::Trial, world::House};
use serde_json::Value;
use std::time::Duration;
use tokio::{
    sync::watch,
    task::JoinHandle,
    time::{Instant, sleep, timeout},
};

/// One attempt to connect, and the longest wait after one that failed: a thousand that come at once spread over it.
const CONNECT_WITHIN: Duration = Duration::from_secs(15);
const AGAIN: std::ops::Range<u64> = 20..200;
/// For all to connect for the first time.
const JOIN_WITHIN: Duration = Duration::from_secs(120);

/// Where one stands.
#[derive(Debug, Clone, Copy, Default)]
pub struct At {
    /// How often it has connected.
    pub connections: u64,
    pub is_connected: bool,
    /// Newest event shown.
    pub seq: u64,
}

struct Follower {
    house: usize,
    at: watch::Receiver<At>,
    task: JoinHandle<()>,
}

/// Displays that are there until this is dropped.
pub struct Followers {
    all: Vec<Follower>,
    /// Counts how often all let go of their connections.
    drops: watch::Sender<u64>,
}

impl Followers {
    /// `count` of them, spread over the houses; returns when all are connected.
    pub async fn join(trial: &Trial, houses: &[House], count: usize) -> Self {
        let drops = watch::Sender::new(0);
        let follow = |n: usize| {
            let house = &houses[n % houses.len()];
            // Half as the kitchen, half as a waiter: one user may have a thousand sockets.
            let who = if (n / houses.len()).is_multiple_of(2) { &house.kitchen } else { &house.waiter };
            let (tell, at) = watch::channel(At::default());
            let task = tokio::spawn(follow(trial.clone(), who.clone(), n, tell, drops.subscribe()));
            Follower { house: house.index, at, task }
        };
        let all = (0..count).map(follow).collect();
        let followers = Self { all, drops };
        followers.all(JOIN_WITHIN, |_, _, at| at.is_connected).await.expect("displays in time");
        followers
    }

    /// Returns when each has been as wanted. What is asked of: its number, its house, where it stands.
    pub async fn all(&self, within: Duration, is: impl Fn(usize, usize, &At) -> bool) -> Result<(), String> {
        let begun = Instant::now();
        for (n, follower) in self.all.iter().enumerate() {
            let mut at = follower.at.clone();
            let left = within.saturating_sub(begun.elapsed());
            let is = timeout(left, at.wait_for(|at| is(n, follower.house, at))).await;
            match is {
                Ok(Ok(_)) => {}
                Ok(Err(_)) => return Err(format!("display {n} is gone")),
                Err(_) => {
                    return Err(format!(
                        "display {n} stands at {:?} after {within:?}",
                        *follower.at.borrow()
                    ));
                }
            }
        }
        Ok(())
    }

    /// Each loses its connection, now, and comes back by itself.
    pub fn drop_all(&self) {
        self.drops.send_modify(|drops| *drops += 1);
    }

    /// Connections that were made after the first.
    pub fn reconnects(&self) -> u64 {
        self.all.iter().map(|follower| follower.at.borrow().connections.saturating_sub(1)).sum()
    }

    /// How often each has connected, in the order of their making.
    pub fn connections(&self) -> Vec<u64> {
        self.all.iter().map(|follower| follower.at.borrow().connections).collect()
    }
}

impl Drop for Followers {
    fn drop(&mut self) {
        self.all.iter().for_each(|follower| follower.task.abort());
    }
}

async fn follow(
    trial: Trial,
    who: Client,
    n: usize,
    tell: watch::Sender<At>,
    mut drops: watch::Receiver<u64>,
) {
    let mut chance = trial.chance(1_000 + n as u64);
    let (mut epoch, mut seq) = (String::new(), 0);
    loop {
        let since = (!epoch.is_empty()).then_some((epoch.as_str(), seq));
        let Ok(Ok(mut display)) = timeout(CONNECT_WITHIN, Display::try_join(&who, since)).await else {
            sleep(chance.millis(AGAIN)).await;
            continue;
        };
        if since.is_some() && display.ready["recovered"] != true {
            trial.fail(format!("display {n} was not recovered after {seq}: {}", display.ready));
        }
        (epoch, seq) = (display.epoch.clone(), display.seq);
        tell.send_modify(|at| {
            *at = At { connections: at.connections + 1, is_connected: true, seq };
        });
        drops.mark_unchanged();
        loop {
            let frame = tokio::select! {
                frame = display.next() => frame,
                _ = drops.changed() => None,
            };
            let Some(frame) = frame else { break };
            if let Some(next) = frame["data"]["seq"].as_u64().filter(|_| is_event(&frame)) {
                if next != seq + 1 {
                    trial.fail(format!("display {n} was told {next} after {seq}"));
                }
                seq = next;
                trial.count("deliveries", 1);
                tell.send_modify(|at| at.seq = seq);
            }
        }
        tell.send_modify(|at| at.is_connected = false);
    }
}

fn is_event(frame: &Value) -> bool {
    !matches!(frame["event"].as_str(), Some("heartbeat" | "resync" | "ready"))
}
