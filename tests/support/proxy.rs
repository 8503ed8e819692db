//! A bad network between a client and the server: a TCP proxy on a loopback port that fails when a test says so.
//!
//! It lives on a thread of its own, so that its verbs work in any runtime and need no `await`. What is said of throttling
//! and delay goes for each connection and each direction.
#![allow(dead_code, reason = "each test binary uses a part of it")]

use socket2::SockRef;
use std::{
    future::pending,
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, mpsc as blocking},
    thread::JoinHandle,
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpSocket, TcpStream,
        tcp::{ReadHalf, WriteHalf},
    },
    sync::{mpsc, watch},
    task::JoinSet,
    time::{Instant, sleep, sleep_until, timeout},
};

/// Bytes that are read at once.
const CHUNK: usize = 4 << 10;
/// Chunks under way that are late; then the sender is not read from.
const QUEUED: usize = 64;
/// Bytes that the kernel takes in for us, so that whoever sends through a slow link notices it soon.
const RECEIVE_BUFFER: u32 = 16 << 10;
/// Pieces a second into which a throttled link cuts what it carries.
const PIECES: u32 = 20;
/// Longest wait for a number of connections.
const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Clone)]
struct Rules {
    target: SocketAddr,
    frozen: bool,
    bytes_per_second: Option<u32>,
    delay: Duration,
    /// A connection from before the last cut is one no more.
    cuts: u64,
}

#[derive(Clone, Copy, Default)]
struct Counts {
    ever: usize,
    open: usize,
}

/// Whether to listen; answered when it is so.
type Order = (bool, blocking::Sender<()>);

/// A running proxy. Ends, with its connections, when dropped.
pub struct Proxy {
    /// Where clients connect.
    pub address: SocketAddr,
    rules: watch::Sender<Rules>,
    counts: Arc<watch::Sender<Counts>>,
    /// The thread ends with it.
    orders: Option<mpsc::UnboundedSender<Order>>,
    thread: Option<JoinHandle<()>>,
    /// Bound and never listening: the port stays ours, and refuses, while nobody listens.
    _port: socket2::Socket,
}

impl Proxy {
    /// Starts on a free port, in front of `target`.
    pub fn start(target: SocketAddr) -> Self {
        let (port, address) = reserve().expect("a free port");
        let first = Rules { target, frozen: false, bytes_per_second: None, delay: Duration::ZERO, cuts: 0 };
        let (rules, counts) = (watch::Sender::new(first), Arc::new(watch::Sender::new(Counts::default())));
        let (orders, received) = mpsc::unbounded_channel();
        let served = Serving { address, rules: rules.subscribe(), counts: counts.clone() };
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime").block_on(served.serve(received));
        });
        let proxy = Self { address, rules, counts, orders: Some(orders), thread: Some(thread), _port: port };
        proxy.accept();
        proxy
    }

    /// Connections from now on go there.
    pub fn to(&self, target: SocketAddr) {
        self.rules.send_modify(|rules| rules.target = target);
    }

    /// Resets every connection.
    pub fn cut(&self) {
        self.rules.send_modify(|rules| rules.cuts += 1);
    }

    /// New connections are refused, as by a machine without a server; those that are open stay.
    pub fn refuse(&self) {
        self.listen(false);
    }

    pub fn accept(&self) {
        self.listen(true);
    }

    /// Not a byte in either direction, nor an end; new connections open and hang.
    pub fn freeze(&self) {
        self.rules.send_modify(|rules| rules.frozen = true);
    }

    pub fn thaw(&self) {
        self.rules.send_modify(|rules| rules.frozen = false);
    }

    pub fn throttle(&self, bytes_per_second: u32) {
        self.rules.send_modify(|rules| rules.bytes_per_second = Some(bytes_per_second.max(1)));
    }

    /// Every byte arrives so much later.
    pub fn delay(&self, delay: Duration) {
        self.rules.send_modify(|rules| rules.delay = delay);
    }

    /// A good network again: accepting, thawed, fast.
    pub fn heal(&self) {
        self.rules.send_modify(|rules| {
            (rules.frozen, rules.bytes_per_second, rules.delay) = (false, None, Duration::ZERO);
        });
        self.accept();
    }

    /// Connections that were ever accepted.
    pub fn connections(&self) -> usize {
        self.counts.borrow().ever
    }

    /// Waits until so many are open.
    pub async fn has_open(&self, count: usize) {
        let mut counts = self.counts.subscribe();
        let reached = timeout(PATIENCE, counts.wait_for(|counts| counts.open == count)).await;
        assert!(reached.is_ok(), "{} connections open, not {count}", self.counts.borrow().open);
    }

    fn listen(&self, listen: bool) {
        let (done, is_done) = blocking::channel();
        self.orders.as_ref().and_then(|orders| orders.send((listen, done)).ok()).expect("a running proxy");
        is_done.recv().expect("a running proxy");
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.orders = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

pub fn reserve() -> io::Result<(socket2::Socket, SocketAddr)> {
    let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None)?;
    socket.set_reuse_address(true)?;
    socket.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into())?;
    let address = socket.local_addr()?.as_socket().ok_or(io::ErrorKind::AddrNotAvailable)?;
    Ok((socket, address))
}

