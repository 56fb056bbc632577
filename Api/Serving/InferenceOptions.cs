using System.ComponentModel.DataAnnotations;

namespace Platform.Api.Serving;

/// <summary>Limits of an inference at the front door.</summary>
internal sealed class InferenceOptions
{
    public const string Section = "Inference";

    /// <summary>Largest request body, in bytes.</summary>
    [Range(1, int.MaxValue)]
    public int MaxRequestBytes { get; set; } = 64 << 20;

    /// <summary>How long a request's body may take to arrive, however steadily it comes; later is answered 408.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan MaxBodyTime { get; set; } = TimeSpan.FromMinutes(2);
    /// <summary>Largest gRPC message that is taken, in bytes.</summary>
    [Range(1, int.MaxValue)]
    public int MaxGrpcMessageBytes { get; set; } = 64 << 20;

    /// <summary>Requests of one gRPC stream that are under way at a time; the next one waits to be read.</summary>
    [Range(1, 1_024)]
    public int MaxStreamedRequests { get; set; } = 32;

    /// <summary>Answers from this size on, in bytes, are compressed for clients that ask for it (Accept-Encoding).</summary>
    [Range(0, int.MaxValue)]
    public int MinCompressedBytes { get; set; }

    /// <summary>How many workers are asked in turn when connections break.</summary>
    [Range(1, 10)]
    public int MaxAttempts { get; set; } = 3;
}
