namespace Aspire.Hosting.Running;

internal interface IHealthProbe
{
    /// <summary>Null when the replica answers as it should, else what is wrong. Not reaching it may throw.</summary>
    Task<string?> FindFaultAsync(ReplicaPorts ports, CancellationToken cancellationToken);
}

/// <summary>The ports that one replica listens on, by endpoint.</summary>
internal sealed class ReplicaPorts(IReadOnlyDictionary<string, int> byEndpoint)
{
    public int this[string endpoint] => byEndpoint[endpoint];

    public IReadOnlyDictionary<string, int> All => byEndpoint;
}
