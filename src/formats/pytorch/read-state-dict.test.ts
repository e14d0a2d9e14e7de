import { describe, expect, it } from "vitest";
import { z } from "zod";
import { AuricleError } from "../../errors.ts";
import { writeSafetensors } from "../../io/safetensors.ts";
import { floatArray } from "../../tensor/array.ts";
import { content, readForeignFiles } from "../testing/foreign-files.ts";
import { openZip } from "../zip/read-zip.ts";
import { writeZip } from "../zip/write-zip.ts";
import { readStateDict } from "./read-state-dict.ts";
import { archive, int, name, oneTensor, pickle, tensor, text, type PickleParts } from "./testing/archives.ts";

const FILES = readForeignFiles("pytorch", {
  files: z.array(
    z.object({
      name: z.string(),
      base64: content,
      tensors: z.record(z.string(), z.object({ shape: z.array(z.number()), values: z.array(z.number()) })),
    }),
  ),
  refused: z.array(z.object({ name: z.string(), base64: content })),
});

function file(wanted: string): Uint8Array {
  return [...FILES.files, ...FILES.refused].find((one) => one.name === wanted)?.base64 ?? expect.fail(wanted);
}

/** Reads an archive whose pickle is this. */
function readPickled(...parts: PickleParts) {
  return readStateDict(archive(pickle(0x80, 2, ...parts, ".")), "a.pt");
}

describe("readStateDict", () => {
  it.each(FILES.files)("reads $name as PyTorch wrote it", ({ base64, tensors }) => {
    const read = readStateDict(base64, "a.pt");
    const plain = [...read.tensors].map(([key, { shape, data }]) => [key, { shape, values: [...data] }]);
    expect(Object.fromEntries(plain)).toEqual(tensors);
    expect([...read.tensors.keys()]).toEqual(Object.keys(tensors));
  });

  it("says where in a checkpoint the weights are, and what is not read", () => {
    expect(readStateDict(file("state dict"), "a.pt").notes).toEqual([]);
    expect(readStateDict(file("checkpoint"), "a.pt").notes).toEqual([
      `The weights are in the checkpoint's "model_state_dict".`,
    ]);
    expect(readStateDict(file("tensors and others"), "a.pt").notes).toEqual([
      `Beside the weights there is ["epoch"], which is not read.`,
    ]);
  });

  it("takes the state dict that the path leads to, and asks for a path where there are several", () => {
    const networks = file("two networks");
    expect(() => readStateDict(networks, "a.pt")).toThrow('by its key: "generator", "discriminator"');
    expect([...readStateDict(networks, "a.pt", { path: ["generator"] }).tensors.keys()]).toEqual(["a"]);
    expect(() => readStateDict(networks, "a.pt", { path: ["critic"] })).toThrow(
      'it has no "critic" in it; it has "generator"',
    );
    expect(() => readStateDict(networks, "a.pt", { path: ["generator", "a"] })).toThrow(
      "must be a dictionary of tensors; got a tensor",
    );
  });

  it("reads safetensors, whose names are PyTorch's", () => {
    const tensors = new Map([["conv.weight", floatArray([1, 2], [2, 1])]]);
    expect(readStateDict(writeSafetensors(tensors), "a.safetensors")).toEqual({ tensors, notes: [] });
  });

  it("reads numbers in the other byte order", () => {
    const zip = openZip(oneTensor(), "a.pt");
    const turned = new Uint8Array(16);
    [1, 2, 3, 4].forEach((value, i) => new DataView(turned.buffer).setFloat32(4 * i, value));
    const bytes = archive(zip.read("archive/data.pkl"), { "0": turned }, [
      ["archive/byteorder", new TextEncoder().encode("big")],
    ]);
    expect([...(readStateDict(bytes, "a.pt").tensors.get("a")?.data ?? [])]).toEqual([1, 2, 3, 4]);
  });

  it("keeps what a state dict says of itself out of the tensors", () => {
    // torch.nn.Module.state_dict has an attribute, _metadata.
    const parts = [
      name("collections.OrderedDict"),
      ")",
      "R",
      text("a"),
      ...tensor(),
      "s",
      "}",
      text("_metadata"),
      "}",
      "s",
      "b",
    ];
    expect([...readPickled(...parts).tensors.keys()]).toEqual(["a"]);
  });

  it("ends on a dictionary that contains itself", () => {
    const parts = ["}", "q\0", text("self"), "h\0", "s", text("net"), "}", text("a"), ...tensor(), "s", "s"];
    expect([...readPickled(...parts).tensors.keys()]).toEqual(["a"]);
  });
});

