//! Promises of time, held to on a machine that others use as well.

use std::time::Duration;

/// Whatever is taken from somebody is felt by then, on every transport.
pub const OUT_WITHIN: Duration = Duration::from_secs(5);
const TRIES: usize = 3;

/// One of three tries, each of which says how long it took, is as quick as promised. A busy machine makes any of them late;
/// a server that breaks the promise makes all.
pub async fn keeps(promised: Duration, mut one: impl AsyncFnMut() -> Duration) {
    let mut took = Vec::new();
    while took.len() < TRIES {
        let this = one().await;
        if this < promised {
            return;
        }
        took.push(this);
    }
    panic!("took {took:?}, not {promised:?}");
}
