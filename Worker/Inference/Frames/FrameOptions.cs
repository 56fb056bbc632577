using System.ComponentModel.DataAnnotations;

namespace Platform.Worker.Inference.Frames;

/// <summary>How this worker takes the inferences that Apis pass on.</summary>
internal sealed class FrameOptions
{
    public const string Section = "Worker:Frames";

    /// <summary>TCP port; 0 takes a free one. Either way the lease names it.</summary>
    [Range(0, 65_535)]
    public int Port { get; set; }

    /// <summary>Connections at a time; the next one is closed at once.</summary>
    [Range(1, 1_000_000)]
    public int MaxConnections { get; set; } = 10_000;

    /// <summary>How long a caller may take to prove that he knows the internal key.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan HandshakeLimit { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a request may take to come in, or an answer to go out.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan StallLimit { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a connection may lie unused; longer than Apis keep theirs (a minute).</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "1.00:00:00")]
    public TimeSpan IdleLimit { get; set; } = TimeSpan.FromMinutes(5);
}
