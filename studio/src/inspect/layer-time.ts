/** @file Times of layers in words. */
import type { LayerTime, ModelInspection } from "auricle/session";
import { short } from "../figures/numbers.ts";

/** "1.25 ms", "37 µs + in conv2d_1", "none" where nothing is computed; "…" for what is not measured yet. */
export function timeText(time: Partial<Pick<LayerTime, "milliseconds" | "within">> | undefined): string {
  if (time?.milliseconds === undefined) return "…";
  const { milliseconds, within } = time;
  if (milliseconds === 0) return within === undefined ? "none" : `in ${within}`;
  const own = milliseconds < 0.1 ? `${short(1000 * milliseconds)} µs` : `${short(milliseconds)} ms`;
  return within === undefined ? own : `${own} + in ${within}`;
}

/** Multiply-adds up to which a network is measured without being asked for: some runs take a fraction of a second. */
const QUICK = 3e8;

export function isQuick({ multiplyAdds }: Pick<ModelInspection, "multiplyAdds">): boolean {
  return multiplyAdds <= QUICK;
}
