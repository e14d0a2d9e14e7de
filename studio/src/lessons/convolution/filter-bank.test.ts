import { describe, expect, it } from "vitest";
import { bankOf, engineOrder, presetWeight, withFilter } from "./filter-bank.ts";
import { PRESETS } from "./filters.ts";

const shape = { filters: 2, channels: 3, rows: 2, columns: 2 };
const weights = Array.from({ length: 24 }, (_, i) => i);

describe("the weights of filters", () => {
  it("are those of the address where their number fits, and presets otherwise", () => {
    expect(bankOf(weights, shape)).toBe(weights);
    const bank = bankOf([1, 2], { filters: 2, channels: 1, rows: 3, columns: 3 });
    expect(bank).toEqual([...PRESETS[0].weights, ...PRESETS[1].weights]);
  });

  it("have a preset in the middle of a larger window, divided among the channels", () => {
    const large = { filters: 1, channels: 2, rows: 5, columns: 5 };
    const window = Array.from({ length: 25 }, (_, place) => presetWeight(large, 1, place));
    const middle = [6, 7, 8, 11, 12, 13, 16, 17, 18].map((place) => 2 * window[place]);
    expect(middle).toEqual([...PRESETS[1].weights]);
    expect(window[0]).toBe(0);
  });

  it("are replaced for one filter alone", () => {
    const changed = withFilter(weights, shape, 1, (channel, place) => 100 * channel + place);
    expect(changed.slice(0, 12)).toEqual(weights.slice(0, 12));
    expect(changed.slice(12)).toEqual([0, 1, 2, 3, 100, 101, 102, 103, 200, 201, 202, 203]);
  });

  it("come in the engine's order", () => {
    const turned = engineOrder(weights, shape);
    for (let filter = 0; filter < 2; filter++) {
      for (let channel = 0; channel < 3; channel++) {
        for (let place = 0; place < 4; place++) {
          expect(turned[(place * 3 + channel) * 2 + filter]).toBe(
            weights[(filter * 3 + channel) * 4 + place],
          );
        }
      }
    }
  });
});
