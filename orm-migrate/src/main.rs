//! The tool `orm-migrate`: see [`orm_migrate::cli`].

fn main() -> std::process::ExitCode {
    orm_migrate::cli::run(std::env::args_os(), None).into()
}
