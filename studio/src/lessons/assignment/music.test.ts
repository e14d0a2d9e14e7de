import { expect, it } from "vitest";
import { STYLE_NAMES } from "auricle/data";
import { excerpts, EXCERPTS, leakedTests, partsOf, TRACKS } from "./music.ts";

it.each(["tracks", "excerpts"] as const)("gives each part as many excerpts of each style: %s", (split) => {
  const all = excerpts();
  const parts = partsOf(all, split);
  expect(parts.size).toBe(all.length);
  for (const style of STYLE_NAMES) {
    for (const [part, tracks] of Object.entries(TRACKS)) {
      const own = all.filter((one) => one.style === style && parts.get(one.name) === part);
      expect(own).toHaveLength(tracks * EXCERPTS);
    }
  }
});

it("leaks by excerpts, and not by tracks", () => {
  const all = excerpts();
  expect(leakedTests(all, partsOf(all, "tracks"))).toBe(0);
  expect(leakedTests(all, partsOf(all, "excerpts"))).toBeGreaterThan(10);
});
