//! The nine tables of `examples/auth` with keys of type `uuid`: each table has a type of keys of its own, so that a foreign key, a
//! filter or an argument of another is a compile error.
//!
//! Better Auth makes such tables with `generateId: "uuid"`: what it inserts gets its key from the server.

use orm::prelude::*;
use uuid::Uuid;

/// Types of keys: each a `uuid`, and compared with itself only.
macro_rules! keys {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Newtype, Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new key, greater than those before it: of version 7, which begins with the time.
            #[expect(clippy::new_without_default, reason = "a key is not made without being asked for")]
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }
        }
    )*};
}

keys! {
    /// The key of a `User`.
    UserId;
    /// The key of a `Session`.
    SessionId;
    /// The key of an `Account`.
    AccountId;
    /// The key of a `Verification`.
    VerificationId;
    /// The key of an `Organization`.
    OrganizationId;
    /// The key of a `Member`.
    MemberId;
    /// The key of an `Invitation`.
    InvitationId;
    /// The key of a `Team`.
    TeamId;
    /// The key of a `TeamMember`.
    TeamMemberId;
}

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
    /// Made by this crate, in the order of time; by the server for others.
    #[column(primary_key, default = sql("gen_random_uuid()"), default_fn = UserId::new)]
    pub id: UserId,
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

/// A signed-in device, with a [`SessionId`].
#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "session")]
pub struct Session {
    /// Made by this crate, in the order of time; by the server for others.
    #[column(primary_key, default = sql("gen_random_uuid()"), default_fn = SessionId::new)]
    pub id: SessionId,
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
    /// Whose session it is: no other key than a [`UserId`].
    #[column(references = User::id, on_delete = cascade, index = "session_userId_idx")]
    pub user_id: UserId,
    /// The organization that the user works in now.
    pub active_organization_id: Option<String>,
    /// The team that the user works in now.
    pub active_team_id: Option<String>,
}

/// A way for a user to sign in: a password, or an account elsewhere.
#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "account")]
pub struct Account {
    /// Made by this crate, in the order of time; by the server for others.
    #[column(primary_key, default = sql("gen_random_uuid()"), default_fn = AccountId::new)]
    pub id: AccountId,
    /// The user's identifier at the provider.
    pub account_id: String,
    /// Who vouches for the user.
    pub provider_id: String,
    /// Whose account it is.
    #[column(references = User::id, on_delete = cascade, index = "account_userId_idx")]
    pub user_id: UserId,
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
    /// Made by this crate, in the order of time; by the server for others.
    #[column(primary_key, default = sql("gen_random_uuid()"), default_fn = VerificationId::new)]
    pub id: VerificationId,
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
    /// Made by this crate, in the order of time; by the server for others.
    #[column(primary_key, default = sql("gen_random_uuid()"), default_fn = OrganizationId::new)]
    pub id: OrganizationId,
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
    /// Made by this crate, in the order of time; by the server for others.
    #[column(primary_key, default = sql("gen_random_uuid()"), default_fn = MemberId::new)]
    pub id: MemberId,
    /// The organization.
    #[column(references = Organization::id, on_delete = cascade, index = "member_organizationId_idx")]
    pub organization_id: OrganizationId,
    /// The user.
    #[column(references = User::id, on_delete = cascade, index = "member_userId_idx")]
    pub user_id: UserId,
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
    /// Made by this crate, in the order of time; by the server for others.
    #[column(primary_key, default = sql("gen_random_uuid()"), default_fn = InvitationId::new)]
    pub id: InvitationId,
    /// The organization.
    #[column(
        references = Organization::id,
        on_delete = cascade,
        index = "invitation_organizationId_idx"
    )]
    pub organization_id: OrganizationId,
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
    pub inviter_id: UserId,
}

/// A part of an organization.
#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "team", has_many(team_members: TeamMember))]
pub struct Team {
    /// Made by this crate, in the order of time; by the server for others.
    #[column(primary_key, default = sql("gen_random_uuid()"), default_fn = TeamId::new)]
    pub id: TeamId,
    /// How the team is called.
    pub name: String,
    /// How many members it has.
    pub member_count: i32,
    /// The organization.
    #[column(references = Organization::id, on_delete = cascade, index = "team_organizationId_idx")]
    pub organization_id: OrganizationId,
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
    /// Made by this crate, in the order of time; by the server for others.
    #[column(primary_key, default = sql("gen_random_uuid()"), default_fn = TeamMemberId::new)]
    pub id: TeamMemberId,
    /// The team.
    #[column(references = Team::id, on_delete = cascade, index = "teamMember_teamId_idx")]
    pub team_id: TeamId,
    /// The user.
    #[column(references = User::id, on_delete = cascade, index = "teamMember_userId_idx")]
    pub user_id: UserId,
    /// Keeps a user from being in a team twice.
    #[column(unique)]
    pub membership_key: Option<String>,
    /// Since when.
    pub created_at: Option<DateTime<Utc>>,
}
