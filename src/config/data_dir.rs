//! The data folder, and the files in it that only we may read.

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::Path,
};

/// Makes the data folder where it is missing. Nobody else may list it; where we are root, others may pass through it to
/// what is theirs, because there the private PostgreSQL runs as another user.
pub fn ensure(data_dir: &Path) -> io::Result<()> {
    let mode = if nix::unistd::geteuid().is_root() { 0o711 } else { 0o700 };
    DirBuilder::new().recursive(true).mode(mode).create(data_dir)
}

/// Writes a file of mode 0600 that is there whole or not at all, and never replaces one: `Ok(false)` where another
/// process was faster.
pub fn write_private(path: &Path, content: &[u8]) -> io::Result<bool> {
    let draft = path.with_extension(format!("{}.new", std::process::id()));
    let written = private(&draft).and_then(|mut file| file.write_all(content).and_then(|()| file.sync_all()));
    let linked = written.and_then(|()| match fs::hard_link(&draft, path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error),
    });
    let _ = fs::remove_file(&draft);
    linked
}

fn private(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)
}
