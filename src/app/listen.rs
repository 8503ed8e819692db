//! The listening socket, and TLS where it is configured.

use super::Failure;
use crate::config::sections::{Server, Tls};
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use socket2::{Domain, Protocol, Socket, Type};
use std::{
    net::{SocketAddr, TcpListener},
    path::Path,
    sync::Arc,
};

/// Connections the kernel holds for us to accept: a whole town's tablets may come back at once.
const BACKLOG: i32 = 4_096;

/// Binds `host:port`; port 0 takes a free one.
pub fn bind(server: &Server) -> Result<TcpListener, Failure> {
    let address = SocketAddr::new(server.host, server.port);
    listener(address)
        .map_err(|error| Failure(format!("cannot listen on {address}: {error}; set HOST or PORT to another")))
}

fn listener(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    // A restart must not wait for the connections of the last run.
    socket.set_reuse_address(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    socket.set_nonblocking(true)?;
    Ok(socket.into())
}

/// The TLS of this server; `None` where it speaks plain HTTP.
pub fn tls(tls: &Tls) -> Result<Option<ServerConfig>, Failure> {
    let (Some(cert), Some(key)) = (&tls.cert, &tls.key) else { return Ok(None) };
    let unreadable = |path: &Path, error: &dyn std::fmt::Display| {
        Failure(format!("{} cannot be used for TLS: {error}", path.display()))
    };
    let chain = CertificateDer::pem_file_iter(cert).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let chain = chain.map_err(|error| unreadable(cert, &error))?;
    let key_der = PrivateKeyDer::from_pem_file(key).map_err(|error| unreadable(key, &error))?;
    ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key_der))
        .map(Some)
        .map_err(|error| unreadable(cert, &error))
}
