//! Documents of declared entities: written, and told of where their route is broadcast.

use super::{
    super::{
        command::Reply,
        context::Context,
        event::Event,
        rejection::Rejection,
        resource::{Broadcast, Change, Document, ResourceCommand, ResourcesChanged, Shelf, Told},
    },
    Done, Workspace,
};

impl Workspace {
    pub fn shelf(&self) -> &Shelf {
        &self.shelf
    }

    /// For loading.
    pub fn shelf_mut(&mut self) -> &mut Shelf {
        &mut self.shelf
    }

    pub(super) fn change_resources(
        &mut self,
        ctx: &Context<'_>,
        command: &ResourceCommand,
    ) -> Result<Done, Rejection> {
        ctx.require(command.entity.roles(command.route))?;
        let ids = command.ids();
        let moves = self.shelf.carry_out(ctx, command)?;
        let all = moves.iter().filter_map(|step| step.after.clone());
        let changed: Vec<Document> =
            moves.iter().filter(|step| step.is_one()).filter_map(|step| step.after.clone()).collect();
        let (reply, told) = match command.change {
            Change::Delete(_) => (Reply::Deleted(moves.len() as u64), Told::Deleted(ids.to_vec())),
            _ if command.route.is_many() => (Reply::Documents(all.collect()), Told::Documents(changed)),
            _ => {
                let one =
                    all.collect::<Vec<_>>().pop().map(Reply::Document).ok_or_else(|| missing(command))?;
                (one, Told::Documents(changed))
            }
        };
        Ok(Done { reply, events: events(command, told), audit: Vec::new() })
    }
}

/// A route of one that names none; no reader of bodies makes such.
fn missing(command: &ResourceCommand) -> Rejection {
    Rejection::invalid(format!("{} needs one document", command.route.name()))
}

fn events(command: &ResourceCommand, told: Told) -> Vec<Event> {
    let Some(route) = command.entity.route(command.route) else { return Vec::new() };
    let event = |name: &str, legacy, told| {
        Event::ResourcesChanged(Box::new(ResourcesChanged {
            entity: command.entity.name.clone(),
            route: command.route,
            name: name.to_owned(),
            legacy,
            namespaces: command.entity.namespaces.clone(),
            told,
            caller: command.caller,
        }))
    };
    match (route.broadcast, told) {
        (Broadcast::Off, _) => Vec::new(),
        (_, Told::Documents(documents)) if documents.is_empty() => Vec::new(),
        (Broadcast::On, told) => vec![event(&route.event, false, told)],
        (Broadcast::Legacy, Told::Documents(documents)) => {
            let one = |document| event(&route.legacy_event, true, Told::Documents(vec![document]));
            documents.into_iter().map(one).collect()
        }
        (Broadcast::Legacy, Told::Deleted(ids)) => {
            let one = |id| event(&route.legacy_event, true, Told::Deleted(vec![id]));
            ids.into_iter().map(one).collect()
        }
    }
}
