using System.Security.Claims;
using System.Text.Json;
using Platform.Core.Access;

namespace Platform.Api.Access;

/// <summary>Reads a checked token's claims as a caller of the platform.</summary>
internal static class TokenIdentity
{
    /// <summary>The caller, or null with the reason when the token does not say who it is.</summary>
    /// <param name="isScoped">Whether the token has the claim that limits it to models, be it to none.</param>
    public static ClaimsIdentity? Read(ClaimsPrincipal token, bool isScoped, string scheme, TokenOptions options, out string? reason)
    {
        reason = null;
        if (token.FindFirst("sub")?.Value is not { Length: > 0 } subject)
        {
            reason = "The token names no subject (sub).";
            return null;
        }

        var roles = Values(token, options.RoleClaim).Select(name => RoleRules.TryParse(name, out var role) ? role : (Role?)null).OfType<Role>();
        var id = $"jwt:{subject}";
        // The deployment's own key alone is called admin in histories.
        var name = token.FindFirst(options.NameClaim)?.Value is { Length: > 0 } shown && !IsReserved(shown) ? shown : id;
        return Callers.Identity(scheme, id, name, roles, isScoped ? Values(token, options.ModelsClaim) : null);
    }

    /// <summary>A claim's values: one a claim of that name, the elements of an array, or the words of a text.</summary>
    private static IEnumerable<string> Values(ClaimsPrincipal token, string path)
    {
        var parts = path.Split('.');
        var claims = token.FindAll(parts[0]).Select(claim => claim.Value);
        return parts.Length == 1
            ? claims.SelectMany(value => value.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            : claims.SelectMany(json => Descend(json, parts.AsSpan(1)));
    }

    private static string[] Descend(string json, ReadOnlySpan<string> path)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var element = document.RootElement;
            foreach (var part in path)
            {
                if (element.ValueKind is not JsonValueKind.Object || !element.TryGetProperty(part, out element)) return [];
            }

            return element.ValueKind switch
            {
                JsonValueKind.Array => [.. element.EnumerateArray().Where(item => item.ValueKind is JsonValueKind.String).Select(item => item.GetString()!)],
                JsonValueKind.String => element.GetString()!.Split(' ', StringSplitOptions.RemoveEmptyEntries),
                _ => [],
            };
        }
        catch (JsonException)
        {
            // A text where an object was expected holds no roles.
            return [];
        }
    }

    private static bool IsReserved(string name) => string.Equals(name.Trim(), KeyRules.ReservedName, StringComparison.OrdinalIgnoreCase);
}
