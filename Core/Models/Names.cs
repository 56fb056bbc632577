using System.Text.RegularExpressions;

namespace Platform.Core.Models;

/// <summary>Names of models, tags, rules and the like.</summary>
public static partial class Names
{
    public const string Rule = "Use 1 to 64 lower-case letters, digits, '.', '_' or '-'; begin and end with a letter or digit.";

    public static bool IsValid(string? name) => name is not null && Pattern().IsMatch(name);

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9._-]{0,62}[a-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
