/** @file The page's side of a model's worker. */
import { AuricleError } from "../errors.ts";
import { startModelWorker } from "./assets.ts";
import type { Answer, Content, Fault, Question, Reply } from "./messages.ts";
import { requirePlan, type Plan } from "./plan.ts";

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
  readonly progress: (seconds: number) => void;
}

/** A fault as an error: its `code` tells faults apart. */
export class ModelError extends Error {
  readonly code: string;

  constructor({ code, message }: Fault) {
    super(message);
    this.name = "ModelError";
    this.code = code;
  }
}

/** A plan, and where its binary file is or what it holds. */
export interface FoundModel {
  readonly plan: Plan;
  readonly binary: string | ArrayBuffer;
}

/**
 * Finds a model by the attribute `src`.
 * @param src the address of a folder or of its model.json; or "#id" for a model within the page, two script elements with the ids
 *   "id" and "id-binary"
 * @throws ModelError
 */
export async function findModel(src: string): Promise<FoundModel> {
  try {
    return src.startsWith("#") ? modelInPage(src.slice(1)) : await fetchModel(src);
  } catch (error) {
    throw modelErrorOf(error);
  }
}

export function modelErrorOf(error: unknown): ModelError {
  if (error instanceof ModelError) return error;
  if (error instanceof AuricleError) return new ModelError({ code: error.code, message: error.message });
  return new ModelError({
    code: "internal",
    message: error instanceof Error ? error.message : String(error),
  });
}

async function fetchModel(src: string): Promise<FoundModel> {
  const base = new URL(src, document.baseURI);
  if (!base.pathname.endsWith(".json")) {
    if (!base.pathname.endsWith("/")) base.pathname += "/";
    base.pathname += "model.json";
  }
  const text = await fetchText(base.href);
  const plan = requirePlan(parse(text, base.href), base.href);
  return { plan, binary: new URL(plan.binary.file, base).href };
}

async function fetchText(address: string): Promise<string> {
  const refuse = (why: string) =>
    new AuricleError(
      "file",
      `${address}: the model cannot be loaded: ${why}. See that the attribute src names its folder`,
    );
  const response = await fetch(address).catch((cause: unknown) => {
    throw refuse(String(cause));
  });
  if (!response.ok) throw refuse(`the server answers ${response.status}`);
  return response.text();
}

function parse(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AuricleError("file", `${source}: this is not JSON, or only a part of it: copy the file again`, {
      cause,
    });
  }
}

function modelInPage(id: string): FoundModel {
  const textOf = (name: string) => {
    const text = document.getElementById(name)?.textContent;
    if (typeof text !== "string") {
      throw new AuricleError(
        "file",
        `the page has no element with the id "${name}", where its model should be`,
      );
    }
    return text;
  };
  const plan = requirePlan(parse(textOf(id), `#${id}`), `#${id}`);
  const binary = Uint8Array.from(atob(textOf(`${id}-binary`).trim()), (char) => char.charCodeAt(0));
  return { plan, binary: binary.buffer };
}

/** A model in a worker. */
export class ModelClient {
  /** The number of threads, when the model is ready. */
  readonly ready: Promise<number>;
  private readonly worker: Worker;
  private readonly waiting = new Map<number, Waiting>();
  private next = 0;

  constructor({ plan, binary }: FoundModel) {
    this.worker = startModelWorker(plan.input.kind);
    this.ready = new Promise((resolve, reject) => {
      this.worker.onmessage = ({ data }: MessageEvent<Reply>) => {
        if (data.kind === "ready") resolve(data.threads);
        else if (data.kind === "fault" && data.id === undefined) reject(new ModelError(data.fault));
        else this.take(data);
      };
      this.worker.onerror = ({ message }) => {
        const why = message || "its script could not be loaded";
        const error = new ModelError({ code: "internal", message: `the model's worker failed: ${why}` });
        reject(error);
        for (const { reject: end } of this.waiting.values()) end(error);
        this.waiting.clear();
      };
    });
    // Nobody may ask for it before it fails.
    this.ready.catch(() => undefined);
    this.ask({ kind: "open", plan, binary });
  }

  /** @throws ModelError */
  look(
    content: Content,
    name: string,
    maxSeconds: number,
    progress: (seconds: number) => void,
    signal?: AbortSignal,
  ): Promise<Answer> {
    const id = this.next++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject, progress });
      signal?.addEventListener("abort", () => this.ask({ kind: "cancel", id }));
      this.ask({ kind: "look", id, content, name, maxSeconds });
    });
  }

  end(): void {
    this.worker.terminate();
  }

  private ask(question: Question): void {
    this.worker.postMessage(question);
  }

  private take(reply: Exclude<Reply, { kind: "ready" }>): void {
    const waiting = this.waiting.get(reply.id ?? -1);
    if (!waiting || reply.id === undefined) return;
    if (reply.kind === "progress") {
      waiting.progress(reply.seconds);
      return;
    }
    this.waiting.delete(reply.id);
    if (reply.kind === "answer") waiting.resolve(reply.answer);
    else waiting.reject(new ModelError(reply.fault));
  }
}
