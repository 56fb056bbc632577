using System.Reflection;

namespace Aspire.Hosting;

public sealed class DistributedApplicationOptions
{
    public string[]? Args { get; set; }

    public string? AssemblyName { get; set; }

    public string? ProjectDirectory { get; set; }

    /// <summary>There is no dashboard here; Aspire's tests switch theirs off, which also decides how a wait ends.</summary>
    public bool DisableDashboard { get; set; }

    public bool EnableResourceLogging { get; set; }

    public bool AllowUnsecuredTransport { get; set; }

    internal Assembly? Assembly => AssemblyName is { Length: > 0 } name ? Assembly.Load(name) : Assembly.GetEntryAssembly();

    internal string? Metadata(string key) => Assembly?.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(data => string.Equals(data.Key, key, StringComparison.OrdinalIgnoreCase))?.Value;
}
