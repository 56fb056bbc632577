using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Platform.Core.Results;

namespace Platform.Api.Conventions;

/// <summary><c>?page_size=</c> and <c>?page_token=</c>. The token is opaque to clients.</summary>
internal static class Paging
{
    public const int DefaultSize = 50;
    public const int MaxSize = 500;

    public static Refusal InvalidToken { get; } =
        Refusal.Invalid("page_token", "Give the next_page_token of the page before, unchanged.");

    public static Refusal? Refuse(int? pageSize, string? pageToken)
    {
        if (pageSize is < 1 or > MaxSize) return Refusal.Invalid("page_size", $"Give a number from 1 to {MaxSize}.");
        return pageToken is not null && Decode(pageToken) is null
            ? InvalidToken
            : null;
    }

    public static string? Encode(string? key) => key is null ? null : WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(key));

    public static string? Decode(string? token)
    {
        if (token is null) return null;
        try
        {
            return Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(token));
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
