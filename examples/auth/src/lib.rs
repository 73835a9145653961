//! The nine tables of a real authentication system: users, sessions, accounts, verifications, and
//! organizations with members, invitations and teams.
//!
//! `orm-migrate diff` finds them by building this crate; nothing lists them.

pub mod queries;

use orm::prelude::*;

/// A person who can sign in.
#[derive(Table, Debug, Clone, PartialEq)]
#[table(
    name = "user",
    has_many(
        sessions: Session,
        accounts: Account,
        members: Member,
        team_members: TeamMember,
        invitations: Invitation
    )
)]
pub struct User {
    /// Made by the application.
    #[column(primary_key)]
    pub id: String,
    /// How the user is called.
    pub name: String,
    /// Where the user is reached; no other user has it.
    #[column(unique)]
    pub email: String,
    /// Whether the user has shown to own `email`.
    #[column(default = false)]
    pub email_verified: bool,
    /// The address of a picture.
    pub image: Option<String>,
    /// When the row was inserted.
    #[column(default = now())]
    pub created_at: DateTime<Utc>,
    /// When the row was last changed.
    #[column(default = now(), on_update = now())]
    pub updated_at: DateTime<Utc>,
}

/// A signed-in device.
#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "session")]
pub struct Session {
    /// Made by the application.
    #[column(primary_key)]
    pub id: String,
    /// When the session ends by itself.
    pub expires_at: DateTime<Utc>,
    /// The secret that the device shows.
    #[column(unique)]
    pub token: String,
    /// When the row was inserted.
    #[column(default = now())]
    pub created_at: DateTime<Utc>,
    /// When the row was last changed.
    #[column(on_update = now())]
    pub updated_at: DateTime<Utc>,
    /// Where the device was.
    pub ip_address: Option<String>,
    /// What the device calls itself.
    pub user_agent: Option<String>,
    /// Whose session it is.
    #[column(references = User::id, on_delete = cascade, index = "session_userId_idx")]
    pub user_id: String,
    /// The organization that the user works in now.
    pub active_organization_id: Option<String>,
    /// The team that the user works in now.
    pub active_team_id: Option<String>,
}

/// A way for a user to sign in: a password, or an account elsewhere.
#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "account")]
pub struct Account {
    /// Made by the application.
    #[column(primary_key)]
    pub id: String,
    /// The user's identifier at the provider.
    pub account_id: String,
    /// Who vouches for the user.
    pub provider_id: String,
    /// Whose account it is.
    #[column(references = User::id, on_delete = cascade, index = "account_userId_idx")]
    pub user_id: String,
    /// The provider's access token.
    pub access_token: Option<String>,
    /// The provider's refresh token.
    pub refresh_token: Option<String>,
    /// The provider's identity token.
    pub id_token: Option<String>,
    /// When the access token ends.
    pub access_token_expires_at: Option<DateTime<Utc>>,
    /// When the refresh token ends.
    pub refresh_token_expires_at: Option<DateTime<Utc>>,
    /// What the tokens allow.
    pub scope: Option<String>,
    /// The hash of the password.
    pub password: Option<String>,
    /// When the row was inserted.
    #[column(default = now())]
    pub created_at: DateTime<Utc>,
    /// When the row was last changed.
    #[column(on_update = now())]
    pub updated_at: DateTime<Utc>,
}

/// A code that was sent and is waited for.
#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "verification")]
pub struct Verification {
    /// Made by the application.
    #[column(primary_key)]
    pub id: String,
    /// What is verified.
    #[column(index = "verification_identifier_idx")]
    pub identifier: String,
    /// The code.
    pub value: String,
    /// Until when the code counts.
    pub expires_at: DateTime<Utc>,
    /// When the row was inserted.
    #[column(default = now())]
    pub created_at: DateTime<Utc>,
    /// When the row was last changed.
    #[column(default = now(), on_update = now())]
    pub updated_at: DateTime<Utc>,
}

/// A company, club or family whose members work together.
#[derive(Table, Debug, Clone, PartialEq)]
#[table(
    name = "organization",
    has_many(members: Member, invitations: Invitation, teams: Team)
)]
pub struct Organization {
    /// Made by the application.
    #[column(primary_key)]
    pub id: String,
    /// How the organization is called.
    pub name: String,
    /// Its name in addresses.
    #[column(unique)]
    pub slug: String,
    /// The address of a picture.
    pub logo: Option<String>,
    /// When the organization was founded.
    pub created_at: DateTime<Utc>,
    /// Anything else, as JSON.
    pub metadata: Option<String>,
}

/// A user in an organization.
#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "member")]
pub struct Member {
    /// Made by the application.
    #[column(primary_key)]
    pub id: String,
    /// The organization.
    #[column(references = Organization::id, on_delete = cascade, index = "member_organizationId_idx")]
    pub organization_id: String,
    /// The user.
    #[column(references = User::id, on_delete = cascade, index = "member_userId_idx")]
    pub user_id: String,
    /// What the user may do there.
    #[column(default = "member")]
    pub role: String,
    /// Since when.
    pub created_at: DateTime<Utc>,
}

/// An invitation into an organization that is not answered yet, or was.
#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "invitation")]
pub struct Invitation {
    /// Made by the application.
    #[column(primary_key)]
    pub id: String,
    /// The organization.
    #[column(
        references = Organization::id,
        on_delete = cascade,
        index = "invitation_organizationId_idx"
    )]
    pub organization_id: String,
    /// Who is invited.
    #[column(index = "invitation_email_idx")]
    pub email: String,
    /// What the user will be allowed.
    pub role: Option<String>,
    /// The team that the user will be in.
    pub team_id: Option<String>,
    /// Whether it is answered, and how.
    #[column(default = "pending")]
    pub status: String,
    /// Until when it counts.
    pub expires_at: DateTime<Utc>,
    /// When the row was inserted.
    #[column(default = now())]
    pub created_at: DateTime<Utc>,
    /// Who invited.
    #[column(references = User::id, on_delete = cascade)]
    pub inviter_id: String,
}

/// A part of an organization.
#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "team", has_many(team_members: TeamMember))]
pub struct Team {
    /// Made by the application.
    #[column(primary_key)]
    pub id: String,
    /// How the team is called.
    pub name: String,
    /// How many members it has.
    pub member_count: i32,
    /// The organization.
    #[column(references = Organization::id, on_delete = cascade, index = "team_organizationId_idx")]
    pub organization_id: String,
    /// When the team was made.
    pub created_at: DateTime<Utc>,
    /// When the row was last changed.
    #[column(on_update = now())]
    pub updated_at: Option<DateTime<Utc>>,
}

/// A user in a team.
#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "team_member")]
pub struct TeamMember {
    /// Made by the application.
    #[column(primary_key)]
    pub id: String,
    /// The team.
    #[column(references = Team::id, on_delete = cascade, index = "teamMember_teamId_idx")]
    pub team_id: String,
    /// The user.
    #[column(references = User::id, on_delete = cascade, index = "teamMember_userId_idx")]
    pub user_id: String,
    /// Keeps a user from being in a team twice.
    #[column(unique)]
    pub membership_key: Option<String>,
    /// Since when.
    pub created_at: Option<DateTime<Utc>>,
}
