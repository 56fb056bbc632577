namespace Platform.Benchmarks.Speed;

/// <summary>A model of the comparison.</summary>
/// <param name="Name">How it is called in tables, and its name on the platform.</param>
/// <param name="Sample">The sample's file.</param>
/// <param name="Images">How many a request asks about.</param>
internal sealed record SpeedModel(string Name, string Sample, int Images = 1)
{
    public string Label => Images == 1 ? Name : Figures.Text($"{Name} × {Images}");
}

internal static class SpeedModels
{
    /// <summary>One hidden layer: 784, 128, 10.</summary>
    public static readonly SpeedModel Mlp = new("mlp", "1.1.0");
    public static readonly SpeedModel Small = new("cnn", "2.0.0");
    public static readonly SpeedModel Slow = new("slow-cnn", "2.2.0-slow");

    /// <summary>Some milliseconds of computing a request, as models of a usual size take.</summary>
    public static readonly SpeedModel Heavy = Slow with { Images = 32 };
    public static readonly SpeedModel[] All = [Mlp, Small, Slow];

    public static byte[] Read(SpeedModel model) =>
        File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "digits", $"digits-{model.Sample}.onnx"));
}
