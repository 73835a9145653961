//! The probe: a program of three lines that links the user's crate and prints its tables.

use super::metadata::Package;
use super::{Project, ProjectError, cargo};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{fs, io};
use toml::{Table, Value};

/// `extern crate .. as _` links a crate that is never named, and with it the tables it registers.
const MAIN: &str = r#"extern crate orm_probe_user as _;

fn main() -> std::process::ExitCode {
    match orm_probe_orm::__private::declared_schema_json() {
        Ok(json) => {
            println!("{json}");
            std::process::ExitCode::SUCCESS
        }
        Err(message) => {
            eprintln!("{message}");
            std::process::ExitCode::FAILURE
        }
    }
}
"#;

/// Builds the probe and runs it; what it printed.
pub(super) fn ask(project: &Project) -> Result<String, ProjectError> {
    let metadata = &project.metadata;
    let name = || project.name().to_owned();
    let package = metadata
        .packages
        .get(project.package)
        .ok_or_else(|| ProjectError::NoLibrary { package: name() })?;
    if !package.has_library() {
        let forms = package.library_forms();
        if forms.is_empty() {
            return Err(ProjectError::NoLibrary { package: name() });
        }
        let quoted: Vec<String> = forms.iter().map(|form| format!("\"{form}\"")).collect();
        let (forms, quoted) = (forms.join(" and "), quoted.join(", "));
        return Err(ProjectError::NotLinked { package: name(), forms, quoted });
    }
    let orm = metadata.orm_of(package).ok_or_else(|| ProjectError::NoOrm { package: name() })?;
    let folder = metadata.target_directory.join("orm-migrate").join(&package.name);
    write_if_new(&folder.join("src/main.rs"), MAIN)?;
    write_if_new(&folder.join("Cargo.toml"), &manifest(project, package, orm)?)?;
    copy_lock(&metadata.workspace_root.join("Cargo.lock"), &folder)?;
    let program = build(project, &folder)?;
    let mut command = Command::new(&program);
    command.current_dir(project.folder());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let output = project.selection.build.output(&mut command).map_err(file("run", &program))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    let message = if said.is_empty() { output.status.to_string() } else { said };
    Err(ProjectError::Tables { package: name(), message })
}

/// A workspace of its own, with what the user's workspace says about patches and profiles.
fn manifest(project: &Project, package: &Package, orm: &Package) -> Result<String, ProjectError> {
    let selection = &project.selection;
    let root = &project.metadata.workspace_root;
    let path = root.join("Cargo.toml");
    let text = fs::read_to_string(&path).map_err(file("read", &path))?;
    let user: Table = text.parse().map_err(|error: toml::de::Error| ProjectError::Manifest {
        path,
        message: error.to_string(),
    })?;

    let mut it = dependency(package);
    it.insert("package".to_owned(), package.name.clone().into());
    let mut features = selection.features.clone();
    if selection.all_features {
        features.extend(package.features.keys().cloned());
    }
    it.insert("features".to_owned(), features.into());
    it.insert("default-features".to_owned(), (!selection.no_default_features).into());
    let mut its_orm = dependency(orm);
    its_orm.insert("package".to_owned(), orm.name.clone().into());
    // Only what the crate itself asks for: a feature more could need a crate that its lock file does not name.
    its_orm.insert("default-features".to_owned(), false.into());
    let mut dependencies = Table::new();
    dependencies.insert("orm_probe_user".to_owned(), it.into());
    dependencies.insert("orm_probe_orm".to_owned(), its_orm.into());

    let mut probe = Table::new();
    probe.insert("name".to_owned(), probe_name(&package.name).into());
    probe.insert("version".to_owned(), "0.0.0".into());
    probe.insert("edition".to_owned(), "2021".into());
    probe.insert("publish".to_owned(), false.into());

    let mut manifest = Table::new();
    manifest.insert("package".to_owned(), probe.into());
    manifest.insert("workspace".to_owned(), workspace(&user, package).into());
    manifest.insert("dependencies".to_owned(), dependencies.into());
    if let Some(profile) = user.get("profile") {
        manifest.insert("profile".to_owned(), profile.clone());
    }
    if let Some(patch) = user.get("patch") {
        let mut patch = patch.clone();
        make_absolute(&mut patch, root);
        manifest.insert("patch".to_owned(), patch);
    }
    Ok(manifest.to_string())
}

fn probe_name(package: &str) -> String {
    format!("orm-migrate-probe-{package}")
}

/// Which resolver decides about features: the one of the user's workspace (The Cargo Book, "Resolver versions").
fn workspace(user: &Table, package: &Package) -> Table {
    let said = |key: &str| user.get(key).and_then(|table| table.get("resolver")).cloned();
    let resolver = said("workspace").or_else(|| said("package")).unwrap_or_else(|| {
        let is_root = user.contains_key("package");
        let by_edition = match package.edition.as_str() {
            "2015" | "2018" => "1",
            "2021" => "2",
            _ => "3",
        };
        // A workspace without a root package has no edition to go by.
        Value::from(if is_root { by_edition } else { "1" })
    });
    let mut workspace = Table::new();
    workspace.insert("resolver".to_owned(), resolver);
    workspace
}

