/**
 * @file Reads HDF5 files as far as h5py writes them for Keras: groups, arrays in one piece, and texts as attributes (format
 * specification 3.0). Whatever the bytes are, it ends within a number of steps, and takes no more memory than the file. Browser-safe.
 */
import { AuricleError } from "../../errors.ts";
import { shownValue } from "../../shown-value.ts";
import type { FloatArray } from "../../tensor/array.ts";
import { Hdf5Bytes, NO_ADDRESS } from "./hdf5-bytes.ts";
import { linksOf } from "./links.ts";
import { MESSAGE, readMessages, type Message } from "./object-header.ts";
import { readAttribute, readShape, readType, type AttributeValue } from "./values.ts";

const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

/** Whether bytes begin as an HDF5 file does. */
export function isHdf5(head: Uint8Array): boolean {
  return SIGNATURE.every((byte, i) => head[i] === byte);
}

/**
 * Opens a file.
 * @param file its name, for messages
 * @throws AuricleError "file" for what is no HDF5 file or is damaged, "unsupported" for parts that h5py does not write by default
 */
export function openHdf5(bytes: Uint8Array, file: string): Hdf5Group {
  if (!isHdf5(bytes))
    throw new AuricleError("file", `${file}: must be an HDF5 file; its first bytes are others`);
  const source = new Hdf5Bytes(bytes, file);
  return new Hdf5Group(source, rootAddress(source), "");
}

function rootAddress(source: Hdf5Bytes): number {
  const version = source.byte(8);
  const isEarly = version < 2;
  if (version > 3) throw source.unsupported(`has version ${version} of the format`);
  const [offsets, lengths] = isEarly ? [source.byte(13), source.byte(14)] : [source.byte(9), source.byte(10)];
  if (offsets !== 8 || lengths !== 8) {
    throw source.unsupported(`has addresses of ${offsets} and lengths of ${lengths} bytes`);
  }
  const base = isEarly ? (version === 0 ? 24 : 28) : 12;
  if (source.long(base) !== 0) throw source.unsupported("begins with something else");
  return source.long(base + (isEarly ? 40 : 24));
}

/** An object of a file: its name and its attributes. */
class Hdf5Object {
  /** The names from the file's root on; "" for the root. */
  readonly path: string;
  protected readonly source: Hdf5Bytes;
  protected readonly messages: readonly Message[];

  constructor(source: Hdf5Bytes, path: string, messages: readonly Message[]) {
    this.source = source;
    this.path = path;
    this.messages = messages;
  }

  protected get shown(): string {
    return this.path === "" ? "its root" : shownValue(this.path);
  }

  /** An attribute's values; undefined where there is none of that name. @throws AuricleError */
  attribute(name: string): AttributeValue | undefined {
    for (const message of this.messages) {
      if (message.type !== MESSAGE.attribute) continue;
      if (message.isShared) throw this.source.unsupported(`shares an attribute of ${this.shown}`);
      const found = readAttribute(this.source, message.at);
      if (found.name === name) return found.value();
    }
    const elsewhere = this.messages.find(({ type }) => type === MESSAGE.attributeInfo);
    if (elsewhere && this.hasDenseAttributes(elsewhere)) {
      throw this.source.unsupported(`has attributes of ${this.shown} in a heap`);
    }
    return undefined;
  }

  private hasDenseAttributes({ at }: Message): boolean {
    const flags = this.source.byte(at + 1);
    return this.source.long(at + 2 + (flags & 1 ? 2 : 0)) !== NO_ADDRESS;
  }

  protected only(type: number, what: string): Message {
    const found = this.messages.find((message) => message.type === type);
    if (!found) throw this.source.fault(`${this.shown} has no ${what}`);
    if (found.isShared) throw this.source.unsupported(`shares the ${what} of ${this.shown}`);
    return found;
  }
}

export class Hdf5Group extends Hdf5Object {
  private readonly links: ReadonlyMap<string, number>;

  constructor(source: Hdf5Bytes, address: number, path: string, messages = readMessages(source, address)) {
    super(source, path, messages);
    this.links = linksOf(source, messages);
  }

  /** The names of what is in the group, in the file's order. */
  get names(): readonly string[] {
    return [...this.links.keys()];
  }

  /** Finds a group or an array by a path of names: undefined where there is none. @throws AuricleError */
  get(path: string): Hdf5Group | Hdf5Dataset | undefined {
    const [name, ...rest] = path.split("/");
    const address = this.links.get(name);
    if (address === undefined) return undefined;
    const messages = readMessages(this.source, address);
    const full = this.path === "" ? name : `${this.path}/${name}`;
    const isArray = messages.some(({ type }) => type === MESSAGE.layout);
    if (isArray) return rest.length === 0 ? new Hdf5Dataset(this.source, full, messages) : undefined;
    const group = new Hdf5Group(this.source, address, full, messages);
    return rest.length === 0 ? group : group.get(rest.join("/"));
  }

  /** @throws AuricleError "file" where there is no group under the path. */
  group(path: string): Hdf5Group | undefined {
    const found = this.get(path);
    return found instanceof Hdf5Group ? found : undefined;
  }

  dataset(path: string): Hdf5Dataset | undefined {
    const found = this.get(path);
    return found instanceof Hdf5Dataset ? found : undefined;
  }
}

export class Hdf5Dataset extends Hdf5Object {
  /** The numbers of an array, as float32. @throws AuricleError "file" for one that is not whole, "unsupported" for one in pieces. */
  read(): FloatArray {
    const { source } = this;
    const shape = readShape(source, this.only(MESSAGE.dataspace, "shape").at);
    const type = readType(source, this.only(MESSAGE.datatype, "type").at);
    if (type.kind !== "number") {
      throw source.unsupported(`has ${type.kind === "other" ? type.name : "text"}s in ${this.shown}`);
    }
    const count = shape.reduce((product, length) => product * length, 1);
    const { at, bytes } = this.place();
    if (count * type.bytes !== bytes && !(at === NO_ADDRESS && count === 0)) {
      throw source.fault(
        `${this.shown} ${JSON.stringify(shape)} needs ${count * type.bytes} bytes and has ${bytes}`,
      );
    }
    source.require(count === 0 ? 0 : at, bytes);
    source.take(bytes);
    const view = new DataView(source.bytes.buffer, source.bytes.byteOffset, source.bytes.byteLength);
    const data = new Float32Array(count);
    for (let i = 0; i < count; i++) data[i] = type.read(view, at + i * type.bytes);
    return { shape, data };
  }

  private place(): { readonly at: number; readonly bytes: number } {
    const { source } = this;
    const { at } = this.only(MESSAGE.layout, "place");
    const [version, layout] = [source.byte(at), source.byte(at + 1)];
    if (version !== 3 && version !== 4)
      throw source.unsupported(`has ${this.shown} in a layout of version ${version}`);
    if (layout === 0) return { at: at + 4, bytes: source.short(at + 2) };
    if (layout !== 1) {
      throw source.unsupported(`has ${this.shown} in ${layout === 2 ? "chunks" : `a layout ${layout}`}`);
    }
    return { at: source.long(at + 2), bytes: source.long(at + 10) };
  }
}
