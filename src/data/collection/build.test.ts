import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { openAudioCollection } from "../audio/open.ts";
import { collectionOf, writeFiles } from "../audio/testing/collections.ts";

const rows = (count: number, label: string, folder = label) =>
  Array.from({ length: count }, (_, i) => `${folder}/${i}.wav,${label}\n`).join("");

const files = (count: number, folder: string) =>
  Array.from({ length: count }, (_, i) => `${folder}/${i}.wav`);

async function open(there: readonly string[], list: string, empty: readonly string[] = []) {
  const folder = await temporaryFolder();
  await writeFiles(folder, there);
  await writeFiles(folder, Object.fromEntries(empty.map((name) => [name, ""])));
  if (list !== "") await writeFiles(folder, { "list.csv": `path,label\n${list}` });
  return { folder, collection: openAudioCollection(folder) };
}

describe("a class whose files are all missing", () => {
  it("is named with its files where no other two are left", async () => {
    const { folder, collection } = await open(files(3, "dog"), rows(7, "cat") + rows(3, "dog"));
    const error = await collection.catch((caught: unknown) => String(caught));
    expect(error).toContain('only recordings of "dog" can be used');
    expect(error).toContain(
      `All 7 files of "cat" are left out: ${join(folder, "cat/0.wav")}: no such file; `,
    );
    expect(error).toMatch(/cat\/4.wav: no such file; and 2 more$/);
  });

  it("is noted where others are left", async () => {
    const { collection } = await open(
      [...files(3, "dog"), ...files(3, "bird")],
      rows(2, "cat") + rows(3, "dog") + rows(3, "bird"),
    );
    const { classNames, notes, problems } = await collection;
    expect(classNames).toEqual(["bird", "dog"]);
    expect(problems).toHaveLength(2);
    expect(notes).toEqual([
      expect.stringMatching(
        /^No recording of "cat" can be used, so a model cannot learn it: .*cat\/0.wav: no such file; .*1.wav/,
      ),
    ]);
  });

  it("is told of a list in a folder even if none of its files is there", async () => {
    const { collection } = await open([], rows(2, "cat") + rows(2, "dog"));
    await expect(collection).rejects.toThrow(
      /none of the 4 recordings can be used; the first, .*cat\/0.wav: no such/,
    );
  });

  it("is told of folders whose files are empty", async () => {
    const { folder, collection } = await open(files(2, "dog"), "", files(2, "cat"));
    await expect(collection).rejects.toThrow(
      `All 2 files of "cat" are left out: ${join(folder, "cat/0.wav")}: empty file (0 bytes)`,
    );
    const three = await open([...files(2, "dog"), ...files(2, "bird")], "", files(1, "cat"));
    expect((await three.collection).notes).toEqual([
      expect.stringMatching(/^No recording of "cat" can be used/),
    ]);
  });
});

describe("names of classes that look alike", () => {
  const notesOf = (names: readonly string[], task: "classification" | "tagging" = "classification") =>
    (
      collectionOf(
        names
          .flatMap((name) => [{ labels: [name] }, { labels: [name] }])
          .map((entry, i) => ({ ...entry, name: `${i}.wav` })),
        task,
      ).notes ?? []
    ).filter((note) => note.startsWith("These classes may be meant"));

  it.each([
    [["Dog", "dog"], "case"],
    [["dog", "dog "], "spaces around them"],
    [["Dog ", "dog"], "case and spaces around them"],
    [["Dog", "dog", "dog "], "case and spaces around them"],
    [["caf\u00e9", "cafe\u0301"], "how accented letters are composed"],
    [["Caf\u00e9", "cafe\u0301"], "case and how accented letters are composed"],
    [["hip hop", "hip-hop", "hip_hop"], "the marks between words"],
    [["dog", "d\u200bog"], "invisible or equivalent characters"],
    [["\ufb01sh", "fish"], "invisible or equivalent characters"],
  ])("are noted: %j differ in %s", (names, difference) => {
    const notes = notesOf([...names, "cat"]);
    expect(notes).toHaveLength(1);
    expect(notes[0]).toContain(`They differ only in ${difference};`);
    for (const name of names) expect(notes[0]).toContain(`${JSON.stringify(name)} (2)`);
    expect(notesOf([...names, "cat"], "tagging")).toEqual(notes);
  });

  it("are not those of different words", () => {
    expect(notesOf(["dog", "dogs", "cat", "c-at", "resume", "r\u00e9sum\u00e9"])).toEqual([]);
  });
});
