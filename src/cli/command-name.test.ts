import { chmodSync, mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { commandName, withCommandName } from "./command-name.ts";

const folder = realpathSync(mkdtempSync(join(tmpdir(), "auricle-name-")));

function file(...parts: string[]): string {
  const path = join(folder, ...parts);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, "");
  return path;
}

/** A clone in `folder/name`: its launcher and the command as built. */
function clone(name: string): { launcher: string; main: string } {
  const launcher = file(name, "auricle");
  chmodSync(launcher, 0o755);
  file(name, "src", "cli", "main.ts");
  return { launcher, main: file(name, "dist", "cli", "main.js") };
}

const nameOf = (
  script: string | undefined,
  more: { folder?: string; platform?: string; npmCommand?: string } = {},
) => commandName({ script, folder, platform: "linux", npmCommand: undefined, ...more });

describe("commandName", () => {
  const { launcher, main } = clone("cloned");

  it("is the clone's launcher, from where one stands", () => {
    expect(nameOf(launcher, { folder: join(folder, "cloned") })).toBe("./auricle");
    expect(nameOf(main, { folder: join(folder, "cloned") })).toBe("./auricle");
    expect(nameOf(launcher)).toBe("cloned/auricle");
    expect(nameOf(launcher, { folder: join(folder, "cloned", "src") })).toBe("../auricle");
  });

  it("is the whole path where that is shorter", () => {
    expect(
      nameOf(launcher, { folder: dirname(file("a", "b", "c", "d", "e", "f", "g", "h", "i", "far")) }),
    ).toBe([launcher, "../../../../../../../../../cloned/auricle"].sort((a, b) => a.length - b.length)[0]);
  });

  it("is quoted for a shell where the path needs it", () => {
    expect(nameOf(clone("my clone").launcher)).toBe("'my clone/auricle'");
  });

  it("goes through node on Windows", () => {
    expect(nameOf(launcher, { folder: join(folder, "cloned"), platform: "win32" })).toBe("node auricle");
  });

  it("is npx' for a package of a project, and the plain name for one installed for all", () => {
    const installed = file("project", "node_modules", "auricle", "auricle");
    const linked = join(folder, "project", "node_modules", ".bin", "auricle");
    mkdirSync(dirname(linked), { recursive: true });
    symlinkSync(installed, linked);
    expect(nameOf(linked)).toBe("npx auricle");
    expect(nameOf(installed, { npmCommand: "exec" })).toBe("npx auricle");
    const everywhere = join(folder, "bin", "auricle");
    mkdirSync(dirname(everywhere), { recursive: true });
    symlinkSync(installed, everywhere);
    expect(nameOf(everywhere)).toBe("auricle");
    expect(nameOf(undefined)).toBe("auricle");
  });
});

describe("withCommandName", () => {
  it("puts the name into examples and leaves prose alone", () => {
    const help = 'Examples:\n  $ auricle data\nA name that "auricle data" lists';
    expect(withCommandName(help, "./auricle")).toBe(
      'Examples:\n  $ ./auricle data\nA name that "auricle data" lists',
    );
  });
});
