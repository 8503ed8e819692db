//! What the server says of itself on `/metrics`, and what the kernel says of its memory.

use crate::{client::Client, world::World};
use std::time::Duration;
use tokio::time::{Instant, sleep};

const LOOK: Duration = Duration::from_millis(10);

/// The sum of a metric's series; 0 where none is told yet.
pub async fn metric(world: &World, name: &str) -> f64 {
    let page = Client::anonymous(world.address).get("/metrics").await.text;
    let values = page.lines().filter_map(|line| {
        let rest = line.strip_prefix(name)?;
        rest.starts_with(['{', ' ']).then(|| rest.rsplit(' ').next()?.parse::<f64>().ok()).flatten()
    });
    values.sum()
}

/// Waits until a metric is this; how long that took, or where it stands then.
pub async fn shows(world: &World, name: &str, wanted: f64, within: Duration) -> Result<Duration, f64> {
    let begun = Instant::now();
    loop {
        let found = metric(world, name).await;
        if found == wanted {
            return Ok(begun.elapsed());
        }
        if begun.elapsed() > within {
            return Err(found);
        }
        sleep(LOOK).await;
    }
}

/// Bytes of the server that are in memory; `None` where there is no `/proc` to tell.
pub fn resident(world: &World) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", world.pid())).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(line.trim().strip_suffix(" kB")?.parse::<u64>().ok()? << 10)
}
