using System.Security.Claims;

namespace Platform.Api.Serving;

/// <summary>One inference as it was asked for, whichever protocol brought it. The body stays the reader's.</summary>
internal sealed record InferenceCall
{
    public required string Model { get; init; }

    /// <summary>The version that was asked for by name; null where the plan decides.</summary>
    public string? Version { get; init; }

    /// <summary>The client's own id, or the one the platform made; what feedback and the audit name it by.</summary>
    public required string RequestId { get; init; }

    /// <summary>Keeps a caller on one arm. Never stored or logged as it is.</summary>
    public string? RoutingKey { get; init; }

    /// <summary>Keyed hash of the person whom the request is about, where the caller named one.</summary>
    public string? Subject { get; init; }

    /// <summary>A header (gRPC: metadata) of the request by name, null when it was not sent.</summary>
    public Func<string, string?> Header { get; init; } = _ => null;

    /// <summary>Whether what brought the call has held the caller to the model's limits and to the models it may use already.</summary>
    public bool IsAdmitted { get; init; }

    public ClaimsPrincipal Caller { get; init; } = new();

    /// <summary>A V2 request as REST carries it: JSON, with binary tensors behind it when a header length says so.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    public string? ContentType { get; init; }

    public string? ContentEncoding { get; init; }

    /// <summary>How many of the body's bytes are JSON, as <c>Inference-Header-Content-Length</c> gave it.</summary>
    public string? HeaderLength { get; init; }
}
