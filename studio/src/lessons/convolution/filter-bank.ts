/** @file The weights of the lesson's filters, in the address's order: [filters][channels of a group][rows · columns]. */

import { PRESETS } from "./filters.ts";

export interface BankShape {
  readonly filters: number;
  /** Channels that each filter reads: those of its group. */
  readonly channels: number;
  readonly rows: number;
  readonly columns: number;
}

/** Returns the given weights where there are as many as there must be, and otherwise the presets one after the other. */
export function bankOf(given: readonly number[], shape: BankShape): readonly number[] {
  const perFilter = shape.channels * shape.rows * shape.columns;
  if (given.length === shape.filters * perFilter) return given;
  return Array.from({ length: shape.filters }, (_, filter) =>
    Array.from({ length: perFilter }, (_, i) =>
      presetWeight(shape, filter, i % (shape.rows * shape.columns)),
    ),
  ).flat();
}

/** A preset's weight at a place of a window of any size: in the window's middle, zeros around, divided among the channels. */
export function presetWeight({ rows, columns, channels }: BankShape, preset: number, place: number): number {
  const row = Math.floor(place / columns) - (rows >> 1) + 1;
  const column = (place % columns) - (columns >> 1) + 1;
  const inside = row >= 0 && row < 3 && column >= 0 && column < 3;
  return inside ? PRESETS[preset % PRESETS.length].weights[row * 3 + column] / channels : 0;
}

/** Replaces the weights of one filter; `weightAt` has each channel and place. */
export function withFilter(
  weights: readonly number[],
  { channels, rows, columns }: BankShape,
  filter: number,
  weightAt: (channel: number, place: number) => number,
): number[] {
  const area = rows * columns;
  const from = filter * channels * area;
  return weights.map((weight, i) => {
    const own = i - from;
    return own < 0 || own >= channels * area ? weight : weightAt(Math.floor(own / area), own % area);
  });
}

/** Returns the weights in the engine's order, [rows, columns, channels, filters]. */
export function engineOrder(
  weights: readonly number[],
  { channels, rows, columns, filters }: BankShape,
): Float32Array {
  const area = rows * columns;
  const turned = new Float32Array(weights.length);
  weights.forEach((weight, i) => {
    const [filter, channel, place] = [
      Math.floor(i / (channels * area)),
      Math.floor(i / area) % channels,
      i % area,
    ];
    turned[(place * channels + channel) * filters + filter] = weight;
  });
  return turned;
}
