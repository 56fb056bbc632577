namespace Aspire.Hosting.ApplicationModel;

public sealed class ReplicaAnnotation(int replicas = 1) : IResourceAnnotation
{
    public int Replicas => replicas;
}

public sealed class WaitAnnotation(IResource resource, WaitType waitType, int exitCode = 0) : IResourceAnnotation
{
    public IResource Resource => resource;

    public WaitType WaitType => waitType;

    public int ExitCode => exitCode;

    public WaitBehavior? WaitBehavior { get; init; }
}

public enum WaitType
{
    WaitUntilHealthy,
    WaitForCompletion,
    WaitUntilStarted,
}

/// <summary>What a wait does when the awaited resource exits or fails: keep waiting for it to come back, or give up.</summary>
public enum WaitBehavior
{
    WaitOnResourceUnavailable,
    StopOnResourceUnavailable,
}

public sealed class HealthCheckAnnotation : IResourceAnnotation
{
    internal HealthCheckAnnotation(string key, Running.IHealthProbe probe)
    {
        Key = key;
        Probe = probe;
    }

    public string Key { get; }

    /// <summary>The check itself, made against one replica.</summary>
    internal Running.IHealthProbe Probe { get; }
}

public sealed class ContainerImageAnnotation : IResourceAnnotation
{
    public string? Registry { get; set; }

    public required string Image { get; set; }

    public string? Tag { get; set; }

    internal string FullName => string.Concat(Registry is null ? "" : $"{Registry}/", Image, Tag is null ? "" : $":{Tag}");
}

public sealed class ContainerMountAnnotation(string? source, string target, bool isReadOnly) : IResourceAnnotation
{
    public string? Source => source;

    public string Target => target;

    public bool IsReadOnly => isReadOnly;
}

public sealed class ContainerLifetimeAnnotation : IResourceAnnotation
{
    public required ContainerLifetime Lifetime { get; set; }
}

/// <summary>With a null callback the resource is left out of the manifest.</summary>
public class ManifestPublishingCallbackAnnotation(Func<Publishing.ManifestPublishingContext, Task>? callback) : IResourceAnnotation
{
    public Func<Publishing.ManifestPublishingContext, Task>? Callback => callback;

    public static ManifestPublishingCallbackAnnotation Ignore { get; } = new(null);
}
