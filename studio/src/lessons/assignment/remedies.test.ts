import { expect, it } from "vitest";
import { about, epochsOf, isIdle, needsFile, networkFile, networkOf, type Remedy } from "./remedies.ts";

const set = (...remedies: Remedy[]) => new Set(remedies);

it("makes the course's ten epochs of the studio's music, and more of few excerpts", () => {
  expect(epochsOf(set(), 120)).toBe(10);
  expect(epochsOf(set(), 600)).toBe(10);
  expect(epochsOf(set(), 30)).toBe(40);
  expect(epochsOf(set(), 4)).toBe(100);
  expect(epochsOf(set("network"), 120)).toBe(30);
  expect(epochsOf(set("network", "stopping"), 120)).toBe(60);
});

it("takes one network, and says which remedies have nothing to do in it", () => {
  expect(networkOf(set())).toBe("notebook");
  expect(networkOf(set("network", "dropout"))).toBe("small");
  expect(networkOf(set("network", "large"))).toBe("large");
  expect(isIdle("normalise", set())).toBe(false);
  expect(isIdle("normalise", set("network"))).toBe(true);
  expect(isIdle("dropout", set("network"))).toBe(false);
  expect(isIdle("dropout", set("large"))).toBe(true);
});

it("writes a network file where the built-in ones are not what is asked for", () => {
  expect([set(), set("rate"), set("large")].map(needsFile)).toEqual([false, false, false]);
  expect([set("network"), set("dropout"), set("normalise")].map(needsFile)).toEqual([true, true, true]);
  expect(networkFile(set("dropout"))).toContain('"Dropout"');
  expect(networkFile(set("network"))).not.toContain('"Flatten"');
});

it("says times as one says them who cannot know", () => {
  expect([1, 4, 22, 80, 100, 400].map(about)).toEqual([
    "a few seconds",
    "about 5 seconds",
    "about 20 seconds",
    "about 80 seconds",
    "about 2 minutes",
    "about 7 minutes",
  ]);
});
