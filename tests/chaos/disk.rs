//! A disk that is small enough to be filled: a tmpfs of its own, where this machine lets us mount one.

use crate::server::Folder;
use std::{
    fs::{self, File},
    io::{ErrorKind, Write},
    path::PathBuf,
    process::Command,
};

/// A copy of the demo and some thousand orders.
const SIZE: &str = "96m";
const FILLER: &str = "filler";
/// The last pages go one by one.
const CHUNKS: [usize; 2] = [1 << 20, 4 << 10];

pub struct SmallDisk {
    folder: Folder,
}

impl SmallDisk {
    /// Empty, and this user's (uid and gid); why not, where it cannot be had.
    pub fn mount((uid, gid): (u32, u32)) -> Result<Self, String> {
        let disk = Self { folder: Folder::open() };
        let options = format!("size={SIZE},mode=755,uid={uid},gid={gid}");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &options, "comanda-chaos"]).arg(disk.path());
        let mounted = mount.output().map_err(|error| format!("no mount(8) here: {error}"))?;
        match mounted.status.success() {
            true => Ok(disk),
            false => Err(format!(
                "a tmpfs cannot be mounted here: {}",
                String::from_utf8_lossy(&mounted.stderr).trim()
            )),
        }
    }

    pub fn path(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    /// To the last byte.
    pub fn fill(&self) {
        let mut filler = File::create(self.path().join(FILLER)).expect("a file on the small disk");
        for size in CHUNKS {
            let zeros = vec![0; size];
            loop {
                match filler.write(&zeros) {
                    Ok(_) => {}
                    Err(error) if error.kind() == ErrorKind::StorageFull => break,
                    Err(error) => panic!("a disk that fills: {error}"),
                }
            }
        }
    }

    pub fn free(&self) {
        fs::remove_file(self.path().join(FILLER)).expect("the filler");
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: a database that is still being dropped may have a file open. Fails where nothing was mounted.
        let _ = Command::new("umount").arg("-l").arg(self.path()).output();
    }
}
