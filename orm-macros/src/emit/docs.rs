//! Docs of what is generated: the user's own, where there are any, and what it is.

use proc_macro2::TokenStream;
use quote::quote;

/// The user's lines, and after them `what`.
pub(super) fn docs(lines: &[String], what: &str) -> TokenStream {
    if lines.is_empty() {
        return quote!(#[doc = #what]);
    }
    let lines = untested(lines);
    // As the lines of `///` comments, so that none of them is indented more than the others.
    let what = format!(" {what}");
    quote!(#(#[doc = #lines])* #[doc = ""] #[doc = #what])
}

/// The lines with examples that are not tests: those of the struct are tested where they stand.
fn untested(lines: &[String]) -> Vec<String> {
    let mut is_code = false;
    let line = |line: &String| {
        let fence = line.trim_start().strip_prefix("```");
        let Some(language) = fence else { return line.clone() };
        is_code = !is_code;
        match (is_code, language.is_empty()) {
            (true, true) => format!("{line}ignore"),
            (true, false) => format!("{line},ignore"),
            (false, _) => line.clone(),
        }
    };
    lines.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    fn lines(docs: &[&str]) -> String {
        let docs: Vec<String> = docs.iter().map(|line| (*line).to_owned()).collect();
        super::docs(&docs, "Column `id`.").to_string().replace("# [doc = ", "").replace("] ", " ")
    }

    #[test]
    fn the_users_lines_stand_before_what_it_is() {
        assert_eq!(lines(&[]), "\"Column `id`.\"]");
        assert_eq!(lines(&[" The key."]), "\" The key.\" \"\" \" Column `id`.\"]");
    }

    #[test]
    fn the_docs_of_a_field_are_those_of_all_that_is_made_of_it() {
        let table = "/// A user.
            #[table(has_many(/// Their devices.
                sessions: Session))]
            struct User {
                /// Where mail goes.
                email: String,
                /// Who invited.
                #[column(references = User::id)]
                guide_id: Option<i64>,
            }";
        let table = crate::expand(&syn::parse_str(table).expect("a struct"));
        let text = prettyplease::unparse(&syn::parse2(table).expect("items"));
        let places = |line: &str| text.lines().filter(|found| found.trim() == line).count();
        // The handle, the column of an alias, the setter; of a foreign key the relation too.
        assert_eq!(places("/// Where mail goes."), 3);
        assert_eq!(places("/// Who invited."), 4);
        assert_eq!((places("/// A user."), places("/// Their devices.")), (1, 1));
        assert_eq!(places("/// Column `email`."), 2);
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        assert!(
            lines.join("\n").contains("/// Who invited.\n///\n/// Relation `guide`."),
            "{text}"
        );
    }

    #[test]
    fn an_example_is_tested_once() {
        let docs = lines(&[" ```", " let id = 1;", " ```", " ```text", " id", " ```"]);
        assert_eq!(docs.matches("ignore").count(), 2, "{docs}");
        assert!(docs.contains("\" ```ignore\"") && docs.contains("\" ```text,ignore\""), "{docs}");
    }
}
