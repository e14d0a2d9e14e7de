/** @file The parts that all formats which can be imported have in common. */
import type { Json, Network } from "../../nn/index.ts";

/** A file that is to be imported. */
export interface ImportedFile {
  readonly path: string;
  /** Its first bytes: as many as tell formats apart. */
  readonly head: Uint8Array;
  /** The whole file. @throws AuricleError "file" */
  read(): Promise<Uint8Array>;
  /**
   * Another file of the same folder, for formats whose weights are in files of their own.
   * @throws AuricleError "file" for a name that leads elsewhere, and a file that is not there
   */
  readBeside(name: string): Promise<Uint8Array>;
}

/** The facts that a file may leave open. */
export interface ImportRequest {
  /** The shape of one example, in the file's own order of axes, where the file leaves lengths open. */
  readonly input?: readonly number[];
  /** Numbers for inputs that are settings rather than data, by name. */
  readonly settings?: Readonly<Record<string, number>>;
  /** A built-in model's name or a network file, for files that hold weights alone. */
  readonly model?: string;
  /** The number of outputs. */
  readonly classes?: number;
  /** Whether weights of the network and tensors of the file may be without a counterpart, for files of weights alone. */
  readonly partial?: boolean;
}

/** A network from another program's file. */
export interface Imported {
  readonly network: Network;
  /** Metadata of the model file that come from the file itself: `audioMetadata`, `imageMetadata`; empty where it has none. */
  readonly metadata: Readonly<Record<string, Json>>;
  /** The names of the outputs, where the file has them without the rest of a description. */
  readonly classNames?: readonly string[];
  /** Sentences on what was left out, repaired or computed otherwise than in the file. */
  readonly notes: readonly string[];
  /** More facts for --json: versions, producer, what matched. */
  readonly facts: Readonly<Record<string, Json>>;
}

export interface Importer {
  /** As messages name the format: "ONNX". */
  readonly format: string;
  /** The endings of its files' names, for the help. */
  readonly endings: readonly string[];
  /** Whether files may hold weights alone, for a network that the request names. Default false. */
  readonly readsWeightsAlone?: boolean;
  /** Whether a file is of this format, by content and name. */
  takes(file: Pick<ImportedFile, "path" | "head">): boolean;
  /** @throws AuricleError naming the file and all that is not supported. */
  load(file: ImportedFile, request: ImportRequest): Promise<Imported>;
}
