using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Parameters;

internal static class ParameterValue
{
    /// <summary>From the configuration (a hyphen may be an underscore there), else from the default.</summary>
    public static string Read(IConfigurationRoot configuration, string name, ParameterDefault? fallback)
    {
        var key = $"Parameters:{name}";
        return Configured(configuration, key, key.Replace('-', '_')) ?? fallback?.GetDefaultValue() ?? throw Missing(name, key);
    }

    // Source by source, the last one first: an environment variable, which can have no hyphen, is stronger than the
    // generated value that an earlier run left in the user secrets under the name with a hyphen.
    private static string? Configured(IConfigurationRoot configuration, params string[] spellings) =>
        (from source in configuration.Providers.Reverse()
         from spelling in spellings
         let value = source.TryGet(spelling, out var found) ? found : null
         where !string.IsNullOrEmpty(value)
         select value).FirstOrDefault();

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
