import { describe, expect, it } from "vitest";
import { DIVERGING_COLORS } from "../design/colors.ts";
import { filterSection } from "./filters.ts";
import { magnitudeResponse, relativeDecibels, RESPONSE_POINTS } from "../explain/index.ts";
import { pageElements } from "./testing/page-elements.ts";
import { readPng } from "./testing/read-png.ts";

const pictureAt = (address: string) => readPng(Buffer.from(address.split(",")[1], "base64"));

describe("kernels as pictures", () => {
  it("have time from left to right and low frequencies below, each with its own scale", () => {
    // Two times, three frequencies, one input, two filters: data[(t · 3 + f) · 2 + filter].
    const data = new Float32Array(12);
    data[0] = -4; // Filter 0 at time 0, frequency 0.
    data[(1 * 3 + 2) * 2] = 2; // Filter 0 at time 1, frequency 2.
    const elements = pageElements(
      filterSection({ layer: "conv2d", shape: [2, 3, 1, 2], data, sampleRate: 43 }).text,
    );
    const pictures = elements
      .filter(({ name }) => name === "img")
      .map(({ attributes }) => attributes.get("src"));
    expect(pictures).toHaveLength(2);
    const [negative, zero, half] = [0, 32, 48].map((i) => [...DIVERGING_COLORS[i]]);
    expect(pictureAt(pictures[0] ?? "")).toEqual({
      width: 2,
      height: 3,
      colors: [zero, half, zero, zero, negative, zero],
    });
    expect(pictureAt(pictures[1] ?? "").colors).toEqual(Array(6).fill(zero));
    const captions = elements.filter(({ name }) => name === "figcaption").map(({ text }) => text.trim());
    expect(captions.map((text) => text.replace(/\s+/g, " "))).toEqual(["0 ±4", "1 ±0"]);
  });
});

describe("filters of a waveform", () => {
  it("are ordered by the frequency that passes best", () => {
    // Two taps, two filters: 1, -1 passes half the sample rate best, 1, 1 passes 0 Hz.
    const data = Float32Array.of(1, 1, -1, 1);
    const text = filterSection({ layer: "conv1d", shape: [2, 1, 2], data, sampleRate: 8000 }).text;
    const captions = pageElements(text).filter(({ name }) => name === "figcaption");
    expect(captions.map((element) => element.text.replace(/\s+/g, " ").trim())).toEqual([
      "1 0 Hz",
      "0 4 kHz",
    ]);
  });

  it("pass |H| = 2 |cos(ω / 2)| for the taps 1, 1", () => {
    const response = magnitudeResponse([1, 1]);
    for (let k = 0; k < RESPONSE_POINTS; k++) {
      const omega = (Math.PI * k) / (RESPONSE_POINTS - 1);
      expect(response[k]).toBeCloseTo(2 * Math.abs(Math.cos(omega / 2)), 12);
    }
  });

  it("are in decibels below the greatest, down to -60", () => {
    expect([...relativeDecibels(Float64Array.of(2, 0.2, 0.0002, 0))]).toEqual([
      0,
      expect.closeTo(-20, 10),
      -60,
      -60,
    ]);
    expect([...relativeDecibels(Float64Array.of(0, 0))]).toEqual([-60, -60]);
  });
});

it("filters of another rank or number are refused by name", () => {
  expect(() =>
    filterSection({ layer: "conv2d", shape: [3, 3], data: new Float32Array(9), sampleRate: 1 }),
  ).toThrow(/layer "conv2d" must be .* got shape \[3,3\] and 9 weights/);
  expect(() =>
    filterSection({ layer: "a", shape: [3, 1, 2], data: new Float32Array(5), sampleRate: 1 }),
  ).toThrow(/got shape \[3,1,2\] and 5 weights/);
});
