//! What stands between the parentheses of a key: texts, elements such as `created_at desc`, and options such as
//! `method = gin`.

use super::item::Item;
use super::value::integer;
use crate::errors::Errors;
use crate::model::{Deferrable, Name, Part, PartKey};
use crate::names;
use proc_macro2::{Ident, Span, TokenStream};
use syn::ext::IdentExt as _;
use syn::parse::{ParseStream, Parser as _};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned as _;
use syn::{Expr, ExprLit, Lit, LitStr, Token};

/// The options that may stand alone; every other needs a value, so that a field can have its name.
const FLAGS: [&str; 11] = [
    "always",
    "by_default",
    "constraint",
    "cycle",
    "default",
    "deferrable",
    "match_full",
    "no_inherit",
    "not_valid",
    "nulls_not_distinct",
    "restrictive",
];

/// A list as it was read.
pub(super) struct List {
    pub(super) texts: Vec<LitStr>,
    pub(super) parts: Vec<Part>,
    pub(super) options: Options,
}

/// The options of a list, by their words. What is taken is gone.
pub(super) struct Options {
    key: String,
    options: Vec<Choice>,
}

/// One option: a word, perhaps with a value or a list.
struct Choice {
    word: Ident,
    value: Value,
}

enum Value {
    None,
    Expr(Box<Expr>),
    List(TokenStream),
}

impl List {
    /// Reads `(..)` of a key that has these options.
    pub(super) fn read(item: &mut Item, known: &[&str], errors: &mut Errors) -> Option<Self> {
        let key = item.key().to_owned();
        let (texts, parts, options) = item.list(errors, |input| {
            let (mut texts, mut parts, mut options) = (Vec::new(), Vec::new(), Vec::new());
            while !input.is_empty() {
                if input.peek(LitStr) {
                    texts.push(input.parse()?);
                } else if let Some(found) = choice(input, known)? {
                    keep(&mut options, found)?;
                } else {
                    parts.push(part(input)?);
                }
                comma(input)?;
            }
            Ok((texts, parts, options))
        })?;
        Some(Self { texts, parts, options: Options { key, options } })
    }

    /// The name, which is the first text or an option, where a key has no other text.
    pub(super) fn name(&mut self, errors: &mut Errors) -> Option<Name> {
        if self.texts.len() > 1 {
            let key = &self.options.key;
            errors.at(
                &self.texts[1],
                format!("`{key}` has one text, its name; SQL is `sql(\"..\")`"),
            );
        }
        let text = (!self.texts.is_empty()).then(|| self.texts.remove(0));
        let name = match text {
            Some(text) => Some(Name::of(&text)),
            None => self.options.name(errors),
        };
        self.options.renamed(name, errors)
    }

    /// The elements as names of fields, where a key takes nothing else.
    pub(super) fn fields(&self, errors: &mut Errors) -> Vec<Ident> {
        let key = &self.options.key;
        let mut field = |part: &Part| match &part.key {
            PartKey::Field(field) if part.is_plain() => Some(field.clone()),
            other => {
                let message = format!("`{key}` is made of fields alone");
                errors.push(syn::Error::new(part.span, message));
                match other {
                    PartKey::Field(field) => Some(field.clone()),
                    PartKey::Sql(_) => None,
                }
            }
        };
        self.parts.iter().filter_map(&mut field).collect()
    }
}

impl Part {
    /// Whether it is a key and nothing else.
    fn is_plain(&self) -> bool {
        self.collation.is_none()
            && self.operator_class.is_none()
            && !self.descending
            && self.nulls_first.is_none()
            && self.operator.is_none()
    }
}

/// The fields and options of `foreign_key(a, b => Table::a, Table::b, ..)`.
pub(super) struct References {
    pub(super) name: Option<LitStr>,
    pub(super) fields: Vec<Ident>,
    pub(super) references: Vec<syn::Path>,
    pub(super) options: Options,
}

