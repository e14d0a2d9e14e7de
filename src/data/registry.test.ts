import { describe, expect, it } from "vitest";
import { AuricleError } from "../errors.ts";
import { closestName } from "./closest-name.ts";
import { datasetDefinition, knownDatasets } from "./registry.ts";

describe("the registry", () => {
  it("finds each data set by its name", () => {
    for (const definition of knownDatasets) expect(datasetDefinition(definition.name)).toBe(definition);
    expect(knownDatasets.map(({ name }) => name)).toEqual(["digits", "fashion-mnist", "mnist"]);
  });

  it("has well-formed entries", () => {
    for (const { name, files, classNames, examples } of knownDatasets) {
      expect(name).toMatch(/^[a-z0-9-]+$/);
      expect(new Set(classNames).size).toBe(10);
      expect(examples.train).toBeGreaterThan(examples.test);
      const forms = files.flatMap((file) => [file, ...file.copies]);
      for (const { bytes, sha256 } of forms) {
        expect(bytes).toBeGreaterThan(0);
        expect(sha256).toMatch(/^[0-9a-f]{64}$/);
      }
      expect(new Set(forms.map(({ sha256 }) => sha256)).size).toBe(forms.length);
      for (const file of files) {
        for (const url of file.urls) expect(new URL(url).pathname.endsWith(`/${file.name}`)).toBe(true);
      }
    }
  });

  it("lists the known names for an unknown one and suggests the nearest", () => {
    expect(() => datasetDefinition("FashionMNIST")).toThrow(
      'data set "FashionMNIST" is not known; did you mean "fashion-mnist"? Known: digits, fashion-mnist, mnist',
    );
    expect(() => datasetDefinition("imagenet")).toThrow('data set "imagenet" is not known. Known: digits');
    expect(() => datasetDefinition("imagenet")).toThrow(AuricleError);
  });
});

describe("closestName", () => {
  const names = ["mnist", "fashion-mnist", "digits"];
  it.each([
    ["minst", "mnist"],
    ["mnst", "mnist"],
    ["MNIST", "mnist"],
    ["fashion_mnist", "fashion-mnist"],
    ["fasion-mnits", "fashion-mnist"],
    ["digit", "digits"],
    ["cifar10", undefined],
    ["", undefined],
  ])("%s → %s", (name, expected) => {
    expect(closestName(name, names)).toBe(expected);
  });
});
