/** @file The script of the page. Runs in the browser that shows a report. */

/** As `curves.ts` writes it into `data-chart`. */
interface ChartData {
  readonly epochs: readonly number[];
  readonly positions: readonly number[];
  readonly best: number | null;
  readonly series: readonly { readonly name: string; readonly values: readonly string[] }[];
}

/**
 * Adds to a page that is complete without it: values at the pointer or by arrow keys in the charts, a button that copies the
 * command, a window with the examples behind a number, a line in the spectrogram where the sound plays. It stands in the page as the text of this
 * function, so that it uses nothing from outside itself.
 */
export function enhancePage(): void {
  for (const figure of document.querySelectorAll<HTMLElement>("[data-chart]")) followPointer(figure);
  const dialog = document.querySelector<HTMLDialogElement>("#examples");
  if (dialog) openGroups(dialog);
  for (const button of document.querySelectorAll<HTMLButtonElement>("[data-copy]")) offerCopy(button);
  const peek = document.querySelector<HTMLElement>("#peek");
  if (peek) showBeside(peek);
  document.addEventListener("play", (event) => pauseOthers(event.target), true);
  document.addEventListener("timeupdate", (event) => moveCursor(event.target), true);
  document.addEventListener("click", (event) => seek(event));

  /** Shows a button that copies an element's text; from a file, where a browser may refuse the clipboard, by a selection. */
  function offerCopy(button: HTMLButtonElement): void {
    const source = document.querySelector(`#${button.dataset.copy}`);
    if (!source) return;
    const label = button.textContent;
    const say = (text: string) => {
      button.textContent = text;
      setTimeout(() => (button.textContent = label), 2000);
    };
    const select = () => {
      getSelection()?.selectAllChildren(source);
      // Deprecated, and the only way where the clipboard is refused.
      const copied = document.execCommand("copy");
      say(copied ? "Copied" : "Selected: copy it with the keyboard");
    };
    button.hidden = false;
    button.addEventListener("click", () => {
      const clipboard: Clipboard | undefined = navigator.clipboard;
      if (clipboard) clipboard.writeText(source.textContent).then(() => say("Copied"), select);
      else select();
    });
  }

  function followPointer(figure: HTMLElement): void {
    const data = JSON.parse(figure.dataset.chart ?? "{}") as ChartData;
    const area = figure.querySelector<HTMLElement>(".area");
    const cursor = figure.querySelector<HTMLElement>(".cursor");
    const readout = figure.querySelector("output");
    if (!area || !cursor || !readout) return;
    const initial = readout.textContent;
    let at = data.best === null ? data.epochs.length - 1 : data.epochs.indexOf(data.best);
    const show = (index: number) => {
      at = Math.min(data.epochs.length - 1, Math.max(0, index));
      const values = data.series.map(({ name, values }) => `${name} ${values[at]}`).join(", ");
      const best = data.epochs[at] === data.best ? " (best)" : "";
      readout.textContent = `Epoch ${data.epochs[at]}${best}: ${values}`;
      cursor.hidden = false;
      cursor.style.left = `${100 * data.positions[at]}%`;
    };
    const hide = () => {
      cursor.hidden = true;
      readout.textContent = initial;
    };
    area.addEventListener("pointermove", (event) => {
      const { left, width } = area.getBoundingClientRect();
      const position = (event.clientX - left) / width;
      const distances = data.positions.map((other) => Math.abs(other - position));
      show(distances.indexOf(Math.min(...distances)));
    });
    area.addEventListener("pointerleave", hide);
    figure.addEventListener("blur", hide);
    figure.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (step === undefined) return;
      event.preventDefault();
      show(at + step);
    });
  }

  function openGroups(dialog: HTMLDialogElement): void {
    const title = dialog.querySelector("h3");
    const list = dialog.querySelector(".cards");
    if (!title || !list) return;
    dialog.querySelector("button")?.addEventListener("click", () => dialog.close());
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    // Taking the sounds out of the page ends them.
    dialog.addEventListener("close", () => list.replaceChildren());
    document.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || !(event.target instanceof Element)) return;
      const link = event.target.closest("a[data-group], a[data-example]");
      const group = link?.getAttribute("data-group");
      const example = link?.getAttribute("data-example");
      const cards = group
        ? [...document.querySelectorAll(`article[data-groups~="${group}"]`)]
        : [...document.querySelectorAll(`#${example}`)];
      if (!link || cards.length === 0) return;
      event.preventDefault();
      const copies = cards.map((card) => {
        const copy = card.cloneNode(true) as Element;
        copy.removeAttribute("id");
        return copy;
      });
      const unit = dialog.dataset.unit ?? "clip";
      const count = `${cards.length} ${unit}${cards.length === 1 ? "" : "s"}`;
      title.textContent = `${link.getAttribute("data-title")}: ${count}`;
      list.replaceChildren(...copies);
      dialog.showModal();
      dialog.scrollTop = 0;
    });
  }

  /** Shows the card of the point at the pointer, beside it. */
  function showBeside(peek: HTMLElement): void {
    document.addEventListener("pointerover", (event) => {
      const link = event.target instanceof Element ? event.target.closest("a[data-example]") : null;
      const card = link && document.querySelector(`#${link.getAttribute("data-example")}`);
      peek.hidden = !card || event.pointerType !== "mouse";
      if (!card || peek.hidden) return;
      const parts = [...card.querySelectorAll("h4, .verdict, .picture img")];
      peek.replaceChildren(...parts.map((part) => part.cloneNode(true)));
      peek.style.left = `${Math.min(event.clientX + 16, innerWidth - peek.offsetWidth - 8)}px`;
      peek.style.top = `${Math.min(event.clientY + 16, innerHeight - peek.offsetHeight - 8)}px`;
    });
  }

  function pauseOthers(playing: EventTarget | null): void {
    for (const audio of document.querySelectorAll("audio")) if (audio !== playing) audio.pause();
  }

  function moveCursor(audio: EventTarget | null): void {
    if (!(audio instanceof HTMLAudioElement)) return;
    const cursor = audio.closest(".example")?.querySelector<HTMLElement>(".picture .cursor");
    if (!cursor) return;
    const seconds = Number(audio.dataset.start) + audio.currentTime;
    cursor.hidden = audio.currentTime === 0;
    cursor.style.left = `${(100 * seconds) / Number(audio.dataset.seconds)}%`;
  }

  /** A click in a spectrogram plays from there. */
  function seek(event: MouseEvent): void {
    if (!(event.target instanceof Element)) return;
    const picture = event.target.closest(".picture");
    const audio = picture?.closest(".example")?.querySelector("audio");
    if (!picture || !audio) return;
    const { left, width } = picture.getBoundingClientRect();
    const seconds = ((event.clientX - left) / width) * Number(audio.dataset.seconds);
    audio.currentTime = Math.max(0, seconds - Number(audio.dataset.start));
    void audio.play();
  }
}
