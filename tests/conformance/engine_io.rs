//! Engine.IO's official suite: 25 cases by their titles.

use crate::{
    cases,
    example::{ENGINE_IO as PATH, PING_INTERVAL, SILENT, stands},
};

mod handshake_over_http_long_polling {
    use super::*;

    #[tokio::test]
    async fn successfully_opens_a_session() {
        stands(SILENT, async |example| cases::polling_opens(example, PATH).await).await;
    }

    #[tokio::test]
    async fn fails_with_an_invalid_eio_query_parameter() {
        stands(SILENT, async |example| cases::polling_refuses_other_versions(example, PATH).await).await;
    }

    #[tokio::test]
    async fn fails_with_an_invalid_transport_query_parameter() {
        stands(SILENT, async |example| cases::polling_refuses_other_transports(example, PATH).await).await;
    }

    #[tokio::test]
    async fn fails_with_an_invalid_request_method() {
        stands(SILENT, async |example| cases::polling_refuses_other_methods(example, PATH).await).await;
    }
}

mod handshake_over_websocket {
    use super::*;

    #[tokio::test]
    async fn successfully_opens_a_session() {
        stands(SILENT, async |example| cases::websocket_opens(example, PATH).await).await;
    }

    #[tokio::test]
    async fn fails_with_an_invalid_eio_query_parameter() {
        stands(SILENT, async |example| cases::websocket_refuses_other_versions(example, PATH).await).await;
    }

    #[tokio::test]
    async fn fails_with_an_invalid_transport_query_parameter() {
        stands(SILENT, async |example| cases::websocket_refuses_other_transports(example, PATH).await).await;
    }
}

mod message_over_http_long_polling {
    use super::*;

    async fn comes_back(payload: &str) {
        stands(PING_INTERVAL, async |example| {
            let session = example.polls(PATH).await;
            session.says(payload).await;
            assert_eq!(session.hears().await, payload);
        })
        .await;
    }

    #[tokio::test]
    async fn sends_and_receives_a_payload_containing_one_plain_text_packet() {
        comes_back("4hello").await;
    }

    #[tokio::test]
    async fn sends_and_receives_a_payload_containing_several_plain_text_packets() {
        comes_back("4test1\x1e4test2\x1e4test3").await;
    }

    #[tokio::test]
    async fn sends_and_receives_a_payload_containing_plain_text_and_binary_packets() {
        comes_back("4hello\x1ebAQIDBA==").await;
    }

    #[tokio::test]
    async fn closes_the_session_upon_invalid_packet_format() {
        stands(PING_INTERVAL, async |example| {
            let session = example.polls(PATH).await;
            assert_eq!(session.post("abc").await.0, 400);
            session.is_gone().await;
        })
        .await;
    }

    #[tokio::test]
    async fn closes_the_session_upon_duplicate_poll_requests() {
        stands(PING_INTERVAL, async |example| cases::polling_refuses_a_second_poll(example, PATH).await)
            .await;
    }

    #[tokio::test]
    async fn closes_the_session_upon_cancelled_polling_request() {
        let case = async |example: &_| cases::polling_ends_with_a_cancelled_poll(example, PATH).await;
        stands(PING_INTERVAL, case).await;
    }
}

mod message_over_websocket {
    use super::*;

    #[tokio::test]
    async fn sends_and_receives_a_plain_text_packet() {
        stands(PING_INTERVAL, async |example| {
            let mut socket = example.socket(PATH).await;
            socket.says("4hello").await;
            assert_eq!(socket.hears().await, "4hello");
        })
        .await;
    }

    #[tokio::test]
    async fn sends_and_receives_a_binary_packet() {
        stands(PING_INTERVAL, async |example| {
            let mut socket = example.socket(PATH).await;
            socket.says(vec![1, 2, 3, 4]).await;
            assert_eq!(socket.bytes().await, [1, 2, 3, 4]);
        })
        .await;
    }

    #[tokio::test]
    async fn closes_the_session_upon_invalid_packet_format() {
        stands(PING_INTERVAL, async |example| {
            let mut socket = example.socket(PATH).await;
            socket.says("abc").await;
            assert_eq!(socket.ends_in_silence().await, Some(1002));
        })
        .await;
    }
}

mod heartbeat_over_http_long_polling {
    use super::*;

    #[tokio::test]
    async fn sends_ping_pong_packets() {
        stands(SILENT, async |example| cases::polling_beats(example, PATH).await).await;
    }

    #[tokio::test]
    async fn closes_the_session_upon_ping_timeout() {
        stands(SILENT, async |example| cases::polling_ends_without_pong(example, PATH).await).await;
    }
}

mod heartbeat_over_websocket {
    use super::*;

    #[tokio::test]
    async fn sends_ping_pong_packets() {
        stands(SILENT, async |example| cases::websocket_beats(example, PATH).await).await;
    }

    #[tokio::test]
    async fn closes_the_session_upon_ping_timeout() {
        stands(SILENT, async |example| cases::websocket_ends_without_pong(example, PATH).await).await;
    }
}

mod close {
    use super::*;

    #[tokio::test]
    async fn over_http_long_polling_forcefully_closes_the_session() {
        stands(PING_INTERVAL, async |example| cases::polling_closes(example, PATH).await).await;
    }

    #[tokio::test]
    async fn over_websocket_forcefully_closes_the_session() {
        stands(PING_INTERVAL, async |example| cases::websocket_closes(example, PATH).await).await;
    }
}

mod upgrade {
    use super::*;

    #[tokio::test]
    async fn successfully_upgrades_from_http_long_polling_to_websocket() {
        stands(PING_INTERVAL, async |example| cases::upgrades(example, PATH).await).await;
    }

    #[tokio::test]
    async fn ignores_http_requests_with_same_sid_after_upgrade() {
        stands(PING_INTERVAL, async |example| cases::upgraded_ignores_http(example, PATH).await).await;
    }

    #[tokio::test]
    async fn ignores_websocket_connection_with_same_sid_after_upgrade() {
        let case = async |example: &_| cases::upgraded_ignores_a_second_websocket(example, PATH).await;
        stands(PING_INTERVAL, case).await;
    }
}
