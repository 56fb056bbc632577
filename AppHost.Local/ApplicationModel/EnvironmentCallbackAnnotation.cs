namespace Aspire.Hosting.ApplicationModel;

public class EnvironmentCallbackAnnotation(Func<EnvironmentCallbackContext, Task> callback) : IResourceAnnotation
{
    public Func<EnvironmentCallbackContext, Task> Callback => callback;
}

public class EnvironmentCallbackContext(
    DistributedApplicationExecutionContext executionContext,
    IResource resource,
    Dictionary<string, object> environmentVariables,
    CancellationToken cancellationToken = default)
{
    public DistributedApplicationExecutionContext ExecutionContext => executionContext;

    public IResource Resource => resource;

    /// <summary>Texts, or values that resolve to text. The order is that of the manifest.</summary>
    public Dictionary<string, object> EnvironmentVariables => environmentVariables;

    public CancellationToken CancellationToken => cancellationToken;
}

public class CommandLineArgsCallbackAnnotation(Func<CommandLineArgsCallbackContext, Task> callback) : IResourceAnnotation
{
    public Func<CommandLineArgsCallbackContext, Task> Callback => callback;
}

public sealed class CommandLineArgsCallbackContext(
    DistributedApplicationExecutionContext executionContext, IList<object> args, CancellationToken cancellationToken = default)
{
    public DistributedApplicationExecutionContext ExecutionContext => executionContext;

    public IList<object> Args => args;

    public CancellationToken CancellationToken => cancellationToken;
}
