//! The data folder, and the files in it that only we may read.

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};
use uuid::Uuid;

/// Makes the data folder where it is missing. Nobody else may list it; where we are root, others may pass through it to
/// what is theirs, because there the private PostgreSQL runs as another user.
pub fn ensure(data_dir: &Path) -> io::Result<()> {
    let mode = if nix::unistd::geteuid().is_root() { 0o711 } else { 0o700 };
    DirBuilder::new().recursive(true).mode(mode).create(data_dir)
}

/// Writes a file of mode 0600 that is there whole or not at all, and never replaces one: `Ok(false)` where another
/// process was faster.
pub fn write_private(path: &Path, content: &[u8]) -> io::Result<bool> {
    let (draft, mut file) = private_draft(path, "new")?;
    let written = file.write_all(content).and_then(|()| file.sync_all());
    let linked = written.and_then(|()| match fs::hard_link(&draft, path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error),
    });
    let _ = fs::remove_file(&draft);
    linked
}

/// A new file of mode 0600 beside `path`, which is to become that one. Nobody knows its name before it is there: a file or
/// a link that was put in its way would be read by whoever put it there.
pub fn private_draft(path: &Path, ending: &str) -> io::Result<(PathBuf, File)> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.{ending}", Uuid::now_v7().simple()));
    let draft = path.with_file_name(name);
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
    Ok((draft, file))
}
