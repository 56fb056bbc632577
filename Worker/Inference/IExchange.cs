using Platform.Core.Protection;
using Platform.Worker.Inference.Codec;

namespace Platform.Worker.Inference;

/// <summary>One inference as it came in and as it is answered, over whichever transport.</summary>
internal interface IExchange
{
    string Model { get; }

    string Version { get; }

    /// <summary>The request's id at the front door; empty when it has none.</summary>
    string RequestId { get; }

    /// <summary>By which route the front door took it; empty when it came past that.</summary>
    string Route { get; }

    /// <summary>How much of the answer the caller gets; null for all of it.</summary>
    OutputLimit? Limit { get; }

    /// <summary>What the caller has left of his time; null when he did not say.</summary>
    TimeSpan? Timeout { get; }

    /// <summary>The W3C trace context of the caller, where the host has not taken it up itself.</summary>
    string? TraceParent { get; }

    /// <summary>Cancelled when nobody waits for the answer any more.</summary>
    CancellationToken Gone { get; }

    /// <summary>The body as it was sent; 0 where that was not announced.</summary>
    long BytesIn { get; }

    /// <summary>The body of the answer.</summary>
    long BytesOut { get; }

    /// <summary>How it was answered, as HTTP says it; null until then.</summary>
    int? Status { get; }

    /// <exception cref="RequestException">The body is too large, or not what its headers say.</exception>
    ValueTask<RequestBody> ReadBodyAsync(int maxBytes);

    /// <summary>Goes out beside the answer.</summary>
    void AddHeader(string name, string value);

    /// <param name="items">Items of the request itself.</param>
    ValueTask AnswerAsync(in Execution execution, int items, ResponseBody answer);

    ValueTask RefuseAsync(int status, string message);

    /// <summary>Notes that nobody was there to be answered.</summary>
    void Abandon();
}
