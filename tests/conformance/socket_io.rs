//! Socket.IO's official suite, its Engine.IO part and its own: 32 cases by their titles.

use crate::{
    cases,
    example::{PING_INTERVAL, SILENT, SOCKET_IO as PATH, stands},
    socket_io_cases as own,
};

mod handshake_over_http_long_polling {
    use super::*;

    #[tokio::test]
    async fn should_successfully_open_a_session() {
        stands(SILENT, async |example| cases::polling_opens(example, PATH).await).await;
    }

    #[tokio::test]
    async fn should_fail_with_an_invalid_eio_query_parameter() {
        stands(SILENT, async |example| cases::polling_refuses_other_versions(example, PATH).await).await;
    }

    #[tokio::test]
    async fn should_fail_with_an_invalid_transport_query_parameter() {
        stands(SILENT, async |example| cases::polling_refuses_other_transports(example, PATH).await).await;
    }

    #[tokio::test]
    async fn should_fail_with_an_invalid_request_method() {
        stands(SILENT, async |example| cases::polling_refuses_other_methods(example, PATH).await).await;
    }
}

mod handshake_over_websocket {
    use super::*;

    #[tokio::test]
    async fn should_successfully_open_a_session() {
        stands(SILENT, async |example| cases::websocket_opens(example, PATH).await).await;
    }

    #[tokio::test]
    async fn should_fail_with_an_invalid_eio_query_parameter() {
        stands(SILENT, async |example| cases::websocket_refuses_other_versions(example, PATH).await).await;
    }

    #[tokio::test]
    async fn should_fail_with_an_invalid_transport_query_parameter() {
        stands(SILENT, async |example| cases::websocket_refuses_other_transports(example, PATH).await).await;
    }
}

mod heartbeat_over_http_long_polling {
    use super::*;

    #[tokio::test]
    async fn should_send_ping_pong_packets() {
        stands(SILENT, async |example| cases::polling_beats(example, PATH).await).await;
    }

    #[tokio::test]
    async fn should_close_the_session_upon_ping_timeout() {
        stands(SILENT, async |example| cases::polling_ends_without_pong(example, PATH).await).await;
    }
}

mod heartbeat_over_websocket {
    use super::*;

    #[tokio::test]
    async fn should_send_ping_pong_packets() {
        stands(SILENT, async |example| cases::websocket_beats(example, PATH).await).await;
    }

    #[tokio::test]
    async fn should_close_the_session_upon_ping_timeout() {
        stands(SILENT, async |example| cases::websocket_ends_without_pong(example, PATH).await).await;
    }
}

mod close {
    use super::*;

    #[tokio::test]
    async fn over_http_long_polling_should_forcefully_close_the_session() {
        stands(PING_INTERVAL, async |example| cases::polling_closes(example, PATH).await).await;
    }

    #[tokio::test]
    async fn over_websocket_should_forcefully_close_the_session() {
        stands(PING_INTERVAL, async |example| cases::websocket_closes(example, PATH).await).await;
    }
}

mod upgrade {
    use super::*;

    #[tokio::test]
    async fn should_successfully_upgrade_from_http_long_polling_to_websocket() {
        stands(PING_INTERVAL, async |example| cases::upgrades(example, PATH).await).await;
    }

    #[tokio::test]
    async fn should_ignore_http_requests_with_same_sid_after_upgrade() {
        stands(PING_INTERVAL, async |example| cases::upgraded_ignores_http(example, PATH).await).await;
    }

    #[tokio::test]
    async fn should_ignore_websocket_connection_with_same_sid_after_upgrade() {
        stands(PING_INTERVAL, async |example| {
            cases::upgraded_ignores_a_second_websocket(example, PATH).await
        })
        .await;
    }
}

mod connect {
    use super::*;

    #[tokio::test]
    async fn should_allow_connection_to_the_main_namespace() {
        stands(PING_INTERVAL, async |example| own::connects(example, "40", "", "{}").await).await;
    }

    #[tokio::test]
    async fn should_allow_connection_to_the_main_namespace_with_a_payload() {
        stands(PING_INTERVAL, async |example| {
            own::connects(example, r#"40{"token":"123"}"#, "", r#"{"token":"123"}"#).await
        })
        .await;
    }

    #[tokio::test]
    async fn should_allow_connection_to_a_custom_namespace() {
        stands(PING_INTERVAL, async |example| own::connects(example, "40/custom,", "/custom,", "{}").await)
            .await;
    }

    #[tokio::test]
    async fn should_allow_connection_to_a_custom_namespace_with_a_payload() {
        stands(PING_INTERVAL, async |example| {
            own::connects(example, r#"40/custom,{"token":"abc"}"#, "/custom,", r#"{"token":"abc"}"#).await
        })
        .await;
    }

    #[tokio::test]
    async fn should_disallow_connection_to_an_unknown_namespace() {
        stands(PING_INTERVAL, async |example| own::unknown_namespace(example).await).await;
    }

    #[tokio::test]
    async fn should_disallow_connection_with_an_invalid_handshake() {
        stands(PING_INTERVAL, async |example| own::invalid_handshake(example).await).await;
    }

    #[tokio::test]
    async fn should_close_the_connection_if_no_handshake_is_received() {
        stands(SILENT, async |example| own::no_handshake(example).await).await;
    }
}

mod disconnect {
    use super::*;

    #[tokio::test]
    async fn should_disconnect_from_the_main_namespace() {
        stands(SILENT, async |example| own::disconnects(example).await).await;
    }

    #[tokio::test]
    async fn should_connect_then_disconnect_from_a_custom_namespace() {
        stands(SILENT, async |example| own::disconnects_custom(example).await).await;
    }
}

mod message {
    use super::*;

    #[tokio::test]
    async fn should_send_a_plain_text_packet() {
        stands(PING_INTERVAL, async |example| own::plain(example).await).await;
    }

    #[tokio::test]
    async fn should_send_a_packet_with_binary_attachments() {
        stands(PING_INTERVAL, async |example| own::binary(example).await).await;
    }

    #[tokio::test]
    async fn should_send_a_plain_text_packet_with_an_ack() {
        stands(PING_INTERVAL, async |example| own::plain_with_ack(example).await).await;
    }

    #[tokio::test]
    async fn should_send_a_packet_with_binary_attachments_and_an_ack() {
        stands(PING_INTERVAL, async |example| own::binary_with_ack(example).await).await;
    }

    #[tokio::test]
    async fn should_close_the_connection_upon_invalid_format_unknown_packet_type() {
        stands(PING_INTERVAL, async |example| own::closes(example, "4abc").await).await;
    }

    #[tokio::test]
    async fn should_close_the_connection_upon_invalid_format_invalid_payload_format() {
        stands(PING_INTERVAL, async |example| own::closes(example, "42{}").await).await;
    }

    #[tokio::test]
    async fn should_close_the_connection_upon_invalid_format_invalid_ack_id() {
        stands(PING_INTERVAL, async |example| {
            own::closes(example, r#"42abc["message-with-ack",1,"2",{"3":[false]}]"#).await
        })
        .await;
    }
}