impl References {
    pub(super) fn read(item: &mut Item, known: &[&str], errors: &mut Errors) -> Option<Self> {
        let key = item.key().to_owned();
        let (name, fields, references, options) = item.list(errors, |input| {
            let name: Option<LitStr> = if input.peek(LitStr) { Some(input.parse()?) } else { None };
            if name.is_some() {
                comma(input)?;
            }
            let mut fields: Vec<Ident> = Vec::new();
            while !input.peek(Token![=>]) {
                let field: Ident = input.parse()?;
                if input.is_empty() {
                    let message = "expected `=> Table::column, ..` behind the fields";
                    return Err(syn::Error::new(field.span(), message));
                }
                if !input.peek(Token![=>]) {
                    comma(input)?;
                }
                fields.push(field);
            }
            input.parse::<Token![=>]>()?;
            let (mut references, mut options) = (Vec::new(), Vec::new());
            while !input.is_empty() {
                let ahead = input.fork().call(syn::Path::parse_mod_style);
                if ahead.is_ok_and(|path| path.segments.len() > 1) {
                    references.push(input.call(syn::Path::parse_mod_style)?);
                } else if let Some(found) = choice(input, known)? {
                    keep(&mut options, found)?;
                } else {
                    return Err(input.error("expected `Table::column`"));
                }
                comma(input)?;
            }
            Ok((name, fields, references, options))
        })?;
        Some(Self { name, fields, references, options: Options { key, options } })
    }
}

/// The comma between two elements, unless the list is over.
fn comma(input: ParseStream<'_>) -> syn::Result<()> {
    if input.is_empty() {
        return Ok(());
    }
    match input.peek(Token![,]) {
        true => input.parse::<Token![,]>().map(|_| ()),
        false => Err(input.error("expected `,`")),
    }
}

fn keep(options: &mut Vec<Choice>, found: Choice) -> syn::Result<()> {
    if options.iter().any(|other| other.word == found.word) {
        let message = format!("option `{}` is given twice", found.word);
        return Err(syn::Error::new(found.word.span(), message));
    }
    options.push(found);
    Ok(())
}

/// An option, if that is what comes next: a word of `known`, or anything with a value.
fn choice(input: ParseStream<'_>, known: &[&str]) -> syn::Result<Option<Choice>> {
    let ahead = input.fork();
    let Ok(word) = Ident::parse_any(&ahead) else { return Ok(None) };
    let text = word.to_string();
    let has_value = ahead.peek(Token![=]) && !ahead.peek(Token![=>]);
    let has_list = ahead.peek(syn::token::Paren) && text != "sql";
    let stands_alone =
        FLAGS.contains(&text.as_str()) && (ahead.is_empty() || ahead.peek(Token![,]));
    if !known.contains(&text.as_str()) {
        if !has_value && !has_list {
            return Ok(None);
        }
        let hint = match names::nearest(&text, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => {
                let known: Vec<String> = known.iter().map(|it| format!("`{it}`")).collect();
                format!("expected one of {}", known.join(", "))
            }
        };
        return Err(syn::Error::new(word.span(), format!("unknown option `{text}`; {hint}")));
    }
    if !has_value && !has_list && !stands_alone {
        return Ok(None);
    }
    let word = Ident::parse_any(input)?;
    let value = if has_value {
        input.parse::<Token![=]>()?;
        Value::Expr(Box::new(input.parse()?))
    } else if has_list {
        let content;
        syn::parenthesized!(content in input);
        Value::List(content.parse()?)
    } else {
        Value::None
    };
    Ok(Some(Choice { word, value }))
}

/// `field` or `sql("..")`, and what may stand behind it.
fn part(input: ParseStream<'_>) -> syn::Result<Part> {
    let ident: Ident = input.parse()?;
    let span = ident.span();
    let key = if ident == "sql" && input.peek(syn::token::Paren) {
        let content;
        syn::parenthesized!(content in input);
        PartKey::Sql(content.parse::<LitStr>()?.value())
    } else {
        PartKey::Field(ident)
    };
    let mut part = Part {
        key,
        collation: None,
        operator_class: None,
        descending: false,
        nulls_first: None,
        operator: None,
        span,
    };
    while input.peek(syn::Ident::peek_any) {
        let word = Ident::parse_any(input)?;
        match word.to_string().as_str() {
            "asc" => part.descending = false,
            "desc" => part.descending = true,
            "nulls_first" => part.nulls_first = Some(true),
            "nulls_last" => part.nulls_first = Some(false),
            "collate" => part.collation = Some(names::collation(&input.parse::<LitStr>()?.value())),
            "ops" => part.operator_class = Some(word_or_text(input)?),
            "with" => part.operator = Some(input.parse::<LitStr>()?.value()),
            other => {
                let known = ["asc", "desc", "nulls_first", "nulls_last", "collate", "ops", "with"];
                let hint = match names::nearest(other, known) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "expected `,`, or `asc`, `desc`, `nulls_first`, `nulls_last`, `collate \"..\"`, `ops \"..\"`".to_owned(),
                };
                let message = format!("unknown word `{other}` behind an element; {hint}");
                return Err(syn::Error::new(word.span(), message));
            }
        }
    }
    Ok(part)
}

