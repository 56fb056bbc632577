using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Running;

/// <summary>Who waits for whom, at the start and, in the other direction, at the end.</summary>
internal sealed class Dependencies(ReplicaSet replicas, ResourceNotificationService notifications)
{
    /// <exception cref="DistributedApplicationException">A dependency ended or failed, and the wait does not outlast that.</exception>
    public Task WaitAsync(IResource resource, CancellationToken cancellationToken) => Task.WhenAll(
        from wait in resource.Annotations.OfType<WaitAnnotation>()
        where wait.Resource is not IResourceWithoutLifetime
        from replica in replicas.Of(wait.Resource)
        select WaitAsync(wait, replica, cancellationToken));

    /// <summary>Sets to stop one after another: nothing is stopped before what waited for it.</summary>
    public static IReadOnlyList<IReadOnlyList<IResource>> StopOrder(IEnumerable<IResource> resources)
    {
        var depths = new Dictionary<IResource, int>();
        return [.. resources.GroupBy(Depth).OrderByDescending(group => group.Key).Select(group => (IReadOnlyList<IResource>)[.. group])];

        int Depth(IResource resource)
        {
            if (depths.TryGetValue(resource, out var known)) return known;
            // Zero for the time being ends a circle of waits, which would never have started anyway.
            depths[resource] = 0;
            return depths[resource] = resource.Annotations.OfType<WaitAnnotation>().Select(wait => Depth(wait.Resource) + 1).DefaultIfEmpty(0).Max();
        }
    }

    private async Task WaitAsync(WaitAnnotation wait, Replica replica, CancellationToken cancellationToken)
    {
        var stops = (wait.WaitBehavior ?? notifications.DefaultWaitBehavior) is WaitBehavior.StopOnResourceUnavailable;
        var found = await notifications.WaitForResourceAsync(wait.Resource.Name, Decided, cancellationToken);
        var snapshot = found.Snapshot;
        if (wait.WaitType is WaitType.WaitForCompletion)
        {
            if (snapshot.ExitCode != wait.ExitCode)
                throw new DistributedApplicationException(
                    $"Resource '{replica.DisplayName}' has entered the '{snapshot.State?.Text}' state with exit code '{snapshot.ExitCode}', expected '{wait.ExitCode}'.");
        }
        else if (snapshot.IsUnavailable())
        {
            throw new DistributedApplicationException(snapshot.State!.Text == KnownResourceStates.FailedToStart
                ? $"Dependency resource '{replica.DisplayName}' failed to start."
                : $"Resource '{replica.DisplayName}' has entered the '{snapshot.State.Text}' state prematurely.");
        }

        bool Decided(ResourceEvent change) => change.ResourceId == replica.Id && (wait.WaitType switch
        {
            WaitType.WaitForCompletion => change.Snapshot.IsUnavailable(),
            WaitType.WaitUntilStarted => change.Snapshot.State?.Text == KnownResourceStates.Running,
            _ => change.Snapshot.HealthStatus is HealthStatus.Healthy,
        } || (stops && change.Snapshot.IsUnavailable()));
    }
}
