//! Documents of declared entities: written, and told of where their route is broadcast.

use super::{
    super::{
        command::Reply,
        context::Context,
        rejection::Rejection,
        resource::{Change, Document, ResourceCommand, Shelf, Told},
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
        Ok(Done { reply, events: command.events(told), audit: Vec::new() })
    }
}

/// A route of one that names none; no reader of bodies makes such.
fn missing(command: &ResourceCommand) -> Rejection {
    Rejection::invalid(format!("{} needs one document", command.route.name()))
}
