//! `/donations` (specification 002): giving food away, finding it near, claiming it, saying what became of it.

use super::{
    answers,
    body::Fields,
    caller::{Call, Caller},
    error::HttpError,
    on_board::{self, OnBoard},
    page,
    query::Query,
    requests,
    schema::{self, BoardChoice, NewDonation, NewDonationStatus},
};
use crate::{
    code::ErrorCode,
    domain::{
        command::Command,
        donation::{DonationCommand, DonationStatus, Location, MAX_IMAGES, Near, Offer},
        ids::DonationId,
        principal::Role,
        rejection::Rejection,
        text::{Label, Name, Note},
    },
    store::donations::MOST_LOOKED_AT,
    vocabulary::donations::DonationBody,
};
use actix_web::HttpResponse;

/// Kilometres around a point where the client does not say: farther than anybody carries warm food.
const DEFAULT_RADIUS: f64 = 50.0;
/// Half the way around the Earth.
const MAX_RADIUS: f64 = 20_100.0;

/// Give food away (waiter)
///
/// It goes on the restaurant's board, where it expires at `expiryTime` unless somebody claims it.
#[utoipa::path(post, path = "/api/v1/donations", tag = "donations", params(BoardChoice), request_body = NewDonation,
    responses((status = 201, body = DonationBody)))]
pub async fn donate(OnBoard(call): OnBoard<Call>) -> Result<HttpResponse, HttpError> {
    call.caller.require(&[Role::Waiter])?;
    let offer = Box::new(offer(call.fields()?)?);
    let state = &call.caller.state;
    let donor_name = call.caller.read(state.store.tenant_name(call.caller.restaurant())).await?;
    let donor_name = donor_name.ok_or(ErrorCode::NotFound)?;
    let per_minute = state.donations_per_minute;
    let command = Command::Donation(DonationCommand::Post { offer, donor_name, per_minute });
    Ok(answers::created(call.execute(command).await?))
}

/// List the board's donations, newest first; with `near` the nearest first, and then on one page only
#[utoipa::path(get, path = "/api/v1/donations", tag = "donations",
    params(schema::DonationFilter, BoardChoice, schema::Page),
    responses((status = 200, body = [DonationBody])))]
pub async fn donations(OnBoard(caller): OnBoard<Caller>) -> Result<HttpResponse, HttpError> {
    let mut query = on_board::query(&caller);
    let statuses = query.many_of("status", &DonationStatus::ALL, DonationStatus::name);
    let near = near(&mut query);
    let asked = query.page();
    if near.is_some() && asked.after.is_some() {
        query.fault("cursor", "goes not with near, which has one page");
    }
    query.finish()?;
    let (board, store) = (caller.principal().board, &caller.state.store);
    let (head, donations, next) = match near {
        Some(near) => {
            // Whoever looks around looks for food, not for what a board has seen in years.
            let statuses = if statuses.is_empty() { DonationStatus::OPEN.to_vec() } else { statuses };
            let found = caller.read(store.donations_near(board, &statuses, near, asked.limit)).await?;
            let (head, found) = found.ok_or_else(too_many)?;
            (head, found, None)
        }
        None => {
            let listed = caller.read(store.donations(board, &statuses, &asked)).await?;
            (listed.head, listed.rows, listed.next)
        }
    };
    let bodies: Vec<DonationBody> = donations.iter().map(DonationBody::from).collect();
    Ok(page::answer(caller.request.uri(), &head, &bodies, next.as_ref().map(page::encode)))
}

/// One donation; a restaurant finds those that it gave on whichever board they are
#[utoipa::path(get, path = "/api/v1/donations/{id}", tag = "donations", params(BoardChoice),
    responses((status = 200, body = DonationBody), (status = 304, description = "As in If-None-Match")))]
pub async fn donation(OnBoard(mut caller): OnBoard<Caller>) -> Result<HttpResponse, HttpError> {
    let id = caller.id("id", DonationId)?;
    go_where_it_lies(&mut caller, id).await?;
    let donation = caller.read(caller.state.store.donation(caller.principal().board, id)).await?;
    let donation = donation.ok_or_else(|| Rejection::not_found("Donation", id))?;
    answers::unless_known(&caller, donation.version, DonationBody::from(&donation))
}

