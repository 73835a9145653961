//! docs/types.md: made of the lines of `types!`. `BLESS=1` writes it.

use crate::roads::Line;

/// The tables of the page.
const PARTS: &[(&str, &[Line])] = &[
    ("Numbers and booleans", crate::numbers::LINES),
    ("Text, bytes, identifiers", crate::texts::LINES),
    ("Dates and times", crate::times::LINES),
    ("Dates and times of `jiff`", crate::jiff_times::LINES),
    ("Dates and times of `time`", crate::time_times::LINES),
    ("Intervals", crate::intervals::LINES),
    ("Documents", crate::documents::LINES),
    ("Network addresses", crate::networks::LINES),
    ("Points, lines and shapes", crate::plane::LINES),
    ("Extensions", crate::extensions::LINES),
    ("Full-text search", crate::search::LINES),
    ("Objects of the database", crate::objects::LINES),
    ("Ranges and arrays", crate::ranges::LINES),
    ("Newtypes", crate::newtypes::LINES),
    ("Vectors, of the extension pgvector", crate::vectors::LINES),
    ("Shapes, of the extension PostGIS", crate::shapes::LINES),
];

fn page() -> String {
    let mut page = String::from(include_str!("types.head.md"));
    for (title, lines) in PARTS {
        page.push_str(&format!(
            "\n## {title}\n\n| SQL type | Rust type | Feature | Limits |\n|---|---|---|---|\n"
        ));
        for line in *lines {
            let feature =
                if line.feature.is_empty() { String::new() } else { format!("`{}`", line.feature) };
            let rust = line.rust.split_whitespace().collect::<String>();
            page.push_str(&format!(
                "| `{}` | `{rust}` | {feature} | {} |\n",
                line.sql, line.limits
            ));
        }
    }
    page
}

#[test]
fn the_guide_lists_every_type() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/types.md");
    let page = page();
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path, &page).unwrap();
    }
    let found = std::fs::read_to_string(path).unwrap_or_default();
    assert_eq!(
        found, page,
        "docs/types.md is not up to date: run `BLESS=1 cargo test --test types guide`"
    );
}
