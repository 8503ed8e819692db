//! A mail server: takes letters over SMTP (RFC 5321) and hands them to the test.

use std::net::SocketAddr;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::mpsc,
    time::{Duration, timeout},
};

/// Longest wait for a letter.
const PATIENCE: Duration = Duration::from_secs(20);

/// One letter as it came.
pub struct Letter {
    pub from: String,
    pub to: String,
    pub text: String,
}

pub struct MailServer {
    pub address: SocketAddr,
    letters: mpsc::UnboundedReceiver<Letter>,
}

impl MailServer {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (send, letters) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, send.clone()));
            }
        });
        Self { address, letters }
    }

    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    pub async fn letter(&mut self) -> Letter {
        timeout(PATIENCE, self.letters.recv()).await.expect("a letter in time").expect("a letter")
    }

    /// None has come so far.
    pub fn is_empty(&mut self) -> bool {
        self.letters.try_recv().is_err()
    }
}

async fn serve(stream: TcpStream, letters: mpsc::UnboundedSender<Letter>) -> Option<()> {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    write.write_all(b"220 mail.example ESMTP\r\n").await.ok()?;
    let (mut from, mut to) = (String::new(), String::new());
    while let Some(line) = lines.next_line().await.ok()? {
        let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        let path = || line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
        let reply = match verb.as_str() {
            "EHLO" => "250-mail.example\r\n250 8BITMIME\r\n",
            "HELO" | "NOOP" | "RSET" => "250 fine\r\n",
            "MAIL" => {
                from = path();
                "250 sender\r\n"
            }
            "RCPT" => {
                to = path();
                "250 recipient\r\n"
            }
            "DATA" if from.is_empty() || to.is_empty() => "503 from whom to whom\r\n",
            "DATA" => {
                write.write_all(b"354 go on\r\n").await.ok()?;
                let mut text = String::new();
                loop {
                    let line = lines.next_line().await.ok()??;
                    if line == "." {
                        break;
                    }
                    // Dots at the beginning are doubled on the way (§4.5.2).
                    text.push_str(line.strip_prefix('.').unwrap_or(&line));
                    text.push('\n');
                }
                letters
                    .send(Letter { from: std::mem::take(&mut from), to: std::mem::take(&mut to), text })
                    .ok()?;
                "250 taken\r\n"
            }
            "QUIT" => {
                write.write_all(b"221 bye\r\n").await.ok()?;
                return Some(());
            }
            _ => "502 what\r\n",
        };
        write.write_all(reply.as_bytes()).await.ok()?;
    }
    Some(())
}