fn word_or_text(input: ParseStream<'_>) -> syn::Result<String> {
    if input.peek(LitStr) {
        return input.parse::<LitStr>().map(|text| text.value());
    }
    input.parse::<Ident>().map(|word| names::plain(&word))
}

impl Options {
    fn take(&mut self, word: &str) -> Option<Choice> {
        let place = self.options.iter().position(|choice| choice.word == word)?;
        Some(self.options.remove(place))
    }

    fn misused(&self, word: &str, expects: &str, at: Span, errors: &mut Errors) {
        let message = format!("option `{word}` of `{}` {expects}", self.key);
        errors.push(syn::Error::new(at, message));
    }

    /// `name = ".."`.
    pub(super) fn name(&mut self, errors: &mut Errors) -> Option<Name> {
        self.text("name", errors).map(|text| Name::of(&text))
    }

    /// The name with `renamed_from = ".."`, which needs one.
    pub(super) fn renamed(&mut self, name: Option<Name>, errors: &mut Errors) -> Option<Name> {
        let Some(from) = self.text("renamed_from", errors) else { return name };
        if name.is_none() {
            let message = format!(
                "`renamed_from` belongs to a name, and this `{}` has none: one that nobody gives follows by itself",
                self.key
            );
            errors.push(syn::Error::new(from.span(), message));
        }
        let from = Some(Box::new(Name::of(&from)));
        name.map(|name| Name { renamed_from: from, ..name })
    }

    /// A word that stands alone.
    pub(super) fn flag(&mut self, word: &str, errors: &mut Errors) -> bool {
        let Some(choice) = self.take(word) else { return false };
        if !matches!(choice.value, Value::None) {
            self.misused(word, "stands alone, without a value", choice.word.span(), errors);
        }
        true
    }

    /// `word = ".."`.
    pub(super) fn text(&mut self, word: &str, errors: &mut Errors) -> Option<LitStr> {
        let choice = self.take(word)?;
        match choice.value {
            Value::Expr(value) => match *value {
                Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => return Some(text),
                other => self.misused(word, "takes a string", other.span(), errors),
            },
            _ => self.misused(word, "takes a string", choice.word.span(), errors),
        }
        None
    }

    /// `word = ".."` as the string.
    pub(super) fn string(&mut self, word: &str, errors: &mut Errors) -> Option<String> {
        self.text(word, errors).map(|text| text.value())
    }

    /// `word = something`.
    pub(super) fn expr(&mut self, word: &str, errors: &mut Errors) -> Option<Expr> {
        let choice = self.take(word)?;
        if let Value::Expr(value) = choice.value {
            return Some(*value);
        }
        self.misused(word, "takes a value", choice.word.span(), errors);
        None
    }

    /// `word = other`, as an identifier.
    pub(super) fn ident(&mut self, word: &str, errors: &mut Errors) -> Option<Ident> {
        let value = self.expr(word, errors)?;
        if let Expr::Path(path) = &value
            && let Some(ident) = path.path.get_ident()
            && names::is_free(ident)
        {
            return Some(ident.clone());
        }
        self.misused(word, "takes one word", value.span(), errors);
        None
    }

