using System.ComponentModel.DataAnnotations;

namespace Platform.Api.Conventions;

/// <summary>What a connection may cost before anybody has signed in.</summary>
internal sealed class TrafficOptions
{
    public const string Section = "Traffic";

    /// <summary>Connections open at once; further ones are closed at once.</summary>
    [Range(1, 1_000_000)]
    public int MaxConnections { get; set; } = 10_000;

    /// <summary>Streams at once on one HTTP/2 connection.</summary>
    [Range(1, 10_000)]
    public int MaxStreamsPerConnection { get; set; } = 100;

    /// <summary>How long a request's headers may take to arrive.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan HeadersTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a connection may be idle between requests.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Whoever sends a body slower than this, in bytes a second, is cut off with 408.</summary>
    [Range(1, 1_000_000_000)]
    public int MinRequestBytesPerSecond { get; set; } = 240;

    /// <summary>Whoever takes an answer slower than this, in bytes a second, is cut off.</summary>
    [Range(1, 1_000_000_000)]
    public int MinAnswerBytesPerSecond { get; set; } = 240;

    /// <summary>How long a sender or reader may be slower before it is cut off.</summary>
    [Range(typeof(TimeSpan), "00:00:02", "00:10:00")]
    public TimeSpan SlowGrace { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Bytes of all headers of a request together; more is answered 431.</summary>
    [Range(1_024, 1 << 20)]
    public int MaxHeaderBytes { get; set; } = 32 << 10;

    /// <summary>How many headers a request may have; more are answered 431.</summary>
    [Range(10, 1_000)]
    public int MaxHeaders { get; set; } = 100;

    /// <summary>Bytes of a request's first line; more is answered 414.</summary>
    [Range(1_024, 1 << 16)]
    public int MaxRequestLineBytes { get; set; } = 8 << 10;

    /// <summary>Largest body in bytes where a route names no limit of its own, as uploads and inference do; more is answered 413.</summary>
    [Range(1_024, 1 << 30)]
    public int MaxBodyBytes { get; set; } = 4 << 20;

    /// <summary>How deep JSON may be nested on /v1; deeper is answered 400.</summary>
    [Range(4, 64)]
    public int MaxJsonDepth { get; set; } = 32;
}
