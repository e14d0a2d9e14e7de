"""Golden explanations of two small networks: gradients by inputs, integrated gradients, Grad-CAM and occlusion.

"image": conv 3x3 (same) - batch normalisation (inference) - relu - max pooling 2 - conv 3x3 (valid), relu - dense.
"wave": conv of 5, stride 2 - relu - conv of 3 (same) - relu - mean over time - dense - softmax.
Everything by autograd in float64; integrated gradients by numpy's Gauss-Legendre rule from a baseline of zeros.
"""

import numpy as np
import torch
import torch.nn.functional as F

from fixture_file import encode, random_normal, write_fixture

STEPS = 32
EPSILON = 1e-3

WEIGHTS = {
    "image": {
        "first/kernel": (3, 3, 2, 3),
        "first/bias": (3,),
        "norm/gamma": (3,),
        "norm/beta": (3,),
        "norm/movingMean": (3,),
        "norm/movingVariance": (3,),
        "second/kernel": (3, 3, 3, 4),
        "second/bias": (4,),
        "answer/kernel": (2 * 3 * 4, 3),
        "answer/bias": (3,),
    },
    "wave": {
        "first/kernel": (5, 1, 4),
        "first/bias": (4,),
        "second/kernel": (3, 4, 3),
        "second/bias": (3,),
        "answer/kernel": (3, 2),
        "answer/bias": (2,),
    },
}
INPUTS = {"image": (2, 8, 10, 2), "wave": (3, 33, 1)}
CLASSES = {"image": [2, 0], "wave": [1, 0, 1]}
# Windows of occlusion, their strides, and what they are filled with.
WINDOWS = {"image": ([4, 3], [2, 3], 0.0), "wave": ([7], [4], 0.5)}


def weights_of(network):
    made = {}
    for path, shape in WEIGHTS[network].items():
        values = random_normal(f"explanations/{network}/{path}", shape, 0.5)
        made[path] = np.abs(values) + np.float32(0.5) if "Variance" in path else values
    return made


def channels_first(x):
    return x.movedim(-1, 1)


def channels_last(x):
    return x.movedim(1, -1)


def kernel_of(kernel):
    return torch.tensor(kernel, dtype=torch.float64).movedim(-1, 0).movedim(-1, 1)


def vector(values):
    return torch.tensor(values, dtype=torch.float64)


def image_logits(x, w):
    """Logits, and the outputs of "first" (before normalisation) and of "second", channels last."""
    first = channels_last(
        F.conv2d(channels_first(x), kernel_of(w["first/kernel"]), vector(w["first/bias"]), padding=1)
    )
    scale = vector(w["norm/gamma"]) / torch.sqrt(vector(w["norm/movingVariance"]) + EPSILON)
    normal = (first - vector(w["norm/movingMean"])) * scale + vector(w["norm/beta"])
    pooled = F.max_pool2d(channels_first(F.relu(normal)), 2)
    second = channels_last(F.relu(F.conv2d(pooled, kernel_of(w["second/kernel"]), vector(w["second/bias"]))))
    return second.flatten(1) @ vector(w["answer/kernel"]) + vector(w["answer/bias"]), {
        "first": first,
        "second": second,
    }


def wave_logits(x, w):
    """Logits (before softmax), and the outputs of "first" and "second" after their activation, channels last."""
    first = channels_last(
        F.relu(F.conv1d(channels_first(x), kernel_of(w["first/kernel"]), vector(w["first/bias"]), stride=2))
    )
    second = channels_last(
        F.relu(
            F.conv1d(channels_first(first), kernel_of(w["second/kernel"]), vector(w["second/bias"]), padding=1)
        )
    )
    return second.mean(1) @ vector(w["answer/kernel"]) + vector(w["answer/bias"]), {
        "first": first,
        "second": second,
    }


LOGITS = {"image": image_logits, "wave": wave_logits}


def scores_of(network, x, w):
    logits, layers = LOGITS[network](x, w)
    return logits[torch.arange(len(x)), CLASSES[network]], layers


def gradient(network, x, w):
    x = x.clone().requires_grad_()
    scores, _ = scores_of(network, x, w)
    scores.sum().backward()
    return x.grad


def integrated(network, x, w):
    places, weights = np.polynomial.legendre.leggauss(STEPS)
    total = torch.zeros_like(x)
    for place, weight in zip((places + 1) / 2, weights / 2):
        total += weight * gradient(network, place * x, w)
    return x * total


def grad_cam(network, layer, x, w):
    scores, layers = scores_of(network, x.clone().requires_grad_(), w)
    features = layers[layer]
    features.retain_grad()
    scores.sum().backward()
    axes = tuple(range(1, features.dim() - 1))
    weights = features.grad.mean(axes, keepdim=True)
    coarse = F.relu((features * weights).sum(-1)).detach()
    mode = "bilinear" if coarse.dim() == 3 else "linear"
    fine = F.interpolate(coarse[:, None], size=x.shape[1:-1], mode=mode, align_corners=False)[:, 0]
    return coarse, fine


def occlusion(network, x, w):
    """The fall of the score with each window covered."""
    window, stride, fill = WINDOWS[network]
    base, _ = scores_of(network, x, w)
    starts = []
    for size, length, step in zip(x.shape[1:-1], window, stride):
        count = -(-(size - length) // step) + 1
        starts.append([min(i * step, size - length) for i in range(count)])
    falls = torch.zeros([len(x)] + [len(s) for s in starts], dtype=torch.float64)
    for place in np.ndindex(*[len(s) for s in starts]):
        covered = x.clone()
        where = tuple(slice(starts[a][i], starts[a][i] + window[a]) for a, i in enumerate(place))
        covered[(slice(None), *where)] = fill
        falls[(slice(None), *place)] = base - scores_of(network, covered, w)[0]
    return falls


def case(network):
    w = weights_of(network)
    array = random_normal(f"explanations/{network}/x", INPUTS[network])
    x = vector(array)
    with torch.no_grad():
        scores, _ = scores_of(network, x, w)
    outputs = {
        "gradient": gradient(network, x, w),
        "integrated": integrated(network, x, w),
        "occlusion": occlusion(network, x, w).detach(),
    }
    for layer in ("first", "second"):
        outputs[f"{layer}/coarse"], outputs[f"{layer}/map"] = grad_cam(network, layer, x, w)
    window, stride, fill = WINDOWS[network]
    return {
        "name": network,
        "op": "explanations",
        "params": {
            "classes": CLASSES[network],
            "steps": STEPS,
            "paths": list(w),
            "window": window,
            "stride": stride,
            "fill": fill,
        },
        "inputs": [encode(array), *(encode(values) for values in w.values())],
        "output": encode(scores.numpy()),
        "auxiliaryOutputs": {name: encode(values.detach().numpy()) for name, values in outputs.items()},
    }


if __name__ == "__main__":
    write_fixture("explanations", [case("image"), case("wave")])
