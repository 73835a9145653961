//! `orm::load` loads relations of the table of the rows, each once.
use auth::{Account, Member, User, UserWithAccounts, Verification};

fn main() {
    let users: Vec<User> = Vec::new();
    let _ = orm::load(users).with(Member::user);

    let loaded: Vec<UserWithAccounts> = Vec::new();
    let _ = orm::load(loaded).with(User::accounts);

    let verifications: Vec<Verification> = Vec::new();
    let _ = orm::load(verifications);

    let _ = orm::load_one("ada");
    let _: Vec<Account> = Vec::new();
}
