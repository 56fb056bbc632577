using System.Text.RegularExpressions;

namespace Aspire.Hosting.ApplicationModel;

internal static partial class ResourceName
{
    public static StringComparer Comparer { get; } = StringComparer.OrdinalIgnoreCase;

    /// <summary>Letters, digits and hyphens, first a letter, no double or trailing hyphen, at most 64.</summary>
    public static void Validate(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Length > 64 || !Allowed().IsMatch(name))
            throw new ArgumentException(
                $"Resource name '{name}' is not valid: it takes 1 to 64 letters, digits and single hyphens, and starts with a letter.",
                nameof(name));
    }

    /// <summary>The form a name takes inside an environment variable.</summary>
    public static string ToVariable(string name)
    {
        var encoded = NotInVariables().Replace(name, "_");
        return encoded is [>= '0' and <= '9', ..] ? "_" + encoded : encoded;
    }

    [GeneratedRegex("^[A-Za-z](-?[A-Za-z0-9])*$")]
    private static partial Regex Allowed();

    [GeneratedRegex("[^A-Za-z0-9_]")]
    private static partial Regex NotInVariables();
}
