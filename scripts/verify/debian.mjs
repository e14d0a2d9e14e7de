/** @file Data that Debian has as packages. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/** Another process that installs holds the lock meanwhile. */
const PATIENCE = ["-o", "DPkg::Lock::Timeout=300"];

/** Installs packages. Returns why it did not, or undefined. */
export function installPackages(names) {
  const name = names.join(" ");
  if (!existsSync("/etc/debian_version")) return "this is not Debian or Ubuntu";
  if (process.getuid?.() !== 0) return `installing needs root (run: sudo apt-get install ${name})`;
  console.log(`Installing ${name} …`);
  const options = { encoding: "utf8", env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } };
  const install = () =>
    spawnSync("apt-get", [...PATIENCE, "install", "-y", "--no-install-recommends", ...names], options);
  if (install().status === 0) return undefined;
  // The list of packages may be missing or old.
  spawnSync("apt-get", ["update"], options);
  const { status, stderr, error } = install();
  if (status === 0) return undefined;
  return `apt-get install ${name} failed: ${(error?.message ?? stderr).trim().split("\n").at(-1)}`;
}

/** The same for one. */
export function installPackage(name) {
  return installPackages([name]);
}
