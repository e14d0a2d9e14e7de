/** @file The stretches of an arena that were given back. */

interface Stretch {
  readonly address: number;
  readonly bytes: number;
}

export class FreeStretches {
  /** By address, with something in use between any two. */
  private stretches: readonly Stretch[] = [];

  get bytes(): number {
    return this.stretches.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Takes from the smallest stretch that is large enough; undefined if none is. */
  take(bytes: number): number | undefined {
    if (bytes === 0) return undefined;
    const fitting = this.stretches.filter((stretch) => stretch.bytes >= bytes);
    if (fitting.length === 0) return undefined;
    const chosen = fitting.reduce((best, stretch) => (stretch.bytes < best.bytes ? stretch : best));
    const rest = { address: chosen.address + bytes, bytes: chosen.bytes - bytes };
    this.stretches = this.stretches.flatMap((stretch) => {
      if (stretch !== chosen) return [stretch];
      return rest.bytes > 0 ? [rest] : [];
    });
    return chosen.address;
  }

  add(address: number, bytes: number): void {
    if (bytes === 0) return;
    const end = address + bytes;
    const before = this.stretches.filter((stretch) => stretch.address < address);
    const after = this.stretches.filter((stretch) => stretch.address > address);
    const previous = before.at(-1);
    const next = after.at(0);
    const joinsPrevious = previous !== undefined && previous.address + previous.bytes === address;
    const joinsNext = next !== undefined && next.address === end;
    const first = joinsPrevious ? previous.address : address;
    const last = joinsNext ? next.address + next.bytes : end;
    this.stretches = [
      ...(joinsPrevious ? before.slice(0, -1) : before),
      { address: first, bytes: last - first },
      ...(joinsNext ? after.slice(1) : after),
    ];
  }

  /** Forgets the stretch that ends at `end`, if there is one. @returns the end of the memory that is then in use */
  cutEnd(end: number): number {
    const last = this.stretches.at(-1);
    if (!last || last.address + last.bytes !== end) return end;
    this.stretches = this.stretches.slice(0, -1);
    return last.address;
  }
}
