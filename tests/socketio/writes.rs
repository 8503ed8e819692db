//! How many writes a WebSocket's events take, counted in TCP segments: Nagle is off, so that each write makes one.
#![expect(unsafe_code, reason = "getsockopt(2) for the kernel's own count")]

use crate::server::Server;
use nix::libc;
use std::{mem::MaybeUninit, os::fd::AsRawFd, sync::atomic::Ordering::SeqCst, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

const PATIENCE: Duration = Duration::from_secs(60);

/// A member of the room, whose connection is in sight.
struct Raw(TcpStream);

impl Raw {
    async fn join(server: &Server) -> Self {
        let mut stream = TcpStream::connect(server.url.strip_prefix("http://").unwrap()).await.unwrap();
        let request = "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n\
             Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\
             Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await.unwrap());
        }
        let mut raw = Self(stream);
        assert!(raw.text().await.starts_with("0{"));
        raw.says(r#"40{"token":"good"}"#).await;
        assert!(raw.text().await.starts_with("40{"));
        raw
    }

    async fn says(&mut self, text: &str) {
        let length = u8::try_from(text.len()).ok().filter(|&length| length < 126).unwrap();
        let frame = [&[0x81, 0x80 | length, 0, 0, 0, 0], text.as_bytes()].concat();
        self.0.write_all(&frame).await.unwrap();
    }

    async fn text(&mut self) -> String {
        let read = async {
            assert_eq!(self.0.read_u8().await.unwrap(), 0x81);
            let length = match self.0.read_u8().await.unwrap() {
                126 => usize::from(self.0.read_u16().await.unwrap()),
                short => usize::from(short),
            };
            let mut text = vec![0; length];
            self.0.read_exact(&mut text).await.unwrap();
            String::from_utf8(text).unwrap()
        };
        timeout(PATIENCE, read).await.expect("a frame in time")
    }

    async fn expects(&mut self, events: std::ops::RangeInclusive<u64>) {
        for seq in events {
            assert_eq!(self.text().await, format!(r#"42["order.new",{{"seq":{seq}}}]"#));
        }
    }

    /// Segments with data that have come in.
    fn segments(&self) -> u32 {
        let mut info = MaybeUninit::<libc::tcp_info>::zeroed();
        let mut length = size_of::<libc::tcp_info>() as libc::socklen_t;
        // SAFETY: the descriptor is open, and `info` has room for `length` bytes.
        let outcome = unsafe {
            let (info, length) = (info.as_mut_ptr().cast(), &raw mut length);
            libc::getsockopt(self.0.as_raw_fd(), libc::IPPROTO_TCP, libc::TCP_INFO, info, length)
        };
        assert_eq!(outcome, 0);
        // SAFETY: all of it are integers, zero where the kernel wrote less.
        unsafe { info.assume_init() }.tcpi_data_segs_in
    }
}

#[actix_web::test]
async fn a_batch_of_events_leaves_in_one_write() {
    let server = Server::start().await;
    let mut raw = Raw::join(&server).await;
    let before = raw.segments();
    server.house.commit_together(50);
    raw.expects(1..=50).await;
    assert_eq!(raw.segments() - before, 1);
    // The count does count: events apart take a write each.
    let before = raw.segments();
    for seq in 51..=53 {
        server.house.commit();
        raw.expects(seq..=seq).await;
    }
    assert_eq!(raw.segments() - before, 3);
}

/// Commits that pile up in a socket's mailbox while its thread is busy, here with this very socket.
#[actix_web::test]
async fn deliveries_that_wait_in_the_mailbox_leave_in_one_write() {
    let server = Server::start().await;
    let mut raw = Raw::join(&server).await;
    server.house.answers_seen.store(50, SeqCst);
    let before = raw.segments();
    raw.says(r#"42["seen",{"seq":1}]"#).await;
    raw.expects(1..=50).await;
    assert_eq!(raw.segments() - before, 1);
}
