//! `embed_migrations!`: reads the folder of migrations while the program is compiled.

use crate::runtime;
use proc_macro2::TokenStream;
use quote::quote;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use syn::parse::{Parse, ParseStream};
use syn::{LitStr, Token};

/// The argument of the macro.
pub(crate) struct Embed {
    folder: Option<LitStr>,
}

impl Parse for Embed {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.is_empty() {
            return Ok(Self { folder: None });
        }
        let folder: LitStr = input.parse().map_err(|error| {
            let message = "expected nothing, or the folder of the migrations in quotes: embed_migrations!(\"db/migrations\")";
            syn::Error::new(error.span(), message)
        })?;
        input.parse::<Option<Token![,]>>()?;
        if !input.is_empty() {
            return Err(input.error("expected one folder and nothing else"));
        }
        Ok(Self { folder: Some(folder) })
    }
}

impl Embed {
    /// The migrations as an expression, or what is wrong with the folder.
    pub(crate) fn emit(&self, manifest_folder: &Path) -> TokenStream {
        let folder = self.folder.as_ref().map_or_else(|| "migrations".to_owned(), LitStr::value);
        let span = self.folder.as_ref().map_or_else(proc_macro2::Span::call_site, LitStr::span);
        match read(manifest_folder, &folder) {
            Ok(migrations) => emit(&folder, &origin(manifest_folder), &migrations),
            Err(message) => syn::Error::new(span, message).into_compile_error(),
        }
    }
}

/// A migration's name, and the paths of its `up.sql` and of its `plan.json` where it has one.
type Found = (String, PathBuf, Option<PathBuf>);

/// Not the text itself: this way the compiler looks at the file again when it changes.
fn text(path: &Path) -> TokenStream {
    let path = path.display().to_string();
    quote!(::core::include_str!(#path))
}

/// Where the crate is, and the files that may say which ledger it has.
fn origin(manifest_folder: &Path) -> TokenStream {
    let origin = runtime::embedded_origin();
    let optional = |name: &str, may_have: fn(&str) -> bool| {
        let path = manifest_folder.join(name);
        match fs::read_to_string(&path) {
            Ok(read) if may_have(&read) => {
                let text = text(&path);
                quote!(::core::option::Option::Some(#text))
            }
            _ => quote!(::core::option::Option::None),
        }
    };
    let settings = optional("orm.toml", |_| true);
    let manifest = optional("Cargo.toml", |text| text.contains("metadata"));
    quote! {
        #origin {
            place: ::core::option_env!("CARGO_MANIFEST_DIR"),
            settings: #settings,
            manifest: #manifest,
        }
    }
}

fn emit(folder: &str, origin: &TokenStream, migrations: &[Found]) -> TokenStream {
    let embedded = runtime::embedded();
    let texts = migrations.iter().map(|(name, up, plan)| {
        let up = text(up);
        let plan = match plan.as_deref().map(text) {
            Some(plan) => quote!(::core::option::Option::Some(#plan)),
            None => quote!(::core::option::Option::None),
        };
        quote!((#name, #up, #plan))
    });
    quote! {{
        const EMBEDDED: #embedded = #embedded::new(#folder, #origin, &[#(#texts),*]);
        EMBEDDED
    }}
}

fn read(manifest_folder: &Path, folder: &str) -> Result<Vec<Found>, String> {
    let path = manifest_folder.join(folder);
    let entries = fs::read_dir(&path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => format!(
            "there is no folder `{folder}` beside Cargo.toml: `orm-migrate init` makes one, embed_migrations!(\"..\") \
             names another"
        ),
        ErrorKind::NotADirectory => format!("`{folder}` is not a folder"),
        _ => format!("could not read the folder `{folder}`: {error}"),
    })?;
    let unreadable = |error| format!("could not read the folder `{folder}`: {error}");
    let mut entries = entries.collect::<Result<Vec<_>, _>>().map_err(unreadable)?;
    // The same message on every machine.
    entries.sort_by_key(fs::DirEntry::file_name);
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') || !path.is_dir() {
            continue;
        }
        if !is_name(&name) {
            return Err(format!(
                "`{folder}/{name}` is not named like a migration: name it <yyyymmddThhmmss>_<name>, or move it out of the \
                 folder"
            ));
        }
        let up = path.join("up.sql");
        match fs::read_to_string(&up) {
            Ok(_) => {
                let plan = path.join("plan.json");
                found.push((name, up, plan.is_file().then_some(plan)));
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Err(format!(
                    "the migration `{folder}/{name}` has no up.sql: restore the file, or remove the folder"
                ));
            }
            Err(error) => return Err(format!("could not read `{folder}/{name}/up.sql`: {error}")),
        }
    }
    Ok(found)
}

/// Whether it is a time, an underscore and more: as `orm-migrate` reads names.
fn is_name(name: &str) -> bool {
    let Some((time, rest)) = name.split_once('_') else { return false };
    let Some((date, clock)) = time.split_once('T') else { return false };
    let number = |text: &str, from: usize, to: usize| text.get(from..to)?.parse::<u32>().ok();
    let digits =
        |text: &str, count| text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
    if rest.is_empty() || !digits(date, 8) || !digits(clock, 6) {
        return false;
    }
    let parts = [
        number(date, 0, 4),
        number(date, 4, 6),
        number(date, 6, 8),
        number(clock, 0, 2),
        number(clock, 2, 4),
        number(clock, 4, 6),
    ];
    let [Some(year), Some(month), Some(day), Some(hour), Some(minute), Some(second)] = parts else {
        return false;
    };
    let is_leap = year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400);
    let days = match month {
        2 => 28 + u32::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    // A second may be 60, where one is put in.
    (1..=days).contains(&day) && hour < 24 && minute < 60 && second <= 60
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_that_the_tool_reads() {
        for name in ["20261123T104500_add", "20240229T235960_a_b", "20260101T000000__"] {
            assert!(is_name(name), "{name}");
        }
        for name in [
            "add",
            "20261123T104500",
            "20261123T104500_",
            "20261301T000000_a",
            "20250229T000000_a",
            "2026112T104500_add",
            "20261123T246000_a",
            "2026112３T10450_a",
            "20261123 104500_a",
        ] {
            assert!(!is_name(name), "{name}");
        }
    }

    #[test]
    fn migrations_are_sorted_and_files_are_left_out() {
        let place = std::env::temp_dir().join(format!("orm-embed-{}", std::process::id()));
        for name in ["20260102T000000_b", "20260101T000000_a", ".git"] {
            let folder = place.join("m").join(name);
            fs::create_dir_all(&folder).expect("a folder");
            fs::write(folder.join("up.sql"), "SELECT 1").expect("a file");
        }
        fs::write(place.join("m/README.md"), "").expect("a file");
        fs::write(place.join("m/20260102T000000_b/plan.json"), "{}").expect("a file");
        let found = read(&place, "m").expect("migrations");
        let names: Vec<_> = found.iter().map(|(name, ..)| name.as_str()).collect();
        assert_eq!(names, ["20260101T000000_a", "20260102T000000_b"]);
        let tokens = emit("m", &origin(&place), &found).to_string();
        assert_eq!(tokens.matches("plan.json").count(), 1, "{tokens}");
        assert!(tokens.contains("include_str") && tokens.contains(":: orm_migrate :: Embedded"));
        fs::write(place.join("m/20260101T000000_a/up.sql"), [0xff]).expect("a file");
        let error = read(&place, "m").expect_err("no text");
        assert!(error.contains("m/20260101T000000_a/up.sql"), "{error}");
        fs::remove_dir_all(place).expect("removed");
    }
}
