namespace Platform.Worker.Inference.Codec;

/// <summary>How much of anything one request may hold.</summary>
/// <param name="MaxJsonDepth">Arrays and objects inside one another, where no tensor's shape says how many.</param>
/// <param name="MaxElements">Elements of one tensor.</param>
/// <param name="MaxTensors">Inputs, and as many outputs.</param>
internal readonly record struct RequestLimits(int MaxJsonDepth, long MaxElements, int MaxTensors)
{
    public static RequestLimits Default { get; } = new(64, int.MaxValue, 1_024);
}
