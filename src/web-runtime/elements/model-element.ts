/** @file The element of which those of sound and of pictures are made: a model, files, an answer, errors. */
import { findModel, ModelClient, ModelError, modelErrorOf } from "../model-client.ts";
import type { Answer, Content } from "../messages.ts";
import type { Plan } from "../plan.ts";
import { make, slot } from "./dom.ts";
import { namedOutputs, resultRows, shownOutput, type NamedOutput } from "./results.ts";
import { styleSheet } from "./styles.ts";

/** The detail of the event "prediction". */
export interface Prediction extends Answer {
  readonly source: "file" | "microphone" | "call";
  /** The file's name; that of a recording here is empty. */
  readonly name: string;
  readonly task: Plan["task"];
  /** All classes or tags with their probabilities, the most probable first, or a regression's numbers in order. */
  readonly classes: readonly NamedOutput[];
  /** The sound that a microphone gave. */
  readonly heard?: { readonly samples: Float32Array; readonly sampleRate: number };
}

/** The differences between elements. */
interface Medium {
  readonly kind: Plan["input"]["kind"];
  /** The types of files that the file dialog offers. */
  readonly accept: string;
  readonly chooseText: string;
  readonly hintText: string;
  /** The element for models of the other kind. */
  readonly other: string;
}

const DEFAULT_TOP = 5;
const DEFAULT_MAX_SECONDS = 3600;

export abstract class ModelElement extends HTMLElement {
  static readonly observedAttributes = ["src"];

  /** The plan of the model, when it is loaded. */
  model: Plan | undefined;
  protected client: ModelClient | undefined;
  protected readonly drop: HTMLElement;
  private readonly medium: Medium;
  private readonly choose: HTMLButtonElement;
  private readonly input: HTMLInputElement;
  private readonly status = make("p", { part: "status", role: "status" });
  private readonly fault = make("p", { part: "error", role: "alert", hidden: true });
  private readonly cautions = make("ul", { part: "caution", hidden: true });
  private readonly caption = make("caption");
  private readonly rows = make("tbody");
  private readonly table: HTMLTableElement;
  private readonly box: HTMLElement;
  private looking: AbortController | undefined;
  private wasConnected = false;
  private opening: Promise<ModelClient> | undefined;

  constructor(medium: Medium) {
    super();
    this.medium = medium;
    this.choose = make(
      "button",
      { part: "button choose", type: "button", disabled: true },
      slot("choose", medium.chooseText),
    );
    this.input = make("input", { type: "file", accept: medium.accept, hidden: true });
    this.drop = make(
      "div",
      { part: "drop" },
      this.choose,
      make("span", { part: "hint" }, slot("hint", medium.hintText)),
      this.input,
    );
    this.table = make("table", { part: "results", hidden: true }, this.caption, this.rows);
    this.box = make(
      "div",
      { part: "box" },
      make("slot"),
      this.drop,
      this.status,
      this.fault,
      this.cautions,
      this.table,
      make("slot", { name: "footer" }),
    );
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [styleSheet()];
    root.append(this.box);
    this.choose.addEventListener("click", () => this.input.click());
    this.input.addEventListener("change", () => {
      const [file] = this.input.files ?? [];
      if (file) void this.take(file);
      // The same file may be chosen again.
      this.input.value = "";
    });
    this.acceptDrops();
  }

  connectedCallback(): void {
    this.wasConnected = true;
    this.reopen();
  }

  disconnectedCallback(): void {
    this.wasConnected = false;
    this.close();
  }

  attributeChangedCallback(): void {
    // While the parser makes the element it has its attributes before it is connected.
    if (this.wasConnected) this.reopen();
  }

  /**
   * Predicts for a file or, for a model of sound, for samples of one channel; the element shows the answer and tells it by an event.
   * @throws ModelError which the element also shows
   */
  async predict(content: Content, name = content instanceof File ? content.name : ""): Promise<Prediction> {
    return this.look(content, { name, source: "call" });
  }

  /** Before an answer is shown: an element may show what it is about. */
  protected abstract showContent(content: Content): void;

  protected get maxSeconds(): number {
    const value = Number(this.getAttribute("max-seconds") ?? DEFAULT_MAX_SECONDS);
    return value > 0 ? value : DEFAULT_MAX_SECONDS;
  }

  protected say(text: string): void {
    // A live region that is set to the same text would be read again.
    if (this.status.textContent !== text) this.status.textContent = text;
  }

  protected showError(error: ModelError): void {
    this.fault.textContent = error.message;
    this.fault.hidden = false;
    this.say("");
    const { code, message } = error;
    this.dispatchEvent(new CustomEvent("error", { detail: { code, message } }));
  }

  protected clearError(): void {
    this.fault.hidden = true;
    this.fault.textContent = "";
  }

  protected place(element: HTMLElement): void {
    this.table.before(element);
  }

