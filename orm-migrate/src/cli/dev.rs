//! `dev`: a PostgreSQL for this project, whose data is kept.

use super::context::Context;
use crate::devdb::{self, Data, DevdbError, Server};
use crate::error::{Exit, Failure};
use serde_json::json;
use std::ffi::OsString;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use tokio::signal::unix::{Signal, SignalKind, signal};

pub(super) async fn run(
    context: &Context<'_>,
    data: Option<PathBuf>,
    command: &[OsString],
) -> Result<u8, Failure> {
    let output = context.output;
    let data = match data {
        Some(data) => data,
        None => match &context.settings()?.dev.data {
            Some(data) => data.clone(),
            None => own_folder(context.project()?.folder())?,
        },
    };
    // A server of its own outlives neither this process nor the command.
    let (server, url) = match Server::start(Data::Kept(data)) {
        Ok(server) => {
            let url = server.url("postgres");
            (Some(server), url)
        }
        Err(DevdbError::AlreadyRunning { url: Some(url), .. }) => (None, url),
        Err(error) => return Err(error.into()),
    };
    if !command.is_empty() {
        return with_command(command, &url).await;
    }
    output.answer(&format!("POSTGRES_URL={url}"), json!({ "url": url }));
    if server.is_none() {
        output.note("it runs already; this is where");
        return Ok(Exit::Done as u8);
    }
    output.note("running until ctrl-c");
    stopped().await?;
    drop(server);
    output.note("stopped");
    Ok(Exit::Done as u8)
}

/// The project's own folder for data. What lies there is nobody's to commit: it holds a password.
fn own_folder(project: &Path) -> Result<PathBuf, Failure> {
    let data = devdb::kept_folder(project)?;
    if let Some(folder) = data.parent().filter(|folder| folder.starts_with(project)) {
        let ignored = folder.join(".gitignore");
        let failed =
            |source| Failure::System { act: format!("write {}", ignored.display()), source };
        std::fs::create_dir_all(folder).map_err(failed)?;
        if !ignored.exists() {
            std::fs::write(&ignored, "*\n").map_err(failed)?;
        }
    }
    Ok(data)
}

/// Runs the command; its exit code is ours.
async fn with_command(command: &[OsString], url: &str) -> Result<u8, Failure> {
    let Some((program, arguments)) = command.split_first() else { return Ok(Exit::Done as u8) };
    let failed = |source| Failure::System { act: format!("run {}", program.display()), source };
    let mut terminated = terminated()?;
    let mut child = tokio::process::Command::new(program)
        .args(arguments)
        .env("POSTGRES_URL", url)
        .kill_on_drop(true)
        .spawn()
        .map_err(failed)?;
    let status = loop {
        tokio::select! {
            status = child.wait() => break status.map_err(failed)?,
            // Ctrl-c reaches the command too: it decides how to end, and we wait for it.
            _ = tokio::signal::ctrl_c() => {}
            // This reaches us alone.
            _ = terminated.recv() => child.start_kill().map_err(failed)?,
        }
    };
    Ok(code_of(status))
}

/// As a shell says it: the code, or 128 and the number of the signal.
fn code_of(status: ExitStatus) -> u8 {
    let code = status.code().or_else(|| status.signal().map(|signal| 128 + signal));
    code.and_then(|code| u8::try_from(code).ok()).unwrap_or(Exit::Error as u8)
}

pub(super) fn terminated() -> Result<Signal, Failure> {
    signal(SignalKind::terminate())
        .map_err(|source| Failure::System { act: "listen for signals".to_owned(), source })
}

async fn stopped() -> Result<(), Failure> {
    let mut terminated = terminated()?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted
            .map_err(|source| Failure::System { act: "wait for ctrl-c".to_owned(), source }),
        _ = terminated.recv() => Ok(()),
    }
}
