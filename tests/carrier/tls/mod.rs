//! The same sockets behind TLS: the kill switch has to find the connection inside it.

use crate::house::Server;
use rustls::{
    ClientConfig, ClientConnection, RootCertStore, ServerConfig, StreamOwned,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use std::{
    io::{Read, Write},
    net::TcpStream,
    sync::Arc,
};

/// A certificate for `localhost`, for this test alone.
fn certificate() -> CertificateDer<'static> {
    CertificateDer::from_pem_slice(include_bytes!("cert.pem")).unwrap()
}

fn server_config() -> ServerConfig {
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("key.pem")).unwrap();
    ServerConfig::builder().with_no_client_auth().with_single_cert(vec![certificate()], key).unwrap()
}

fn upgrade(port: u16) -> StreamOwned<ClientConnection, TcpStream> {
    let mut roots = RootCertStore::empty();
    roots.add(certificate()).unwrap();
    let config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    let client = ClientConnection::new(Arc::new(config), "localhost".try_into().unwrap()).unwrap();
    let mut stream = StreamOwned::new(client, TcpStream::connect(("127.0.0.1", port)).unwrap());
    stream
        .write_all(
            b"GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
              Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
              Authorization: Bearer good\r\n\r\n",
        )
        .unwrap();
    let mut head = [0; 12];
    stream.read_exact(&mut head).unwrap();
    assert_eq!(&head, b"HTTP/1.1 101");
    stream
}

#[actix_web::test]
async fn a_socket_inside_tls_can_be_killed_too() {
    let server = Server::start_tls(server_config()).await;
    let port = server.port;
    let mut stream = actix_web::rt::task::spawn_blocking(move || upgrade(port)).await.unwrap();
    server.has_members(1).await;
    for _ in 0..5 {
        server.house.commit_unbounded(200);
    }
    assert_eq!(server.registry.kill_all(), 1);
    server.has_sockets(0).await;
    server.has_members(0).await;
    let rest = actix_web::rt::task::spawn_blocking(move || stream.read_to_end(&mut vec![])).await.unwrap();
    // Cut off in the middle: no close_notify.
    assert!(rest.is_err(), "{rest:?}");
}
