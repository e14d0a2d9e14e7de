/** @file The names that a pickle of PyTorch's tensors may use, and what they make. Browser-safe. */

import { shownValue } from "../../shown-value.ts";
import { formatShape, sizeOf } from "../../tensor/shape.ts";
import { STORAGE_TYPES, TORCH_TYPES, type TorchType } from "./elements.ts";
import { MOST_AXES } from "./limits.ts";
import type { PickleNames } from "./pickle.ts";
import {
  kindOf,
  PickleCallable,
  PickleDict,
  PickleList,
  PickleObject,
  PickleTuple,
  type Fault,
  type PickleValue,
} from "./pickle-values.ts";

/** The class of a storage, or a dtype. */
class TypeName extends PickleObject {
  readonly kind = "a type";
  /** Undefined for bytes of any type. */
  readonly type: TorchType | undefined;

  constructor(type: TorchType | undefined) {
    super();
    this.type = type;
  }
}

/** Elements in a file of the archive: `key` in its folder "data". */
export class TorchStorage extends PickleObject {
  readonly kind = "a storage";
  readonly key: string;
  readonly type: TorchType | undefined;
  readonly count: number;

  constructor(key: string, type: TorchType | undefined, count: number) {
    super();
    this.key = key;
    this.type = type;
    this.count = count;
  }
}

/** A view of a storage; every element is inside it. */
export class TorchTensor extends PickleObject {
  readonly kind = "a tensor";
  readonly storage: TorchStorage;
  readonly type: TorchType;
  /** In elements, as the strides. */
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];

  constructor(
    storage: TorchStorage,
    type: TorchType,
    offset: number,
    shape: readonly number[],
    strides: readonly number[],
  ) {
    super();
    this.storage = storage;
    this.type = type;
    this.offset = offset;
    this.shape = shape;
    this.strides = strides;
  }
}

const ADVICE =
  'save the tensors alone: torch.save(model.state_dict(), "weights.pt"), or safetensors.torch.save_file(model.state_dict(), "weights.safetensors")';

function orderedDict(args: readonly PickleValue[], fault: Fault): PickleDict {
  const dict = new PickleDict();
  if (args.length === 0) return dict;
  // Python 2 and old versions of PyTorch give a list of pairs.
  const pairs = args[0] instanceof PickleList ? args[0].items : [];
  for (const pair of pairs) {
    const [key, value] = pair instanceof PickleTuple || pair instanceof PickleList ? pair.items : [];
    if ((typeof key !== "string" && typeof key !== "number") || value === undefined) {
      throw fault(`an OrderedDict must be made of pairs with text for keys; got ${kindOf(pair)}`);
    }
    dict.entries.set(key, value);
  }
  if (args.length > 1 || (pairs.length === 0 && !(args[0] instanceof PickleList))) {
    throw fault(`an OrderedDict must be made of a list of pairs; got ${kindOf(args[0])}`);
  }
  return dict;
}

/** `torch._utils._rebuild_tensor_v2(storage, offset, size, stride, requires_grad, backward_hooks)`. */
function rebuildTensor(args: readonly PickleValue[], fault: Fault): TorchTensor {
  const [storage] = args;
  if (!(storage instanceof TorchStorage) || !storage.type) {
    throw fault(`a tensor must have a storage with a type; got ${kindOf(storage)}`);
  }
  return tensorOn(storage, storage.type, storage.count, args, fault);
}

/** `_rebuild_tensor_v3`, with a dtype after these, on a storage of bytes. */
function rebuildTypedTensor(args: readonly PickleValue[], fault: Fault): TorchTensor {
  const [storage, , , , , , dtype] = args;
  if (!(storage instanceof TorchStorage) || !(dtype instanceof TypeName) || !dtype.type) {
    throw fault(`a tensor must have a storage and a dtype; got ${kindOf(storage)} and ${kindOf(dtype)}`);
  }
  const bytes = storage.count * (storage.type?.bytes ?? 1);
  return tensorOn(storage, dtype.type, Math.floor(bytes / dtype.type.bytes), args, fault);
}

/** @param count the elements of the type that the storage holds */
function tensorOn(
  storage: TorchStorage,
  type: TorchType,
  count: number,
  [, offset, size, stride]: readonly PickleValue[],
  fault: Fault,
): TorchTensor {
  const shape = wholeNumbers(size);
  const strides = wholeNumbers(stride);
  if (!shape || !strides || !isCount(offset) || shape.length !== strides.length || shape.length > MOST_AXES) {
    throw fault(
      "a tensor must have an offset, a size and a stride for each of at most 64 axes, whole numbers from 0",
    );
  }
  const elements = sizeOf(shape);
  const last = offset + shape.reduce((sum, length, axis) => sum + (length - 1) * strides[axis], 0);
  const fits = elements === 0 ? offset <= count : last < count && elements <= count;
  if (!fits) {
    throw fault(
      `a tensor of size ${formatShape(shape)}, stride ${formatShape(strides)} and offset ${offset} must lie within its storage ` +
        `${shownValue(storage.key)} and have no more elements than its ${count}`,
    );
  }
  return new TorchTensor(storage, type, offset, shape, strides);
}

function isCount(value: PickleValue | undefined): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function wholeNumbers(value: PickleValue | undefined): readonly number[] | undefined {
  if (!(value instanceof PickleTuple) && !(value instanceof PickleList)) return undefined;
  const items: readonly PickleValue[] = value.items;
  return items.every(isCount) ? items : undefined;
}

/** `torch._utils._rebuild_parameter(tensor, requires_grad, backward_hooks)`: the tensor. */
function rebuildParameter([tensor]: readonly PickleValue[], fault: Fault): TorchTensor {
  if (!(tensor instanceof TorchTensor)) throw fault(`a parameter must be a tensor; got ${kindOf(tensor)}`);
  return tensor;
}

/** All there are. */
const NAMES: ReadonlyMap<string, PickleValue> = new Map<string, PickleValue>([
  ["collections.OrderedDict", new PickleCallable(orderedDict)],
  ["torch._utils._rebuild_tensor_v2", new PickleCallable(rebuildTensor)],
  ["torch._utils._rebuild_tensor_v3", new PickleCallable(rebuildTypedTensor)],
  ["torch._utils._rebuild_parameter", new PickleCallable(rebuildParameter)],
  ...Object.entries(STORAGE_TYPES).map(([name, type]): [string, PickleValue] => [
    `torch.${name}`,
    new TypeName(TORCH_TYPES.get(type)),
  ]),
  ["torch.storage.UntypedStorage", new TypeName(undefined)],
  ["torch.UntypedStorage", new TypeName(undefined)],
  ...[...TORCH_TYPES].map(([name, type]): [string, PickleValue] => [`torch.${name}`, new TypeName(type)]),
]);

/** The tuple `("storage", class, key, location, count)`. */
function storageOf(id: PickleValue, fault: Fault): TorchStorage {
  const [tag, type, key, , count] = id instanceof PickleTuple ? id.items : [];
  if (tag !== "storage" || !(type instanceof TypeName) || typeof key !== "string" || !isCount(count)) {
    throw fault(`it refers to something outside it that is no storage: ${kindOf(id)}`);
  }
  return new TorchStorage(key, type.type, count);
}

/** The names of PyTorch's tensors. */
export const TORCH_NAMES: PickleNames = {
  find: (name) => NAMES.get(name),
  persistent: storageOf,
  advice: ADVICE,
};
