//! The protocol layer with the application that the official conformance suites ask for.
//!
//! ```text
//! cargo run --release --example protocol_echo -- --port 3000
//! ```
//! It prints `listening on http://127.0.0.1:PORT` when it is ready; `--port 0` takes a free one. Any origin may come.
//!
//! | path | what it does | for |
//! |---|---|---|
//! | `/engine.io/` | Engine.IO 4: every message comes back, text and binary | `engine.io-protocol`, v4 test suite |
//! | `/socket.io/` | Socket.IO 5: namespaces `/` and `/custom`, see `suite` | `socket.io-protocol`, v5 test suite |
//! | `/echo` | a WebSocket: every message comes back, text and binary | suites of RFC 6455 |
//!
//! The suites name the numbers: pingInterval 300, pingTimeout 200, maxPayload 1,000,000, connectTimeout 1,000. All else
//! (the actors' mailboxes, the kernel's buffers, time limits of request heads) are the product's own settings, read as
//! the product reads them, and the connections are prepared and watched as the product's are.

#[path = "protocol_echo/echo.rs"]
mod echo;
#[path = "protocol_echo/nobody.rs"]
mod nobody;
#[path = "protocol_echo/suite.rs"]
mod suite;

use actix_web::{App, HttpServer, middleware::from_fn};
use clap::Parser;
use comanda::{
    actors::queue::Capacity,
    config::{
        self, Purpose, Settings,
        sections::EngineIo,
        units::{Bytes, Span},
    },
    doors::{
        sio::{self, Directory, Door, configure},
        socket::{connect, heads, registry::SocketRegistry},
    },
    session::socketio::{Limits, SocketIo},
};
use nobody::Nobody;
use std::{
    error::Error,
    io::Write,
    net::{Ipv4Addr, TcpListener},
    path::Path,
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

/// Two, so that requests of one session meet on different threads, as they do in the product.
const WORKERS: usize = 2;
/// For what is under way when it is told to stop, in seconds.
const SHUTDOWN: u64 = 1;

/// Serves the applications of the Engine.IO and Socket.IO conformance suites, and a WebSocket echo.
#[derive(Debug, Parser)]
#[command(name = "protocol_echo")]
struct Arguments {
    /// Port on 127.0.0.1; 0 takes a free one.
    #[arg(long, default_value_t = 3000)]
    port: u16,
}

#[actix_web::main]
async fn main() -> ExitCode {
    let Err(error) = serve(Arguments::parse()).await else { return ExitCode::SUCCESS };
    eprintln!("error: {error}");
    ExitCode::FAILURE
}

async fn serve(Arguments { port }: Arguments) -> Result<(), Box<dyn Error>> {
    // Nothing here needs a database or a secret; of all purposes migrating asks for the least.
    let mut settings = config::load(Path::new("."), &config::environment(), Purpose::Migrate)?;
    settings.engine_io = engine();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .map_err(|error| format!("cannot listen on 127.0.0.1:{port}: {error}"))?;
    let address = listener.local_addr()?;

    let registry = Arc::new(SocketRegistry::default());
    actix_web::rt::spawn(Arc::clone(&registry).watch());
    let watched = heads::Heads::new(*settings.http.head_within, *settings.http.keep_alive);
    actix_web::rt::spawn(heads::sweeps(Arc::downgrade(&watched)));

    let engine_io = door(&settings, &registry, Arc::new(|_, _| echo::Messages));
    // A suite may send as fast as it can.
    let limits = Limits { events_per_second: u32::MAX, events_burst: u32::MAX, ..sio::limits(&settings) };
    let open = Arc::new(move |now, _| SocketIo::new(suite::Suite, limits, now));
    let socket_io = door(&settings, &registry, open);
    let raw = echo::Raw { registry, mailbox: Capacity::of(&settings.sockets) };
    let server = HttpServer::new(move || {
        App::new()
            .wrap(from_fn(heads::busy))
            .configure(configure("/engine.io", engine_io.clone()))
            .configure(configure("/socket.io", socket_io.clone()))
            .configure(echo::configure("/echo", raw.clone()))
    })
    .workers(WORKERS)
    .client_request_timeout(*settings.http.head_within)
    .keep_alive(*settings.http.keep_alive)
    .on_connect(connect::on_connect(&settings.sockets, watched))
    .shutdown_timeout(SHUTDOWN)
    .listen(listener)?
    .run();
    writeln!(std::io::stdout(), "listening on http://{address}")?;
    Ok(server.await?)
}

/// What the suites expect of the handshake.
fn engine() -> EngineIo {
    let ms = |ms| Span(Duration::from_millis(ms));
    EngineIo {
        ping_interval: ms(300),
        ping_timeout: ms(200),
        max_payload: Bytes(1_000_000),
        connect_timeout: ms(1_000),
        upgrade_timeout: ms(10_000),
    }
}

fn door<S: comanda::session::Session>(
    settings: &Settings,
    registry: &Arc<SocketRegistry>,
    open: sio::Opener<S>,
) -> Door<S> {
    Door {
        backend: Arc::new(Nobody),
        registry: Arc::clone(registry),
        directory: Arc::new(Directory::default()),
        origins: Arc::new(|_| true),
        engine: Arc::new(settings.engine_io.clone()),
        bounds: sio::bounds(&settings.engine_io, &settings.sockets),
        body_within: *settings.http.body_within,
        open,
    }
}
