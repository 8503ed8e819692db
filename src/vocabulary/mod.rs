//! Vocabularies: pure functions from an event to its wire form in one namespace, and from what is asked there to a command.

pub mod admin;
pub mod body;
pub mod commands;
pub mod cursors;
pub mod donations;
pub mod fields;
pub mod floor;
pub mod kitchen;
pub mod menu;
pub mod names;
pub mod production;
pub mod profile;
pub mod resources;
pub mod restaurant;
pub mod words;

use crate::{
    domain::{
        event::{Event, Recorded},
        stream::Epoch,
    },
    wire::event::{API, Batch, Vocabulary, WireEvent},
};
use std::sync::Arc;

/// An event as a vocabulary has it; `None` where that says nothing of it.
pub fn encode(
    vocabulary: Vocabulary,
    recorded: &Recorded,
    epoch: &Epoch,
) -> Result<Option<WireEvent>, serde_json::Error> {
    match vocabulary {
        Vocabulary::Restaurant => restaurant::encode(recorded, epoch).map(Some),
        Vocabulary::Admin => admin::encode(recorded, epoch),
        Vocabulary::Resources => Ok(match &recorded.event {
            Event::ResourcesChanged(changed) if changed.namespaces.iter().any(|name| name == API) => {
                Some(resources::shapes::told(changed, recorded, epoch))
            }
            _ => None,
        }),
        Vocabulary::Donations => donations::encode(recorded, epoch),
        Vocabulary::Silence => Ok(None),
    }
}

/// What it has words for, beside the declared entities' events.
pub fn words(vocabulary: Vocabulary) -> &'static [words::Word] {
    match vocabulary {
        Vocabulary::Restaurant => restaurant::WORDS,
        Vocabulary::Admin => admin::WORDS,
        Vocabulary::Donations => donations::WORDS,
        Vocabulary::Resources | Vocabulary::Silence => &[],
    }
}

/// Consecutive events as one batch; `None` for none. An event that cannot be encoded is left out and said in the log:
/// it must not keep a kitchen from the rest.
pub fn batch(vocabulary: Vocabulary, events: &[Recorded], epoch: &Epoch) -> Option<Batch> {
    let (first, last) = (events.first()?.seq, events.last()?.seq);
    let encoded = |recorded: &Recorded| match encode(vocabulary, recorded, epoch) {
        Ok(event) => event.map(Arc::new),
        Err(error) => {
            tracing::error!(event.id = %recorded.id, %error, "an event has no wire form");
            None
        }
    };
    Some(Batch { epoch: epoch.clone(), first, last, events: events.iter().filter_map(encoded).collect() })
}
