//! The listening socket, and TLS where it is configured.

use super::Failure;
use crate::config::sections::{Server, Tls};
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use socket2::{Domain, Protocol, SockRef, Socket, Type};
use std::{
    net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener},
    path::Path,
    sync::Arc,
};

/// Connections the kernel holds for us to accept: a whole town's tablets may come back at once.
const BACKLOG: i32 = 4_096;

/// Sockets bound and not listening yet: a taken port is found before anything is started, and who comes too early is
/// refused instead of kept waiting.
pub struct Bound {
    sockets: Vec<TcpListener>,
    /// The first one's.
    pub address: SocketAddr,
}

/// Binds `host:port`; port 0 takes a free one. On 127.0.0.1 also `[::1]`, where there is one: that is what `localhost`
/// means to some clients, and they try no other.
pub fn bind(server: &Server) -> Result<Bound, Failure> {
    let address = SocketAddr::new(server.host, server.port);
    let first = socket(address).and_then(|socket| socket.local_addr().map(|address| (socket, address)));
    let (first, address) = first.map_err(|error| {
        Failure::new(format!("cannot listen on {address}: {error}; set HOST or PORT to another"))
    })?;
    let mut sockets = vec![first];
    if address.ip() == Ipv4Addr::LOCALHOST {
        sockets.extend(socket(SocketAddr::new(Ipv6Addr::LOCALHOST.into(), address.port())));
    }
    Ok(Bound { sockets, address })
}

impl Bound {
    /// From now on clients are let in.
    pub fn listen(self) -> Result<Vec<TcpListener>, Failure> {
        for socket in &self.sockets {
            let listening = SockRef::from(socket).listen(BACKLOG);
            listening.map_err(|error| Failure::new(format!("cannot listen on {}: {error}", self.address)))?;
        }
        Ok(self.sockets)
    }
}

fn socket(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    // A restart must not wait for the connections of the last run.
    socket.set_reuse_address(true)?;
    if address.ip() == Ipv6Addr::LOCALHOST {
        socket.set_only_v6(true)?;
    }
    socket.bind(&address.into())?;
    socket.set_nonblocking(true)?;
    Ok(socket.into())
}

/// The TLS of this server; `None` where it speaks plain HTTP.
pub fn tls(tls: &Tls) -> Result<Option<ServerConfig>, Failure> {
    let (Some(cert), Some(key)) = (&tls.cert, &tls.key) else { return Ok(None) };
    let unreadable = |path: &Path, error: &dyn std::fmt::Display| {
        Failure::mistake(format!("{} cannot be used for TLS: {error}", path.display()))
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
