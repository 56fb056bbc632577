using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Reporting;

namespace Aspire.Hosting.Running;

internal sealed class ReplicaRunners(
    ReplicaSet replicas, ProcessSpecs specs, HealthMonitor health, ChildRecord children, ConsoleLines console,
    ResourceNotificationService notifications, TimeProvider clock) : IDisposable
{
    private readonly Dictionary<Replica, ReplicaRunner> runners = [];

    public IEnumerable<ReplicaRunner> Of(IResource resource) => [.. replicas.Of(resource).Select(Of)];

    public void Dispose()
    {
        foreach (var runner in runners.Values) runner.Dispose();
    }

    private ReplicaRunner Of(Replica replica)
    {
        lock (runners)
            return runners.TryGetValue(replica, out var runner)
                ? runner
                : runners[replica] = new(replica, specs, health, children, console, notifications, clock);
    }
}
