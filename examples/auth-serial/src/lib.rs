//! The nine tables of `examples/auth` with keys that the server counts, and columns in camelCase: `"emailVerified"`.
//!
//! Better Auth makes such tables with `generateId: "serial"`, through its own adapter for PostgreSQL.

use orm::prelude::*;
use std::fmt;
use std::marker::PhantomData;

/// The key of a row of `T`: an `integer`, compared with keys of `T` only.
#[derive(Newtype)]
pub struct Id<T>(i32, PhantomData<fn() -> T>);

impl<T> Id<T> {
    /// The key of that number.
    pub const fn of(number: i32) -> Self {
        Self(number, PhantomData)
    }

    /// Its number.
    pub const fn number(self) -> i32 {
        self.0
    }
}

// Derived, these would ask the same of `T`.
impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Id<T> {}

impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<T> Eq for Id<T> {}

impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A person who can sign in.
#[derive(Table, Debug, Clone, PartialEq)]
#[table(
    rename_all = "camelCase",
    has_many(
        sessions: Session,
        accounts: Account,
        members: Member,
        team_members: TeamMember,
        invitations: Invitation
    )
)]
pub struct User {
    /// Made by the server.
    #[column(primary_key, serial)]
    pub id: Id<User>,
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
#[table(rename_all = "camelCase")]
pub struct Session {
    /// Made by the server.
    #[column(primary_key, serial)]
    pub id: Id<Session>,
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
    pub user_id: Id<User>,
    /// The organization that the user works in now.
    pub active_organization_id: Option<String>,
    /// The team that the user works in now.
    pub active_team_id: Option<String>,
}

/// A way for a user to sign in: a password, or an account elsewhere.
#[derive(Table, Debug, Clone, PartialEq)]
#[table(rename_all = "camelCase")]
pub struct Account {
    /// Made by the server.
    #[column(primary_key, serial)]
    pub id: Id<Account>,
    /// The user's identifier at the provider.
    pub account_id: String,
    /// Who vouches for the user.
    pub provider_id: String,
    /// Whose account it is.
    #[column(references = User::id, on_delete = cascade, index = "account_userId_idx")]
    pub user_id: Id<User>,
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
#[table(rename_all = "camelCase")]
pub struct Verification {
    /// Made by the server.
    #[column(primary_key, serial)]
    pub id: Id<Verification>,
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
    rename_all = "camelCase",
    has_many(members: Member, invitations: Invitation, teams: Team)
)]
pub struct Organization {
    /// Made by the server.
    #[column(primary_key, serial)]
    pub id: Id<Organization>,
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
#[table(rename_all = "camelCase")]
pub struct Member {
    /// Made by the server.
    #[column(primary_key, serial)]
    pub id: Id<Member>,
    /// The organization.
    #[column(references = Organization::id, on_delete = cascade, index = "member_organizationId_idx")]
    pub organization_id: Id<Organization>,
    /// The user.
    #[column(references = User::id, on_delete = cascade, index = "member_userId_idx")]
    pub user_id: Id<User>,
    /// What the user may do there.
    #[column(default = "member")]
    pub role: String,
    /// Since when.
    pub created_at: DateTime<Utc>,
}

/// An invitation into an organization that is not answered yet, or was.
#[derive(Table, Debug, Clone, PartialEq)]
#[table(rename_all = "camelCase")]
pub struct Invitation {
    /// Made by the server.
    #[column(primary_key, serial)]
    pub id: Id<Invitation>,
    /// The organization.
    #[column(
        references = Organization::id,
        on_delete = cascade,
        index = "invitation_organizationId_idx"
    )]
    pub organization_id: Id<Organization>,
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
    pub inviter_id: Id<User>,
}

/// A part of an organization.
#[derive(Table, Debug, Clone, PartialEq)]
#[table(rename_all = "camelCase", has_many(team_members: TeamMember))]
pub struct Team {
    /// Made by the server.
    #[column(primary_key, serial)]
    pub id: Id<Team>,
    /// How the team is called.
    pub name: String,
    /// How many members it has.
    pub member_count: i32,
    /// The organization.
    #[column(references = Organization::id, on_delete = cascade, index = "team_organizationId_idx")]
    pub organization_id: Id<Organization>,
    /// When the team was made.
    pub created_at: DateTime<Utc>,
    /// When the row was last changed.
    #[column(on_update = now())]
    pub updated_at: Option<DateTime<Utc>>,
}

/// A user in a team.
#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "teamMember", rename_all = "camelCase")]
pub struct TeamMember {
    /// Made by the server.
    #[column(primary_key, serial)]
    pub id: Id<TeamMember>,
    /// The team.
    #[column(references = Team::id, on_delete = cascade, index = "teamMember_teamId_idx")]
    pub team_id: Id<Team>,
    /// The user.
    #[column(references = User::id, on_delete = cascade, index = "teamMember_userId_idx")]
    pub user_id: Id<User>,
    /// Keeps a user from being in a team twice.
    #[column(unique)]
    pub membership_key: Option<String>,
    /// Since when.
    pub created_at: Option<DateTime<Utc>>,
}
