//! Mail as production sends it: to a server that somebody else wrote (Debian's aiosmtpd), over TLS that is checked, with a
//! login. The mail server's authority is trusted as that of a database is: by the system, or `SSL_CERT_FILE`.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

#[path = "../support/client.rs"]
mod client;
#[path = "../support/server.rs"]
mod server;

use client::Client;
use serde_json::{Value, json};
use server::{Folder, Server};
use std::{
    fs::{self, File},
    path::PathBuf,
    process::Stdio,
    time::Duration,
};
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout, Command},
    time::{Instant, timeout},
};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/clients/mail.py");
/// Debian's own: the package is its.
const PYTHON: &str = "/usr/bin/python3";
/// For `localhost`, signed by itself.
const CERT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/carrier/tls/cert.pem");
const KEY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/carrier/tls/key.pem");
const USER: &str = "orders";
const PASSWORD: &str = "a-mail-servers-password";
const COOK: &str = "kitchen@restaurante.com";
/// Starting Python on a busy machine included, and longer than the server waits for a mail server.
const PATIENCE: Duration = Duration::from_secs(60);

struct MailServer {
    _process: Child,
    /// Its end is the script's.
    _input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
    port: u16,
    implicit: bool,
}

impl MailServer {
    /// TLS from the start where it is `implicit`, else STARTTLS.
    async fn start(implicit: bool) -> Self {
        let settings =
            json!({ "cert": CERT, "key": KEY, "implicit": implicit, "user": USER, "password": PASSWORD });
        let mut process = Command::new(PYTHON)
            .args([SCRIPT, &settings.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("installed by .ci/need");
        let (input, output) = (process.stdin.take().unwrap(), process.stdout.take().unwrap());
        let output = BufReader::new(output).lines();
        let mut server = Self { _process: process, _input: input, output, port: 0, implicit };
        server.port = server.next().await["listening"].as_u64().unwrap().try_into().unwrap();
        server
    }

    async fn next(&mut self) -> Value {
        let line = timeout(PATIENCE, self.output.next_line()).await.expect("it says something");
        let line = line.unwrap().expect("it lives; is `.ci/need python` done?");
        serde_json::from_str(&line).unwrap()
    }

    /// As README has it for production.
    fn url(&self, password: &str) -> String {
        let port = self.port;
        match self.implicit {
            true => format!("smtps://{USER}:{password}@localhost:{port}"),
            false => format!("smtp://{USER}:{password}@localhost:{port}?tls=required"),
        }
    }
}

/// A demo that sends its mail there, and its log.
struct House {
    server: Server,
    log: PathBuf,
    _folder: Folder,
}

impl House {
    fn open(smtp: &str, authority: Option<&str>) -> Self {
        let folder = Folder::open();
        let log = folder.path().join("log");
        let from = "Comanda <orders@example.com>";
        let mut settings =
            vec![("COMANDA__MAIL__SMTP", smtp), ("COMANDA__MAIL__FROM", from), ("RUST_LOG", "trace")];
        settings.extend(authority.map(|file| ("SSL_CERT_FILE", file)));
        let server = Server::start_logged(folder.path(), 0, &settings, File::create(&log).unwrap());
        Self { server, log, _folder: folder }
    }

    async fn forgets_a_password(&self) {
        let anyone = Client::anonymous(self.server.address);
        let sent = anyone.post("/api/v1/auth/reset-password", json!({ "email": COOK })).await.expect(200);
        assert_eq!(sent, json!({ "sent": true }));
    }

    /// The line of the log that says so.
    async fn says(&self, what: &str) -> String {
        let until = Instant::now() + PATIENCE;
        loop {
            let log = fs::read_to_string(&self.log).unwrap();
            if let Some(line) = log.lines().find(|line| line.contains(what)) {
                return line.to_owned();
            }
            assert!(Instant::now() < until, "nobody says \"{what}\":\n{log}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Not at any level.
    fn tells_nobody(&self, secret: &str) {
        let log = fs::read_to_string(&self.log).unwrap();
        let told: Vec<_> = log.lines().filter(|line| line.contains(secret)).collect();
        assert!(told.is_empty(), "{told:#?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_reset_by_a_mail_that_went_over_tls_with_a_login() {
    for implicit in [true, false] {
        let mut mails = MailServer::start(implicit).await;
        let house = House::open(&mails.url(PASSWORD), Some(CERT));
        house.forgets_a_password().await;
        let letter = mails.next().await;
        assert_eq!((&letter["from"], &letter["to"]), (&json!("orders@example.com"), &json!([COOK])));
        assert_eq!(letter["user"], USER);
        let text = letter["text"].as_str().unwrap();
        assert!(text.contains("From: Comanda <orders@example.com>\n"), "{text}");
        let tokens = text.lines().map(str::trim).filter(|line| line.len() > 30 && !line.contains([' ', ':']));
        let anyone = Client::anonymous(house.server.address);
        let mut set = Vec::new();
        for token in tokens {
            let change = json!({ "resetPasswordToken": token, "newPassword": "another password" });
            set.push(anyone.post("/api/v1/auth/change-password", change).await.status);
        }
        assert_eq!(set, [200], "{text}");
        house.server.login_with(COOK, "another password").await;
        house.tells_nobody(PASSWORD);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_login_and_a_stranger_with_a_certificate_get_no_mail() {
    for implicit in [true, false] {
        let mut mails = MailServer::start(implicit).await;
        for (password, authority, why) in
            [("not-the-password", Some(CERT), "535"), (PASSWORD, None, "invalid peer certificate")]
        {
            let house = House::open(&mails.url(password), authority);
            house.forgets_a_password().await;
            let said = house.says("a mail was not sent").await;
            assert!(said.contains("WARN") && said.contains(why), "{said}");
            house.tells_nobody(password);
        }
        // The next letter that it gets is the first.
        let house = House::open(&mails.url(PASSWORD), Some(CERT));
        house.forgets_a_password().await;
        assert_eq!(mails.next().await["user"], USER);
    }
}
