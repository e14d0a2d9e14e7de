import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { StoredChoices } from "./stored-choices.ts";

describe("stored choices of algorithms", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "auricle-choices-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("are found by the next process, with what another one has measured meanwhile", () => {
    const path = join(folder, "cache", "algorithms.json");
    const [first, second] = [new StoredChoices(path), new StoredChoices(path)];
    expect(first.get("a")).toBeUndefined();
    expect(second.get("a")).toBeUndefined();
    first.set("a", "winograd");
    second.set("b", "direct");
    const next = new StoredChoices(path);
    expect([next.get("a"), next.get("b"), next.get("c")]).toEqual(["winograd", "direct", undefined]);
  });

  it("are those of this machine and version alone, and a damaged file is none", () => {
    const path = join(folder, "algorithms.json");
    new StoredChoices(path).set("a", "winograd");
    const file = JSON.parse(readFileSync(path, "utf8")) as { machine: string };
    writeFileSync(path, JSON.stringify({ ...file, machine: "another" }));
    expect(new StoredChoices(path).get("a")).toBeUndefined();
    writeFileSync(path, '{"machine"');
    expect(new StoredChoices(path).get("a")).toBeUndefined();
  });

  it("last as long as the process where no file can be written", () => {
    writeFileSync(join(folder, "file"), "");
    const choices = new StoredChoices(join(folder, "file", "algorithms.json"));
    choices.set("a", "winograd");
    expect(choices.get("a")).toBe("winograd");
  });
});
