namespace Aspire.Hosting.ApplicationModel;

public sealed class ResourceUrlAnnotation : IResourceAnnotation
{
    public required string Url { get; set; }

    public string? DisplayText { get; set; }

    public EndpointReference? Endpoint { get; init; }
}

public sealed class ResourceUrlsCallbackAnnotation(Func<ResourceUrlsCallbackContext, Task> callback) : IResourceAnnotation
{
    public Func<ResourceUrlsCallbackContext, Task> Callback => callback;
}

public sealed class ResourceUrlsCallbackContext(
    DistributedApplicationExecutionContext executionContext, IResource resource, List<ResourceUrlAnnotation> urls)
{
    public DistributedApplicationExecutionContext ExecutionContext => executionContext;

    public IResource Resource => resource;

    /// <summary>One for each http endpoint to begin with; callbacks change it and add to it.</summary>
    public List<ResourceUrlAnnotation> Urls => urls;
}
