//! PostgreSQL has no `=` for some types: column `body` of type `xml` is neither compared nor sorted.
use orm::prelude::*;
use orm::types::Xml;

#[derive(Table)]
#[table(name = "page")]
pub struct Page {
    #[column(primary_key)]
    pub id: i64,
    pub body: Xml,
}

fn main() {
    let _ = Page::query().filter(Page::body.eq(Xml::from("<a/>")));
    let _ = Page::query().filter(Page::body.is_in([Xml::from("<a/>")]));
    let _ = Page::query().order_by(Page::body.asc());
}
