namespace Platform.Core.Audit;

/// <summary>What a change is called in the log, from its route: POST /v1/models/{model}/deploy is <c>models.deploy</c>.</summary>
public static class ActionNames
{
    /// <summary>A change asked for where there is no route.</summary>
    public const string Unknown = "unknown";

    /// <param name="pattern">The route, such as <c>/v1/models/{model}/tags/{tag}</c>.</param>
    /// <param name="isCollection">Whether single things are found below it, so that a POST creates one.</param>
    public static string Of(string method, string pattern, bool isCollection)
    {
        var words = string.Join('.', Parts(pattern).Where(part => part[0] != '{'));
        return method switch
        {
            "POST" when isCollection => $"{words}.create",
            "POST" => words,
            "PUT" => $"{words}.set",
            "PATCH" => $"{words}.update",
            "DELETE" => $"{words}.delete",
            _ => Unknown,
        };
    }

    /// <summary>What a call is about: its path, without the verb that a POST ends with.</summary>
    /// <param name="value">Gives what stands for a parameter in this call.</param>
    public static string ResourceOf(string method, string pattern, bool isCollection, Func<string, string?> value)
    {
        var parts = Parts(pattern).ToArray();
        var isVerb = method == "POST" && !isCollection && parts.Length > 1 && parts[^1][0] != '{';
        return string.Join('/', (isVerb ? parts[..^1] : parts).Select(part => part[0] == '{' ? value(Name(part)) ?? "" : part));
    }

    private static IEnumerable<string> Parts(string pattern)
    {
        var parts = pattern.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return parts is ["v1" or "v2", ..] ? parts.Skip(1) : parts;
    }

    // {id:long} and {*path} name what is before the colon and after the star.
    private static string Name(string part) => part.Trim('{', '}').TrimStart('*').Split(':', '?', '=')[0];
}