/// Claim a donation (NGO)
///
/// One claim wins; to the others it is not available any more.
#[utoipa::path(post, path = "/api/v1/donations/{id}/claim", tag = "donations", params(BoardChoice),
    responses((status = 200, body = DonationBody)))]
pub async fn claim_donation(OnBoard(call): OnBoard<Call>) -> Result<HttpResponse, HttpError> {
    let donation = call.caller.id("id", DonationId)?;
    // Others may not: the lane says so.
    let ngo_name = match call.caller.principal().role {
        Role::Ngo => call.caller.read(call.caller.state.store.tenant_name(call.caller.restaurant())).await?,
        _ => None,
    };
    let claim = DonationCommand::Claim { donation, ngo_name };
    let command = requests::nothing(call.fields()?, Command::Donation(claim))?;
    Ok(answers::changed(call.execute(command).await?))
}

/// Say what became of a donation (the claiming NGO, the donor)
#[utoipa::path(patch, path = "/api/v1/donations/{id}/status", tag = "donations", params(BoardChoice),
    request_body = NewDonationStatus,
    responses((status = 200, body = DonationBody)))]
pub async fn set_donation_status(OnBoard(mut call): OnBoard<Call>) -> Result<HttpResponse, HttpError> {
    let donation = call.caller.id("id", DonationId)?;
    go_where_it_lies(&mut call.caller, donation).await?;
    let mut fields = call.fields()?;
    let to = fields.required("status").one_of("status", &DonationStatus::ALL, DonationStatus::name);
    let to = fields.finish(to).map_err(HttpError::validation)?;
    let command = Command::Donation(DonationCommand::SetStatus { donation, to });
    Ok(answers::changed(call.execute(command).await?))
}

/// What a restaurant gave before it moved to another board stays its own: nobody else could take it back.
async fn go_where_it_lies(caller: &mut Caller, donation: DonationId) -> Result<(), HttpError> {
    if caller.principal().role == Role::Ngo {
        return Ok(());
    }
    let lies = caller.read(caller.state.store.board_of_own(caller.restaurant(), donation)).await?;
    if let Some(board) = lies {
        caller.verified.principal.board = board;
    }
    Ok(())
}

/// `{name, foodType, quantity, unit, description?, location: {lat, lng, address}, expiryTime, imageUrls?}`
fn offer(mut fields: Fields<'_>) -> Result<Offer, HttpError> {
    let name = fields.required("name").text("name", Name::parse);
    let food_type = fields.required("foodType").text("foodType", Name::parse);
    let quantity = fields.required("quantity").text("quantity", Label::parse);
    let unit = fields.required("unit").text("unit", Label::parse);
    let description = fields.text("description", Note::parse);
    let location = fields.required("location").object("location", |place| {
        let lat = place.required("lat").number("lat", -90.0..=90.0);
        let lng = place.required("lng").number("lng", -180.0..=180.0);
        let address = place.required("address").text("address", Name::parse);
        Some(Location { lat: lat?, lng: lng?, address: address? })
    });
    let expires_at = fields.required("expiryTime").time("expiryTime");
    let image_urls = fields.urls("imageUrls", MAX_IMAGES);
    let offer = || {
        Some(Offer {
            name: name?,
            food_type: food_type?,
            quantity: quantity?,
            unit: unit?,
            description,
            location: location?,
            expires_at: expires_at?,
            image_urls,
        })
    };
    let offer = offer();
    fields.finish(offer).map_err(HttpError::validation)
}

fn too_many() -> HttpError {
    HttpError::validation(vec![format!(
        "radiusKm reaches more than {MOST_LOOKED_AT} donations; ask for fewer kilometres, or for one status"
    )])
}

