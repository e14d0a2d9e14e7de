import { execFileSync } from "node:child_process";
import { mkdir, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { platform } from "node:process";
import { describe, expect, it } from "vitest";
import { encodeWav } from "../../audio/index.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { LARGEST_LIST } from "./list-text.ts";
import { readList } from "./list.ts";
import { SOUND } from "../audio/medium.ts";
import { openAudioCollection } from "../audio/open.ts";
import { writeFiles } from "../audio/testing/collections.ts";

async function folderWith(name: string, content: Uint8Array | string): Promise<string> {
  const folder = await temporaryFolder();
  await writeFiles(folder, ["a.wav", "b.wav"]);
  await writeFile(join(folder, name), content);
  return folder;
}

const utf16 = (text: string, bigEndian = false) => {
  const bytes = Buffer.from(text, "utf16le");
  return bigEndian ? bytes.swap16() : bytes;
};

describe("the text of a list", () => {
  const table = "path\tlabel\r\na.wav\tclé\r\nb.wav\tx\r\n";

  it.each<[string, string, Uint8Array | string]>([
    ["UTF-8", "list.tsv", table],
    ["UTF-8 with a mark", "list.csv", `\uFEFF${table}`],
    ["UTF-16 with a mark, as Excel writes it", "list.csv", utf16(`\uFEFF${table}`)],
    ["UTF-16 of the other byte order", "list.csv", utf16(`\uFEFF${table}`, true)],
    ["UTF-16 without a mark", "list.csv", utf16(table)],
    ["UTF-16 of the other byte order without a mark", "list.csv", utf16(table, true)],
    ["lines that end as on an old Mac", "list.csv", table.replaceAll("\r\n", "\r")],
    ["Excel's line for the delimiter", "list.csv", `sep=;\r\n${table.replaceAll("\t", ";")}`],
    ["semicolons in a file of tabs", "list.tsv", table.replaceAll("\t", ";")],
    ["bars", "list.csv", table.replaceAll("\t", "|")],
    [
      "quotes",
      "list.csv",
      table.replaceAll("\t", '";"').replaceAll("\r\n", '"\r\n"').replace(/^/, '"').slice(0, -1),
    ],
    ["JSON with a mark", "list.json", '\uFEFF[{"path":"a.wav","label":"clé"},{"path":"b.wav","label":"x"}]'],
    [
      "JSON in UTF-16",
      "list.jsonl",
      utf16('\uFEFF{"path":"a.wav","label":"clé"}\r\n{"path":"b.wav","label":"x"}\r\n'),
    ],
  ])("may be in %s", async (_, name, content) => {
    const { classNames, examples: clips } = await readList(
      join(await folderWith(name, content), name),
      SOUND,
    );
    expect(classNames).toEqual(["clé", "x"]);
    expect(clips.map(({ id }) => id)).toEqual(["a.wav", "b.wav"]);
  });

  it("keeps the numbers of lines, and tells a decimal comma without quotes", async () => {
    const folder = await folderWith("list.csv", "sep=,\npath,label\na.wav,1,5\n");
    await expect(readList(join(folder, "list.csv"), SOUND)).rejects.toThrow(
      /list.csv: line 3: it has 3 columns, the first line 2; .*decimal comma.*in quotes/,
    );
  });
});

describe("what is no list", () => {
  it.each<[string, Uint8Array | string, RegExp]>([
    [
      "a recording",
      encodeWav({ sampleRate: 8000, channels: [new Float32Array(100)] }),
      /this is a recording \(wav\), not a list/,
    ],
    ["other bytes", Uint8Array.of(0x70, 0x80, 0, 0, 9), /must be text in UTF-8/],
    ["zeros", new Uint8Array(1000), /must be text in UTF-8/],
    ["nothing", "", /it is empty; its first line must name the columns/],
    ["one line", "path,label\n", /it lists no recordings/],
  ])("is refused: %s", async (_, content, message) => {
    const folder = await folderWith("list.csv", content);
    await expect(openAudioCollection(join(folder, "list.csv"))).rejects.toThrow(message);
  });

  it("may be a folder, and is then one of classes", async () => {
    const folder = join(await temporaryFolder(), "list.csv");
    await mkdir(folder);
    await expect(readList(folder, SOUND)).rejects.toThrow(
      /list.csv: a list must be a file; this is a folder/,
    );
    await expect(openAudioCollection(folder)).rejects.toThrow(/it contains no recordings/);
  });

  it("is not read where it is larger than any list", async () => {
    const folder = await folderWith("list.csv", "path,label\n");
    await truncate(join(folder, "list.csv"), LARGEST_LIST + 1);
    await expect(readList(join(folder, "list.csv"), SOUND)).rejects.toThrow(/268 MB, too many for a list/);
  });

  it.runIf(platform === "linux")("is not waited for where it is a pipe or a device", async () => {
    const folder = await temporaryFolder();
    execFileSync("mkfifo", [join(folder, "pipe.csv"), join(folder, "pipe.wav")]);
    await symlink("/dev/zero", join(folder, "zero.jsonl"));
    await symlink("/dev/zero", join(folder, "zero.wav"));
    for (const name of ["pipe.csv", "zero.jsonl"]) {
      await expect(openAudioCollection(join(folder, name))).rejects.toThrow(
        /a list must be a file; this is a pipe/,
      );
    }
    await writeFiles(folder, { "list.csv": "path,label\npipe.wav,x\nzero.wav,y\n" });
    await expect(openAudioCollection(folder)).rejects.toThrow(
      /none of the 2 recordings can be used; the first, .*pipe.wav: it is not a file/,
    );
  });
});