fn socket() -> io::Result<TcpSocket> {
    let socket = TcpSocket::new_v4()?;
    socket.set_recv_buffer_size(RECEIVE_BUFFER)?;
    Ok(socket)
}

/// What the thread runs.
struct Serving {
    address: SocketAddr,
    rules: watch::Receiver<Rules>,
    counts: Arc<watch::Sender<Counts>>,
}

impl Serving {
    async fn serve(self, mut orders: mpsc::UnboundedReceiver<Order>) {
        let (mut listener, mut connections) = (None, JoinSet::new());
        loop {
            tokio::select! {
                order = orders.recv() => match order {
                    Some((listen, done)) => {
                        if listen && listener.is_none() {
                            listener = Some(self.listen().expect("our own port"));
                        } else if !listen {
                            listener = None;
                        }
                        let _ = done.send(());
                    }
                    None => return,
                },
                client = accepted(listener.as_ref()) => {
                    self.counts.send_modify(|counts| (counts.ever, counts.open) = (counts.ever + 1, counts.open + 1));
                    let cuts = self.rules.borrow().cuts;
                    connections.spawn(carry(client, self.rules.clone(), cuts));
                }
                Some(_) = connections.join_next() => self.counts.send_modify(|counts| counts.open -= 1),
            }
        }
    }

    fn listen(&self) -> io::Result<TcpListener> {
        let socket = socket()?;
        socket.set_reuseaddr(true)?;
        socket.bind(self.address)?;
        socket.listen(1024)
    }
}

async fn accepted(listener: Option<&TcpListener>) -> TcpStream {
    let Some(listener) = listener else { return pending().await };
    loop {
        if let Ok((client, _)) = listener.accept().await {
            return client;
        }
    }
}

/// One connection until both sides have ended it, one has failed, or it is cut.
async fn carry(mut client: TcpStream, mut rules: watch::Receiver<Rules>, cuts: u64) {
    let mut server = None;
    let mut cutting = rules.clone();
    let carried = async {
        let target = thawed(&mut rules).await.target;
        let server = server.insert(socket()?.connect(target).await?);
        // Delays are ours to make.
        client.set_nodelay(true)?;
        server.set_nodelay(true)?;
        let ((from_client, to_client), (from_server, to_server)) = (client.split(), server.split());
        let up = pump(from_client, to_server, rules.clone());
        let down = pump(from_server, to_client, rules.clone());
        tokio::try_join!(up, down)
    };
    let ended = tokio::select! {
        ended = carried => ended.is_ok(),
        _ = cutting.wait_for(|rules| rules.cuts != cuts) => false,
    };
    if !ended {
        for stream in [Some(&client), server.as_ref()].into_iter().flatten() {
            // Closing then is a reset.
            let _ = SockRef::from(stream).set_linger(Some(Duration::ZERO));
        }
    }
}

/// One direction, until its end has been passed on.
async fn pump(
    mut from: ReadHalf<'_>,
    mut to: WriteHalf<'_>,
    rules: watch::Receiver<Rules>,
) -> io::Result<()> {
    let (late, mut queue) = mpsc::channel::<(Instant, Vec<u8>)>(QUEUED);
    let mut reading = rules.clone();
    let read = async move {
        loop {
            thawed(&mut reading).await;
            let mut chunk = vec![0; CHUNK];
            let count = from.read(&mut chunk).await?;
            chunk.truncate(count);
            let due = Instant::now() + reading.borrow().delay;
            if count == 0 || late.send((due, chunk)).await.is_err() {
                return Ok(());
            }
        }
    };
    let mut writing = rules;
    let write = async {
        while let Some((due, chunk)) = queue.recv().await {
            sleep_until(due).await;
            let mut rest = &chunk[..];
            while !rest.is_empty() {
                let rate = thawed(&mut writing).await.bytes_per_second;
                let size = rate.map_or(CHUNK, |rate| (rate / PIECES).max(1) as usize);
                let (piece, after) = rest.split_at(size.min(rest.len()));
                to.write_all(piece).await?;
                if let Some(rate) = rate {
                    sleep(Duration::from_secs_f64(piece.len() as f64 / f64::from(rate))).await;
                }
                rest = after;
            }
        }
        thawed(&mut writing).await;
        to.shutdown().await
    };
    tokio::try_join!(read, write).map(drop)
}

async fn thawed(rules: &mut watch::Receiver<Rules>) -> Rules {
    let now = rules.wait_for(|rules| !rules.frozen).await.map(|rules| rules.clone());
    match now {
        Ok(rules) => rules,
        // The proxy is being dropped.
        Err(_) => pending().await,
    }
}
