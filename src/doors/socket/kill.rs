//! The kill switch: `shutdown(2)` on a connection from any thread, what it has received, whether it takes more. The one
//! unsafe file of the sockets.
//!
//! A connection's descriptor is kept as a number. A number may be used again by another connection once it is closed,
//! so a guard forgets it before that: [`Armed`] lives in the connection's `Extensions`, which actix-http's HTTP/1
//! dispatcher drops before its stream (field order, and after the requests that share them; version 3.20). HTTP/2 drops
//! them in the other order and gets no switch. Nothing may keep an `HttpRequest` beyond its handler.
#![expect(
    unsafe_code,
    reason = "shutdown(2), getsockopt(2) and poll(2) on a descriptor that the dispatcher owns"
)]

use crate::actors::delivery::Kill;
use nix::libc;
use socket2::SockRef;
use std::{
    mem::MaybeUninit,
    net::Shutdown,
    os::fd::{BorrowedFd, RawFd},
    sync::{Arc, Mutex, PoisonError},
};

/// TCP's state after the peer's FIN (RFC 9293 §3.3.2), by Linux's number.
const CLOSE_WAIT: u8 = 8;

/// Ends one connection; a no-op once it is closed.
#[derive(Debug, Clone, Default)]
pub struct KillSwitch(Arc<Mutex<Option<RawFd>>>);

/// Keeps a switch armed for as long as the connection is open.
#[derive(Debug)]
pub struct Armed(KillSwitch);

impl Armed {
    /// Must be dropped before `descriptor` is closed.
    pub fn new(descriptor: RawFd) -> Self {
        Self(KillSwitch(Arc::new(Mutex::new(Some(descriptor)))))
    }

    pub fn switch(&self) -> KillSwitch {
        self.0.clone()
    }
}

impl KillSwitch {
    /// Bytes the connection has received since it was opened, read or not (`tcpi_bytes_received`, RFC 4898); `None`
    /// once it is closed.
    pub fn received(&self) -> Option<u64> {
        self.info().map(|info| info.tcpi_bytes_received)
    }

    /// True where the peer will send nothing more: it has closed the connection, or its half of it.
    pub fn is_hung_up(&self) -> bool {
        self.info().is_some_and(|info| info.tcpi_state == CLOSE_WAIT)
    }

    fn info(&self) -> Option<libc::tcp_info> {
        let descriptor = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let number = (*descriptor)?;
        let mut info = MaybeUninit::<libc::tcp_info>::zeroed();
        let mut length = size_of::<libc::tcp_info>() as libc::socklen_t;
        // SAFETY: the number is an open socket's, see `kill`; `info` has room for `length` bytes.
        let outcome = unsafe {
            libc::getsockopt(
                number,
                libc::IPPROTO_TCP,
                libc::TCP_INFO,
                info.as_mut_ptr().cast(),
                &raw mut length,
            )
        };
        // SAFETY: all of it are integers, zero where the kernel wrote less.
        (outcome == 0).then(|| unsafe { info.assume_init() })
    }
}

impl Drop for Armed {
    fn drop(&mut self) {
        // Waits for a kill that is under way: the descriptor stays open until it is done.
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}

impl Kill for KillSwitch {
    fn kill(&self) {
        let descriptor = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(number) = *descriptor {
            // SAFETY: `Armed` forgets the number before its owner closes it, and cannot while the lock is held.
            let borrowed = unsafe { BorrowedFd::borrow_raw(number) };
            // Fails only where the peer was faster.
            let _ = SockRef::from(&borrowed).shutdown(Shutdown::Both);
        }
    }

    /// The kernel's buffer is full: what the dispatcher has beyond it is not sent yet.
    fn is_backed_up(&self) -> bool {
        let descriptor = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(fd) = *descriptor else { return false };
        let mut asked = libc::pollfd { fd, events: libc::POLLOUT, revents: 0 };
        // SAFETY: the number is an open socket's, see above; one structure, and no waiting.
        unsafe { libc::poll(&raw mut asked, 1, 0) == 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        io::{Read, Write},
        net::{TcpListener, TcpStream},
        os::fd::AsRawFd,
    };

    fn pair() -> (TcpStream, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        (client, listener.accept().unwrap().0)
    }

    #[test]
    fn counts_what_came_in_read_or_not() {
        let (mut client, mut server) = pair();
        let armed = Armed::new(server.as_raw_fd());
        let switch = armed.switch();
        assert_eq!(switch.received(), Some(0));
        for expected in 1..=3 {
            client.write_all(b"x").unwrap();
            server.read_exact(&mut [0]).unwrap();
            assert_eq!(switch.received(), Some(expected));
        }
        assert!(!switch.is_hung_up());
        client.shutdown(Shutdown::Write).unwrap();
        assert_eq!(server.read(&mut [0]).unwrap(), 0);
        assert!(switch.is_hung_up());
        drop(armed);
        assert_eq!(switch.received(), None);
        assert!(!switch.is_hung_up());
    }

    #[test]
    fn is_backed_up_until_the_peer_has_read() {
        let (mut client, mut server) = pair();
        let armed = Armed::new(server.as_raw_fd());
        let switch = armed.switch();
        assert!(!switch.is_backed_up());
        server.set_nonblocking(true).unwrap();
        let mut sent = 0;
        while let Ok(count) = server.write(&[0; 4096]) {
            sent += count;
        }
        assert!(switch.is_backed_up());
        client.read_exact(&mut vec![0; sent]).unwrap();
        while switch.is_backed_up() {
            std::thread::yield_now();
        }
        drop(armed);
        assert!(!switch.is_backed_up());
    }

    #[test]
    fn kills_what_is_open_and_nothing_else() {
        let (mut client, server) = pair();
        let armed = Armed::new(server.as_raw_fd());
        let switch = armed.switch();
        switch.kill();
        switch.kill();
        assert_eq!(client.read(&mut [0]).unwrap(), 0);

        let number = server.as_raw_fd();
        drop(armed);
        drop(server);
        // The next connection gets the same descriptor number, or one of the next ones does.
        let others: Vec<_> = (0..8).map(|_| pair()).collect();
        assert!(others.iter().any(|(a, b)| a.as_raw_fd() == number || b.as_raw_fd() == number));
        switch.kill();
        for (client, server) in &others {
            assert!(client.peer_addr().is_ok() && server.peer_addr().is_ok());
        }
    }
}
