/** @file The licences of what is handed on in bundles. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * The licences of the packages that files are from, each with its text where the package has one, after the project's own.
 * @param {readonly string[]} files paths within the project, or absolute ones
 * @returns {string}
 */
export function licencesOf(files) {
  const texts = [...foldersOf(files)].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
    const file = readdirSync(join(root, folder)).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
    const text = file ? readFileSync(join(root, folder, file), "utf8") : "";
    return `${name} ${version}: ${license}\n\n${text}`.trim();
  });
  const own = readFileSync(join(root, "LICENSE"), "utf8");
  const compiled = "Compiled code within the decoders: see docs/dependencies.md of the project.";
  return `${[`Auricle\n\n${own}`.trim(), ...texts, compiled].join(`\n\n${"-".repeat(80)}\n\n`)}\n`;
}

/** The folders of the packages that files are in. @param {readonly string[]} files @returns {Set<string>} */
function foldersOf(files) {
  const folders = new Set();
  for (const file of files) {
    const path = relative(root, resolve(root, file)).split(sep).join("/");
    const found = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path);
    if (found) folders.add(found[0]);
  }
  return folders;
}
