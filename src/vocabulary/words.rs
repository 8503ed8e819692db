//! What a vocabulary has words for: each event's name and payload, said once, for the wire and for the documents.

use crate::{
    domain::{event::Recorded, stream::Epoch},
    wire::event::WireEvent,
};
use bytestring::ByteString;
use serde::Serialize;
use std::borrow::Cow;
use utoipa::{
    ToSchema,
    openapi::{
        Ref, RefOr,
        schema::{AllOfBuilder, Schema},
    },
};
use uuid::Uuid;

/// An event as a vocabulary has it.
pub struct Word {
    /// What it is called; a part in braces stands for an id.
    pub name: &'static str,
    /// Adds the payload's schema, and those that it refers to, to a document's; what the payload is called there.
    pub payload: fn(&mut Schemas) -> Cow<'static, str>,
}

/// Schemas of a document, by their names.
pub type Schemas = Vec<(String, RefOr<Schema>)>;

/// The two members that the payload of every event of a log repeats, last.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Numbering {
    /// The event's own.
    pub event_id: Uuid,
    /// Its position in the stream, from 1, without gaps.
    pub seq: u64,
}

/// A payload with them.
#[derive(Serialize)]
struct Numbered<T> {
    #[serde(flatten)]
    payload: T,
    #[serde(flatten)]
    numbering: Numbering,
}

/// The wire form of an event that is called so and holds this.
pub(super) fn event(
    recorded: &Recorded,
    epoch: &Epoch,
    name: impl Into<ByteString>,
    payload: impl Serialize,
) -> Result<WireEvent, serde_json::Error> {
    let numbering = Numbering { event_id: recorded.id.0, seq: recorded.seq };
    let data = serde_json::to_string(&Numbered { payload, numbering })?;
    let event = WireEvent::new(epoch.clone(), recorded.seq, recorded.id.0, recorded.at, name, data);
    Ok(event.of_production(recorded.event.is_of_production()))
}

/// Adds a type's schema, and those that it refers to; its name.
pub fn named<T: ToSchema>(schemas: &mut Schemas) -> Cow<'static, str> {
    schemas.push((T::name().into_owned(), T::schema()));
    T::schemas(schemas);
    T::name()
}

impl Word {
    /// The payload's schema, where `schemas` are its document's.
    pub fn schema(&self, schemas: &mut Schemas) -> AllOfBuilder {
        let payload = (self.payload)(schemas);
        let numbering = named::<Numbering>(schemas);
        let parts = [payload, numbering].map(Ref::from_schema_name);
        parts.into_iter().fold(AllOfBuilder::new(), AllOfBuilder::item)
    }
}

/// A vocabulary as a table: `pattern => "name": Payload(arguments)` says that such an event is called so, and that
/// `Payload::of(arguments, recorded)` is what it holds. A name with an id in it stands behind its template, in parentheses.
/// It makes `encode`, and `WORDS`, from which the documents are made.
macro_rules! words {
    (
        $(#[$doc:meta])*
        pub fn $encode:ident($recorded:ident, $epoch:ident) -> $told:ty {
            $($pattern:pat => $name:literal $(($called:expr))?: $payload:ident($($argument:expr),*),)+
        }
        otherwise: $other:pat => $otherwise:expr
    ) => {
        /// Every event of the vocabulary.
        pub const WORDS: &[$crate::vocabulary::words::Word] = &[$($crate::vocabulary::words::Word {
            name: $name,
            payload: $crate::vocabulary::words::named::<$payload>,
        }),+];

        $(#[$doc])*
        pub fn $encode(
            $recorded: &$crate::domain::event::Recorded,
            $epoch: &$crate::domain::stream::Epoch,
        ) -> Result<$told, serde_json::Error> {
            use $crate::vocabulary::words::{event, words};
            match &$recorded.event {
                $($pattern => {
                    let payload = $payload::of($($argument,)* $recorded);
                    event($recorded, $epoch, words!(@ $name $(, $called)?), payload).map(Into::into)
                })+
                $other => Ok($otherwise),
            }
        }
    };
    (@ $name:literal) => { $name };
    (@ $name:literal, $called:expr) => { $called };
}
pub(super) use words;
