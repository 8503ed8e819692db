//! The postmaster's process: started, found again by its pid file, told to stop.

use super::{
    cluster::as_account,
    error::{EmbedError, io_at},
    place::Place,
    running::Launch,
};
use nix::{
    sys::signal::{self, Signal},
    unistd::Pid,
};
use std::{
    fs::{self, File},
    os::unix::{ffi::OsStrExt, fs::OpenOptionsExt, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, Stdio},
};

/// The log of earlier starts is kept once, past this size.
const MAX_LOG: u64 = 10 << 20;

/// Said on the command line, so that no edited file can weaken it. Durability first, then privacy.
const SETTINGS: [(&str, &str); 10] = [
    ("fsync", "on"),
    ("full_page_writes", "on"),
    ("synchronous_commit", "on"),
    ("listen_addresses", ""),
    ("port", "5432"),
    ("unix_socket_permissions", "0700"),
    ("password_encryption", "scram-sha-256"),
    ("timezone", "UTC"),
    ("log_timezone", "UTC"),
    ("log_checkpoints", "off"),
];

/// What `postmaster.pid` says of a running or dead postmaster (its lines are fixed by PostgreSQL's `miscinit.h`).
#[derive(Debug, PartialEq, Eq)]
pub struct PidFile {
    pub pid: i32,
    /// Not written yet in the first moments.
    pub socket_folder: Option<PathBuf>,
}

impl PidFile {
    pub fn read(cluster: &Path) -> Option<Self> {
        parse(&fs::read_to_string(cluster.join("postmaster.pid")).ok()?)
    }

    /// Whether that process lives and is the postmaster of this cluster: pids are used again after a crash, most of all
    /// in containers. `/proc/<pid>/cwd` would say it too, but containers do not let root read it.
    pub fn is_running(&self, cluster: &Path) -> bool {
        if self.pid <= 0 || signal::kill(Pid::from_raw(self.pid), None).is_err() {
            return false;
        }
        match fs::read(format!("/proc/{}/cmdline", self.pid)) {
            Ok(arguments) => {
                arguments.split(|byte| *byte == 0).any(|argument| argument == cluster.as_os_str().as_bytes())
            }
            // No /proc on this system: the living pid must do.
            Err(_) => !Path::new("/proc/self").exists(),
        }
    }
}

fn parse(text: &str) -> Option<PidFile> {
    let mut lines = text.lines();
    let pid = lines.next()?.trim().parse().ok().filter(|pid| *pid > 0)?;
    let socket_folder = lines.nth(3).map(str::trim).filter(|line| !line.is_empty()).map(PathBuf::from);
    Some(PidFile { pid, socket_folder })
}

/// Starts the postmaster in a process group of its own: a Ctrl-C in the terminal is for us, who then stop it in order.
pub fn spawn(place: &Place, launch: &Launch, sockets: &Path) -> Result<Child, EmbedError> {
    let path = place.log();
    if fs::metadata(&path).is_ok_and(|log| log.len() > MAX_LOG) {
        fs::rename(&path, path.with_extension("log.1")).map_err(io_at("rename", &path))?;
    }
    // It repeats statements that failed, and others may pass through root's folder.
    let log =
        File::options().create(true).append(true).mode(0o600).open(&path).map_err(io_at("open", &path))?;
    let mut postgres = as_account(place, &launch.binaries, "postgres");
    postgres.arg("-D").arg(place.cluster());
    let fixed = SETTINGS.iter().map(|(name, value)| format!("{name}={value}"));
    for setting in fixed.chain(launch.settings.iter().map(|(name, value)| format!("{name}={value}"))) {
        postgres.arg("-c").arg(setting);
    }
    let mut folder = std::ffi::OsString::from("unix_socket_directories=");
    folder.push(sockets);
    postgres.arg("-c").arg(folder);
    let errors = log.try_clone().map_err(io_at("open", &path))?;
    postgres.process_group(0).stdin(Stdio::null()).stdout(log).stderr(errors);
    postgres.spawn().map_err(io_at("run", launch.binaries.folder.join("postgres")))
}

/// Fast shutdown: open transactions are rolled back, the rest is written.
pub fn ask_to_stop(pid: i32) {
    send(pid, Signal::SIGINT);
}

/// Immediate shutdown: as safe as a crash, so nothing that was committed is lost.
pub fn force_to_stop(pid: i32) {
    send(pid, Signal::SIGQUIT);
}

/// To no pid at all it would go to our own process group.
fn send(pid: i32, what: Signal) {
    if pid > 0 {
        let _ = signal::kill(Pid::from_raw(pid), what);
    }
}

/// A dead postmaster's pid now belongs to somebody else, perhaps of the same user; PostgreSQL would take that process
/// for itself and refuse to start.
pub fn forget_stale(cluster: &Path) {
    if let Some(found) = PidFile::read(cluster)
        && signal::kill(Pid::from_raw(found.pid), None).is_ok()
        && !found.is_running(cluster)
    {
        let _ = fs::remove_file(cluster.join("postmaster.pid"));
    }
}

/// The last line of its log that tells a failure.
pub fn last_words(place: &Place) -> String {
    let log = fs::read_to_string(place.log()).unwrap_or_default();
    let telling =
        log.lines().rev().find(|line| ["FATAL", "PANIC", "postgres:"].iter().any(|word| line.contains(word)));
    telling.or(log.lines().last()).unwrap_or("it said nothing").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pid_files_are_read_in_every_stage() {
        let whole = "42\n/data/cluster\n1700000000\n5432\n/data/run\n\n  123 4\nready   \n";
        let socket_folder = Some(PathBuf::from("/data/run"));
        assert_eq!(parse(whole), Some(PidFile { pid: 42, socket_folder }));
        assert_eq!(parse("42\n/data/cluster\n"), Some(PidFile { pid: 42, socket_folder: None }));
        for torn in ["", "\n", "x\n", "-1\n", "0\n"] {
            assert_eq!(parse(torn), None, "{torn:?}");
        }
    }

    #[test]
    fn another_process_is_not_taken_for_the_postmaster() {
        let ours = PidFile { pid: std::process::id().try_into().unwrap(), socket_folder: None };
        assert!(!ours.is_running(Path::new("/nowhere/cluster")));
    }
}