/// The very package that cargo has chosen.
fn dependency(package: &Package) -> Table {
    let mut table = Table::new();
    let mut say = |key: &str, value: String| {
        table.insert(key.to_owned(), value.into());
    };
    let folder = package.manifest_path.parent().unwrap_or(Path::new("/"));
    let source = package.source.as_deref();
    match source.and_then(|source| source.split_once('+')) {
        None => say("path", folder.display().to_string()),
        Some(("git", url)) => {
            // git+https://host/repository?branch=main#0123abc; without the commit, which the lock file knows.
            let url = url.split_once('#').map_or(url, |(url, _)| url);
            let (url, query) = url.split_once('?').unwrap_or((url, ""));
            say("git", url.to_owned());
            if let Some((key @ ("branch" | "tag" | "rev"), value)) = query.split_once('=') {
                say(key, value.to_owned());
            }
        }
        // The index of the default registry, as cargo's metadata names it.
        Some(("registry", url)) if url.ends_with("/crates.io-index") => {
            say("version", format!("={}", package.version));
        }
        Some((kind, url)) => {
            say("version", format!("={}", package.version));
            let index = if kind == "sparse" { format!("sparse+{url}") } else { url.to_owned() };
            say("registry-index", index);
        }
    }
    table
}

/// Patches by path are relative to the user's manifest.
fn make_absolute(patch: &mut Value, root: &Path) {
    let Some(table) = patch.as_table_mut() else { return };
    for (key, value) in table.iter_mut() {
        match value {
            Value::String(path) if key == "path" => *path = root.join(&*path).display().to_string(),
            Value::Table(_) => make_absolute(value, root),
            _ => {}
        }
    }
}

/// The user's lock file, plus what cargo has added to it for the probe; again when the user's has changed.
fn copy_lock(lock: &Path, folder: &Path) -> Result<(), ProjectError> {
    let seen = folder.join("user.lock");
    let users = match fs::read_to_string(lock) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        text => text.map_err(file("read", lock))?,
    };
    let own = folder.join("Cargo.lock");
    if own.exists() && fs::read_to_string(&seen).is_ok_and(|seen| seen == users) {
        return Ok(());
    }
    fs::write(&own, &users).map_err(file("write", &own))?;
    fs::write(&seen, &users).map_err(file("write", &seen))
}

/// Builds the probe in the user's target folder; where it is.
fn build(project: &Project, folder: &Path) -> Result<PathBuf, ProjectError> {
    // Offline where the lock file and earlier downloads suffice: nothing to wait for, and it works without a network.
    let offline = project.selection.offline || is_resolved(project, folder)?;
    let program = run_build(project, folder, offline)?;
    program.ok_or_else(|| ProjectError::Build { package: project.name().to_owned() })
}

/// Whether cargo can go by the lock file and by what was downloaded before.
fn is_resolved(project: &Project, folder: &Path) -> Result<bool, ProjectError> {
    let program = cargo();
    let mut command = Command::new(&program);
    command
        .args(["metadata", "--format-version=1", "--offline", "--manifest-path"])
        .arg(folder.join("Cargo.toml"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let output = project.selection.build.output(&mut command);
    Ok(output.map_err(|source| ProjectError::Cargo { program, source })?.status.success())
}

fn run_build(
    project: &Project,
    folder: &Path,
    offline: bool,
) -> Result<Option<PathBuf>, ProjectError> {
    let program = cargo();
    let mut command = Command::new(&program);
    command
        .args(["build", "--quiet", "--message-format=json-render-diagnostics", "--manifest-path"])
        .arg(folder.join("Cargo.toml"))
        .arg("--target-dir")
        .arg(&project.metadata.target_directory)
        // Cargo's configuration and the toolchain are those of the user's folder.
        .current_dir(project.folder())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit());
    if offline {
        command.arg("--offline");
    }
    if let Some(profile) = &project.selection.profile {
        command.args(["--profile", profile]);
    }
    let output = project.selection.build.output(&mut command);
    let output = output.map_err(|source| ProjectError::Cargo { program, source })?;
    if !output.status.success() {
        return Ok(None);
    }
    let wanted = probe_name(project.name());
    let stdout = String::from_utf8_lossy(&output.stdout);
    let mut messages = stdout.lines().filter_map(|line| {
        let message: serde_json::Value = serde_json::from_str(line).ok()?;
        let name = message.get("target")?.get("name")?.as_str()?;
        let program = message.get("executable")?.as_str()?;
        (name == wanted).then(|| PathBuf::from(program))
    });
    Ok(messages.next_back())
}

fn write_if_new(path: &Path, text: &str) -> Result<(), ProjectError> {
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        // A new time on the file would make cargo build again.
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(file("make the folder", folder))?;
    }
    fs::write(path, text).map_err(file("write", path))
}

fn file(act: &'static str, path: &Path) -> impl FnOnce(io::Error) -> ProjectError {
    let path = path.to_owned();
    move |source| ProjectError::File { act, path, source }
}
