//! The tables in a database: keys of the client and of the server, through relations.

use auth_uuid::{
    Member, Organization, OrganizationId, Session, Team, TeamMember, User, UserId, Verification,
};
use orm::Insert;
use orm::prelude::*;

#[test]
fn keys_are_uuids() {
    let tables = [User::TABLE, Session::TABLE, TeamMember::TABLE, Verification::TABLE];
    for table in tables {
        assert_eq!(table.columns[0].data_type, "uuid");
        assert_eq!(table.columns[0].default.as_deref(), Some("gen_random_uuid()"));
    }
    let user_id = &Session::TABLE.columns[Session::user_id.position()];
    assert_eq!((&*user_id.name, &*user_id.data_type), ("user_id", "uuid"));
}

#[tokio::test]
async fn rows_are_found_through_keys_of_their_own_types() -> orm::Result<()> {
    let database = orm_test_support::database_with_declared_tables().await;
    let db = database.db();
    let now = Utc::now();
    let user = |name: &str| User::insert().name(name).email(format!("{name}@example.com"));
    let ids = Insert::values([user("ada"), user("grace")]).returning(User::id).all(&db).await?;
    assert!(ids[0] < ids[1], "the second is made later");
    assert_eq!(ids[0].0.get_version_num(), 7);

    // As Better Auth inserts: the server makes the key.
    let sql = "INSERT INTO \"user\" (name, email) VALUES ('alan', 'alan@example.com') RETURNING id";
    let alan: UserId = db.query_one(sql, &[]).await?;
    assert_eq!(alan.0.get_version_num(), 4);

    let acme = Organization::insert().name("Acme").slug("acme").created_at(now);
    let acme: OrganizationId = acme.returning(Organization::id).one(&db).await?;
    let member = |user_id| Member::insert().organization_id(acme).user_id(user_id).created_at(now);
    Insert::values([ids[0], ids[1], alan].map(member)).execute(&db).await?;
    let session = Session::insert().user_id(ids[0]).token("secret").expires_at(now);
    let session = session.returning_all().one(&db).await?;
    let team = Team::insert().name("Research").member_count(1).organization_id(acme);
    let team = team.created_at(now).returning_all().one(&db).await?;
    TeamMember::insert().team_id(team.id).user_id(alan).execute(&db).await?;

    let page = Organization::query()
        .find(acme)
        .with(
            Organization::members
                .with(Member::user.with(User::sessions))
                .order_by(Member::id.asc()),
        )
        .with(Organization::teams.with(Team::team_members.with(TeamMember::user)))
        .one(&db)
        .await?;
    let names: Vec<&str> = page.members.iter().map(|member| member.user.name.as_str()).collect();
    assert_eq!(names, ["ada", "grace", "alan"]);
    assert_eq!(page.members[0].user.sessions, std::slice::from_ref(&session));
    assert_eq!(page.teams[0].team_members[0].user.id, alan);

    let owner = Session::query()
        .inner_join(User, Session::user)
        .filter(Session::id.eq(session.id))
        .select((User::id, User::name));
    assert_eq!(owner.one(&db).await?, (ids[0], "ada".to_owned()));

    User::delete().find(ids[0]).execute(&db).await?;
    assert_eq!(Session::query().filter(Session::user_id.is_in(ids)).count(&db).await?, 0);
    assert_eq!(Member::query().count(&db).await?, 2);
    Ok(())
}
