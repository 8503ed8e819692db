//! The verbs of declared entities.

use super::{House, house::id};
use serde_json::Value;

impl House {
    /// A document under this path; its id.
    pub async fn makes(&self, path: &str, body: Value) -> String {
        id(&self.manager.post(&format!("/{path}"), body).await.expect(201))
    }
}
