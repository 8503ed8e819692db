//! The bad network does what it says.

use crate::proxy::Proxy;
use std::{
    io::ErrorKind,
    net::SocketAddr,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::timeout,
};

/// Longest wait for what must come.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long nothing must come.
const SILENCE: Duration = Duration::from_millis(200);

/// A server that says its name, then repeats what it hears.
async fn parrot(name: &'static str) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            tokio::spawn(async move {
                let (mut from, mut to) = stream.split();
                to.write_all(name.as_bytes()).await?;
                tokio::io::copy(&mut from, &mut to).await?;
                to.shutdown().await
            });
        }
    });
    address
}

struct Visitor(TcpStream);

impl Visitor {
    async fn arrive(proxy: &Proxy, name: &str) -> Self {
        let mut visitor = Self(TcpStream::connect(proxy.address).await.unwrap());
        visitor.hears(name).await;
        visitor
    }

    async fn says(&mut self, text: &str) {
        timeout(PATIENCE, self.0.write_all(text.as_bytes())).await.unwrap().unwrap();
    }

    async fn hears(&mut self, text: &str) {
        let mut bytes = vec![0; text.len()];
        timeout(PATIENCE, self.0.read_exact(&mut bytes)).await.unwrap().unwrap();
        assert_eq!(bytes, text.as_bytes());
    }

    async fn hears_nothing(&mut self) {
        let byte = timeout(SILENCE, self.0.read_u8()).await;
        assert!(byte.is_err(), "{byte:?}");
    }

    /// For one that may be reset before it has noticed that it is connected.
    async fn arrives_and_is_reset(proxy: &Proxy) {
        match TcpStream::connect(proxy.address).await {
            Ok(stream) => Self(stream).is_reset().await,
            Err(error) => assert_eq!(error.kind(), ErrorKind::ConnectionReset),
        }
    }

    async fn is_reset(&mut self) {
        let byte = timeout(PATIENCE, self.0.read_u8()).await.unwrap();
        assert_eq!(byte.unwrap_err().kind(), ErrorKind::ConnectionReset);
    }

    /// The server's end, after ours.
    async fn leaves(mut self) {
        self.0.shutdown().await.unwrap();
        let mut rest = Vec::new();
        timeout(PATIENCE, self.0.read_to_end(&mut rest)).await.unwrap().unwrap();
        assert!(rest.is_empty());
    }
}

#[tokio::test]
async fn it_passes_on_bytes_and_ends_and_counts_them() {
    let proxy = Proxy::start(parrot("a").await);
    let mut visitors = [Visitor::arrive(&proxy, "a").await, Visitor::arrive(&proxy, "a").await];
    for visitor in &mut visitors {
        visitor.says(&"hello ".repeat(20_000)).await;
        visitor.hears(&"hello ".repeat(20_000)).await;
    }
    proxy.has_open(2).await;
    for visitor in visitors {
        visitor.leaves().await;
    }
    proxy.has_open(0).await;
    assert_eq!(proxy.connections(), 2);
}

#[tokio::test]
async fn another_target_is_for_those_who_come_later() {
    let proxy = Proxy::start(parrot("a").await);
    let mut old = Visitor::arrive(&proxy, "a").await;
    proxy.to(parrot("b").await);
    Visitor::arrive(&proxy, "b").await;
    old.says("still").await;
    old.hears("still").await;
    // A target that is nobody's resets whoever comes.
    let gone = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    proxy.to(gone);
    Visitor::arrives_and_is_reset(&proxy).await;
}

#[tokio::test]
async fn a_cut_resets_everyone_and_nobody_after_it() {
    let proxy = Proxy::start(parrot("a").await);
    let mut visitors = [Visitor::arrive(&proxy, "a").await, Visitor::arrive(&proxy, "a").await];
    proxy.cut();
    for visitor in &mut visitors {
        visitor.is_reset().await;
    }
    proxy.has_open(0).await;
    let mut next = Visitor::arrive(&proxy, "a").await;
    proxy.freeze();
    proxy.cut();
    next.is_reset().await;
}

#[tokio::test]
async fn who_is_refused_knocks_at_the_same_port_again() {
    let proxy = Proxy::start(parrot("a").await);
    let mut inside = Visitor::arrive(&proxy, "a").await;
    for _ in 0..3 {
        proxy.refuse();
        let refused = TcpStream::connect(proxy.address).await.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
        proxy.accept();
        Visitor::arrive(&proxy, "a").await;
    }
    inside.says("here").await;
    inside.hears("here").await;
}

#[tokio::test]
async fn what_is_frozen_comes_whole_after_the_thaw() {
    let proxy = Proxy::start(parrot("a").await);
    let mut visitor = Visitor::arrive(&proxy, "a").await;
    proxy.freeze();
    visitor.says("one ").await;
    let mut late = Visitor(TcpStream::connect(proxy.address).await.unwrap());
    visitor.hears_nothing().await;
    late.hears_nothing().await;
    visitor.says("two").await;
    proxy.thaw();
    visitor.hears("one two").await;
    late.hears("a").await;
}

#[tokio::test]
async fn a_throttled_link_is_slow_and_a_delayed_one_late() {
    let proxy = Proxy::start(parrot("a").await);
    let mut visitor = Visitor::arrive(&proxy, "a").await;
    let text = "0123456789".repeat(1_000);
    proxy.throttle(10_000);
    let begun = Instant::now();
    tokio::join!(async { Visitor::arrive(&proxy, "a").await }, async {
        visitor.says(&text).await;
        visitor.hears(&text).await;
    });
    assert!(begun.elapsed() >= Duration::from_millis(900), "{:?}", begun.elapsed());

    proxy.heal();
    proxy.delay(Duration::from_millis(150));
    let begun = Instant::now();
    visitor.says("late").await;
    visitor.hears("late").await;
    assert!(begun.elapsed() >= Duration::from_millis(300), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn it_ends_with_its_drop() {
    let proxy = Proxy::start(parrot("a").await);
    let address = proxy.address;
    let mut visitor = Visitor::arrive(&proxy, "a").await;
    drop(proxy);
    let end = timeout(PATIENCE, visitor.0.read(&mut [0; 8])).await.unwrap();
    assert!(matches!(end, Ok(0) | Err(_)), "{end:?}");
    assert_eq!(TcpStream::connect(address).await.unwrap_err().kind(), ErrorKind::ConnectionRefused);
}
