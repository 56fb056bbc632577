namespace Platform.Api.Serving;

/// <summary>What an inference came to: a worker's answer with who gave it, or an error of the front door's own.</summary>
internal sealed record InferenceAnswer
{
    public required int Status { get; init; }

    /// <summary>Why the front door itself refused; null when a worker answered, with an error or without.</summary>
    public string? Error { get; init; }

    /// <summary>A V2 answer as REST carries it, or a worker's <c>{"error": …}</c>.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    public string? ContentType { get; init; }

    /// <summary>How many of the body's bytes are JSON; null when all are.</summary>
    public string? HeaderLength { get; init; }

    public string? RetryAfter { get; init; }

    public string Version { get; init; } = "";

    public string Route { get; init; } = "";

    public string Worker { get; init; } = "";

    /// <summary>What was predicted, as the worker wrote it; null where the version wants none.</summary>
    public string? Predictions { get; init; }

    /// <summary>What the extraction monitor is to see, as the worker wrote it; null where none watches.</summary>
    public string? Queries { get; init; }

    public AnswerFigures Figures { get; init; }

    public static InferenceAnswer Refused(int status, string error) => new() { Status = status, Error = error };
}

/// <summary>What the worker measured of one answer; null where it did not say.</summary>
/// <param name="BatchSize">Items of the batch that it ran in.</param>
/// <param name="ComputeShareMicroseconds">The request's own part of what the batch took to run.</param>
internal readonly record struct AnswerFigures(long? QueueMicroseconds, long? ComputeMicroseconds, int? BatchSize, long? ComputeShareMicroseconds = null);
