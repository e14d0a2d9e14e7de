import type { Arena } from "../runtime/arena.ts";
import type { Slab, SlabHome } from "./slab.ts";

/** Where an arena keeps its slabs. */
export class SlabHomes implements SlabHome {
  private static readonly all = new WeakMap<Arena, SlabHomes>();
  private readonly arena: Arena;
  private readonly addresses = new WeakMap<Slab, number>();

  private constructor(arena: Arena) {
    this.arena = arena;
  }

  static of(arena: Arena): SlabHomes {
    let homes = SlabHomes.all.get(arena);
    if (!homes) {
      homes = new SlabHomes(arena);
      SlabHomes.all.set(arena, homes);
    }
    return homes;
  }

  /**
   * The slab's address; a slab met for the first time is moved in.
   * @param beforeMove is called when there is memory for it that nothing has touched yet
   */
  addressOf(slab: Slab, beforeMove?: () => void): number {
    const known = this.addresses.get(slab);
    if (known !== undefined) return known;
    slab.requireHome(this);
    const address = this.arena.allocate(slab.length * Float32Array.BYTES_PER_ELEMENT, slab);
    this.addresses.set(slab, address);
    beforeMove?.();
    slab.moveTo(this);
    return address;
  }

  view(slab: Slab): Float32Array {
    return this.arena.floats(this.addresses.get(slab) ?? 0, slab.length);
  }
}
