//! What names the key of a relation is a column or a relation of the related table, and leads to the table that has the relation.
use orm::prelude::*;

#[derive(Table)]
#[table(
    primary_key(site, path),
    has_many(links: Link::site, links_of_author: Link::author, words: Link::words, nothing: Link::nothing)
)]
pub struct Page {
    pub site: i64,
    pub path: String,
}

#[derive(Table)]
#[table(
    primary_key(site, from_path, to_path),
    foreign_key(site, from_path => Page::site, Page::path, relation = source),
    foreign_key(site, to_path => Page::site, Page::path, relation = target),
    has_many(words: Word),
)]
pub struct Link {
    pub site: i64,
    pub from_path: String,
    pub to_path: String,
    #[column(references = Author::id)]
    pub author_id: i64,
}

#[derive(Table)]
#[table(foreign_key(site, a, b => Link::site, Link::from_path, Link::to_path))]
pub struct Word {
    #[column(primary_key)]
    pub id: i64,
    pub site: i64,
    pub a: String,
    pub b: String,
}

#[derive(Table)]
pub struct Author {
    #[column(primary_key)]
    pub id: i64,
}

fn main() {}
