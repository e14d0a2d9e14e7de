import { describe, expect, it } from "vitest";
import { STYLE_NAMES } from "./render-style.ts";
import { stylesCollectionPlan } from "./styles-plan.ts";

describe("stylesCollectionPlan", () => {
  it("lists the tracks style after style, with paths of their own", () => {
    const tracks = stylesCollectionPlan({ tracksPerStyle: 3, seconds: 2, seed: 7 });
    expect(tracks).toHaveLength(30);
    expect(tracks.map(({ label }) => label)).toEqual(Array.from({ length: 30 }, (_, i) => Math.floor(i / 3)));
    for (const { style, label, seconds, sampleRate } of tracks) {
      expect(STYLE_NAMES[label]).toBe(style);
      expect([seconds, sampleRate]).toEqual([2, 22_050]);
    }
    expect(tracks[5].path).toBe("blues/blues.00002.wav");
    expect(new Set(tracks.map(({ path }) => path)).size).toBe(30);
  });

  it("has a seed for each track, other ones for another seed, and the beginning of a larger set", () => {
    const seeds = (options: Parameters<typeof stylesCollectionPlan>[0]) =>
      stylesCollectionPlan(options).map(({ seed }) => seed);
    expect(new Set(seeds({ tracksPerStyle: 40 })).size).toBe(400);
    expect(new Set([...seeds({ seed: 1 }), ...seeds({ seed: 2 })]).size).toBe(800);
    const larger = stylesCollectionPlan({ tracksPerStyle: 5 });
    for (const track of stylesCollectionPlan({ tracksPerStyle: 2 })) expect(larger).toContainEqual(track);
  });

  it.each([
    [{ tracksPerStyle: 0 }, "tracksPerStyle"],
    [{ tracksPerStyle: 1.5 }, "tracksPerStyle"],
    [{ seconds: -1 }, "seconds"],
    [{ sampleRate: 1 }, "sampleRate"],
  ])("refuses %j", (options, name) => {
    expect(() => stylesCollectionPlan(options)).toThrow(`styles: ${name}`);
  });
});
