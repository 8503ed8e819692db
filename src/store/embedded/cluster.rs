//! Makes a cluster, whole or not at all, with a password of its own.

use super::{
    binaries::Binaries,
    error::{EmbedError, io_at},
    place::Place,
};
use crate::config::write_private;
use ring::rand::{SecureRandom, SystemRandom};
use std::{
    fs, io,
    os::unix::process::CommandExt,
    path::Path,
    process::{Command, Stdio},
};

/// The cluster's superuser, as whom migrations run.
pub const USER: &str = "comanda";
const PASSWORD_BYTES: usize = 32;

/// The major version that made this cluster; `None` where there is none yet.
pub fn version(place: &Place) -> Option<String> {
    fs::read_to_string(place.cluster().join("PG_VERSION")).ok().map(|text| text.trim().to_owned())
}

/// The password, made where neither it nor a cluster is there yet.
pub fn password(place: &Place) -> Result<String, EmbedError> {
    let file = place.password();
    let missing = |error: &io::Error| error.kind() == io::ErrorKind::NotFound;
    match fs::read_to_string(&file) {
        Ok(password) => return Ok(password),
        Err(error) if missing(&error) && version(place).is_none() => {}
        Err(error) if missing(&error) => {
            return Err(EmbedError::PasswordMissing { folder: place.cluster(), file });
        }
        Err(error) => return Err(io_at("read", file)(error)),
    }
    let mut bytes = [0; PASSWORD_BYTES];
    let random = SystemRandom::new().fill(&mut bytes);
    random.map_err(|_| io_at("find randomness for", &file)(io::Error::other("the system has none")))?;
    let password: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    write_private(&file, password.as_bytes()).map_err(io_at("write", &file))?;
    Ok(password)
}

/// Runs `initdb` beside the cluster's place and moves the result there, so that an interrupted run leaves nothing that
/// looks like a cluster.
pub fn make(place: &Place, binaries: &Binaries, password: &str) -> Result<(), EmbedError> {
    let (draft, pwfile) = (place.home.join("cluster.new"), place.home.join("password.initdb"));
    for leftover in [&draft, &pwfile] {
        remove(leftover)?;
    }
    place.make_private(&draft)?;
    write_private(&pwfile, password.as_bytes()).map_err(io_at("write", &pwfile))?;
    if place.as_other_user {
        place.give(&pwfile)?;
    }
    let mut initdb = as_account(place, binaries, "initdb");
    initdb.arg("--pgdata").arg(&draft).arg("--pwfile").arg(&pwfile).args(["--username", USER]);
    initdb.args(["--encoding=UTF8", "--no-locale", "--data-checksums", "--auth=scram-sha-256"]);
    let output =
        initdb.stdin(Stdio::null()).output().map_err(io_at("run", binaries.folder.join("initdb")))?;
    remove(&pwfile)?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let reason = said.lines().find(|line| line.contains("error")).or(said.lines().last());
        let reason = reason.unwrap_or("initdb failed").to_owned();
        return Err(EmbedError::Initdb { folder: place.cluster(), reason });
    }
    fs::rename(&draft, place.cluster()).map_err(io_at("rename", &draft))?;
    fs::File::open(&place.home).and_then(|home| home.sync_all()).map_err(io_at("flush", &place.home))
}

/// A program of PostgreSQL as its user, with nothing of our environment: that holds secrets, and `PG…` variables would
/// change what it does.
pub fn as_account(place: &Place, binaries: &Binaries, program: &str) -> Command {
    let mut command = Command::new(binaries.folder.join(program));
    command.env_clear().env("LC_ALL", "C").env("TZ", "UTC").current_dir(&place.home);
    if place.as_other_user {
        // Changing the uid drops the supplementary groups too.
        command.gid(place.account.gid).uid(place.account.uid);
    }
    command
}

fn remove(path: &Path) -> Result<(), EmbedError> {
    let removed = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    match removed {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(io_at("remove", path)(error)),
        _ => Ok(()),
    }
}