    /// `word = other` or `word = "other"`.
    pub(super) fn word(&mut self, word: &str, errors: &mut Errors) -> Option<String> {
        let value = self.expr(word, errors)?;
        match &value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => return Some(text.value()),
            Expr::Path(path) => {
                if let Some(ident) = path.path.get_ident() {
                    return Some(names::plain(ident));
                }
            }
            _ => {}
        }
        self.misused(word, "takes one word", value.span(), errors);
        None
    }

    /// `word = 7`.
    pub(super) fn integer(&mut self, word: &str, errors: &mut Errors) -> Option<i64> {
        let value = self.expr(word, errors)?;
        let number = integer(&value);
        if number.is_none() {
            self.misused(word, "takes a whole number", value.span(), errors);
        }
        number
    }

    /// `word(a, b)`.
    pub(super) fn idents(&mut self, word: &str, errors: &mut Errors) -> Vec<Ident> {
        self.many(word, errors, Punctuated::<Ident, Token![,]>::parse_terminated)
    }

    /// `word("a", "b")`, or `word = "a, b"`.
    pub(super) fn strings(&mut self, word: &str, errors: &mut Errors) -> Vec<String> {
        let is_text =
            self.options.iter().any(|it| it.word == word && matches!(it.value, Value::Expr(_)));
        if is_text {
            let Some(text) = self.text(word, errors) else { return Vec::new() };
            let all: Vec<String> =
                text.value().split(',').map(|part| part.trim().to_owned()).collect();
            if all.iter().any(String::is_empty) {
                self.misused(word, "holds an empty name", text.span(), errors);
            }
            return all;
        }
        let texts = self.many(word, errors, Punctuated::<LitStr, Token![,]>::parse_terminated);
        texts.iter().map(LitStr::value).collect()
    }

    fn many<T>(
        &mut self,
        word: &str,
        errors: &mut Errors,
        parse: fn(ParseStream<'_>) -> syn::Result<Punctuated<T, Token![,]>>,
    ) -> Vec<T> {
        let Some(choice) = self.take(word) else { return Vec::new() };
        if let Value::List(tokens) = choice.value {
            if tokens.is_empty() {
                // `to()` of a policy would be every role, `set_null()` every column: an empty list is a slip.
                self.misused(word, "is empty", choice.word.span(), errors);
                return Vec::new();
            }
            match parse.parse2(tokens) {
                Ok(list) => return list.into_iter().collect(),
                Err(error) => errors.push(error),
            }
        } else {
            self.misused(word, "takes a list", choice.word.span(), errors);
        }
        Vec::new()
    }

    /// `with(fillfactor = 70)`, each as `fillfactor=70`.
    pub(super) fn settings(&mut self, errors: &mut Errors) -> Vec<String> {
        let mut all =
            self.many("with", errors, |input| Punctuated::parse_terminated_with(input, setting));
        all.sort();
        all
    }

    /// `deferrable`, `deferrable = initially_deferred` or `deferrable = initially_immediate`.
    pub(super) fn deferrable(&mut self, errors: &mut Errors) -> Option<Deferrable> {
        let choice = self.take("deferrable")?;
        let span = choice.word.span();
        match choice.value {
            Value::None => Some(Deferrable { initially_deferred: false, span }),
            Value::Expr(value) => deferrable(&value, span, errors),
            Value::List(_) => {
                self.misused("deferrable", "stands alone or takes a word", span, errors);
                None
            }
        }
    }
}

/// The value of `deferrable = ..`.
pub(super) fn deferrable(value: &Expr, span: Span, errors: &mut Errors) -> Option<Deferrable> {
    let word = match value {
        Expr::Path(path) => path.path.get_ident().map(ToString::to_string),
        _ => None,
    };
    match word.as_deref() {
        Some("initially_deferred") => Some(Deferrable { initially_deferred: true, span }),
        Some("initially_immediate") => Some(Deferrable { initially_deferred: false, span }),
        _ => {
            errors.at(
                value,
                "`deferrable` stands alone, or is `deferrable = initially_deferred` or `initially_immediate`",
            );
            None
        }
    }
}

/// `fillfactor = 70`, `toast.autovacuum_enabled = false`, as `name=value`.
fn setting(input: ParseStream<'_>) -> syn::Result<String> {
    let mut name = names::plain(&Ident::parse_any(input)?);
    while input.peek(Token![.]) {
        input.parse::<Token![.]>()?;
        name = format!("{name}.{}", names::plain(&Ident::parse_any(input)?));
    }
    input.parse::<Token![=]>()?;
    let value: Expr = input.parse()?;
    let text = match &value {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
        Expr::Lit(ExprLit { lit: Lit::Bool(value), .. }) => Some(value.value.to_string()),
        Expr::Lit(ExprLit { lit: Lit::Float(value), .. }) => Some(value.base10_digits().to_owned()),
        Expr::Path(path) => path.path.get_ident().map(names::plain),
        other => integer(other).map(|number| number.to_string()),
    };
    match text {
        Some(text) => Ok(format!("{name}={text}")),
        None => Err(syn::Error::new(
            value.span(),
            format!("the storage parameter `{name}` takes a number, a boolean, a word or a string"),
        )),
    }
}

/// `with(..)` as a key of its own.
pub(super) fn settings(item: &mut Item, errors: &mut Errors) -> Vec<String> {
    let mut all: Vec<String> = item
        .list(errors, |input| Punctuated::<_, Token![,]>::parse_terminated_with(input, setting))
        .map(|all| all.into_iter().collect())
        .unwrap_or_default();
    all.sort();
    all
}
