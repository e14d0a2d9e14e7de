/** @file `<auricle-image-classifier>`: a model of pictures, for files. */
import type { Content } from "../messages.ts";
import { make } from "./dom.ts";
import { ModelElement } from "./model-element.ts";

export class AuricleImageClassifier extends ModelElement {
  private readonly preview = make("img", { part: "preview", alt: "The picture", hidden: true });

  constructor() {
    super({
      kind: "picture",
      accept: "image/*",
      chooseText: "Choose a picture",
      hintText: "or drop it here",
      other: "auricle-classifier",
    });
    this.place(this.preview);
    // A format that the browser does not show, or a policy that allows no pictures of the page's own.
    this.preview.addEventListener("error", () => (this.preview.hidden = true));
  }

  protected override close(): void {
    this.forget();
    super.close();
  }

  protected override showContent(content: Content): void {
    this.forget();
    if (!(content instanceof Blob)) return;
    this.preview.src = URL.createObjectURL(content);
    this.preview.hidden = false;
  }

  private forget(): void {
    URL.revokeObjectURL(this.preview.src);
    this.preview.removeAttribute("src");
    this.preview.hidden = true;
  }
}
