using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Parameters;

internal static class ParameterValue
{
    /// <summary>
    /// From the configuration (a hyphen may be an underscore there), else from the default. The later source counts in
    /// either spelling: a variable of the environment, which cannot have a hyphen, goes before what is kept in the user secrets.
    /// </summary>
    public static string Read(IConfigurationRoot configuration, string name, ParameterDefault? fallback)
    {
        var key = $"Parameters:{name}";
        foreach (var source in configuration.Providers.Reverse())
        {
            if (source.TryGet(key, out var value) && !string.IsNullOrEmpty(value)) return value;
            if (source.TryGet(key.Replace('-', '_'), out value) && !string.IsNullOrEmpty(value)) return value;
        }

        return fallback?.GetDefaultValue() ?? throw Missing(name, key);
    }

    public static MissingParameterValueException Missing(string name, string key) => new(
        $"Parameter '{name}' has no value and no default. Set it for good with `dotnet user-secrets --project AppHost set {key} VALUE`, "
        + $"or for one run with the environment variable {key.Replace(":", "__", StringComparison.Ordinal).Replace('-', '_')} or the argument --{key} VALUE.");
}

/// <summary>A generated value that is kept in the user secrets, so that the next run finds it.</summary>
internal sealed class KeptParameterDefault(string name, ParameterDefault inner, UserSecrets secrets) : ParameterDefault
{
    public override string GetDefaultValue() => secrets.GetOrAdd($"Parameters:{name}", inner.GetDefaultValue);

    public override void WriteToManifest(Publishing.ManifestPublishingContext context) => inner.WriteToManifest(context);
}
