//! What can be asked of lists, for the OpenAPI document.

use crate::vocabulary::names::{DonationStatusName, OrderStatusName};
use utoipa::IntoParams;
use uuid::Uuid;

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Page {
    /// Items of a page.
    #[param(minimum = 1, maximum = 100, default = 50)]
    limit: Option<u32>,
    /// Where the page begins: what the `Link` header of the page before says.
    cursor: Option<String>,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub struct Called {
    /// The one alone that another system called so, where it moved in.
    #[param(min_length = 1, max_length = 200)]
    external_id: Option<String>,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PeopleLogFilter {
    /// What was done to this user, invite or device alone.
    subject: Option<uuid::Uuid>,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct OrderFilter {
    /// Orders with one of these statuses; comma separated.
    #[param(style = Form, explode = false, example = json!(["CONFIRMED", "READY"]))]
    status: Option<Vec<OrderStatusName>>,
    /// Orders of this table.
    table: Option<Uuid>,
    /// Made at this time (RFC 3339) or later.
    #[param(format = DateTime)]
    since: Option<String>,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub struct DonationFilter {
    /// Donations with one of these statuses; comma separated. Without it all; with `near` those that are not over:
    /// AVAILABLE, CLAIMED, PICKED_UP.
    #[param(style = Form, explode = false, example = json!(["AVAILABLE"]))]
    status: Option<Vec<DonationStatusName>>,
    /// Around this point, in degrees: `lat,lng`. The nearest first, and no page follows.
    #[param(example = "40.4168,-3.7038")]
    near: Option<String>,
    /// Not farther than this many kilometres from there. Refused where more than 5000 donations lie within.
    #[param(minimum = 0, maximum = 20100, default = 50)]
    radius_km: Option<f64>,
}
