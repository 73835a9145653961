//! `WITH`: the common table expressions of a statement, before it (manual, section 7.8).
//!
//! A query names its sources where it reads them; the definitions are collected while the statement is written, and put
//! before it. So one that is read twice is defined once, and one that reads another comes after it.

use super::writer::{Found, Writer};
use crate::query::node::{Columns, Cte, CteClause};
use std::sync::Arc;

impl<'a> Writer<'a> {
    /// Takes note of expressions that are defined although nothing reads them.
    pub(super) fn named_ctes(&mut self, ctes: &'a [Arc<Cte>]) {
        for cte in ctes {
            self.cte(cte);
        }
    }

    /// Puts the definitions before the statement that is written.
    pub(super) fn with(&mut self) {
        if self.ctes_found() == 0 {
            return;
        }
        let mut written: Vec<&'a Arc<Cte>> = Vec::new();
        let mut is_recursive = false;
        let found = self.ctes_since(0);
        let definitions = self.apart(|writer| {
            for each in found {
                writer.definition(each, &mut written, &mut is_recursive);
            }
        });
        let keyword = if is_recursive { "WITH RECURSIVE " } else { "WITH " };
        self.prepend(&format!("{keyword}{definitions} "));
    }

    /// Writes a definition after those that it reads.
    fn definition(
        &mut self,
        found: Found<'a>,
        written: &mut Vec<&'a Arc<Cte>>,
        is_recursive: &mut bool,
    ) {
        let Found { cte, name } = found;
        if written.iter().any(|known| Arc::ptr_eq(known, cte)) {
            return;
        }
        written.push(cte);
        *is_recursive |= cte.recursive;
        let before = self.ctes_found();
        let text = self.apart(|writer| {
            writer.ident(&name);
            if !matches!(cte.columns, Columns::Names([])) {
                writer.column_names(cte.columns);
            }
            writer.push(match cte.materialized {
                None => " AS (",
                Some(true) => " AS MATERIALIZED (",
                Some(false) => " AS NOT MATERIALIZED (",
            });
            writer.within(name.clone(), |writer| writer.statement(&cte.statement));
            writer.push(")");
            for clause in &cte.clauses {
                writer.cte_clause(clause);
            }
        });
        for read in self.ctes_since(before) {
            self.definition(read, written, is_recursive);
        }
        if !self.is_empty() {
            self.push(", ");
        }
        self.append(&text);
    }

    fn cte_clause(&mut self, clause: &'a CteClause) {
        match clause {
            CteClause::Search(order, by, set) => {
                self.push(order);
                self.separated(", ", by, |writer, column| writer.ident(column));
                self.push(" SET ");
                self.ident(set);
            }
            CteClause::Cycle(columns, mark, path) => {
                self.push(" CYCLE ");
                self.separated(", ", columns, |writer, column| writer.ident(column));
                self.push(" SET ");
                self.ident(mark);
                self.push(" USING ");
                self.ident(path);
            }
        }
    }
}
