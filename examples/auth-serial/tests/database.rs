//! The tables in a database: keys that the server counts, through relations; names in camelCase.

use auth_serial::{Id, Member, Organization, Session, Team, TeamMember, User};
use orm::Insert;
use orm::prelude::*;

#[tokio::test]
async fn the_server_has_serial_keys_and_names_in_camel_case() -> orm::Result<()> {
    let database = orm_test_support::database_with_declared_tables().await;
    let sql = "SELECT column_name::text, data_type::text, column_default FROM information_schema.columns \
               WHERE table_name = 'teamMember' ORDER BY ordinal_position";
    let columns: Vec<(String, String, Option<String>)> = database.db().query(sql, &[]).await?;
    let column = |name: &str, ty: &str, default: Option<&str>| {
        (name.to_owned(), ty.to_owned(), default.map(str::to_owned))
    };
    let sequence = "nextval('\"teamMember_id_seq\"'::regclass)";
    assert_eq!(
        columns,
        [
            column("id", "integer", Some(sequence)),
            column("teamId", "integer", None),
            column("userId", "integer", None),
            column("membershipKey", "text", None),
            column("createdAt", "timestamp with time zone", None),
        ]
    );
    Ok(())
}

#[tokio::test]
async fn rows_are_found_through_keys_of_their_own_types() -> orm::Result<()> {
    let database = orm_test_support::database_with_declared_tables().await;
    let db = database.db();
    let now = Utc::now();
    let user = |name: &str| User::insert().name(name).email(format!("{name}@example.com"));
    let ids = Insert::values([user("ada"), user("grace")]).returning(User::id).all(&db).await?;
    assert_eq!(ids, [Id::of(1), Id::of(2)]);
    let acme = Organization::insert().name("Acme").slug("acme").created_at(now);
    let acme: Id<Organization> = acme.returning(Organization::id).one(&db).await?;
    let member = |user_id| Member::insert().organization_id(acme).user_id(user_id).created_at(now);
    Insert::values([ids[0], ids[1]].map(member)).execute(&db).await?;
    let session = Session::insert().user_id(ids[0]).token("secret").expires_at(now);
    let session = session.returning_all().one(&db).await?;
    let team = Team::insert().name("Research").member_count(1).organization_id(acme);
    let team = team.created_at(now).returning_all().one(&db).await?;
    TeamMember::insert().team_id(team.id).user_id(ids[1]).execute(&db).await?;

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
    assert_eq!(names, ["ada", "grace"]);
    assert_eq!(page.members[0].user.sessions, [session]);
    assert_eq!(page.teams[0].team_members[0].user.id, ids[1]);

    // The number itself: as of an integer.
    let even = User::query().filter((User::id.inner() % 2).eq(0)).select(User::id);
    assert_eq!(even.one(&db).await?.number(), 2);
    User::delete().find(ids[0]).execute(&db).await?;
    assert_eq!(Session::query().filter(Session::user_id.is_in(ids)).count(&db).await?, 0);
    Ok(())
}
