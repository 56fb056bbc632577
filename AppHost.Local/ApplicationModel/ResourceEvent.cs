namespace Aspire.Hosting.ApplicationModel;

public class ResourceEvent(IResource resource, string resourceId, CustomResourceSnapshot snapshot)
{
    public IResource Resource => resource;

    /// <summary>One for each replica: the resource's name and a suffix.</summary>
    public string ResourceId => resourceId;

    public CustomResourceSnapshot Snapshot => snapshot;
}

public sealed class ResourceNotificationServiceOptions
{
    public WaitBehavior DefaultWaitBehavior { get; set; }
}
