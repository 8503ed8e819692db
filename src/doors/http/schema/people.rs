//! Requests about people and devices, for the OpenAPI document.

use crate::vocabulary::names::RoleName;
use utoipa::ToSchema;

#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Login {
    #[schema(examples("waiter@restaurante.com"))]
    email: String,
    #[schema(examples("password123"), format = Password)]
    password: String,
    /// Lifetime of the access token in seconds, up to the configured one.
    ttl: Option<u32>,
}

#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RefreshToken {
    refresh_token: String,
}

#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Registration {
    email: String,
    #[schema(min_length = 8, max_length = 256, format = Password)]
    password: String,
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// Lets into its restaurant, in its role.
    invite_code: Option<String>,
    /// Of a new restaurant; the default is the name and `'s restaurant`.
    #[schema(min_length = 1, max_length = 200)]
    restaurant_name: Option<String>,
    /// Of a new restaurant, ISO 4217; the default is EUR.
    currency: Option<String>,
}

#[derive(ToSchema)]
pub struct ResetPassword {
    email: String,
}

#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChangePassword {
    reset_password_token: String,
    #[schema(min_length = 8, max_length = 256, format = Password)]
    new_password: String,
}

#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AccountChange {
    #[schema(min_length = 1, max_length = 200)]
    name: Option<String>,
    email: Option<String>,
    #[schema(min_length = 8, max_length = 256, format = Password)]
    password: Option<String>,
    /// Asked for where the address or the password changes.
    #[schema(format = Password)]
    current_password: Option<String>,
}

#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewUser {
    email: String,
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// Not above one's own.
    #[schema(value_type = RoleName)]
    role: String,
    #[schema(min_length = 8, max_length = 256, format = Password)]
    password: String,
}

#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserChange {
    email: Option<String>,
    #[schema(min_length = 1, max_length = 200)]
    name: Option<String>,
    #[schema(value_type = Option<RoleName>)]
    role: Option<String>,
    #[schema(min_length = 8, max_length = 256, format = Password)]
    password: Option<String>,
}

#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PairingSecret {
    pairing_secret: String,
}

#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClaimDevice {
    /// As the display shows it; case, spaces and dashes do not matter.
    #[schema(examples("7K3M-Q9XT"))]
    code: String,
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    #[schema(min_length = 1, max_length = 50)]
    station: Option<String>,
    /// KITCHEN or EXPO.
    #[schema(value_type = RoleName)]
    role: String,
}

#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewInvite {
    /// Not above one's own.
    #[schema(value_type = RoleName)]
    role: String,
    /// Whom it is for.
    #[schema(min_length = 1, max_length = 200)]
    note: Option<String>,
}
