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


def transposed_convolution(x, filters, strides, padding, dilation=None, groups=1, output_padding=None):
    """x [N, ..., in], filters [k..., out / groups, in] -> [N, ..., out].

    The gradient with respect to its input of the convolution of that stride and padding. 'same' and 'valid' are Keras':
    with k the window's length, gaps included, 'same' gives length n * s, 'valid' n * s + max(k - s, 0); with an output
    padding (n - 1) * s + k % 2 + it, and (n - 1) * s + k + it. 'same' drops as much at the beginning as that convolution
    would have padded there, and where a result is longer than the products reach, zeros are appended at the end.
    Symmetric explicit padding is PyTorch's own; the other is cut off here.
    """
    rank = x.ndim - 2
    dilation = dilation or [1] * rank
    torch_filters = filters.movedim((-1, -2), (0, 1)).contiguous()
    function = TRANSPOSED_CONVOLUTIONS[rank]
    if not isinstance(padding, str) and all(before == after for before, after in padding):
        sides = [before for before, _ in padding]
        extra = output_padding or [0] * rank
        y = function(channels_first(x), torch_filters, None, strides, sides, extra, groups, dilation)
        return channels_last(y)
    y = function(channels_first(x), torch_filters, stride=strides, dilation=dilation, groups=groups)
    pairs = []
    for axis, (n, s, full) in enumerate(zip(x.shape[1:-1], strides, y.shape[2:])):
        k = (filters.shape[axis] - 1) * dilation[axis] + 1
        extra = None if output_padding is None else output_padding[axis]
        if padding == "valid":
            before, length = 0, full + (max(s - k, 0) if extra is None else extra)
        elif padding == "same":
            length = n * s if extra is None else (n - 1) * s + k % 2 + extra
            before = max(full - length, 0) // 2
        else:
            before, after = padding[axis]
            length = full - before - after + (extra or 0)
        pairs.append([-before, length + before - full])
    return channels_last(pad_channels_first(y, pairs))


def max_pool(x, pool_size, strides, padding, dilation=None, ceil=False):
    """The padding never wins: it is minus infinity. Explicit padding, dilation and ceil are PyTorch's own."""
    pool = functional.max_pool1d if len(pool_size) == 1 else functional.max_pool2d
    if not isinstance(padding, str):
        sides = symmetric(padding)
        y = pool(channels_first(x), pool_size, strides, sides, dilation or 1, ceil_mode=ceil)
        return channels_last(y)
    pairs = padding_pairs(padding, x.shape[1:-1], pool_size, strides, dilation or [1] * len(pool_size))
    padded = pad_channels_first(channels_first(x), pairs, value=float("-inf"))
    return channels_last(pool(padded, pool_size, strides, 0, dilation or 1, ceil_mode=ceil))


def average_pool(x, pool_size, strides, padding, dilation=None, ceil=False, count=False):
    """The mean over the part of the window that lies inside the input; with count, padding is counted: PyTorch's own."""
    if dilation is not None:
        return dilated_average_pool(x, pool_size, strides, padding, dilation)
    pool = functional.avg_pool1d if len(pool_size) == 1 else functional.avg_pool2d
    if ceil and padding == "valid":
        padding = [[0, 0]] * len(pool_size)
    if not isinstance(padding, str):
        return channels_last(pool(channels_first(x), pool_size, strides, symmetric(padding), ceil, count))
    pairs = padding_pairs(padding, x.shape[1:-1], pool_size, strides, [1] * len(pool_size))
    mean = pool(pad_channels_first(channels_first(x), pairs), pool_size, strides)
    if count:
        return channels_last(mean)
    inside = pool(pad_channels_first(channels_first(torch.ones_like(x)), pairs), pool_size, strides)
    return channels_last(mean / inside)


def dilated_average_pool(x, pool_size, strides, padding, dilation):
    """The mean over the cells inside the input, which PyTorch does not have: of the windows that it unfolds."""
    pairs = padding_pairs(padding, x.shape[1:-1], pool_size, strides, dilation)
    rank = len(pool_size)

    def sums(values):
        planes = pad_channels_first(channels_first(values), pairs)
        planes = planes.reshape(-1, 1, *([1] if rank == 1 else []), *planes.shape[2:])
        one = [1] if rank == 1 else []
        cells = functional.unfold(planes, one + pool_size, one + dilation, 0, one + strides)
        lengths = [
            (n - (k - 1) * d - 1) // s + 1
            for n, k, d, s in zip(planes.shape[-rank:], pool_size, dilation, strides)
        ]
        return channels_last(cells.sum(1).reshape(x.shape[0], x.shape[-1], *lengths))

    return sums(x) / sums(torch.ones_like(x))


def symmetric(pairs):
    """PyTorch's padding: one number for both sides of an axis."""
    assert all(before == after for before, after in pairs)
    return [before for before, _ in pairs]
