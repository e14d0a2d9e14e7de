/** @file How many rows and vectors a tile of multiply-adds has when its vectors run over output positions. */
import type { MachineTraits } from "../../../machine/ir.ts";

/**
 * Loads that a core does in the time of one multiply-add, by width of its vectors: a broadcast, an aligned vector, and one
 * anywhere, which lies in two cache lines more often than not with wide vectors.
 */
function costs({ lanes }: MachineTraits) {
  if (lanes >= 16) return { broadcast: 0.5, aligned: 1, anywhere: 2 };
  return lanes >= 8
    ? { broadcast: 1, aligned: 1, anywhere: 1.5 }
    : { broadcast: 1, aligned: 1, anywhere: 1.25 };
}

/** Multiply-adds that must be under way at once to hide how long one takes. */
const IN_FLIGHT = 8;

/** A tile of filters and vectors of positions: each position is read from anywhere, each weight is broadcast. */
export interface PositionTile {
  readonly filters: number;
  readonly vectors: number;
}

/** The tiles that a number of filters is shared out in, all with as many vectors of positions as registers allow. */
export function positionTiles(outputs: number, machine: MachineTraits): PositionTile[] {
  return cheapest(outputs, (filters) => {
    const { broadcast, anywhere } = costs(machine);
    const vectors = vectorsBeside(filters, machine);
    return { time: time(filters * vectors, filters * broadcast + vectors * anywhere) / vectors, vectors };
  }).map(({ size, vectors }) => ({ filters: size, vectors }));
}

/** The cost, in multiply-add instructions, of one vector of positions and one input's weight of each filter. */
export function positionTime(outputs: number, machine: MachineTraits): number {
  const { broadcast, anywhere } = costs(machine);
  return positionTiles(outputs, machine).reduce(
    (sum, { filters, vectors }) =>
      sum + time(filters * vectors, filters * broadcast + vectors * anywhere) / vectors,
    0,
  );
}

/** A tile of filters and neighbouring cells of the filter: sums over positions. */
export interface CellTile {
  readonly filters: number;
  readonly cells: number;
}

/** Tiles for a filter gradient: as many cells of a filter's row beside some filters as registers allow. */
export function cellTiles(outputs: number, rowCells: number, machine: MachineTraits): CellTile[] {
  const { aligned, anywhere } = costs(machine);
  return cheapest(outputs, (filters) => {
    const cells = Math.min(
      rowCells,
      Math.max(1, Math.floor((machine.vectorRegisters - filters - 2) / filters)),
    );
    const tiles = Math.ceil(rowCells / cells);
    const even = Math.ceil(rowCells / tiles);
    return { time: tiles * time(filters * even, filters * aligned + even * anywhere), cells: even };
  }).map(({ size, cells }) => ({ filters: size, cells }));
}

/** The cost, in multiply-add instructions, of one vector of positions, all cells of a filter's row and all filters. */
export function cellTime(outputs: number, rowCells: number, machine: MachineTraits): number {
  const { aligned, anywhere } = costs(machine);
  return cellTiles(outputs, rowCells, machine).reduce((sum, { filters, cells }) => {
    const tiles = Math.ceil(rowCells / cells);
    return sum + tiles * time(filters * cells, filters * aligned + cells * anywhere);
  }, 0);
}

/** Vectors of positions that fit into registers beside so many filters, as in tile.ts. */
function vectorsBeside(filters: number, { vectorRegisters, fusedMultiplyAdd }: MachineTraits): number {
  const available = fusedMultiplyAdd ? vectorRegisters - 1 : vectorRegisters - 1 - filters;
  return Math.max(1, Math.floor(available / (filters + 1)));
}

function time(multiplyAdds: number, loads: number): number {
  return Math.max(multiplyAdds, loads, IN_FLIGHT / 2);
}

/** Shares out `total` in parts as equal as can be, of the number that takes the least time. */
function cheapest<T extends { readonly time: number }>(
  total: number,
  plan: (size: number) => T,
): (T & { readonly size: number })[] {
  let best: (T & { readonly size: number })[] = [];
  let least = Infinity;
  for (let parts = 1; parts <= total; parts++) {
    const sizes = Array.from({ length: parts }, (_, i) => Math.floor((total + i) / parts));
    const planned = sizes.map((size) => ({ ...plan(size), size }));
    const sum = planned.reduce((all, part) => all + part.time, 0);
    if (sum < least) [best, least] = [planned, sum];
  }
  return best;
}
