using System.Collections.Immutable;
using System.Text.Json;

namespace Platform.Core.Compliance;

/// <summary>One rule, and the checks whose findings speak to it.</summary>
public sealed record ComplianceRule(string Id, string Title, ImmutableArray<string> Checks);

/// <summary>The rules of one text, as data, in force between two dates.</summary>
/// <param name="EffectiveFrom">First day on which they are held against.</param>
/// <param name="EffectiveTo">Last day; null while none is known.</param>
public sealed record RulePack(string Id, string Name, string Source, DateOnly EffectiveFrom, DateOnly? EffectiveTo, ImmutableArray<ComplianceRule> Rules)
{
    private const string Prefix = "Platform.Core.Compliance.Packs.";

    public bool IsInForce(DateTimeOffset at) =>
        DateOnly.FromDateTime(at.UtcDateTime) is var day && day >= EffectiveFrom && (EffectiveTo is not { } end || day <= end);

    /// <summary>The packs that come with the platform.</summary>
    public static ImmutableArray<RulePack> Embedded { get; } =
    [
        .. typeof(RulePack).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(Read),
    ];

    private static RulePack Read(string resource)
    {
        using var stream = typeof(RulePack).Assembly.GetManifestResourceStream(resource)!;
        return JsonSerializer.Deserialize<RulePack>(stream, PlatformJson.Options) ?? throw new InvalidDataException($"{resource} is empty.");
    }
}