describe("readStateDict refuses", () => {
  const system = ["cos\nsystem\n", "(", text("true"), "t", "R"];
  it.each<[string, Uint8Array, string]>([
    [
      "a module",
      file("a module"),
      '"torch.nn.modules.container.Sequential", which is not data and is never run; save the tensors alone',
    ],
    ["a tensor", file("a tensor"), "it holds a tensor; save model.state_dict()"],
    [
      "a whole number too large",
      file("a number too large"),
      'tensor "a": every value must fit an int32; got 1099511627776',
    ],
    ["complex numbers", file("complex numbers"), '"torch.ComplexFloatStorage"'],
    ["the format before 1.6", pickle(0x80, 2, 0x8a, 10, "l", 0xfc, 0x9c), "PyTorch's format before 1.6"],
    [
      "the first format",
      Uint8Array.from({ length: 512 }, (_, i) => "\0ustar".charCodeAt(i - 256) || 0),
      "PyTorch's first format",
    ],
    [
      "TorchScript",
      archive(pickle("}."), {}, [["archive/constants.pkl", pickle(").")]]),
      "a TorchScript program, which is not run",
    ],
    ["another zip archive", writeZip([["a.txt", new Uint8Array()]]), "must have one data.pkl; got 0"],
    [
      "two pickles",
      writeZip([
        ["a/data.pkl", pickle("}.")],
        ["b/data.pkl", pickle("}.")],
      ]),
      "must have one data.pkl; got 2",
    ],
    [
      "an unknown byte order",
      archive(pickle("}."), {}, [["archive/byteorder", pickle("middle")]]),
      'must be "little" or "big"',
    ],
    ["no tensors", archive(pickle("}", text("epoch"), int(3), "s.")), 'it holds a dictionary with "epoch"'],
    ["os.system", archive(pickle(...system, ".")), '"os.system", which is not data'],
    [
      "os.system by a name from the stack",
      archive(pickle(text("os"), text("system"), 0x93, ".")),
      '"os.system"',
    ],
    ["builtins.eval", archive(pickle(name("builtins.eval"), ".")), '"builtins.eval"'],
    [
      "a name within a name",
      archive(pickle(text("torch._utils"), text("_rebuild_tensor_v2.__globals__"), 0x93, ".")),
      "__globals__",
    ],
    ["a name of Object", archive(pickle("c__proto__\nconstructor\n", ".")), '"__proto__.constructor"'],
    [
      "a call of a result",
      archive(pickle(name("collections.OrderedDict"), ")", "R", ")", "R.")),
      "it calls a dictionary",
    ],
    [
      "arguments that are no tuple",
      archive(pickle(name("collections.OrderedDict"), "]", "R.")),
      "with a list",
    ],
    ["keys of a tensor", archive(pickle(...tensor(), text("a"), int(1), "s.")), "it sets keys of a tensor"],
    ["keys of a list", archive(pickle("](", text("a"), int(1), "u.")), "it sets keys of a list"],
    [
      "a dictionary as a key",
      archive(pickle("}}", int(1), "s.")),
      "must be text or a number; got a dictionary",
    ],
    ["a key without a value", archive(pickle("}(", text("a"), "u.")), "a key without a value"],
    ["appending to a dictionary", archive(pickle("}", int(1), "a.")), "it appends to a dictionary"],
    ["attributes of a tensor", archive(pickle(...tensor(), "}b.")), "it sets attributes of a tensor"],
    [
      "an instance of a class",
      archive(pickle(name("collections.OrderedDict"), ")", 0x81, ".")),
      "instruction 0x81",
    ],
    ["a registered extension", archive(pickle(0x82, 1, ".")), "instruction 0x82"],
    ["another protocol", archive(pickle(0x80, 9, ".")), "protocol must be 0 to 5; got 9"],
    [
      "a whole number of a gigabyte",
      archive(pickle(0x8b, 0, 0, 0, 64, ".")),
      "a whole number of 1073741824 bytes",
    ],
    ["text of four gigabytes", archive(pickle("X", 255, 255, 255, 255, ".")), "cut short"],
    [
      "text longer than any number of bytes",
      archive(pickle(0x8d, 255, 255, 255, 255, 255, 255, 255, 255, ".")),
      "cut short",
    ],
    ["an empty stack", archive(pickle("0.")), "an empty stack"],
    ["a mark that is not there", archive(pickle("t.")), "a mark that is not there"],
    ["a place of memory that is empty", archive(pickle("h\x07.")), "nothing at place 7"],
    ["no end", archive(pickle("}")), "cut short"],
    ["something outside that is no storage", archive(pickle(text("file"), "Q.")), "no storage: text"],
    ["a storage that is missing", oneTensor({ key: "1" }), 'its storage "1" is missing'],
    [
      "a storage outside its folder",
      oneTensor({ key: "../data.pkl" }),
      'its storage "../data.pkl" is missing',
    ],
    [
      "a storage too short",
      oneTensor({ count: 5 }),
      'tensor "a": its storage "0" should have 5 elements in 20 bytes; got 16',
    ],
    ["a storage too long", oneTensor({ count: 3, size: [3] }), "in 12 bytes; got 16"],
    ["a storage of another type", oneTensor({ storageClass: "torch.HalfStorage" }), "in 8 bytes; got 16"],
    [
      "a tensor beyond its storage",
      oneTensor({ size: [5] }),
      "size [5], stride [1] and offset 0 must lie within",
    ],
    ["strides beyond its storage", oneTensor({ size: [2, 2], stride: [3, 1] }), "must lie within"],
    ["an offset beyond its storage", oneTensor({ offset: 1 }), "offset 1 must lie within"],
    ["a negative offset", oneTensor({ offset: -1 }), "whole numbers from 0"],
    ["a negative stride", oneTensor({ stride: [-1] }), "whole numbers from 0"],
    ["one number for a gigabyte", oneTensor({ size: [2 ** 30], stride: [0] }), "no more elements than its 4"],
    [
      "sizes whose product overflows",
      oneTensor({ size: Array<number>(40).fill(2 ** 30), stride: Array<number>(40).fill(0) }),
      "must lie within",
    ],
    ["sizes without strides", oneTensor({ size: [2, 2] }), "a stride for each of at most 64 axes"],
  ])("%s", (_, bytes, message) => {
    expect(() => readStateDict(bytes, "a.pt")).toThrow(AuricleError);
    expect(() => readStateDict(bytes, "a.pt")).toThrow(message);
    expect(() => readStateDict(bytes, "a.pt")).toThrow(/^a\.pt: /);
  });

  it("many tensors that share one storage", () => {
    const storage = new Uint8Array(400_000);
    const same = { count: 100_000, size: [100_000] };
    const many = Array.from({ length: 40 }, (_, i) => [text(`t${i}`), ...tensor(same), "s"]).flat();
    expect(() => readStateDict(archive(pickle("}", ...many, "."), { "0": storage }), "a.pt")).toThrow(
      "shares its storage with too many others",
    );
  });

  it("a billion laughs of tuples in no time", () => {
    // Each tuple holds the one before it twice: 2 to the power of 1000 leaves.
    const laughs = Array.from({ length: 1000 }, () => ["q\0", "h\0", 0x86]).flat();
    expect(() => readStateDict(archive(pickle(text("ha"), ...laughs, ".")), "a.pt")).toThrow(
      "it holds a tuple",
    );
    const dicts = Array.from({ length: 1000 }, () => [
      "q\0",
      "0",
      "}",
      text("a"),
      "h\0",
      "s",
      text("b"),
      "h\0",
      "s",
    ]).flat();
    expect(() => readStateDict(archive(pickle("}", ...dicts, ".")), "a.pt")).toThrow(
      'a dictionary with "a", "b"',
    );
  });
});