/// `near=lat,lng` and `radiusKm`.
fn near(query: &mut Query) -> Option<Near> {
    let point = query.parsed("near", "must be a latitude and a longitude: lat,lng", |text| {
        let (lat, lng) = text.split_once(',')?;
        let degree =
            |text: &str, most: f64| text.trim().parse::<f64>().ok().filter(|degree| degree.abs() <= most);
        Some((degree(lat, 90.0)?, degree(lng, 180.0)?))
    });
    let positive = format!("must be a number of kilometres, more than 0 and not more than {MAX_RADIUS}");
    let radius = query.parsed("radiusKm", &positive, |text| {
        text.parse::<f64>().ok().filter(|radius| *radius > 0.0 && *radius <= MAX_RADIUS)
    });
    if radius.is_some() && point.is_none() {
        query.fault("radiusKm", "needs near beside it");
    }
    let (lat, lng) = point?;
    Some(Near { lat, lng, radius_km: radius.unwrap_or(DEFAULT_RADIUS) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(body: &str) -> String {
        match offer(Fields::parse(body.as_bytes()).unwrap()) {
            Ok(offer) => format!("{} {:?}", offer.name, offer.location.lat),
            Err(error) => serde_json::to_value(error.body()).unwrap()["message"].to_string(),
        }
    }

    #[test]
    fn offers_by_table() {
        let whole = r#"{"name":"Pan","foodType":"Bakery","quantity":"5","unit":"kg","location":{"lat":40.4,"lng":-3.7,
            "address":"Calle Mayor 1"},"expiryTime":"2026-01-01T00:00:00Z","imageUrls":[]}"#;
        assert_eq!(faults(whole), "Pan 40.4");
        assert_eq!(faults(&whole.replace(r#","imageUrls":[]"#, "")), "Pan 40.4");
        assert_eq!(
            faults("{}"),
            r#"["name should not be empty","foodType should not be empty","quantity should not be empty","unit should not be empty","location should not be empty","expiryTime should not be empty"]"#
        );
        for (from, to, expected) in [
            (r#""5""#, "5", r#"["quantity must be a string"]"#),
            ("40.4", "140.4", r#"["location.lat must not be greater than 90"]"#),
            (r#""Calle Mayor 1""#, r#""""#, r#"["location.address should not be empty"]"#),
            ("2026-01-01T00:00:00Z", "soon", r#"["expiryTime must be a valid ISO 8601 date string"]"#),
            (r#"[]"#, r#"["file:///x"]"#, r#"["each value in imageUrls must be a URL address"]"#),
            (r#""unit""#, r#""donorName":"x","unit""#, r#"["property donorName should not exist"]"#),
        ] {
            assert_eq!(faults(&whole.replacen(from, to, 1)), expected);
        }
    }

    #[test]
    fn points_by_table() {
        let read = |text: &str| {
            let mut query = Query::parse(text);
            let near = near(&mut query);
            query.finish().map(|()| near).map_err(|error| {
                serde_json::to_value(error.body()).unwrap()["message"][0].as_str().unwrap().to_owned()
            })
        };
        let point = |lat, lng, radius_km| Ok(Some(Near { lat, lng, radius_km }));
        let refused = "near must be a latitude and a longitude: lat,lng".to_owned();
        assert_eq!(read(""), Ok(None));
        assert_eq!(read("near=40.4,-3.7"), point(40.4, -3.7, DEFAULT_RADIUS));
        assert_eq!(read("near=40.4,%20-3.7&radiusKm=2.5"), point(40.4, -3.7, 2.5));
        for bad in ["near=40.4", "near=91,0", "near=0,181", "near=x,y", "near=NaN,0", "near=inf,0"] {
            assert_eq!(read(bad), Err(refused.clone()), "{bad}");
        }
        for bad in
            ["near=1,1&radiusKm=0", "near=1,1&radiusKm=-1", "near=1,1&radiusKm=NaN", "near=1,1&radiusKm=1e9"]
        {
            assert!(read(bad).unwrap_err().starts_with("radiusKm must be a number of kilometres"), "{bad}");
        }
        assert_eq!(read("radiusKm=5"), Err("radiusKm needs near beside it".to_owned()));
    }
}
