using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Running;

/// <summary>All replicas of this run, made once the ports are known.</summary>
internal sealed class ReplicaSet
{
    private readonly List<Replica> replicas = [];

    public IReadOnlyList<Replica> All => replicas;

    public IReadOnlyList<Replica> Of(IResource resource) => [.. replicas.Where(replica => replica.Resource == resource)];

    public void Add(Replica replica) => replicas.Add(replica);

    /// <summary>Projects, executables and containers run; parameters and the like do not.</summary>
    public static bool Runs(IResource resource) => resource is ProjectResource or ExecutableResource or ContainerResource;

    /// <summary>Something without endpoints is a job: it may end by itself. A service may not.</summary>
    public static bool IsJob(IResource resource) => resource.EndpointAnnotations().Count == 0;
}
