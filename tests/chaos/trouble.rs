//! What goes wrong with a display's network, when, for how long: by chance from the seed.

use crate::{chance::Chance, proxy::Proxy, trial::Trial};
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::{mpsc, watch},
    time::sleep,
};

/// Between two faults of one network, in milliseconds.
const CALM: std::ops::Range<u64> = 200..1_500;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    Cut,
    Freeze,
    Throttle,
    Delay,
    Refuse,
    /// The client lets go by itself.
    Drop,
}

const OF_A_NETWORK: [Fault; 7] =
    [Fault::Cut, Fault::Cut, Fault::Freeze, Fault::Throttle, Fault::Delay, Fault::Refuse, Fault::Drop];

/// One network's bad times, until it is told that they are over; then it is good again.
pub async fn trouble(
    trial: Trial,
    proxy: Arc<Proxy>,
    reconnect: mpsc::UnboundedSender<()>,
    mut chance: Chance,
    mut over: watch::Receiver<bool>,
) {
    let troubles = async {
        loop {
            sleep(chance.millis(CALM)).await;
            let fault = chance.one_of(&OF_A_NETWORK);
            trial.count("troubles of a network", 1);
            let lasts = begin(fault, &proxy, &mut chance);
            if fault == Fault::Drop {
                let _ = reconnect.send(());
            }
            sleep(lasts).await;
            proxy.heal();
        }
    };
    tokio::select! {
        () = troubles => {}
        _ = over.wait_for(|over| *over) => {}
    }
    proxy.heal();
}

/// For how long.
fn begin(fault: Fault, proxy: &Proxy, chance: &mut Chance) -> Duration {
    match fault {
        Fault::Cut => {
            proxy.cut();
            Duration::ZERO
        }
        Fault::Freeze => {
            proxy.freeze();
            chance.millis(300..6_500)
        }
        Fault::Throttle => {
            proxy.throttle(chance.one_of(&[2_000, 10_000, 40_000]));
            chance.millis(1_000..5_000)
        }
        Fault::Delay => {
            proxy.delay(chance.millis(20..600));
            chance.millis(1_000..4_000)
        }
        Fault::Refuse => {
            proxy.refuse();
            // Else nobody notices.
            proxy.cut();
            chance.millis(200..3_000)
        }
        Fault::Drop => Duration::ZERO,
    }
}
