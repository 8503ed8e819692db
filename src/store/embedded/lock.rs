//! One server per data folder.

use super::error::{EmbedError, io_at};
use std::{
    fs::{File, TryLockError},
    io::{Read, Seek, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

/// Held while a server uses the data folder. The kernel lets go of it when the process ends, however it ends; and
/// children do not inherit it, since Rust opens files close-on-exec.
#[derive(Debug)]
pub struct DataLock {
    _file: File,
}

impl DataLock {
    /// Takes the folder, or tells who has it.
    pub fn take(data_dir: &Path) -> Result<Self, EmbedError> {
        let path = data_dir.join("lock");
        let mut file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)
            .map_err(io_at("open", &path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::Error(error)) => return Err(io_at("lock", &path)(error)),
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                let _ = file.read_to_string(&mut holder);
                return Err(EmbedError::InUse { folder: data_dir.into(), pid: holder.trim().parse().ok() });
            }
        }
        // Only for the message above, so a failure to write it is none.
        let _ = file
            .set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| write!(file, "{}", std::process::id()));
        Ok(Self { _file: file })
    }
}
