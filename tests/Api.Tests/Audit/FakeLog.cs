using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using Platform.Contracts;
using Platform.Contracts.Audit;
using Platform.Core.Audit;

namespace Platform.Api.Tests.Audit;

/// <summary>The log's grain, in memory: it can be made to fail or to wait.</summary>
internal sealed class FakeLog : IAuditGrain
{
    public ConcurrentQueue<AuditEntry> Entries { get; } = [];

    /// <summary>Of the entries that came, those for which this says so are refused.</summary>
    public Func<AuditEntry, bool> Fails { get; set; } = _ => false;

    /// <summary>What an append waits for.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public int Calls { get; private set; }

    public async Task<AuditReceipt> AppendAsync(ImmutableArray<AuditEntry> entries)
    {
        Calls++;
        await Gate;
        if (entries.Any(Fails)) throw new ControlPlaneUnavailableException("The log is away.");
        foreach (var entry in entries.Where(entry => Entries.All(known => known.Id != entry.Id))) Entries.Enqueue(entry);
        return new AuditReceipt(Entries.Count);
    }

    public Task CheckpointAsync() => Task.CompletedTask;

    public IClusterClient Cluster()
    {
        var proxy = DispatchProxy.Create<IClusterClient, OneGrain>();
        ((OneGrain)(object)proxy).Grain = this;
        return proxy;
    }
}

/// <summary>A cluster whose every grain is this one. Public, since the proxy is made from outside.</summary>
public class OneGrain : DispatchProxy
{
    public object? Grain { get; set; }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => Grain;
}
