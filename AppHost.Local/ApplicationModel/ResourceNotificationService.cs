using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The present state of every replica, and a stream of its changes.</summary>
public class ResourceNotificationService(IOptions<ResourceNotificationServiceOptions> options)
{
    private readonly ConcurrentDictionary<string, ResourceEvent> states = new();
    private readonly List<Channel<ResourceEvent>> watchers = [];
    private readonly Lock gate = new();

    internal WaitBehavior DefaultWaitBehavior => options.Value.DefaultWaitBehavior;

    /// <summary>Every present state first, then each change.</summary>
    public async IAsyncEnumerable<ResourceEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var channel = Channel.CreateUnbounded<ResourceEvent>();
        lock (gate)
        {
            foreach (var state in states.Values) channel.Writer.TryWrite(state);
            watchers.Add(channel);
        }

        try
        {
            await foreach (var change in channel.Reader.ReadAllAsync(cancellationToken)) yield return change;
        }
        finally
        {
            lock (gate) watchers.Remove(channel);
        }
    }

    public bool TryGetCurrentState(string resourceId, [NotNullWhen(true)] out ResourceEvent? resourceEvent)
    {
        if (states.TryGetValue(resourceId, out resourceEvent)) return true;
        var ofName = states.Values.Where(state => ResourceName.Comparer.Equals(state.Resource.Name, resourceId)).Take(2).ToList();
        // A name that several replicas share names none of them.
        resourceEvent = ofName.Count == 1 ? ofName[0] : null;
        return resourceEvent is not null;
    }

    public async Task<string> WaitForResourceAsync(
        string resourceName, IEnumerable<string> targetStates, CancellationToken cancellationToken = default)
    {
        var found = await WaitForResourceAsync(
            resourceName, change => change.Snapshot.State is { } state && targetStates.Contains(state.Text), cancellationToken);
        return found.Snapshot.State!.Text;
    }

    public Task WaitForResourceAsync(string resourceName, string? targetState = null, CancellationToken cancellationToken = default) =>
        WaitForResourceAsync(resourceName, [targetState ?? KnownResourceStates.Running], cancellationToken);

    public async Task<ResourceEvent> WaitForResourceAsync(
        string resourceName, Func<ResourceEvent, bool> predicate, CancellationToken cancellationToken = default)
    {
        try
        {
            await foreach (var change in WatchAsync(cancellationToken))
                if (ResourceName.Comparer.Equals(change.Resource.Name, resourceName) && predicate(change)) return change;
        }
        catch (OperationCanceledException e)
        {
            throw new OperationCanceledException(
                $"Waiting for resource '{resourceName}' was cancelled. {Describe(resourceName)}", e, e.CancellationToken);
        }

        throw new OperationCanceledException($"Waiting for resource '{resourceName}' ended.");
    }

    public Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, CancellationToken cancellationToken = default) =>
        WaitForResourceHealthyAsync(resourceName, DefaultWaitBehavior, cancellationToken);

    public async Task<ResourceEvent> WaitForResourceHealthyAsync(
        string resourceName, WaitBehavior waitBehavior, CancellationToken cancellationToken = default)
    {
        var found = await WaitForResourceAsync(resourceName, Decided, cancellationToken);
        return found.Snapshot.HealthStatus is HealthStatus.Healthy
            ? found
            : throw new DistributedApplicationException(
                $"Stopped waiting for resource '{resourceName}' to become healthy because it failed to start. {Describe(resourceName)}");

        bool Decided(ResourceEvent change) => change.Snapshot.HealthStatus is HealthStatus.Healthy
            || (waitBehavior is WaitBehavior.StopOnResourceUnavailable && change.Snapshot.IsUnavailable());
    }

    public Task PublishUpdateAsync(IResource resource, string resourceId, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory)
    {
        lock (gate)
        {
            var before = states.TryGetValue(resourceId, out var known)
                ? known.Snapshot
                : new CustomResourceSnapshot { ResourceType = resource.GetType().Name.Replace("Resource", "", StringComparison.Ordinal), Properties = [] };
            var change = new ResourceEvent(resource, resourceId, stateFactory(before));
            states[resourceId] = change;
            foreach (var watcher in watchers) watcher.Writer.TryWrite(change);
        }

        return Task.CompletedTask;
    }

    internal IReadOnlyList<ResourceEvent> Replicas(string resourceName) =>
        [.. states.Values.Where(state => ResourceName.Comparer.Equals(state.Resource.Name, resourceName)).OrderBy(state => state.ResourceId, StringComparer.Ordinal)];

    private string Describe(string resourceName) => string.Join("; ", Replicas(resourceName).Select(state =>
        $"{state.ResourceId}: {state.Snapshot.State?.Text ?? "unknown"}, {state.Snapshot.HealthStatus?.ToString() ?? "no health"}"
        + (state.Snapshot.ExitCode is { } code ? $", exit code {code}" : "")));
}
