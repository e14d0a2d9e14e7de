import { expect, it } from "vitest";
import { filesOfForm, shownName } from "./form-files.ts";

async function formOf(
  build: (form: FormData) => void,
): Promise<{ bytes: Uint8Array<ArrayBuffer>; type: string }> {
  const form = new FormData();
  build(form);
  const response = new Response(form);
  return {
    bytes: new Uint8Array(await response.arrayBuffer()),
    type: response.headers.get("content-type") ?? "",
  };
}

it("files come in their order under the last part of their names", async () => {
  const { bytes, type } = await formOf((form) => {
    form.append("__proto__", new Blob(["a"]), "../../etc/passwd");
    form.append("note", "text");
    form.append("file", new Blob(["bc"]), "C:\\songs\\b\u202e.wav");
    form.append("file", new Blob([]), "folder/");
  });
  const files = await filesOfForm(bytes, type, 3);
  expect(files.map(({ name, bytes: { length } }) => [name, length])).toEqual([
    ["passwd", 1],
    ["b.wav", 2],
    ["file 3", 0],
  ]);
  expect(Object.keys(Object.prototype)).toEqual([]);
});

it("no file, too many, and what is no form are refused", async () => {
  const without = await formOf((form) => form.append("file", "text"));
  await expect(filesOfForm(without.bytes, without.type, 3)).rejects.toThrow("has no file");
  const many = await formOf((form) => {
    for (let i = 0; i < 4; i++) form.append("file", new Blob(["a"]), "a");
  });
  await expect(filesOfForm(many.bytes, many.type, 3)).rejects.toThrow("4 files; at most 3");
  await expect(filesOfForm(Uint8Array.of(1, 2), "multipart/form-data; boundary=x", 3)).rejects.toThrow(
    "not a form",
  );
  await expect(filesOfForm(many.bytes, "multipart/form-data", 3)).rejects.toThrow("not a form");
});

it("a form of many parts is refused before it is parsed", async () => {
  for (const [boundary, said] of [
    ["x", "x"],
    ["a b", '"a b"'],
  ]) {
    const part = `--${boundary}\r\nContent-Disposition: form-data; name="a"; filename="a"\r\n\r\n\r\n`;
    const form = (count: number) => new Uint8Array(Buffer.from(`${part.repeat(count)}--${boundary}--\r\n`));
    const type = `multipart/form-data; boundary=${said}; charset=utf-8`;
    expect(await filesOfForm(form(103), type, 103)).toHaveLength(103);
    await expect(filesOfForm(form(300_000), type, 3)).rejects.toThrow("more than 103 parts");
  }
});

it("names are bounded", () => {
  expect(shownName("a".repeat(5000))).toHaveLength(200);
  expect(shownName("..\0/\u0007x")).toBe("x");
});
