using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Running;

/// <summary>Runs the callbacks that say how a resource is started.</summary>
internal static class ResourceSettings
{
    public static async Task<Dictionary<string, object>> EnvironmentAsync(
        IResource resource, DistributedApplicationExecutionContext execution, CancellationToken cancellationToken)
    {
        var variables = new Dictionary<string, object>();
        var context = new EnvironmentCallbackContext(execution, resource, variables, cancellationToken);
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>().ToList()) await annotation.Callback(context);
        return variables;
    }

    public static async Task<IList<object>> ArgumentsAsync(
        IResource resource, DistributedApplicationExecutionContext execution, CancellationToken cancellationToken)
    {
        var arguments = new List<object>();
        var context = new CommandLineArgsCallbackContext(execution, arguments, cancellationToken);
        foreach (var annotation in resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>().ToList()) await annotation.Callback(context);
        return arguments;
    }

    /// <summary>Values as text. What differs between replicas is still a template; see <see cref="ReplicaTemplate"/>.</summary>
    public static async Task<Dictionary<string, string>> ResolveAsync(Dictionary<string, object> variables, CancellationToken cancellationToken)
    {
        var resolved = new Dictionary<string, string>();
        foreach (var (name, value) in variables) resolved[name] = await TextAsync(value, cancellationToken);
        return resolved;
    }

    public static async ValueTask<string> TextAsync(object value, CancellationToken cancellationToken) => value switch
    {
        string text => text,
        IValueProvider provider => await provider.GetValueAsync(cancellationToken) ?? "",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}
