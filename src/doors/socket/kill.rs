//! The kill switch: `shutdown(2)` on a connection from any thread. The one unsafe file of the sockets.
//!
//! A connection's descriptor is kept as a number. A number may be used again by another connection once it is closed,
//! so a guard forgets it before that: [`Armed`] lives in the connection's `Extensions`, which actix-http's HTTP/1
//! dispatcher drops before its stream (field order, and after the requests that share them; version 3.20). HTTP/2 drops
//! them in the other order and gets no switch. Nothing may keep an `HttpRequest` beyond its handler.
#![expect(unsafe_code, reason = "shutdown(2) on a descriptor that the dispatcher owns")]

use crate::actors::delivery::Kill;
use socket2::SockRef;
use std::{
    net::Shutdown,
    os::fd::{BorrowedFd, RawFd},
    sync::{Arc, Mutex, PoisonError},
};

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
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        io::Read,
        net::{TcpListener, TcpStream},
        os::fd::AsRawFd,
    };

    fn pair() -> (TcpStream, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        (client, listener.accept().unwrap().0)
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
