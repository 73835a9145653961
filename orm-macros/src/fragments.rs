//! What a `macro_rules!` of the user's puts into the item: a fragment such as `$ty` or `$value` arrives in a group with
//! invisible delimiters, which hides the tokens that the attributes are made of.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// The tokens without invisible groups, as far as that changes no meaning.
///
/// A path, a type in angle brackets, a literal and a call bind tighter than anything that can come before or after them. What
/// does not (`1 + 2`) keeps its group, which is what makes `$a * $b` right; no attribute of ours is such an expression,
/// only the Rust value of `on_update`, which is passed on as it is.
pub(crate) fn visible(tokens: TokenStream) -> TokenStream {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut seen: Vec<TokenTree> = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        let TokenTree::Group(group) = token else {
            seen.push(token.clone());
            continue;
        };
        let inside = visible(group.stream());
        if group.delimiter() != Delimiter::None {
            let mut again = Group::new(group.delimiter(), inside);
            again.set_span(group.span());
            seen.push(TokenTree::Group(again));
            continue;
        }
        let inner: Vec<TokenTree> = inside.clone().into_iter().collect();
        let stands_alone = index.checked_sub(1).is_none_or(|before| is_any(&tokens[before], "=,"))
            && tokens.get(index + 1).is_none_or(|after| is_any(after, ",;"));
        if is_tight(&inner) || (stands_alone && is_negative(&inner)) {
            seen.extend(inner);
        } else {
            let mut again = Group::new(Delimiter::None, inside);
            again.set_span(group.span());
            seen.push(TokenTree::Group(again));
        }
    }
    seen.into_iter().collect()
}

fn is_any(token: &TokenTree, chars: &str) -> bool {
    matches!(token, TokenTree::Punct(punct) if chars.contains(punct.as_char()))
}

/// `-1`.
fn is_negative(tokens: &[TokenTree]) -> bool {
    matches!(tokens, [sign, TokenTree::Literal(_)] if is_any(sign, "-"))
}

/// Nothing, one token, a path, a path with `<..>`, a call, or the parts of an attribute: `a::b<c>`, `f(..)`,
/// `pub(crate)`, `column(unique)`, `column = ..` is none.
fn is_tight(tokens: &[TokenTree]) -> bool {
    if tokens.len() < 2 {
        return true;
    }
    let mut depth = 0_usize;
    let mut before = ' ';
    for (index, token) in tokens.iter().enumerate() {
        let tight = match token {
            TokenTree::Punct(punct) => {
                let char = punct.as_char();
                let arrow = char == '>' && matches!(before, '-' | '=');
                match char {
                    '<' => depth += 1,
                    '>' if !arrow => match depth.checked_sub(1) {
                        Some(less) => depth = less,
                        None => return false,
                    },
                    _ => {}
                }
                before = char;
                depth > 0 || matches!(char, ':' | '>')
            }
            // Two words in a row are none of these: `dyn Trait`, `a as b`.
            TokenTree::Ident(_) => {
                before = 'a';
                depth > 0 || index == 0 || is_any(&tokens[index - 1], ":")
            }
            TokenTree::Literal(_) => {
                before = '1';
                depth > 0
            }
            TokenTree::Group(group) => {
                before = ')';
                depth > 0
                    || (group.delimiter() == Delimiter::Parenthesis && index + 1 == tokens.len())
            }
        };
        if !tight {
            return false;
        }
    }
    // `a < b` opens what it does not close.
    depth == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::quote;

    /// A fragment within other tokens; the group is marked, where it is left.
    fn seen(before: &str, fragment: &str, after: &str) -> String {
        let fragment: TokenStream = fragment.parse().expect("tokens");
        let group = TokenTree::Group(Group::new(Delimiter::None, fragment));
        let before: TokenStream = before.parse().expect("tokens");
        let after: TokenStream = after.parse().expect("tokens");
        let seen = visible(quote!(#before #group #after));
        let show = |token: TokenTree| match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
                format!("<<{}>>", group.stream())
            }
            other => other.to_string(),
        };
        seen.into_iter().map(show).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_fragment_is_seen_through_where_that_changes_nothing() {
        for (fragment, expected) in [
            ("i64", "i64"),
            ("\"text\"", "\"text\""),
            ("User::id", "User : : id"),
            ("::std::vec::Vec<Option<i64>>", ": : std : : vec : : Vec < Option < i64 > >"),
            ("Box<dyn Fn(i64) -> u8 + Send>", "Box < dyn Fn (i64) - > u8 + Send >"),
            ("<A as B>::C", "< A as B > : : C"),
            ("now()", "now ()"),
            ("(crate)", "(crate)"),
            ("pub(crate)", "pub (crate)"),
            ("-5", "- 5"),
            ("", ""),
        ] {
            assert_eq!(
                seen("a =", fragment, ", b"),
                format!("a = {expected} , b").replace("  ", " ")
            );
        }
    }

    #[test]
    fn a_fragment_that_binds_less_keeps_its_group() {
        for fragment in ["1 + 2", "a < b", "a as u8", "&'static str", "dyn Send", "a.b()", "a = b"]
        {
            assert!(seen("2 *", fragment, "").contains("<<"), "{fragment}");
        }
        assert!(seen("2 -", "-5", "").contains("<<"));
    }
}
