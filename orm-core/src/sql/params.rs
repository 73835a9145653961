//! [`Params`]: the parameters of a statement, in the order of their numbers.

use crate::query::node::Param;

/// How many are held without an allocation.
const FEW: usize = 8;

/// References to parameters.
#[derive(Debug, Clone)]
pub struct Params<'a> {
    few: [Option<&'a Param>; FEW],
    count: usize,
    more: Vec<&'a Param>,
}

impl<'a> Params<'a> {
    pub(crate) const fn new() -> Self {
        Self { few: [None; FEW], count: 0, more: Vec::new() }
    }

    pub(crate) fn push(&mut self, param: &'a Param) {
        match self.few.get_mut(self.count) {
            Some(place) => *place = Some(param),
            None => self.more.push(param),
        }
        self.count += 1;
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The one at this place, from 0.
    pub fn get(&self, index: usize) -> Option<&'a Param> {
        match self.few.get(index) {
            Some(param) => *param,
            None => self.more.get(index - FEW).copied(),
        }
    }

    /// All of them.
    pub fn iter(&self) -> Iter<'a, '_> {
        Iter { params: self, next: 0 }
    }
}

impl<'a> FromIterator<&'a Param> for Params<'a> {
    fn from_iter<I: IntoIterator<Item = &'a Param>>(given: I) -> Self {
        let mut params = Self::new();
        for param in given {
            params.push(param);
        }
        params
    }
}

impl<'a, 'p> IntoIterator for &'p Params<'a> {
    type Item = &'a Param;
    type IntoIter = Iter<'a, 'p>;

    fn into_iter(self) -> Iter<'a, 'p> {
        self.iter()
    }
}

/// The parameters one after the other.
#[derive(Debug, Clone)]
pub struct Iter<'a, 'p> {
    params: &'p Params<'a>,
    next: usize,
}

impl<'a> Iterator for Iter<'a, '_> {
    type Item = &'a Param;

    fn next(&mut self) -> Option<&'a Param> {
        let param = self.params.get(self.next)?;
        self.next += 1;
        Some(param)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.params.len() - self.next;
        (left, Some(left))
    }
}

impl ExactSizeIterator for Iter<'_, '_> {}
