//! The queries of a real application on these tables, each typed from end to end.

use crate::{Member, Organization, Session, Team, User, UserWithSessions};
use orm::Result;
use orm::prelude::*;

/// An organization with its members, their users, and its teams.
#[derive(FromRow, Debug, Clone, PartialEq)]
#[from_row(from = Organization)]
pub struct OrganizationPage {
    /// What identifies it.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Its members, in the order of their ids, each with its user.
    #[column(relation = Organization::members.order_by(Member::id.asc()))]
    pub members: Vec<MemberPage>,
    /// Its teams, by name.
    #[column(relation = Organization::teams.order_by(Team::name.asc()))]
    pub teams: Vec<Team>,
}

/// A member of an organization with its user.
#[derive(FromRow, Debug, Clone, PartialEq)]
#[from_row(from = Member)]
pub struct MemberPage {
    /// What the member may do.
    pub role: String,
    /// Who it is.
    #[column(relation)]
    pub user: User,
}

/// The user with that address, with all sessions.
///
/// # Errors
/// What the server reports.
pub async fn user_with_sessions(
    db: &impl Executor,
    email: &str,
) -> Result<Option<UserWithSessions>> {
    User::query().filter(User::email.eq(email)).with(User::sessions).first(db).await
}

/// The organization of that slug, with its members, their users, and its teams: one round trip.
///
/// # Errors
/// What the server reports.
pub async fn organization_page(db: &impl Executor, slug: &str) -> Result<Option<OrganizationPage>> {
    Organization::query()
        .filter(Organization::slug.eq(slug))
        .select_as::<OrganizationPage>()
        .first(db)
        .await
}

/// The sessions that have not ended, each with its user.
///
/// # Errors
/// What the server reports.
pub async fn active_sessions(
    db: &impl Executor,
    at: DateTime<Utc>,
) -> Result<Vec<(Session, User)>> {
    Session::query()
        .inner_join(User, Session::user_id.eq(User::id))
        .filter(Session::expires_at.gt(at))
        .order_by(Session::id.asc())
        .all(db)
        .await
}

/// The sessions of one user, the last to end first.
///
/// # Errors
/// What the server reports.
pub async fn sessions_of(db: &impl Executor, user_id: &str) -> Result<Vec<Session>> {
    Session::query()
        .filter(Session::user_id.eq(user_id))
        .order_by(Session::expires_at.desc())
        .all(db)
        .await
}

/// Adds a user; the columns with a default are left to the server.
///
/// # Errors
/// What the server reports: [`ErrorKind::UniqueViolation`](orm::ErrorKind) for an address that is taken.
pub async fn add_user(db: &impl Executor, id: &str, name: &str, email: &str) -> Result<User> {
    User::insert().id(id).name(name).email(email).returning_all().one(db).await
}

/// Gives a user another name; `updated_at` moves by itself.
///
/// # Errors
/// What the server reports.
pub async fn rename_user(db: &impl Executor, id: &str, name: &str) -> Result<u64> {
    User::update().set(User::name.set(name)).filter(User::id.eq(id)).execute(db).await
}

/// Removes a user, and with it sessions, accounts and memberships.
///
/// # Errors
/// What the server reports.
pub async fn remove_user(db: &impl Executor, id: &str) -> Result<u64> {
    User::delete().filter(User::id.eq(id)).execute(db).await
}
