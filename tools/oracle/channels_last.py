"""Convolutions and windows of PyTorch in channels-last layout, with Keras' rules of padding."""

import torch
import torch.nn.functional as functional

CONVOLUTIONS = {1: functional.conv1d, 2: functional.conv2d}
TRANSPOSED_CONVOLUTIONS = {1: functional.conv_transpose1d, 2: functional.conv_transpose2d}


def channels_first(x):
    return x.movedim(-1, 1)


def channels_last(x):
    return x.movedim(1, -1)


def padding_pairs(padding, lengths, kernel, strides, dilation):
    """[before, after] for each axis. 'same': out = ceil(n / stride), an odd padding has more at the end."""
    if not isinstance(padding, str):
        return padding
    pairs = []
    for n, k, s, d in zip(lengths, kernel, strides, dilation):
        effective = (k - 1) * d + 1
        if padding == "valid":
            pairs.append([0, 0])
        elif padding == "causal":
            pairs.append([effective - 1, 0])
        else:
            total = max(0, (-(-n // s) - 1) * s + effective - n)
            pairs.append([total // 2, total - total // 2])
    return pairs


def pad_channels_first(x, pairs, value=0.0):
    """functional.pad wants the last axis first."""
    flat = [side for pair in reversed(pairs) for side in pair]
    return functional.pad(x, flat, value=value)


def convolution(x, filters, strides, padding, dilation, groups=1):
    """x [N, ..., in], filters [k..., in / groups, out] -> [N, ..., out]."""
    rank = x.ndim - 2
    pairs = padding_pairs(padding, x.shape[1:-1], filters.shape[:rank], strides, dilation)
    padded = pad_channels_first(channels_first(x), pairs)
    torch_filters = filters.movedim((-1, -2), (0, 1)).contiguous()
    y = CONVOLUTIONS[rank](padded, torch_filters, stride=strides, dilation=dilation, groups=groups)
    return channels_last(y)


def depthwise_convolution(x, filters, strides, padding, dilation):
    """x [N, H, W, in], filters [kh, kw, in, multiplier] -> [N, H', W', in * multiplier].

    Output channel c * multiplier + m is input channel c filtered with filters[:, :, c, m].
    """
    kh, kw, channels, multiplier = filters.shape
    grouped = filters.reshape(kh, kw, 1, channels * multiplier)
    return convolution(x, grouped, strides, padding, dilation, groups=channels)


def transposed_convolution(x, filters, strides, padding):
    """x [N, ..., in], filters [k..., out, in] -> [N, ..., out].

    The gradient with respect to its input of the convolution of that stride and padding: 'same' gives length
    n * s, 'valid' gives n * s + max(k - s, 0). So 'same' drops floor(max(k - s, 0) / 2) at the beginning, as
    much as that convolution would have padded there, and where k < s zeros are appended at the end.
    """
    rank = x.ndim - 2
    torch_filters = filters.movedim((-1, -2), (0, 1)).contiguous()
    y = TRANSPOSED_CONVOLUTIONS[rank](channels_first(x), torch_filters, stride=strides)
    pairs = []
    for n, k, s, full in zip(x.shape[1:-1], filters.shape[:rank], strides, y.shape[2:]):
        overlap = max(k - s, 0)
        before = overlap // 2 if padding == "same" else 0
        length = n * s if padding == "same" else n * s + overlap
        pairs.append([-before, length + before - full])
    return channels_last(pad_channels_first(y, pairs))


def max_pool(x, pool_size, strides, padding):
    """The padding never wins: it is minus infinity."""
    pairs = padding_pairs(padding, x.shape[1:-1], pool_size, strides, [1] * len(pool_size))
    padded = pad_channels_first(channels_first(x), pairs, value=float("-inf"))
    pool = functional.max_pool1d if len(pool_size) == 1 else functional.max_pool2d
    return channels_last(pool(padded, pool_size, strides))


def average_pool(x, pool_size, strides, padding):
    """The mean over the part of the window that lies inside the input: padding is not counted."""
    pairs = padding_pairs(padding, x.shape[1:-1], pool_size, strides, [1] * len(pool_size))
    pool = functional.avg_pool1d if len(pool_size) == 1 else functional.avg_pool2d
    inside = pool(pad_channels_first(channels_first(torch.ones_like(x)), pairs), pool_size, strides)
    mean = pool(pad_channels_first(channels_first(x), pairs), pool_size, strides)
    return channels_last(mean / inside)
