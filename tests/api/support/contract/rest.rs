//! REST answers, and the bodies and queries that were accepted, against the OpenAPI document.

use super::Contract;
use crate::client::Answer;
use reqwest::Method;
use serde_json::Value;

/// Asked for by documents' readers and people; not part of what they document.
const NOT_DOCUMENTED: [&str; 5] = ["/openapi.json", "/asyncapi.json", "/docs", "/examples", "/socket.io"];

impl Contract {
    /// The operation that a request is for, and its path as the document has it. Of two that fit the one with fewer
    /// parameters.
    fn operation(&self, method: &Method, path: &str) -> Option<(&str, &Value)> {
        let parts: Vec<&str> = path.split('/').collect();
        let fits = |template: &str| {
            let template: Vec<&str> = template.split('/').collect();
            let same = |(a, b): (&&str, &&str)| a == b || a.starts_with('{') && !b.is_empty();
            template.len() == parts.len() && template.iter().zip(&parts).all(same)
        };
        let paths = self.openapi["paths"].as_object()?;
        let found = paths.iter().filter(|(template, _)| fits(template));
        let (template, item) = found.min_by_key(|(template, _)| template.matches('{').count())?;
        Some((template, item.get(method.as_str().to_lowercase())?))
    }

    /// Holds one exchange against the document.
    pub fn exchange(
        &self,
        method: &Method,
        path: &str,
        sent: Option<&Value>,
        answer: &Answer,
    ) -> Result<(), String> {
        let (route, query) = path.split_once('?').unwrap_or((path, ""));
        let said = format!("{method} {path} -> {} {:.2000}", answer.status, answer.text);
        let done = (200..300).contains(&answer.status);
        let Some((template, operation)) = self.operation(method, route) else {
            let known = NOT_DOCUMENTED.iter().any(|known| route.starts_with(known));
            let undocumented = done && !known && method != Method::HEAD && method != Method::OPTIONS;
            return if undocumented { Err(format!("not documented: {said}")) } else { Ok(()) };
        };
        let responses = &operation["responses"];
        let status = answer.status.to_string();
        let refused = (answer.status >= 400).then(|| &responses["default"]);
        let response = responses.get(&status).or(refused);
        let Some(response) = response else { return Err(format!("status not documented: {said}")) };
        self.content(response, answer).map_err(|why| format!("{why}: {said}"))?;
        if done {
            self.request(operation, query, sent).map_err(|why| format!("{why}: {said}\nsent {sent:?}"))?;
        }
        self.saw(format!("{method} {template} {}", if refused.is_some() { "refused" } else { "done" }));
        Ok(())
    }

    fn content(&self, response: &Value, answer: &Answer) -> Result<(), String> {
        let Some(documented) = response["content"].as_object() else {
            return if answer.text.is_empty() {
                Ok(())
            } else {
                Err("a body where none is documented".into())
            };
        };
        let header = answer.header("content-type").unwrap_or_default();
        let media = header.split(';').next().unwrap_or_default();
        let Some(content) = documented.get(media) else {
            return Err(format!("content type {header} is not documented"));
        };
        if media != "application/json" {
            return Ok(());
        }
        let faults = self.rest.faults(&content["schema"], &answer.body);
        if faults.is_empty() { Ok(()) } else { Err(faults.join("\n")) }
    }

    /// What was accepted is what is documented.
    fn request(&self, operation: &Value, query: &str, sent: Option<&Value>) -> Result<(), String> {
        let parameters = operation["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let name = pair.split('=').next().unwrap_or_default();
            if !parameters.iter().any(|known| known["in"] == "query" && known["name"] == name) {
                return Err(format!("query parameter {name} is not documented"));
            }
        }
        let Some(sent) = sent else { return Ok(()) };
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        // A button's body: nothing is in it.
        if schema.is_null() && sent.as_object().is_some_and(serde_json::Map::is_empty) {
            return Ok(());
        }
        if schema.is_null() {
            return Err("a body is not documented".into());
        }
        let faults = self.rest.faults(schema, sent);
        if faults.is_empty() { Ok(()) } else { Err(format!("body: {}", faults.join("\n"))) }
    }

    /// Every operation, done and refused.
    pub fn all_operations(&self) -> Vec<String> {
        let mut all = Vec::new();
        for (path, item) in self.openapi["paths"].as_object().expect("paths") {
            for method in item.as_object().expect("methods").keys().filter(|key| *key != "parameters") {
                for end in ["done", "refused"] {
                    all.push(format!("{} {path} {end}", method.to_uppercase()));
                }
            }
        }
        all
    }
}
