import { describe, expect, it } from "vitest";
import { AuricleError } from "../errors.ts";
import { knownDatasets } from "./known-datasets-node.ts";
import { datasetDefinition } from "./registry.ts";

describe("the registry", () => {
  it("finds each data set by its name", () => {
    for (const definition of knownDatasets) expect(datasetDefinition(definition.name)).toBe(definition);
    expect(knownDatasets.map(({ name }) => name)).toEqual([
      "cifar-10",
      "digits",
      "drumkits",
      "esc-50",
      "fashion-mnist",
      "fsdd",
      "gtzan",
      "irmas",
      "mnist",
      "nsynth",
      "speech-commands",
      "styles",
    ]);
  });

  it("has well-formed entries", () => {
    for (const definition of knownDatasets) {
      const { name, files, classNames } = definition;
      expect(name).toMatch(/^[a-z0-9-]+$/);
      expect(new Set(classNames).size).toBe(classNames.length);
      const forms = files.flatMap((file) => [file, ...file.copies]);
      for (const { bytes, sha256 } of forms) {
        expect(bytes).toBeGreaterThan(0);
        expect(sha256).toMatch(/^[0-9a-f]{64}$/);
      }
      expect(new Set(forms.map(({ sha256 }) => sha256)).size).toBe(forms.length);
      for (const file of files) {
        for (const url of file.urls) expect(new URL(url).pathname.endsWith(`/${file.name}`)).toBe(true);
      }
      for (const count of Object.values(definition.examples)) expect(count).toBeGreaterThan(0);
    }
  });

  it("has for each archive a digest, or only addresses that need none", () => {
    for (const definition of knownDatasets) {
      if (definition.kind !== "audio") continue;
      for (const { name, urls, md5, sha256, approximateBytes } of definition.archives) {
        expect(name).toMatch(/\.(tar\.gz|zip)$/);
        expect(approximateBytes).toBeGreaterThan(1e6);
        expect(sha256 ?? "0".repeat(64)).toMatch(/^[0-9a-f]{64}$/);
        expect(md5 ?? "0".repeat(32)).toMatch(/^[0-9a-f]{32}$/);
        if (!sha256 && !md5) for (const url of urls) expect(url).toMatch(/^https:/);
      }
      const { archives, byHand, render } = definition;
      expect(archives.length > 0 || byHand !== undefined || render !== undefined).toBe(true);
      const names = new Set(definition.files.map((file) => file.name));
      for (const split of definition.splits) for (const file of split.files) expect(names).toContain(file);
    }
  });

  it("lists the known names for an unknown one and suggests the nearest", () => {
    expect(() => datasetDefinition("FashionMNIST")).toThrow(
      'data set "FashionMNIST" is unknown; did you mean "fashion-mnist"? Known: cifar-10, digits, drumkits, esc-50, fashion-mnist',
    );
    expect(() => datasetDefinition("imagenet")).toThrow(
      'data set "imagenet" is unknown. Known: cifar-10, digits',
    );
    expect(() => datasetDefinition("imagenet")).toThrow(AuricleError);
  });
});