  /** Asks the model, shows its answer and tells it. @throws ModelError after it was shown; one that was cancelled is not */
  protected async look(
    content: Content,
    about: Pick<Prediction, "name" | "source" | "heard">,
  ): Promise<Prediction> {
    this.looking?.abort();
    const looking = new AbortController();
    this.looking = looking;
    try {
      const client = await this.opened();
      const progress = (seconds: number) => this.say(`Heard ${clock(seconds)} of ${about.name} …`);
      const answer = await client.look(content, about.name, this.maxSeconds, progress, looking.signal);
      return this.show(answer, about);
    } catch (error) {
      const known = modelErrorOf(error);
      if (known.code !== "cancelled") this.showError(known);
      throw known;
    }
  }

  protected opened(): Promise<ModelClient> {
    return (
      this.opening ??
      Promise.reject(new ModelError({ code: "argument", message: "the attribute src is missing" }))
    );
  }

  protected close(): void {
    this.client?.end();
    this.client = undefined;
    this.model = undefined;
    this.opening = undefined;
    this.choose.disabled = true;
  }

  private reopen(): void {
    this.close();
    this.clearError();
    this.table.hidden = true;
    this.cautions.hidden = true;
    const src = this.getAttribute("src");
    if (src === null) return;
    this.say("Loading the model …");
    const opening = this.open(src);
    this.opening = opening;
    opening.catch((error: unknown) => {
      if (this.opening === opening) this.showError(modelErrorOf(error));
    });
  }

  private async open(src: string): Promise<ModelClient> {
    const found = await findModel(src);
    const { kind, other } = this.medium;
    if (found.plan.input.kind !== kind) {
      const what = kind === "sound" ? "pictures" : "sound";
      throw new ModelError({
        code: "argument",
        message: `${src}: this is a model of ${what}: use <${other}> for it`,
      });
    }
    const client = new ModelClient(found);
    this.client = client;
    const threads = await client.ready;
    const { name, task, classNames } = found.plan;
    this.model = found.plan;
    this.choose.disabled = false;
    this.say("");
    this.dispatchEvent(new CustomEvent("ready", { detail: { name, task, classNames, threads } }));
    return client;
  }

  private show(answer: Answer, about: Pick<Prediction, "name" | "source" | "heard">): Prediction {
    const plan = this.model;
    if (!plan) throw new ModelError({ code: "cancelled", message: "the model was closed" });
    this.clearError();
    const { task } = plan;
    const classes = namedOutputs(plan, answer.outputs);
    const top = Math.max(1, Math.floor(Number(this.getAttribute("top"))) || DEFAULT_TOP);
    this.caption.textContent = captionOf(answer, about);
    this.rows.replaceChildren(...resultRows(task, task === "regression" ? classes : classes.slice(0, top)));
    this.table.hidden = false;
    const cautions = cautionsOf(answer, about);
    this.cautions.replaceChildren(...cautions.map((text) => make("li", {}, text)));
    this.cautions.hidden = cautions.length === 0;
    this.say(sentenceOf(task, classes, answer));
    const prediction: Prediction = { ...about, ...answer, task, classes };
    this.dispatchEvent(new CustomEvent("prediction", { detail: prediction }));
    return prediction;
  }

  private async take(file: File): Promise<void> {
    this.clearError();
    this.showContent(file);
    this.say(`Reading ${file.name} …`);
    // It has shown its error.
    await this.look(file, { name: file.name, source: "file" }).catch(() => undefined);
  }

  private acceptDrops(): void {
    const over = (isOver: boolean) => this.drop.toggleAttribute("data-over", isOver);
    this.addEventListener("dragover", (event) => {
      event.preventDefault();
      over(true);
    });
    this.addEventListener("dragleave", () => over(false));
    this.addEventListener("drop", (event) => {
      event.preventDefault();
      over(false);
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length === 1) void this.take(files[0]);
      else {
        const message =
          files.length === 0
            ? "What was dropped is no file."
            : `One file at a time; ${files.length} were dropped.`;
        this.showError(new ModelError({ code: "argument", message }));
      }
    });
  }
}

function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
}

type Source = Pick<Prediction, "name" | "source">;

function subjectOf({ name, source }: Source): string {
  return source === "microphone" ? "The microphone" : name || "The sound";
}

function captionOf({ sound }: Answer, about: Source): string {
  const what = subjectOf(about);
  return sound && about.source !== "microphone" ? `${what}, ${clock(sound.seconds)} minutes` : what;
}

/** In what a recording is unlike those that the model was trained on, where that reaches what the model hears. */
function cautionsOf({ sound }: Answer, about: Source): string[] {
  if (!sound || sound.isSilent) return [];
  const outside = sound.outside ?? [];
  return outside.filter(({ leftOut }) => !leftOut).map(({ message }) => `${subjectOf(about)} ${message}.`);
}

function sentenceOf(task: Plan["task"], classes: readonly NamedOutput[], { sound }: Answer): string {
  if (sound?.isSilent) return "This is silent: what the model says of it tells nothing.";
  const [first] = classes;
  if (task === "classification") return `${first.name}, ${shownOutput(task, first.value)}`;
  if (task === "regression")
    return classes.map(({ name, value }) => `${name}: ${shownOutput(task, value)}`).join(", ");
  const likely = classes.filter(({ value }) => value >= 0.5).map(({ name }) => name);
  return likely.length > 0 ? likely.join(", ") : "No tag is more likely than not.";
}
