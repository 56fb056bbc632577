using System.Collections.Immutable;
using System.Text;

namespace Platform.Core.Alerts.Machine;

/// <summary>The labels that say which alert it is.</summary>
public static class AlertLabels
{
    public const string AlertName = "alertname";
    public const string Model = "model";
    public const string Version = "version";
    public const string Severity = "severity";

    private const ulong Offset = 0xcbf29ce484222325;
    private const ulong Prime = 0x100000001b3;

    public static ImmutableSortedDictionary<string, string> None { get; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Identifies a set of labels as Alertmanager does: FNV-1a over the sorted names and values, as 16 hex digits.</summary>
    public static string Fingerprint(ImmutableSortedDictionary<string, string> labels)
    {
        var hash = Offset;
        foreach (var (name, value) in labels.OrderBy(label => label.Key, StringComparer.Ordinal))
        {
            hash = Mix(Mix(hash, name), value);
        }

        return hash.ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>The text and the separator 0xFF, which UTF-8 never has.</summary>
    private static ulong Mix(ulong hash, string text)
    {
        foreach (var one in Encoding.UTF8.GetBytes(text)) hash = (hash ^ one) * Prime;
        return (hash ^ 0xFF) * Prime;
    }
}
