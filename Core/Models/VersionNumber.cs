using System.Diagnostics.CodeAnalysis;
using Semver;

namespace Platform.Core.Models;

/// <summary>Semantic Versioning 2.0.0 (https://semver.org), kept as given; build metadata does not distinguish.</summary>
public static class VersionNumber
{
    public const int MaxLength = 128;

    public const string Rule = "Give a semantic version (https://semver.org) such as 1.4.0 or 2.0.0-rc.1.";

    public static bool TryParse(string? text, [NotNullWhen(true)] out SemVersion? version) =>
        SemVersion.TryParse(text, SemVersionStyles.Strict, out version, MaxLength);

    /// <summary>A text that is known to be a semantic version.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static SemVersion Parse(string version) => SemVersion.Parse(version, SemVersionStyles.Strict, MaxLength);

    /// <summary>The same text for all spellings of one version: build metadata dropped.</summary>
    /// <exception cref="FormatException">The text is no semantic version.</exception>
    public static string Canonical(string version) => Parse(version).WithoutMetadata().ToString();

    /// <summary>Orders by precedence; both must be semantic versions.</summary>
    public static int Compare(string left, string right) => SemVersion.ComparePrecedence(Parse(left), Parse(right));
}
