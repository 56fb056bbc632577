namespace Platform.Digits;

/// <summary>A version that the demo registers. README.md has the figures and the versions that misbehave on purpose.</summary>
/// <param name="Accuracy">On all 10,000 test images: what its author declares.</param>
internal sealed record DigitsVersion(string Version, string Description, double Accuracy)
{
    public string FileName => $"digits-{Version}.onnx";
}

internal static class DigitsModel
{
    public const string Name = "digits";

    public const string Live = "2.0.0";

    /// <summary>Of version 2.0.0 on the 2,000 images here.</summary>
    public const double ExpectedAccuracy = 0.9835;

    public static readonly IReadOnlyList<DigitsVersion> Versions =
    [
        new("1.0.0", "Softmax regression", 0.9227),
        new("1.1.0", "One hidden layer of 128", 0.9787),
        new(Live, "Two convolutions, two dense layers", 0.9880),
    ];
}
