//! What goes wrong, when, for how long: by chance from the seed, so that a failing run can be had again.

use crate::{chance::Chance, proxy::Proxy};
use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};
use tokio::{
    sync::mpsc,
    time::{sleep, timeout_at},
};

/// Between two faults of one network, in milliseconds.
const CALM: std::ops::Range<u64> = 200..1_500;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    Cut,
    Freeze,
    Throttle,
    Delay,
    Refuse,
    /// The client lets go by itself.
    Drop,
    /// kill -9, and the next server.
    Kill,
}

const OF_A_NETWORK: [Fault; 7] =
    [Fault::Cut, Fault::Cut, Fault::Freeze, Fault::Throttle, Fault::Delay, Fault::Refuse, Fault::Drop];

/// What has gone wrong so far; prints each.
#[derive(Clone)]
pub struct Record {
    begun: Instant,
    counts: Arc<Mutex<BTreeMap<Fault, usize>>>,
}

impl Record {
    pub fn new() -> Self {
        Self { begun: Instant::now(), counts: Arc::default() }
    }

    #[expect(clippy::print_stdout, reason = "whoever reads of a failure wants to know what led to it")]
    pub fn note(&self, fault: Fault, whose: &str, lasts: &dyn fmt::Display) {
        *self.counts.lock().unwrap().entry(fault).or_default() += 1;
        println!("{:6.1} s  {whose}: {fault:?} {lasts}", self.begun.elapsed().as_secs_f64());
    }

    pub fn counts(&self) -> BTreeMap<Fault, usize> {
        self.counts.lock().unwrap().clone()
    }
}

/// One network's bad times until `until`; then it is good again.
pub async fn trouble(
    proxy: Arc<Proxy>,
    name: &'static str,
    reconnect: mpsc::UnboundedSender<()>,
    mut chance: Chance,
    record: Record,
    until: tokio::time::Instant,
) {
    let troubles = async {
        loop {
            sleep(chance.millis(CALM)).await;
            let fault = chance.one_of(&OF_A_NETWORK);
            let (what, lasts) = begin(fault, &proxy, &mut chance);
            record.note(fault, name, &what);
            if fault == Fault::Drop {
                let _ = reconnect.send(());
            }
            sleep(lasts).await;
            proxy.heal();
        }
    };
    let _: Result<(), _> = timeout_at(until, troubles).await;
    proxy.heal();
}

/// How bad, in words, and for how long.
fn begin(fault: Fault, proxy: &Proxy, chance: &mut Chance) -> (String, Duration) {
    let (how, lasts) = match fault {
        Fault::Cut => {
            proxy.cut();
            (String::new(), Duration::ZERO)
        }
        Fault::Freeze => {
            proxy.freeze();
            (String::new(), chance.millis(300..6_500))
        }
        Fault::Throttle => {
            let rate = chance.one_of(&[2_000, 10_000, 40_000]);
            proxy.throttle(rate);
            (format!("to {rate} B/s "), chance.millis(1_000..5_000))
        }
        Fault::Delay => {
            let delay = chance.millis(20..600);
            proxy.delay(delay);
            (format!("of {delay:?} "), chance.millis(1_000..4_000))
        }
        Fault::Refuse => {
            proxy.refuse();
            // Else nobody notices.
            proxy.cut();
            (String::new(), chance.millis(200..3_000))
        }
        Fault::Drop | Fault::Kill => (String::new(), Duration::ZERO),
    };
    if lasts.is_zero() { (how, lasts) } else { (format!("{how}for {lasts:?}"), lasts) }
}
