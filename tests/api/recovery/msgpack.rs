//! A client of msgpack is recovered as one of the default parser is.

use super::{Listener, MODES, goes_away, logged};
use crate::{proxy::Proxy, support::spawn_app_with};

/// A small ring: the first replay comes from the log, the second from memory.
#[actix_web::test]
async fn a_client_of_msgpack_comes_back_and_hears_what_it_missed() {
    let settings = [("COMANDA__SOCKET_IO__MSGPACK", "true"), ("COMANDA__ROOMS__RING_EVENTS", "16")];
    let app = spawn_app_with(&settings).await;
    let house = app.restaurant().await;
    let proxy = Proxy::start(app.address);
    let mut listeners = Vec::new();
    for mode in MODES {
        let token = house.kitchen.token.as_deref().unwrap();
        listeners.push(Listener::speaking("msgpack", &proxy, token, mode).await);
    }
    house.evening().await;
    for evenings in [3, 0] {
        goes_away(&proxy, &mut listeners).await;
        for _ in 0..evenings {
            house.evening().await;
        }
        house.open_table().await;
        proxy.accept();
        for listener in &mut listeners {
            listener.recovers().await;
        }
    }
    let log = logged(&house).await;
    for listener in &mut listeners {
        listener.hears(log.len()).await;
        assert_eq!(listener.heard, log);
        assert!(listener.resyncs.is_empty());
    }
    for source in ["ring", "log"] {
        let replays = app.metric(&format!("comanda_replays_total{{source=\"{source}\"}}")).await;
        assert!(replays > 0.0, "none from the {source}");
    }
}
