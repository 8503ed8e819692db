//! What every new connection gets: its kill switch, and limits in the kernel.

use super::{
    heads::Heads,
    kill::{Armed, KillSwitch},
};
use crate::{actors::delivery::Kill, config::sections::Sockets};
use actix_tls::accept::rustls_0_23::TlsStream;
use actix_web::{HttpRequest, dev::Extensions, rt::net::TcpStream};
use socket2::SockRef;
use std::{any::Any, os::fd::AsRawFd, sync::Arc, time::Duration};

/// ALPN's name of HTTP/2, whose dispatcher closes the stream before it drops what we keep with it.
const H2: &[u8] = b"h2";

/// For `HttpServer::on_connect`, on plain and on TLS listeners.
pub fn on_connect(
    settings: &Sockets,
    heads: Arc<Heads>,
) -> impl Fn(&dyn Any, &mut Extensions) + Send + Sync + 'static {
    let prepare = on_connect_with(*settings.tcp_user_timeout, *settings.send_buffer);
    move |stream, extensions| {
        prepare(stream, extensions);
        if let Some(switch) = extensions.get::<Armed>().map(Armed::switch) {
            extensions.insert(heads.watch(switch));
        }
    }
}

/// The same with `TCP_USER_TIMEOUT` and `SO_SNDBUF` (bytes) given.
pub fn on_connect_with(
    timeout: Duration,
    buffer: usize,
) -> impl Fn(&dyn Any, &mut Extensions) + Send + Sync + 'static {
    move |stream, extensions| {
        if let Some(stream) = stream.downcast_ref::<TcpStream>() {
            prepare(stream, timeout, buffer);
            extensions.insert(Armed::new(stream.as_raw_fd()));
        } else if let Some(stream) = stream.downcast_ref::<TlsStream<TcpStream>>() {
            let (stream, tls) = stream.get_ref();
            prepare(stream, timeout, buffer);
            if tls.alpn_protocol() != Some(H2) {
                extensions.insert(Armed::new(stream.as_raw_fd()));
            }
        }
    }
}

fn prepare(stream: &TcpStream, timeout: Duration, buffer: usize) {
    let socket = SockRef::from(stream);
    let prepared = socket
        .set_tcp_nodelay(true)
        // A peer that acknowledges nothing, or whose window stays shut, ends after this time.
        .and_then(|()| socket.set_tcp_user_timeout(Some(timeout)))
        // What a peer that does not read can make the kernel hold.
        .and_then(|()| socket.set_send_buffer_size(buffer));
    if let Err(error) = prepared {
        tracing::debug!(%error, "connection keeps the system's own limits");
    }
}

/// The switch of the connection a request came on; one that does nothing where there is none.
pub fn kill_switch(request: &HttpRequest) -> Arc<dyn Kill> {
    Arc::new(request.conn_data::<Armed>().map_or_else(KillSwitch::default, Armed::switch))
}
