using System.Text.Json;
using System.Text.RegularExpressions;
using Platform.Core;

namespace Platform.Api.Conventions;

/// <summary>What may stand where an enumeration is asked for. The library says the field's path and the type around it, no more.</summary>
internal static partial class AllowedNames
{
    /// <summary>" Give one of …."; empty where the field is no enumeration.</summary>
    public static string Of(JsonException fault)
    {
        if (Wanted().Match(fault.Message) is not { Success: true } wanted || TypeOf(wanted.Groups["type"].Value) is not { } around) return "";
        string[] parts = [.. Part().Matches(fault.Path ?? "").Select(part => part.Value)];
        // The type around it may be the whole request's or that of a part of it.
        var type = Enumerable.Range(0, parts.Length + 1).Select(start => parts.Skip(start).Aggregate((Type?)around, Inner)).FirstOrDefault(found => found is { IsEnum: true });
        return type is null ? "" : $" Give one of {string.Join(", ", Enum.GetValues(type).Cast<object>().Select(value => JsonSerializer.Serialize(value, type, PlatformJson.Options).Trim('"')))}.";
    }

    private static Type? TypeOf(string name) => typeof(AllowedNames).Assembly.GetType(name) ?? typeof(PlatformJson).Assembly.GetType(name);

    private static Type? Inner(Type? type, string part)
    {
        var inner = part.StartsWith('[')
            ? type is { IsGenericType: true } ? type.GetGenericArguments()[^1] : type?.GetElementType()
            : type?.GetProperties().FirstOrDefault(property => JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name) == part[1..])?.PropertyType;
        return inner is null ? null : Nullable.GetUnderlyingType(inner) ?? inner;
    }

    [GeneratedRegex(@"converted to (?<type>[\w.+]+)\. Path:")]
    private static partial Regex Wanted();

    [GeneratedRegex(@"\.\w+|\[\d+\]")]
    private static partial Regex Part();
}
