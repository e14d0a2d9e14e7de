/**
 * @file The address as state: what the reader sets stands in it, so that it can be shared, reloaded and undone with the browser's
 * "back". Changes in quick succession, as a slider makes them, are one step back.
 */
import { addressText, parseAddress, type Parameter, type Place } from "./parse-address.ts";

export { choice, flag, number, numbers, oneOf, text, whole } from "./parse-address.ts";

/** Milliseconds after which a change is a step of its own. */
const GESTURE = 700;

let place = $state.raw<Place>(parseAddress(location.hash));
let lastChange = -Infinity;

addEventListener("popstate", () => {
  place = parseAddress(location.hash);
  lastChange = -Infinity;
});
addEventListener("hashchange", () => (place = parseAddress(location.hash)));

/** The path: "/learn/convolution". */
export function currentPath(): string {
  return place.path;
}

type Values<P> = { -readonly [K in keyof P]: P[K] extends Parameter<infer T> ? T : never };

/**
 * Values of the address under names, as an object whose properties can be read and set; values that are the initial ones
 * are not written.
 *
 * @example
 * const view = addressed({ stride: whole(1, 1, 4) });
 * view.stride = 2;
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each parameter has a type of its own
export function addressed<P extends Record<string, Parameter<any>>>(parameters: P): Values<P> {
  const values = {};
  for (const [name, parameter] of Object.entries(parameters)) {
    const read = $derived.by(() => {
      const written = place.query.get(name);
      return written === null ? parameter.initial : (parameter.read(written) ?? parameter.initial);
    });
    Object.defineProperty(values, name, {
      enumerable: true,
      get: () => read as unknown,
      set: (value: unknown) => change(name, parameter.write(value), parameter.write(parameter.initial)),
    });
  }
  return values as Values<P>;
}

/** Sets everything back to the initial values. */
export function resetAddress(): void {
  go({ path: place.path, query: new URLSearchParams() });
}

function change(name: string, written: string, initial: string): void {
  if ((place.query.get(name) ?? initial) === written) return;
  const query = new URLSearchParams(place.query);
  if (written === initial) query.delete(name);
  else query.set(name, written);
  go({ path: place.path, query });
}

function go(next: Place): void {
  const now = performance.now();
  const address = addressText(next);
  if (now - lastChange < GESTURE) history.replaceState(null, "", address);
  else history.pushState(null, "", address);
  lastChange = now;
  place = next;
}
