//! A backup on its way: a private file beside its place, moved there when it is whole and on the disk, else removed.

use super::{
    error::{BackupError, io_at},
    seal::{Manifest, seal},
};
use crate::config::private_draft;
use nix::sys::statvfs::fstatvfs;
use ring::digest::{Context, SHA256};
use std::{
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
};

/// Ends the names of drafts.
pub const SUFFIX: &str = "part";

/// Removes its file where it is dropped before [`finish`](Self::finish).
pub struct Draft {
    path: PathBuf,
    place: PathBuf,
    file: File,
    sum: Context,
    bytes: u64,
    /// Free space that stays for others, in bytes.
    leave_free: u64,
}

impl Draft {
    /// For the file `place`, which may be there, and stays until this is whole. Errors: `NotAFile`, `Io`.
    pub fn create(place: &Path, leave_free: u64) -> Result<Self, BackupError> {
        let is_file = fs::symlink_metadata(place).map(|found| found.is_file());
        if place.file_name().is_none() || !is_file.unwrap_or(true) {
            return Err(BackupError::NotAFile(place.into()));
        }
        let (path, file) = private_draft(place, SUFFIX).map_err(io_at("write", place))?;
        let sum = Context::new(&SHA256);
        Ok(Self { path, place: place.into(), file, sum, bytes: 0, leave_free })
    }

    /// Appends to the archive. Errors: `DiskFull`, `Io`.
    pub fn write(&mut self, chunk: &[u8]) -> Result<(), BackupError> {
        self.sum.update(chunk);
        self.bytes += chunk.len() as u64;
        self.append(chunk)
    }

    fn append(&mut self, bytes: &[u8]) -> Result<(), BackupError> {
        if self.leave_free > 0 && self.free() < self.leave_free.saturating_add(bytes.len() as u64) {
            return Err(BackupError::DiskFull { file: self.place.clone(), leave_free: self.leave_free });
        }
        self.file.write_all(bytes).map_err(io_at("write", &self.path))
    }

    /// Bytes of the disk; where a file system does not tell, it is taken to have room.
    fn free(&self) -> u64 {
        let disk = fstatvfs(&self.file);
        disk.map_or(u64::MAX, |disk| wide(disk.blocks_available()).saturating_mul(wide(disk.fragment_size())))
    }

    /// Seals it and moves it to its place, with all of it on the disk; what it holds.
    pub fn finish(mut self, manifest: Manifest) -> Result<Manifest, BackupError> {
        let manifest = Manifest { bytes: self.bytes, ..manifest };
        let sealed = seal(self.sum.clone(), &manifest).map_err(io_at("write", &self.path))?;
        self.append(&sealed)?;
        self.file.sync_all().map_err(io_at("flush", &self.path))?;
        fs::rename(&self.path, &self.place).map_err(io_at("make", &self.place))?;
        let folder = self.place.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(io_at("flush", folder))?;
        Ok(manifest)
    }
}

/// Systems count blocks in numbers of other widths.
fn wide(number: impl Into<u64>) -> u64 {
    number.into()
}

impl Drop for Draft {
    fn drop(&mut self) {
        // Moved to its place it is not there any more.
        let _ = fs::remove_file(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Its name was the process's number behind the backup's: of two at once each wrote into the other's, and whoever could
    /// count put a file there beforehand, which was written to as it was.
    #[test]
    fn no_two_drafts_are_one_file() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("x.backup");
        let (one, two) = (Draft::create(&place, 0).unwrap(), Draft::create(&place, 0).unwrap());
        assert_ne!(one.path, two.path);
        let name = two.path.file_name().unwrap().to_str().unwrap().to_owned();
        assert!(name.starts_with("x.backup.") && name.ends_with(".part"), "{name}");
        assert!(!name.contains(&format!(".{}.", std::process::id())), "{name} can be guessed");
        drop((one, two));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
