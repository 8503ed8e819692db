//! The folder of the daily backups: which is the newest, and which are too many.

use super::{
    draft::SUFFIX,
    error::{BackupError, io_at},
};
use crate::config::ensure_data_dir;
use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// In the data folder; it may be a link to another disk.
const NAME: &str = "backups";
/// The names of daily backups; files of other names are somebody's and left alone.
const PATTERN: &str = "comanda-%Y%m%dT%H%M%SZ.backup";

/// `backups/` of a data folder.
#[derive(Debug, Clone)]
pub struct Folder(PathBuf);

impl Folder {
    pub fn of(data_dir: &Path) -> Self {
        Self(data_dir.join(NAME))
    }

    /// Makes it where it is missing, and removes drafts of daily backups that a crash left. Errors: `Io`.
    pub fn open(&self) -> Result<(), BackupError> {
        ensure_data_dir(&self.0).map_err(io_at("make", &self.0))?;
        for draft in self.files().filter(|path| is_draft(path)) {
            fs::remove_file(&draft).map_err(io_at("remove", &draft))?;
        }
        Ok(())
    }

    /// Where the backup made at this time goes.
    pub fn place(&self, at: Timestamp) -> PathBuf {
        self.0.join(at.to_zoned(TimeZone::UTC).strftime(PATTERN).to_string())
    }

    /// The newest that is not from the future, as after a clock that was wrong.
    pub fn newest(&self, now: Timestamp) -> Option<(Timestamp, PathBuf)> {
        self.backups().into_iter().rfind(|(at, _)| *at <= now)
    }

    /// Removes all but the newest `keep`. They are counted, not aged: neither a clock that jumps nor a server that was off
    /// for a month costs more than one. Those from the future are neither counted nor removed: it may be the clock that is
    /// wrong now, and the one that was just made is not to go for one of a clock that was wrong once.
    pub fn tidy(&self, now: Timestamp, keep: usize) -> Result<(), BackupError> {
        let mut backups = self.backups();
        backups.retain(|(at, _)| *at <= now);
        let too_many = backups.len().saturating_sub(keep);
        for (_, path) in &backups[..too_many] {
            fs::remove_file(path).map_err(io_at("remove", path))?;
        }
        Ok(())
    }

    /// By their names, oldest first.
    fn backups(&self) -> Vec<(Timestamp, PathBuf)> {
        let mut backups: Vec<_> = self.files().filter_map(|path| Some((made_at(&path)?, path))).collect();
        backups.sort();
        backups
    }

    fn files(&self) -> impl Iterator<Item = PathBuf> {
        fs::read_dir(&self.0).into_iter().flatten().flatten().map(|entry| entry.path())
    }
}

/// Of a daily backup: a draft of another name is on its way to a file that somebody asked for.
fn is_draft(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let place = name.strip_suffix(SUFFIX).and_then(|name| name.strip_suffix('.')?.rsplit_once('.'));
    place.is_some_and(|(place, _)| made_at(Path::new(place)).is_some())
}

fn made_at(path: &Path) -> Option<Timestamp> {
    let at = DateTime::strptime(PATTERN, path.file_name()?.to_str()?).ok()?;
    Some(at.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Folder) -> Vec<String> {
        let mut names: Vec<_> =
            folder.files().map(|path| path.file_name().unwrap().to_str().unwrap().to_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn the_newest_stay_and_strangers_are_left_alone() {
        let data = tempfile::tempdir().unwrap();
        let folder = Folder::of(data.path());
        folder.open().unwrap();
        for name in [
            "before-the-move.backup",
            "before-the-update.backup.12.part",
            "comanda-2026.backup",
            "comanda-20261101T043000Z.backup.12.part",
        ] {
            fs::write(folder.0.join(name), "").unwrap();
        }
        for day in 1..=9 {
            let at: Timestamp = format!("2026-11-0{day}T04:30:00Z").parse().unwrap();
            fs::write(folder.place(at), "").unwrap();
        }
        folder.open().unwrap();
        folder.tidy("2026-11-10T00:00:00Z".parse().unwrap(), 7).unwrap();
        let found = names(&folder);
        assert_eq!(found[0], "before-the-move.backup");
        assert_eq!(found[1], "before-the-update.backup.12.part", "by hand, and on its way");
        assert_eq!(found[2], "comanda-2026.backup");
        assert_eq!(found[3..].len(), 7, "the draft and the two oldest went: {found:?}");
        assert_eq!(found[3], "comanda-20261103T043000Z.backup");
        let noon = "2026-11-05T12:00:00Z".parse().unwrap();
        let (at, path) = folder.newest(noon).unwrap();
        assert_eq!((at.to_string().as_str(), path), ("2026-11-05T04:30:00Z", folder.place(at)));
    }

    /// What happened: a machine's clock stood in 2031 for a week. Set right, each new backup was the oldest by name, and
    /// went as soon as it was made, every half minute.
    #[test]
    fn what_a_wrong_clock_made_costs_none_of_the_right_ones() {
        let (old, now) = ("2026-11-19T04:30:00Z", "2026-11-20T04:30:00Z");
        let (next, after) = ("2031-01-01T04:30:00Z", "2031-01-02T04:30:00Z");
        for (keep, stay) in
            [(1, [now, next, after].as_slice()), (2, &[old, now, next, after]), (7, &[old, now, next, after])]
        {
            let data = tempfile::tempdir().unwrap();
            let folder = Folder::of(data.path());
            folder.open().unwrap();
            let at = |text: &&str| text.parse::<Timestamp>().unwrap();
            for made in [old, now, next, after] {
                fs::write(folder.place(at(&made)), "").unwrap();
            }
            folder.tidy(at(&now), keep).unwrap();
            let found: Vec<_> = folder.backups().into_iter().map(|(at, _)| at).collect();
            assert_eq!(found, stay.iter().map(at).collect::<Vec<_>>(), "keep {keep}");
            assert_eq!(folder.newest(at(&now)).unwrap().0, at(&now));
        }
    }

    #[test]
    fn a_folder_that_is_not_there_holds_nothing() {
        let folder = Folder::of(Path::new("/nowhere/at/all"));
        assert!(folder.newest(Timestamp::now()).is_none());
        folder.tidy(Timestamp::now(), 1).unwrap();
    }
}
