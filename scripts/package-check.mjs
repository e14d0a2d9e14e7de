/**
 * @file Uses the project as somebody who has just got it: fresh clones of the last commit, the README's commands in them as
 * they stand, the package that `npm pack` makes, and a project that installs it.
 *
 *     node scripts/package-check.mjs
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkPackage, checkProject } from "./package-check/package.mjs";
import { checkReadme } from "./package-check/readme.mjs";
import { root } from "./setup.mjs";

const folder = mkdtempSync(join(tmpdir(), "auricle-package-"));
let passed = 0;
let failed = 0;

/** Runs one check: it throws, or returns what is to be said of it. */
function check(name, run) {
  const began = performance.now();
  try {
    const said = run();
    passed++;
    console.log(
      `ok    ${name}${said ? `: ${said}` : ""} (${((performance.now() - began) / 1000).toFixed(1)} s)`,
    );
  } catch (error) {
    failed++;
    console.log(`FAIL  ${name}: ${error.message}`);
  }
}

/** Runs a command line in a shell. Returns its output. @throws Error with its last lines where the exit code is another. */
function shell(line, cwd, expected = 0) {
  const { status, stdout, stderr } = spawnSync(line, {
    cwd,
    shell: true,
    encoding: "utf8",
    input: "",
    env: { ...process.env, NO_COLOR: "1", npm_config_yes: "true" },
    maxBuffer: 1 << 28,
  });
  if (status === expected) return stdout;
  const end = `${stdout}${stderr}`.trim().split("\n").slice(-12).join("\n");
  throw new Error(`${line}: exit code ${status}\n${end}`);
}

function clone(name) {
  shell(`git clone --quiet "${root}" "${join(folder, name)}"`, folder);
  return join(folder, name);
}

try {
  const version = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version;
  const first = clone("first");
  check("npx auricle, before anything else", () =>
    expectText(shell("npx auricle --version", first), version),
  );
  check("npx auricle again", () => expectText(shell("npx auricle --version", first), version));
  const second = clone("second");
  check("./auricle --json, before anything else", () => {
    // What is installed and built first must not be mixed with the output.
    for (const line of shell("./auricle data --json", second).trim().split("\n")) JSON.parse(line);
  });
  checkReadme(second, { check, shell });
  const third = clone("third");
  let archive;
  check("npm pack, before anything else", () => {
    archive = join(third, shell("npm pack --silent", third).trim().split("\n").at(-1));
    return `${(statSync(archive).size / 1e6).toFixed(2)} MB`;
  });
  if (archive !== undefined) {
    const project = join(folder, "project");
    mkdirSync(project);
    checkProject(project, archive, { check, shell, version, root });
    checkPackage(join(project, "node_modules", "auricle"), { check });
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function expectText(text, wanted) {
  if (text.trim() !== wanted) throw new Error(`it printed ${JSON.stringify(text)} instead of ${wanted}`);
}
