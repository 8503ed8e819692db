//! Members that are a truth or a list of texts.

use super::Fields;
use crate::domain::text::BadText;
use serde_json::value::RawValue;

impl Fields<'_> {
    pub fn boolean(&mut self, name: &str) -> Option<bool> {
        let read = serde_json::from_str(self.value(name)?).ok();
        if read.is_none() {
            self.fault(name, "must be a boolean value");
        }
        read
    }

    /// A list of different texts, at most `most`.
    pub fn texts<T: PartialEq>(
        &mut self,
        name: &str,
        most: usize,
        parse: fn(&str) -> Result<T, BadText>,
    ) -> Option<Vec<T>> {
        let raw = self.value(name)?;
        let Ok(list) = serde_json::from_str::<Vec<&RawValue>>(raw) else {
            self.fault(name, "must be an array");
            return None;
        };
        if list.len() > most {
            self.fault(name, format!("must contain no more than {most} elements"));
            return None;
        }
        let mut texts = Vec::with_capacity(list.len());
        for raw in list {
            let text = serde_json::from_str::<String>(raw.get()).ok();
            match text.as_deref().map(parse) {
                Some(Ok(text)) if !texts.contains(&text) => texts.push(text),
                Some(Ok(_)) => self.faults.push(format!("All {name}'s elements must be unique")),
                Some(Err(fault)) => self.faults.push(format!("each value in {name} {fault}")),
                None => self.faults.push(format!("each value in {name} must be a string")),
            }
        }
        // A list of a thousand faults says no more than one of each.
        self.faults.dedup();
        Some(texts)
    }
}
