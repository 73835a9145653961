//! Tables with every kind of relation, and a few rows.

use orm::prelude::*;
use orm_test_support::TestDatabase;

#[derive(Table, Debug, Clone, PartialEq)]
#[table(
    name = "rel_person",
    has_one(
        profile: Profile,
        badge: Badge::holder_id,
        main_address: Address filter(Address::main.eq(true)),
        stats: Stats on(id = Stats::person_id),
    ),
    has_many(
        /// The teams that they are members of.
        teams: Team through(Membership),
        led_teams: Team through(Membership) filter(Membership::role.eq("lead")),
        memberships: Membership,
        followers: Person through(Follow::followed_id, Follow::follower_id),
        followed: Person through(Follow::follower_id, Follow::followed_id),
        addresses: Address,
        written: Article::author_id,
        edited: Article::editor,
        drafts: Article::author_id filter(Article::published.eq(false)),
        reports: Self,
        junior_reports: Self filter(Self::name.gt("C")),
        mails: Mail on(email = Mail::recipient),
    )
)]
pub(crate) struct Person {
    #[column(primary_key)]
    pub(crate) id: i64,
    pub(crate) name: String,
    #[column(unique)]
    pub(crate) email: String,
    #[column(references = Self::id)]
    pub(crate) manager_id: Option<i64>,
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "rel_profile")]
pub(crate) struct Profile {
    #[column(primary_key, references = Person::id)]
    pub(crate) person_id: i64,
    pub(crate) bio: String,
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "rel_badge")]
pub(crate) struct Badge {
    #[column(primary_key)]
    pub(crate) id: i64,
    #[column(references = Person::id, unique)]
    pub(crate) holder_id: Option<i64>,
    #[column(references = Person::id)]
    pub(crate) issuer_id: i64,
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "rel_address", unique_index(person_id, where = "main"))]
pub(crate) struct Address {
    #[column(primary_key)]
    pub(crate) id: i64,
    #[column(references = Person::id)]
    pub(crate) person_id: i64,
    pub(crate) city: String,
    pub(crate) main: bool,
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "rel_organization", has_many(teams: Team, documents: Document through(Team)))]
pub(crate) struct Organization {
    #[column(primary_key)]
    pub(crate) id: i64,
    pub(crate) name: String,
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(
    name = "rel_team",
    has_many(
        members: Person through(Membership),
        memberships: Membership,
        documents: Document,
        mentions: Mail on(id = Mail::team_number),
    )
)]
pub(crate) struct Team {
    #[column(primary_key)]
    pub(crate) id: i64,
    pub(crate) name: String,
    #[column(references = Organization::id)]
    pub(crate) organization_id: i64,
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "rel_membership", primary_key(person_id, team_id))]
pub(crate) struct Membership {
    #[column(references = Person::id)]
    pub(crate) person_id: i64,
    #[column(references = Team::id)]
    pub(crate) team_id: i64,
    pub(crate) role: String,
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "rel_follow", primary_key(follower_id, followed_id))]
pub(crate) struct Follow {
    #[column(references = Person::id)]
    pub(crate) follower_id: i64,
    #[column(references = Person::id)]
    pub(crate) followed_id: i64,
    pub(crate) since: i32,
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "rel_document", has_one(organization: Organization through(Team)))]
pub(crate) struct Document {
    #[column(primary_key)]
    pub(crate) id: i64,
    #[column(references = Team::id)]
    pub(crate) team_id: i64,
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(name = "rel_article")]
pub(crate) struct Article {
    #[column(primary_key)]
    pub(crate) id: i64,
    pub(crate) published: bool,
    #[column(references = Person::id)]
    pub(crate) author_id: i64,
    #[column(references = Person::id)]
    pub(crate) editor_id: Option<i64>,
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(
    name = "rel_stats",
    view = "SELECT author_id AS person_id, count(*) AS articles FROM public.rel_article GROUP BY author_id",
    belongs_to(person: Person on(person_id = Person::id)),
    has_many(articles_of: Article on(person_id = Article::author_id))
)]
pub(crate) struct Stats {
    #[column(primary_key)]
    pub(crate) person_id: i64,
    pub(crate) articles: i64,
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(
    name = "rel_mail",
    belongs_to(
        person: Person on(recipient = Person::email),
        team: Team on(team_number = Team::id),
    )
)]
pub(crate) struct Mail {
    #[column(primary_key)]
    pub(crate) id: i64,
    pub(crate) recipient: String,
    pub(crate) team_number: Option<i32>,
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(
    name = "rel_page",
    primary_key(site, path),
    has_one(meta: PageMeta),
    has_many(
        links: Link::source,
        links_by_column: Link::to_path,
        linked: Page through(Link::source, Link::target),
        linking: Page through(Link::to_path, Link::from_path),
    )
)]
pub(crate) struct Page {
    pub(crate) site: i64,
    pub(crate) path: String,
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(
    name = "rel_page_meta",
    primary_key(site, path),
    foreign_key(site, path => Page::site, Page::path, relation = page)
)]
pub(crate) struct PageMeta {
    pub(crate) site: i64,
    pub(crate) path: String,
    pub(crate) title: String,
}

#[derive(Table, Debug, Clone, PartialEq)]
#[table(
    name = "rel_link",
    primary_key(site, from_path, to_path),
    foreign_key(site, from_path => Page::site, Page::path, relation = source),
    foreign_key(site, to_path => Page::site, Page::path, relation = target)
)]
pub(crate) struct Link {
    pub(crate) site: i64,
    pub(crate) from_path: String,
    pub(crate) to_path: String,
}

/// Ada (1) is the manager of Bob (2) and Cleo (3); Dan (4) has nothing at all.
pub(crate) async fn world() -> (TestDatabase, Db) {
    let database = orm_test_support::database_with_declared_tables().await;
    database
        .execute(
            "INSERT INTO rel_person VALUES (1, 'Ada', 'ada@x', NULL), (2, 'Bob', 'bob@x', 1), (3, 'Cleo', 'cleo@x', 1), (4, 'Dan', 'dan@x', NULL);
             INSERT INTO rel_profile VALUES (1, 'first'), (2, 'second');
             INSERT INTO rel_badge VALUES (10, 1, 3), (11, 2, 3), (12, NULL, 1);
             INSERT INTO rel_address VALUES (1, 1, 'Rome', true), (2, 1, 'Oslo', false), (3, 2, 'Bonn', false);
             INSERT INTO rel_organization VALUES (1, 'Acme'), (2, 'Void');
             INSERT INTO rel_team VALUES (1, 'Red', 1), (2, 'Blue', 1), (3, 'Empty', 1);
             INSERT INTO rel_membership VALUES (1, 1, 'lead'), (1, 2, 'guest'), (2, 1, 'guest'), (3, 2, 'lead');
             INSERT INTO rel_follow VALUES (2, 1, 2020), (3, 1, 2021), (1, 3, 2022);
             INSERT INTO rel_document VALUES (1, 1), (2, 1), (3, 2);
             INSERT INTO rel_article VALUES (1, true, 1, 2), (2, false, 1, NULL), (3, true, 2, 1);
             INSERT INTO rel_mail VALUES (1, 'ada@x', 1), (2, 'nobody@x', NULL), (3, 'ada@x', 9);
             INSERT INTO rel_page VALUES (1, '/'), (1, '/a'), (1, '/b'), (2, '/');
             INSERT INTO rel_page_meta VALUES (1, '/', 'Home');
             INSERT INTO rel_link VALUES (1, '/', '/a'), (1, '/', '/b'), (1, '/a', '/');",
        )
        .await;
    let db = database.db();
    (database, db)
}
