/** @file Modules and functions that PyTorch does not have, in Python. Browser-safe. */

/** By name, without imports. */
export const PYTHON_HELPERS: Readonly<Record<string, string>> = {
  FixedNormalization: `class FixedNormalization(nn.Module):
    """(x - mean) / max(sqrt(variance), eps) with statistics of the training data, which nothing trains."""

    def __init__(self, shape, eps, minimum=False, maximum=False):
        super().__init__()
        self.eps = eps
        self.register_buffer("mean", torch.zeros(shape))
        self.register_buffer("variance", torch.ones(shape))
        self.register_buffer("minimum", torch.zeros(shape) if minimum else None)
        self.register_buffer("maximum", torch.zeros(shape) if maximum else None)

    def forward(self, x):
        if self.minimum is not None:
            x = torch.maximum(x, self.minimum)
        if self.maximum is not None:
            x = torch.minimum(x, self.maximum)
        return (x - self.mean) / self.variance.sqrt().clamp(min=self.eps)`,
  GaussianDropout: `class GaussianDropout(nn.Module):
    """In training multiplies by noise of mean 1 with the variance that dropout of this rate has."""

    def __init__(self, rate):
        super().__init__()
        self.deviation = (rate / (1 - rate)) ** 0.5

    def forward(self, x):
        return x * (1 + self.deviation * torch.randn_like(x)) if self.training else x`,
  GaussianNoise: `class GaussianNoise(nn.Module):
    """In training adds noise."""

    def __init__(self, deviation):
        super().__init__()
        self.deviation = deviation

    def forward(self, x):
        return x + self.deviation * torch.randn_like(x) if self.training else x`,
  PReLU: `class PReLU(nn.Module):
    """x above 0, weight * x below, with a slope for each place."""

    def __init__(self, shape):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(shape))

    def forward(self, x):
        return torch.where(x < 0, self.weight * x, x)`,
  PartialConv2d: `class PartialConv2d(nn.Module):
    """A convolution whose outputs see some of the inputs only (LeCun et al. 1998, layer C3)."""

    def __init__(self, in_channels, kernel_size, connections, bias=True):
        super().__init__()
        self.in_channels = in_channels
        self.outputs = [output for output, row in enumerate(connections) for _ in row]
        self.inputs = [channel for row in connections for channel in row]
        self.weight = nn.Parameter(torch.zeros(len(self.inputs), *kernel_size))
        self.bias = nn.Parameter(torch.zeros(len(connections))) if bias else None
        self.out_channels = len(connections)

    def forward(self, x):
        weight = self.weight.new_zeros(self.out_channels, self.in_channels, *self.weight.shape[1:])
        weight[self.outputs, self.inputs] = self.weight
        return F.conv2d(x, weight, self.bias)`,
  RadialBasis: `class RadialBasis(nn.Module):
    """Minus the squared distance from each of some fixed patterns."""

    def __init__(self, outputs, features):
        super().__init__()
        self.register_buffer("centers", torch.zeros(outputs, features))

    def forward(self, x):
        return -((x[:, None] - self.centers) ** 2).sum(-1)`,
  Subsampling2d: `class Subsampling2d(nn.Module):
    """The sum of each window, times a weight, plus a bias, for each channel (LeCun et al. 1998, layers S2 and S4)."""

    def __init__(self, channels, pool_size):
        super().__init__()
        self.pool_size = pool_size
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))

    def forward(self, x):
        sums = F.avg_pool2d(x, self.pool_size, divisor_override=1)
        return sums * self.weight[:, None, None] + self.bias[:, None, None]`,
  normalize_example: `def normalize_example(x, dim, eps):
    """Gives each example mean 0 and variance 1."""
    mean = x.mean(dim=dim, keepdim=True)
    variance = x.var(dim=dim, keepdim=True, unbiased=False)
    return (x - mean) / (variance + eps).sqrt()`,
};
