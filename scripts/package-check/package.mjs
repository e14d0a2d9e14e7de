/** @file Checks the package that `npm pack` made: in a project that installs it, and its files. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/** Uses of the package that a program of its user's has, for its types at their strictest and for Node.js. */
const PROGRAM = `
import { adam, conv2d, dense, flatten, sequential, type Model } from "auricle";
import { add } from "auricle/ops";
import { modelNamed } from "auricle/models";
import { loadDataset } from "auricle/data";
import { decodeAudio } from "auricle/audio";
import { readAudioFile } from "auricle/audio/node";
import { AudioModel } from "auricle/audio-model";
import { loadModel } from "auricle/node";

const model: Model = sequential([conv2d({ filters: 2, kernelSize: 3, inputShape: [28, 28, 1] }), flatten(), dense({ units: 10 })]);
model.compile({ optimizer: adam(), loss: "softmaxCrossEntropy", metrics: ["accuracy"] });
const digits = await loadDataset("digits", { role: "test" });
const { accuracy } = await model.evaluate(digits);
if (!(Number(accuracy) >= 0)) throw new Error("no accuracy");
console.log([add, modelNamed, decodeAudio, readAudioFile, AudioModel, loadModel].every((f) => typeof f === "function"));
`;

const STRICTEST = {
  target: "es2022",
  module: "nodenext",
  moduleResolution: "nodenext",
  types: [],
  lib: ["es2022", "dom", "dom.iterable"],
  strict: true,
  skipLibCheck: false,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noPropertyAccessFromIndexSignature: true,
  noImplicitOverride: true,
  isolatedModules: true,
  verbatimModuleSyntax: true,
};

/** Installs the package in an empty project and uses it there. `root` is where a TypeScript compiler is installed. */
export function checkProject(project, archive, { check, shell, version, root }) {
  writeFileSync(
    join(project, "package.json"),
    JSON.stringify({ name: "project", private: true, type: "module" }),
  );
  check("npm install of the package", () => void shell(`npm install "${archive}"`, project));
  check("npx auricle in a project", () => {
    const text = shell("npx auricle --help", project);
    if (!text.includes("npx auricle train ./genres"))
      throw new Error(`its help names another command:\n${text}`);
    if (shell("npx auricle --version", project).trim() !== version) throw new Error("another version");
  });
  const studio = join(root, "scripts", "package-check", "studio.mjs");
  check("npx auricle studio in a project", () => void shell(`node "${studio}" npx auricle studio`, project));
  writeFileSync(join(project, "program.ts"), PROGRAM);
  writeFileSync(
    join(project, "tsconfig.json"),
    JSON.stringify({ compilerOptions: STRICTEST, files: ["program.ts"] }),
  );
  check("types in the strictest settings", () => {
    shell(`node "${join(root, "node_modules", "typescript", "bin", "tsc")}" -p .`, project);
  });
  check("a program", () => {
    if (shell("node program.js", project).trim() !== "true") throw new Error("an entry lacks a function");
  });
  check("no package under the GPL is installed", () => {
    const found = packagesIn(join(project, "node_modules")).filter(({ license }) =>
      /(^|[^L])GPL/.test(license ?? ""),
    );
    if (found.length > 0)
      throw new Error(found.map(({ name, license }) => `${name} (${license})`).join(", "));
  });
}

/** Checks the files of the package, unpacked in `folder`. */
export function checkPackage(folder, { check }) {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  check("the package has neither tests nor source maps", () => {
    const superfluous = files.filter((name) => /\.map$|\.test\./.test(name));
    if (superfluous.length > 0) throw new Error(superfluous.slice(0, 5).join(", "));
    return `${files.length} files`;
  });
  check("links of the package's pages lead to its files", () => {
    const dead = files.filter((name) => name.endsWith(".md")).flatMap((name) => deadLinks(folder, name));
    if (dead.length > 0) throw new Error(dead.join(", "));
  });
}

function deadLinks(folder, page) {
  const text = readFileSync(join(folder, page), "utf8").replaceAll(/```[\s\S]*?```/g, "");
  return [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)]
    .map(([, target]) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .filter((target) => !existsSync(join(folder, dirname(page), target)))
    .map((target) => `${relative(".", page)} → ${target}`);
}

function packagesIn(folder) {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) =>
      /(^|[\\/])node_modules[\\/](@[^\\/]+[\\/])?[^\\/]+[\\/]package\.json$/.test(join("node_modules", name)),
    )
    .map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")));
}
