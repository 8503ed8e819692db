//! The private database's daily backup: when it is due, and what becomes of one that fails.

use crate::{
    config::sections,
    store::{
        DatabaseUrls,
        backup::{self, BackupError, Folder, Manifest, on_disk},
    },
    telemetry::metrics::Metrics,
};
use jiff::{Timestamp, civil::Time, tz::TimeZone};
use std::time::Duration;

/// Between two looks at the clock, which may jump.
const LOOK_EVERY: Duration = Duration::from_secs(30);
/// After one that failed: what it failed by, a full disk, somebody has to see to.
const AFTER_FAILURE: Duration = Duration::from_secs(3600);

/// All it needs.
pub struct Daily {
    pub database: DatabaseUrls,
    pub folder: Folder,
    pub at: Time,
    pub settings: sections::Backup,
    pub metrics: Metrics,
}

impl Daily {
    /// Makes them, for as long as it is polled.
    pub async fn run(self) {
        self.tell_newest().await;
        tokio::time::sleep(*self.settings.catch_up_after).await;
        loop {
            let now = Timestamp::now();
            let newest = self.newest(now).await.map(|(at, _)| at);
            if is_due(now, self.at, newest) {
                let made = self.make(now).await;
                // Said before it is counted: whoever looks for the reason finds it.
                if let Err(error) = &made {
                    let again = humantime::format_duration(AFTER_FAILURE);
                    tracing::warn!(%error, %again, "the daily backup failed; it is tried again");
                }
                self.metrics.backups().tried(made.is_ok());
                if made.is_err() {
                    tokio::time::sleep(AFTER_FAILURE).await;
                }
            } else {
                tracing::debug!(?newest, "no daily backup is due");
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    async fn make(&self, now: Timestamp) -> Result<(), BackupError> {
        let (folder, keep, leave_free) = (self.folder.clone(), self.settings.keep, *self.settings.leave_free);
        let begun = std::time::Instant::now();
        let place = on_disk(move || folder.open().map(|()| folder.place(now))).await?;
        let Manifest { tenants, events, bytes, .. } =
            backup::back_up(&self.database.admin, &place, leave_free as u64).await?;
        tracing::info!(file = %place.display(), tenants, events, bytes, took = ?begun.elapsed(), "daily backup made");
        // Only now, so that failures cost none of those that are there.
        let folder = self.folder.clone();
        let tidied = on_disk(move || folder.tidy(now, keep)).await;
        // What is there then, not what was made: an alarm goes by it.
        self.tell_newest().await;
        tidied
    }

    async fn tell_newest(&self) {
        if let Some((at, bytes)) = self.newest(Timestamp::now()).await {
            self.metrics.backups().newest(at.as_second(), bytes);
        }
    }

    /// When the newest was made, and its size.
    async fn newest(&self, now: Timestamp) -> Option<(Timestamp, u64)> {
        let folder = self.folder.clone();
        let found = tokio::task::spawn_blocking(move || {
            let (at, path) = folder.newest(now)?;
            Some((at, path.metadata().map_or(0, |found| found.len())))
        });
        found.await.ok().flatten()
    }
}

/// Whether the newest backup is older than the last time one should have been made.
fn is_due(now: Timestamp, at: Time, newest: Option<Timestamp>) -> bool {
    let today = now.to_zoned(TimeZone::UTC).date().to_datetime(at).to_zoned(TimeZone::UTC);
    let Ok(today) = today.map(|today| today.timestamp()) else { return false };
    let last = if today <= now { today } else { today - Duration::from_secs(86_400) };
    newest.is_none_or(|newest| newest < last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_due_once_a_day_and_what_was_missed_is_made_up_for() {
        let time = |text: &str| format!("2026-11-{text}:00Z").parse::<Timestamp>().unwrap();
        for (now, newest, expected) in [
            ("20T04:29", Some("19T04:30"), false),
            ("20T04:30", Some("19T04:30"), true),
            ("20T04:31", Some("20T04:30"), false),
            ("20T23:59", Some("20T04:30"), false),
            // The machine was off at half past four.
            ("20T09:00", Some("19T09:00"), true),
            ("20T09:05", Some("20T09:00"), false),
            ("21T04:00", Some("20T09:00"), false),
            ("21T04:30", Some("20T09:00"), true),
            // For a month.
            ("20T09:00", Some("01T04:30"), true),
            ("20T04:00", None, true),
        ] {
            let newest = newest.map(time);
            assert_eq!(is_due(time(now), Time::constant(4, 30, 0, 0), newest), expected, "{now} {newest:?}");
        }
    }
}
