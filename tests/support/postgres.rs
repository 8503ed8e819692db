//! One private PostgreSQL for all tests of a binary, gone when its process is gone, however that ends.
//!
//! Include it with `#[path = "support/postgres.rs"] mod postgres;`.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use comanda::store::embedded::EmbeddedPostgres;
use std::{
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Child, Command, Stdio},
    sync::OnceLock,
};

/// A running cluster and what keeps it in check.
pub struct Cluster {
    pub postgres: EmbeddedPostgres,
    _watchdog: Child,
}

/// The cluster that all tests of this process share. `synchronous_commit` is off, for speed: nothing here pulls a plug.
pub fn shared() -> &'static Cluster {
    static SHARED: OnceLock<Cluster> = OnceLock::new();
    SHARED.get_or_init(|| std::thread::spawn(start).join().expect("PostgreSQL for the tests"))
}

/// On a thread of its own, because the caller may be inside a runtime already.
fn start() -> Cluster {
    let folder = open_folder().keep();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let settings = [("synchronous_commit", "off"), ("max_connections", "400"), ("shared_buffers", "64MB")];
    let postgres = runtime.block_on(EmbeddedPostgres::start_with(&folder, &settings)).expect("PostgreSQL");
    let watchdog = watch(postgres.pid(), &folder);
    Cluster { postgres, _watchdog: watchdog }
}

/// A temporary folder that other users may pass through: where tests run as root, PostgreSQL does not.
pub fn open_folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o755)).expect("a folder of ours");
    folder
}

/// Statics are never dropped and a test process may be killed; but its end of a pipe closes in any case.
fn watch(postgres: i32, folder: &Path) -> Child {
    use std::os::unix::process::CommandExt;
    let script = "read -r _; kill -QUIT \"$1\"; while kill -0 \"$1\" 2>/dev/null; do sleep 0.1; done; rm -rf -- \"$2\"";
    let mut watchdog = Command::new("sh");
    watchdog.args(["-c", script, "watchdog", &postgres.to_string()]).arg(folder);
    watchdog.process_group(0).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    watchdog.spawn().expect("a shell")
}
