import { join } from "node:path";
import { platform } from "node:process";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { readList } from "./list.ts";
import { SOUND } from "../audio/medium.ts";
import { writeFiles } from "../audio/testing/collections.ts";

const COMPOSED = "caf\u00e9";
const DECOMPOSED = "cafe\u0301";

/** Reads a list of one class for each path, with these files beside it. */
async function read(files: readonly string[], paths: readonly string[], listed = JSON.stringify) {
  const folder = await temporaryFolder();
  await writeFiles(folder, files);
  const rows = paths.map(
    (path, i) => `{"path": ${listed(path.replace("<folder>", folder))}, "label": "x${i % 2}"}`,
  );
  await writeFiles(folder, { "list.jsonl": rows.join("\n") });
  const { examples: clips, problems, notes = [] } = await readList(join(folder, "list.jsonl"), SOUND);
  return { ids: clips.map(({ id }) => id), problems: problems.map(({ problem }) => problem), notes, folder };
}

// Elsewhere file systems take other cases or compositions for the same name.
describe.runIf(platform === "linux")("paths in a list that are written otherwise than on the disk", () => {
  it.each([
    [
      "with the separators of Windows",
      ["a/x.wav", "a/b/y.wav"],
      ["a\\x.wav", ".\\a\\b\\y.wav"],
      /2 paths are read with \\ as \//,
    ],
    [
      "composed, where the disk has them decomposed",
      [`${DECOMPOSED}/x.wav`, `${DECOMPOSED}/y.wav`],
      [`${COMPOSED}/x.wav`, `${COMPOSED}/y.wav`],
      /a different Unicode composition/,
    ],
    [
      "decomposed, where the disk has them composed",
      [`${COMPOSED}/x.wav`, `b/${COMPOSED}.wav`],
      [`${DECOMPOSED}/x.wav`, `b/${DECOMPOSED}.wav`],
      /a different Unicode composition/,
    ],
    [
      "decomposed with the separators of Windows",
      [`${COMPOSED}/x.wav`, "b/y.wav"],
      [`${DECOMPOSED}\\x.wav`, "b\\y.wav"],
      /1 path is read with \\ as \/ and a different Unicode composition/,
    ],
    ["in quotes", ["x.wav", "y.wav"], ['"x.wav"', "'y.wav'"], /2 paths are read with their quotes left out/],
    ["with spaces around", ["x.wav", "y.wav"], [" x.wav", "y.wav "], /spaces around them left out/],
    [
      "with percent codes",
      ["a b.wav", `${COMPOSED}.wav`],
      ["a%20b.wav", "caf%C3%A9.wav"],
      /their percent codes as letters/,
    ],
    [
      "as addresses",
      ["a b.wav", "y.wav"],
      [`${pathToFileURL("/").href}<folder>/a%20b.wav`, "y.wav"],
      /1 path is read with their addresses/,
    ],
  ])("are found %s, and a note says so", async (_, files, paths, note) => {
    const { ids, problems, notes } = await read(files, paths);
    expect(ids).toEqual(files);
    expect(problems).toEqual([]);
    expect(notes.filter((one) => note.test(one))).toHaveLength(1);
  });

  it("are taken as they are where such a file is there", async () => {
    const files = ["a\\x.wav", "a/x.wav", "a%20b.wav", "'y'.wav", `${COMPOSED}.wav`, `${DECOMPOSED}.wav`];
    const { ids, notes } = await read(files, files);
    expect(ids).toEqual(files);
    expect(notes.filter((note) => note.includes("read with"))).toEqual([]);
  });

  it("are one clip however they are written", async () => {
    await expect(read(["a/x.wav"], ["a/x.wav", "a\\x.wav"])).rejects.toThrow(
      /line 2: a\/x.wav is already listed in line 1/,
    );
  });

  it.each([
    ["Dog/X.wav", /no such file; did you mean "dog\/x\.wav"\? Upper and lower case differ\.$/],
    ["data/dog/x.wav", 'no such file; did you mean "dog/x.wav"?'],
    ["/home/anna/data/dog/x.wav", 'no such file; did you mean "dog/x.wav"?'],
    [
      "C:\\Users\\Anna\\dog\\x.wav",
      /path on a Windows computer.*relative to the list; did you mean "dog\/x.wav"\?/,
    ],
    ["\\\\server\\share\\y.wav", /path on a Windows computer, and paths must be relative to the list$/],
    ["dog/y.wav", "no such file"],
    ["dog", "it is not a file"],
  ])("get a helpful message where nothing is found: %s", async (path, message) => {
    const { problems } = await read(["dog/x.wav", "a.wav", "b.wav"], ["a.wav", "b.wav", path]);
    expect(problems).toEqual([expect.stringMatching(message)]);
  });
});
