//! A tablet that wants one order taken: it sends it under one key until it has heard an answer.

use super::world::Shared;
use crate::{
    code::ErrorCode,
    domain::{
        command::{Command, IdempotencyKey, Reply},
        ids::OrderId,
        order::OrderCommand,
        principal::Principal,
    },
    store::lane::{Executed, Request},
};
use std::{rc::Rc, time::Duration};
use tokio::time::sleep;

/// Between two tries.
const AGAIN: Duration = Duration::from_millis(120);

/// Sends it until it is answered; the first `deaf_to` answers are lost on the way.
pub async fn order(world: Rc<Shared>, principal: Principal, order: OrderId, mut deaf_to: u8) {
    let key = IdempotencyKey { key: order.0.to_string(), fingerprint: [0; 32] };
    let request = Request {
        principal,
        command: Command::Order(order, OrderCommand::Close),
        if_match: None,
        key: Some(key),
    };
    loop {
        let node = world.node();
        let heard = tokio::select! {
            answer = node.orders.execute(request.clone()) => Some(answer),
            () = node.crashed() => None,
        };
        match heard {
            Some(Ok(Executed { outcome: Ok(Reply::Deleted(seq)), .. })) if deaf_to == 0 => {
                return world.acknowledged(order, seq);
            }
            Some(Ok(_)) => deaf_to = deaf_to.saturating_sub(1),
            Some(Err(code)) => assert!(code.face().retry || code == ErrorCode::Internal, "{code}"),
            None => {}
        }
        sleep(AGAIN).await;
    }
}
