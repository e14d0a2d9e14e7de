/** @file `<auricle-classifier>`: a model of sound, for files and the microphone. */
import { modelErrorOf } from "../model-client.ts";
import type { SoundPlan } from "../plan.ts";
import { make, slot } from "./dom.ts";
import { openMicrophone, type Microphone } from "./microphone.ts";
import { ModelElement } from "./model-element.ts";
import { RecentSound } from "./recent-sound.ts";

/** The most seconds before the first answer: a model of longer windows hears silence behind them. */
const FIRST_SECONDS = 3;

export class AuricleClassifier extends ModelElement {
  private readonly button: HTMLButtonElement;
  private readonly levelBar = make("div");
  private readonly level = make("div", { part: "level", "aria-hidden": "true", hidden: true }, this.levelBar);
  private microphone: Microphone | undefined;
  private recent: RecentSound | undefined;
  private isAsking = false;

  constructor() {
    super({
      kind: "sound",
      accept: "audio/*,video/webm,video/mp4,.flac,.opus,.caf,.aif,.aiff,.au,.w64",
      chooseText: "Choose a recording",
      hintText: "or drop it here",
      other: "auricle-image-classifier",
    });
    this.button = make(
      "button",
      { part: "button microphone", type: "button", "aria-pressed": "false" },
      slot("microphone", "Use the microphone"),
    );
    this.drop.append(this.button);
    this.place(this.level);
    this.button.addEventListener("click", () => void (this.microphone ? this.stop() : this.start()));
  }

  override connectedCallback(): void {
    this.button.hidden = this.hasAttribute("no-microphone");
    super.connectedCallback();
  }

  /** Listens to the microphone until `stop`; the element shows what goes wrong. */
  async start(): Promise<void> {
    if (this.microphone) return;
    this.clearError();
    try {
      await this.opened();
      const { sampleRate, hopLength, windowFrames } = this.model?.input as SoundPlan;
      const seconds = (windowFrames * hopLength) / sampleRate;
      this.say("Waiting for the microphone …");
      const microphone = await openMicrophone(
        (block) => this.hear(block),
        () => this.stop(),
      );
      this.microphone = microphone;
      this.recent = new RecentSound(
        Math.ceil(seconds * microphone.sampleRate),
        FIRST_SECONDS * microphone.sampleRate,
      );
      this.button.setAttribute("aria-pressed", "true");
      this.level.hidden = false;
      this.say("Listening …");
    } catch (error) {
      this.showError(modelErrorOf(error));
    }
  }

  stop(): void {
    this.microphone?.end();
    this.microphone = undefined;
    this.recent = undefined;
    this.button.setAttribute("aria-pressed", "false");
    this.level.hidden = true;
  }

  protected override close(): void {
    this.stop();
    super.close();
  }

  protected override showContent(): void {
    this.stop();
  }

  private hear(block: Float32Array): void {
    const { recent, microphone } = this;
    if (!recent || !microphone) return;
    recent.push(block);
    const peak = block.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    this.levelBar.style.transform = `scaleX(${Math.min(1, peak)})`;
    // One question at a time: what comes meanwhile is part of the next.
    if (this.isAsking || !recent.isEnough) return;
    this.isAsking = true;
    const heard = { samples: recent.samples(), sampleRate: microphone.sampleRate };
    this.look(heard, { name: "", source: "microphone", heard })
      .catch(() => this.stop())
      .finally(() => (this.isAsking = false));
  }
}
