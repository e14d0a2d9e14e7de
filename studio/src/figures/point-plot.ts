/** @file The arithmetic of points in a plane: which one is meant, which comes next, and where the names of their groups stand. */

/** A place in px, from the left and from the top. */
export interface Place {
  readonly left: number;
  readonly top: number;
}

/** A range that holds all values with a margin on both sides; never empty. */
export function marginRange(values: Iterable<number>, margin = 0.06): readonly [low: number, high: number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (!(low <= high)) return [0, 1];
  const room = high > low ? margin * (high - low) : 0.5;
  return [low - room, high + room];
}

/** The index of the nearest point within some px; undefined where there is none. */
export function nearestPlace(
  places: readonly Place[],
  { left, top }: Place,
  within: number,
): number | undefined {
  let best: number | undefined;
  let least = within;
  places.forEach((place, i) => {
    const distance = Math.hypot(place.left - left, place.top - top);
    if (distance <= least) [best, least] = [i, distance];
  });
  return best;
}

/**
 * The point that an arrow key leads to: the nearest within 45° of the direction, or else the nearest that lies that way at all.
 * @param right and `up`: one of them is 1 or -1, the other 0
 * @returns `from` where there is none
 */
export function placeTowards(
  places: readonly Place[],
  from: number,
  [right, up]: readonly [right: number, up: number],
): number {
  const { left, top } = places[from];
  let best = from;
  let least = Infinity;
  places.forEach((place, i) => {
    const [across, above] = [place.left - left, top - place.top];
    const ahead = across * right + above * up;
    const aside = Math.abs(across * up) + Math.abs(above * right);
    if (i === from || ahead <= 0) return;
    // Those within the angle come before all others.
    const distance = Math.hypot(ahead, aside) + (aside > ahead ? 1e6 : 0);
    if (distance < least) [best, least] = [i, distance];
  });
  return best;
}

export interface Label {
  readonly text: string;
  /** The middle that it belongs to. */
  readonly at: Place;
  /** In px. */
  readonly width: number;
}

/**
 * The middles of labels near what they name: each as near as the ones before it leave room.
 * @param height the height of a label, in px
 * @param area the plane, in px
 */
export function labelPlaces(
  labels: readonly Label[],
  height: number,
  area: { readonly width: number; readonly height: number },
): Place[] {
  const taken: { readonly place: Place; readonly width: number }[] = [];
  return labels.map(({ at, width }) => {
    const inside = ({ left, top }: Place): Place => ({
      left: Math.max(width / 2, Math.min(area.width - width / 2, left)),
      top: Math.max(height / 2, Math.min(area.height - height / 2, top)),
    });
    const isFree = (place: Place) =>
      taken.every(
        (other) =>
          Math.abs(other.place.top - place.top) >= height ||
          Math.abs(other.place.left - place.left) >= (other.width + width) / 2,
      );
    const steps = Array.from({ length: Math.ceil(area.height / height) }, (_, i) => i);
    const tried = steps.flatMap((step) =>
      [-1, 1].map((side) => inside({ left: at.left, top: at.top + side * step * height })),
    );
    const place = tried.find(isFree) ?? inside(at);
    taken.push({ place, width });
    return place;
  });
}

/** The point of each group that is nearest to the middle of its points: where its name belongs. */
export function groupMiddles(
  places: readonly Place[],
  groups: readonly (number | undefined)[],
): ReadonlyMap<number, Place> {
  const members = new Map<number, Place[]>();
  places.forEach((place, i) => {
    const group = groups[i];
    if (group === undefined) return;
    const own = members.get(group) ?? [];
    members.set(group, own);
    own.push(place);
  });
  return new Map(
    [...members].map(([group, own]) => {
      const mean = (of: (place: Place) => number) => own.reduce((sum, one) => sum + of(one), 0) / own.length;
      const middle = { left: mean(({ left }) => left), top: mean(({ top }) => top) };
      return [group, own[nearestPlace(own, middle, Infinity) ?? 0]];
    }),
  );
}
